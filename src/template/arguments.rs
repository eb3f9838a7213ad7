//! Whether a function takes the arguments that it is given.
//!
//! Parameters are letters: `s` a `string`, `i` an `int`, `I` an `int64`, `b` a `bool`, `m` a
//! `map[string]interface {}`, `l` a `[]interface {}`, `a` anything; `*` behind the last one means any
//! number of it. Upstream: `text/template/exec.go`, evalCall, validateType.

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

/// Fits the argument at a place, from 0, to its parameter.
///
/// # Errors
/// In Go's words.
pub fn fit(parameters: &str, at: usize, value: Value, is_literal: bool) -> Result<Value, String> {
    let letters = parameters.trim_end_matches('*').as_bytes();
    let letter = letters.get(at).or_else(|| letters.last()).copied().unwrap_or(b'a');
    let wanted = match letter {
        b's' => "string",
        b'i' => "int",
        b'I' => "int64",
        b'b' => "bool",
        b'm' => "map[string]interface {}",
        b'l' => "[]interface {}",
        _ => return Ok(value),
    };
    match (letter, &value) {
        (b's', Value::Text(_))
        | (b'i', Value::Int(_))
        | (b'I', Value::Int64(_))
        | (b'b', Value::Bool(_))
        | (b'm', Value::Map(_) | Value::Object(_))
        | (b'l', Value::List(_)) => Ok(value),
        (b'I', Value::Int(it)) if is_literal => Ok(Value::Int64(*it)),
        (b'i' | b'I', Value::Float(_)) if is_literal => {
            Err(format!("expected integer; found {}", super::format::show(&value)))
        }
        (b'm' | b'l', Value::Nil) => Ok(value),
        (_, Value::Nil) => Err(format!("invalid value; expected {wanted}")),
        _ => Err(format!("wrong type for value; expected {wanted}; got {}", value.type_name())),
    }
}
