//! Whether a function takes the arguments that it is given.
//!
//! Parameters are letters: `s` a `string`, `i` an `int`, `I` an `int64`, `b` a `bool`, `m` a
//! `map[string]interface {}`, `l` a `[]interface {}`, `t` a `time.Time`, `v` a `*semver.Version`, `a`
//! anything; `*` behind the last one means any
//! number of it. Upstream: `text/template/exec.go`, evalCall, validateType.

use super::ast::{Kind, Operand};
use super::exec::{Failure, Machine};
use super::value::Value;

/// Why a function failed.
pub enum Trouble {
    /// Its own words.
    Plain(String),
    /// A template that it carried out failed: words with a place.
    Whole(Failure),
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Plain(why)
    }
}

impl From<&str> for Trouble {
    fn from(why: &str) -> Self {
        Self::Plain(why.into())
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Whole(failure)
    }
}

/// What a function gives.
pub type Given = Result<Value, Trouble>;

/// A function.
#[derive(Clone, Copy)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static str,
    /// What it does.
    pub run: fn(&mut Machine, &[Value]) -> Given,
}

/// Checks the number of arguments.
///
/// # Errors
/// In Go's words.
pub fn check_count(name: &str, parameters: &str, count: usize) -> Result<(), String> {
    let (least, is_open) = match parameters.strip_suffix('*') {
        Some(fixed) => (fixed.len() - 1, true),
        None => (parameters.len(), false),
    };
    if is_open && count < least {
        return Err(format!("wrong number of args for {name}: want at least {least} got {count}"));
    }
    if !is_open && count != least {
        return Err(format!("wrong number of args for {name}: want {least} got {count}"));
    }
    Ok(())
}

/// The letter of the parameter at a place, from 0.
pub fn letter(parameters: &str, at: usize) -> u8 {
    let letters = parameters.trim_end_matches('*').as_bytes();
    letters.get(at).or_else(|| letters.last()).copied().unwrap_or(b'a')
}

/// The Go type of a parameter; none if it takes anything.
fn wanted(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b's' => "string",
        b'i' => "int",
        b'I' => "int64",
        b'b' => "bool",
        b'm' => "map[string]interface {}",
        b'l' => "[]interface {}",
        b't' => "time.Time",
        b'v' => "*semver.Version",
        _ => return None,
    })
}

/// Why something that is written out does not fit a parameter.
pub fn misfit(letter: u8, operand: &Operand) -> Option<String> {
    let wanted = wanted(letter)?;
    let word = match (letter, &operand.kind) {
        (b'm' | b'l' | b'v', Kind::Nil) => return None,
        (_, Kind::Nil) => return Some(format!("cannot assign nil to {wanted}")),
        (b's', Kind::Text(..)) | (b'b', Kind::Bool(_)) => return None,
        (b'i' | b'I', Kind::Number(Value::Int(_), _)) => return None,
        (b'i' | b'I', Kind::Number(Value::Float(it), _)) if it.fract() == 0.0 => return None,
        (_, Kind::Text(..) | Kind::Bool(_) | Kind::Number(..)) => match letter {
            b's' => "string",
            b'b' => "bool",
            b'i' | b'I' => "integer",
            _ => return Some(format!("can't handle {operand} for arg of type {wanted}")),
        },
        _ => return None,
    };
    Some(format!("expected {word}; found {operand}"))
}

/// Fits an argument to its parameter.
///
/// # Errors
/// In Go's words.
pub fn fit(letter: u8, value: Value, is_boxed: bool, is_literal: bool) -> Result<Value, String> {
    let Some(wanted) = wanted(letter) else { return Ok(value) };
    match (letter, &value) {
        (b's', Value::Text(_))
        | (b'i', Value::Int(_))
        | (b'I', Value::Int64(_))
        | (b'b', Value::Bool(_))
        | (b'm', Value::Map(_))
        | (b'l', Value::List(_)) => Ok(value),
        (b't' | b'v', Value::Object(object)) if object.type_name() == wanted => Ok(value),
        (b'I', Value::Int(it)) if is_literal => Ok(Value::Int64(*it)),
        // `2.0` is an integer where one is wanted.
        (b'i', Value::Float(it)) if is_literal => Ok(Value::Int(*it as i64)),
        (b'I', Value::Float(it)) if is_literal => Ok(Value::Int64(*it as i64)),
        (b'm' | b'l' | b'v', Value::Nil) if !is_boxed => Ok(value),
        (_, Value::Nil) if is_boxed => {
            Err(format!("wrong type for value; expected {wanted}; got interface {{}}"))
        }
        (_, Value::Nil) => Err(format!("invalid value; expected {wanted}")),
        _ => Err(format!("wrong type for value; expected {wanted}; got {}", value.type_name())),
    }
}
