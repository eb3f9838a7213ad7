//! Go's own functions.
//!
//! Source: <https://pkg.go.dev/text/template#hdr-Functions>; upstream: `text/template/funcs.go`.

use super::arguments::{Function, Given};
use super::format;
use super::machine::{Dialect, Machine};
use super::value::Value;
use std::cmp::Ordering;

const fn of(
    name: &'static str,
    parameters: &'static str,
    run: fn(&mut Machine, &[Value]) -> Given,
) -> Function {
    Function { name, parameters, run }
}

/// The functions, sorted by name.
const FUNCTIONS: [Function; 19] = [
    of("and", "aa*", |_, _| Ok(Value::Nil)),
    of("call", "aa*", |_, _| Err("error calling call: nil".into())),
    of("eq", "aa*", eq),
    of("ge", "aa", |_, args| order(args, |it| it != Ordering::Less)),
    of("gt", "aa", |_, args| order(args, |it| it == Ordering::Greater)),
    of("html", "a*", |_, args| Ok(html(&joined(args)).into())),
    of("index", "aa*", index),
    of("js", "a*", |_, args| Ok(js(&joined(args)).into())),
    of("le", "aa", |_, args| order(args, |it| it != Ordering::Greater)),
    of("len", "a", len),
    of("lt", "aa", |_, args| order(args, |it| it == Ordering::Less)),
    of("ne", "aa", |machine, args| Ok(Value::Bool(!eq(machine, args)?.is_true()))),
    of("not", "a", |_, args| Ok(Value::Bool(!args[0].is_true()))),
    of("or", "aa*", |_, _| Ok(Value::Nil)),
    of("print", "a*", |_, args| Ok(format::print(args).into())),
    of("printf", "sa*", printf),
    of("println", "a*", |_, args| Ok(format::print_line(args).into())),
    of("slice", "aa*", slice),
    of("urlquery", "a*", |_, args| Ok(url_query(&joined(args)).into())),
];

/// The function of a name.
pub fn find(name: &str) -> Option<Function> {
    let at = FUNCTIONS.binary_search_by(|own| own.name.cmp(name)).ok()?;
    FUNCTIONS.get(at).copied()
}

/// What `html` and its sisters escape: what is missing is told as an action tells it.
fn joined(args: &[Value]) -> String {
    let shown = |value: &Value| match value {
        Value::Nil => "<no value>".into(),
        value => value.clone(),
    };
    format::print(&args.iter().map(shown).collect::<Vec<_>>())
}

fn printf(_: &mut Machine, args: &[Value]) -> Given {
    let format = format::show(&args[0]);
    Ok(format::printf(&format, args.get(1..).unwrap_or_default()).into())
}

/// What sorts of values are compared as.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Sort {
    Invalid,
    Bool,
    Int,
    Float,
    Text,
    Other,
}

fn sort(value: &Value) -> Sort {
    match value {
        Value::Nil => Sort::Invalid,
        Value::Bool(_) => Sort::Bool,
        Value::Int(_) | Value::Int64(_) => Sort::Int,
        Value::Float(_) => Sort::Float,
        Value::Number(_) | Value::Text(_) => Sort::Text,
        _ => Sort::Other,
    }
}

fn text(value: &Value) -> &str {
    match value {
        Value::Number(text) | Value::Text(text) => text,
        _ => "",
    }
}

