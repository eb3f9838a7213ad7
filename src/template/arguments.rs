//! Functions and their arguments: what one takes, and whether it takes what it is given.
//!
//! Parameters are letters: `s` a `string`, `i` an `int`, `I` an `int64`, `b` a `bool`, `m` a
//! `map[string]interface {}`, `l` a `[]interface {}`, `t` a `time.Time`, `v` a `*semver.Version`, `a`
//! anything; `*` behind the last one means any
//! number of it. Upstream: `text/template/exec.go`, evalCall, validateType.

use super::ast::{Kind, Operand};
use super::machine::Machine;
use super::value::Value;

/// What a function gives, or why it failed, in its own words.
pub type Given = Result<Value, String>;

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

/// A table of functions: the name of each, what it takes, what it does.
pub type Table = &'static [(&'static str, &'static str, fn(&mut Machine, &[Value]) -> Given)];

/// The text of an argument that is one.
pub fn text(args: &[Value], at: usize) -> &str {
    match args.get(at) {
        Some(Value::Text(text) | Value::Number(text)) => text,
        _ => "",
    }
}

/// The whole number of an argument that is one.
pub fn int(args: &[Value], at: usize) -> i64 {
    match args.get(at) {
        Some(Value::Int(it) | Value::Int64(it)) => *it,
        _ => 0,
    }
}

/// The argument at a place.
pub fn value(args: &[Value], at: usize) -> Value {
    args.get(at).cloned().unwrap_or_default()
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