fn eq(_: &mut Machine, args: &[Value]) -> Given {
    let Some((first, rest)) = args.split_first() else {
        return Err("missing argument for comparison".into());
    };
    if rest.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in rest {
        let (left, right) = (sort(first), sort(other));
        if left != right {
            if left != Sort::Invalid && right != Sort::Invalid {
                return Err(incompatible(first, other));
            }
            continue;
        }
        let is_same = match (first, other) {
            (Value::Int(l) | Value::Int64(l), Value::Int(r) | Value::Int64(r)) => l == r,
            _ if left == Sort::Text => text(first) == text(other),
            _ if left == Sort::Other => {
                let why =
                    format!("non-comparable type {}: {}", format::text(first), first.type_name());
                return Err(why);
            }
            (first, other) => first.is_same(other),
        };
        if is_same {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn incompatible(left: &Value, right: &Value) -> String {
    let (left, right) = (left.type_name(), right.type_name());
    format!("incompatible types for comparison: {left} and {right}")
}

fn order(args: &[Value], holds: fn(Ordering) -> bool) -> Given {
    let (first, other) = (&args[0], &args[1]);
    let (left, right) = (sort(first), sort(other));
    if matches!(left, Sort::Other | Sort::Invalid) || matches!(right, Sort::Other | Sort::Invalid) {
        return Err("invalid type for comparison".into());
    }
    if left != right {
        return Err(incompatible(first, other));
    }
    let ordering = match (first, other) {
        (Value::Int(l) | Value::Int64(l), Value::Int(r) | Value::Int64(r)) => l.cmp(r),
        (Value::Float(l), Value::Float(r)) => l.partial_cmp(r).unwrap_or(Ordering::Greater),
        _ if left == Sort::Text => text(first).cmp(text(other)),
        _ => return Err("invalid type for comparison".into()),
    };
    Ok(Value::Bool(holds(ordering)))
}

fn len(machine: &mut Machine, args: &[Value]) -> Given {
    let length = match &args[0] {
        Value::Text(text) | Value::Number(text) => text.len(),
        Value::List(items) => items.len(),
        Value::Map(map) => map.borrow().len(),
        Value::Object(object) => match object.length() {
            Some(length) => length,
            None => return Err(format!("len of type {}", object.type_name())),
        },
        // Only Helm gives what is missing a type.
        Value::Nil if machine.dialect == Dialect::Kubectl => {
            return Err("reflect: call of reflect.Value.Type on zero Value".into());
        }
        Value::Nil => return Err("len of nil pointer".into()),
        other => return Err(format!("len of type {}", other.type_name())),
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn whole(value: &Value) -> Result<i64, String> {
    match value {
        Value::Int(it) | Value::Int64(it) => Ok(*it),
        Value::Nil => Err("cannot index slice/array with nil".into()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name())),
    }
}

/// What Go says of an index that is too large; one that is so by one slips through its check.
fn beyond(at: i64, length: usize, what: &str) -> String {
    match usize::try_from(at) == Ok(length) {
        true => format!("reflect: {what} index out of range"),
        false => format!("index out of range: {at}"),
    }
}

fn index(_: &mut Machine, args: &[Value]) -> Given {
    let mut value = args[0].clone();
    if matches!(value, Value::Nil) {
        return Err("index of untyped nil".into());
    }
    for key in args.get(1..).unwrap_or_default() {
        let next = match &value {
            Value::List(items) => {
                let at = whole(key)?;
                let found = usize::try_from(at).ok().and_then(|at| items.get(at));
                found.cloned().ok_or_else(|| beyond(at, items.len(), "slice"))?
            }
            Value::Map(map) => match key {
                Value::Text(key) => map.borrow().get(&**key).cloned().unwrap_or_default(),
                Value::Nil => return Err("value is nil; should be of type string".into()),
                other => {
                    let name = other.type_name();
                    return Err(format!("value has type {name}; should be string"));
                }
            },
            Value::Text(text) => {
                let at = whole(key)?;
                let byte = usize::try_from(at).ok().and_then(|at| text.as_bytes().get(at));
                let byte = byte.ok_or_else(|| beyond(at, text.len(), "string"))?;
                Value::Int(i64::from(*byte))
            }
            Value::Object(object) if object.is_map() => {
                object.field(&format::show(key)).unwrap_or_default()
            }
            Value::Nil => return Err("index of nil pointer".into()),
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
        value = next;
    }
    Ok(value)
}

fn slice(_: &mut Machine, args: &[Value]) -> Given {
    let length = match &args[0] {
        Value::Text(text) => text.len(),
        Value::List(items) => items.len(),
        Value::Nil => return Err("slice of untyped nil".into()),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    if args.len() > 4 {
        return Err(format!("too many slice indexes: {}", args.len() - 1));
    }
    let place = |at: usize, otherwise: usize| -> Result<usize, String> {
        let Some(value) = args.get(at) else { return Ok(otherwise) };
        let number = whole(value)?;
        let place = usize::try_from(number).ok().filter(|place| *place <= length);
        place.ok_or_else(|| format!("index out of range: {number}"))
    };
    let (from, to) = (place(1, 0)?, place(2, length)?);
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    Ok(match &args[0] {
        Value::Text(text) => match text.get(from..to) {
            Some(part) => part.into(),
            None => String::from_utf8_lossy(&text.as_bytes()[from..to]).into_owned().into(),
        },
        Value::List(items) => Value::list(items[from..to].iter().cloned()),
        _ => Value::Nil,
    })
}

fn html(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' => "&#34;".into(),
        '\'' => "&#39;".into(),
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '\0' => "\u{fffd}".into(),
        c => c.to_string(),
    });
    escaped.collect()
}

fn js(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '\\' => "\\\\".into(),
        '\'' => "\\'".into(),
        '"' => "\\\"".into(),
        '<' => "\\u003C".into(),
        '>' => "\\u003E".into(),
        '&' => "\\u0026".into(),
        '=' => "\\u003D".into(),
        c if u32::from(c) < 0x20 || matches!(c, '\u{2028}' | '\u{2029}') => {
            format!("\\u{:04X}", u32::from(c))
        }
        c => c.to_string(),
    });
    escaped.collect()
}

/// `url.QueryEscape`.
pub fn url_query(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
