//! jq, as far as paths, iteration, pipes and a few functions go.

use super::filter::{Filter, Made};
use super::options::Options;
use crate::shell::output::Output;
use serde_json::Value;
use std::cell::Cell;

/// How many values a step may give.
const VALUES: usize = 1_000;
/// How many steps a program may have.
const STEPS: usize = 50;
/// How large the values of a step may be.
const SIZE: usize = 1 << 20;
/// How deep parentheses may stand in each other.
const DEPTH: usize = 16;
/// How many bytes of values and of the program may be looked at for one value that is read.
const WORK: usize = 8 << 20;

/// How far a program may go.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    depth: usize,
    /// What is left of [`WORK`].
    left: &'a Cell<usize>,
}

impl Bounds<'_> {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Counts bytes that are looked at.
    fn spend(self, bytes: usize) -> Result<(), String> {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| "too much to do for one value".into())
    }

    /// Counts a value that is copied.
    fn copy(self, value: &Value) -> Result<Value, String> {
        self.spend(weight(value))?;
        Ok(value.clone())
    }
}

/// How many bytes a value takes, about.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 8 + text.len(),
        Value::Array(items) => items.iter().fold(8, |sum, item| sum + weight(item)),
        Value::Object(members) => {
            members.iter().fold(8, |sum, (name, member)| sum + 16 + name.len() + weight(member))
        }
        _ => 8,
    }
}

/// jq with its program.
#[derive(Clone)]
struct Jq {
    program: String,
    options: Options,
    text: String,
}

/// Reads the command line.
pub fn build(words: &[String]) -> Made {
    let long = [("raw-output", 'r'), ("compact-output", 'c'), ("exit-status", 'e')];
    let mut options = Options::read("jq", words, "rcesMCS", &long)?;
    let mut files = std::mem::take(&mut options.rest);
    let program = if files.is_empty() { ".".into() } else { files.remove(0) };
    Ok((Box::new(Jq { program, options, text: String::new() }), files))
}

impl Filter for Jq {
    fn line(&mut self, line: &str, _out: &mut Output) {
        self.text.push_str(line);
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        let text = std::mem::take(&mut self.text);
        for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
            let Ok(value) = value else {
                out.error("jq: parse error: Invalid literal or no JSON");
                return 2;
            };
            let left = Cell::new(WORK);
            match evaluate(&self.program, &value, Bounds { depth: 0, left: &left }) {
                Ok(values) => values.iter().for_each(|value| self.print(value, out)),
                Err(why) => {
                    out.error(&format!("jq: error: {why}"));
                    return 5;
                }
            }
        }
        0
    }
}

impl Jq {
    fn print(&self, value: &Value, out: &mut Output) {
        match value {
            Value::String(text) if self.options.has('r') => out.line(text),
            _ if self.options.has('c') => out.line(&value.to_string()),
            _ => out.line(&serde_json::to_string_pretty(value).unwrap_or_default()),
        }
    }
}

/// The values that a program gives of one.
fn evaluate(program: &str, value: &Value, bounds: Bounds) -> Result<Vec<Value>, String> {
    bounds.spend(program.len())?;
    if bounds.depth > DEPTH {
        return Err("the program is nested too deeply".into());
    }
    let mut values = vec![bounds.copy(value)?];
    let steps = split(program, '|');
    if steps.len() > STEPS {
        return Err(format!("more than {STEPS} steps"));
    }
    for step in steps {
        let mut next = Vec::new();
        for value in &values {
            bounds.spend(step.len())?;
            for branch in split(step, ',') {
                next.extend(self::step(branch.trim(), value, bounds)?);
            }
            if next.len() > VALUES {
                return Err(format!("more than {VALUES} values"));
            }
        }
        if next.iter().map(weight).sum::<usize>() > SIZE {
            return Err(format!("more than {SIZE} bytes"));
        }
        values = next;
    }
    Ok(values)
}

/// The pieces of a program between separators that stand in no brackets and quotes.
fn split(program: &str, separator: char) -> Vec<&str> {
    let (mut pieces, mut start, mut open, mut is_quoted) = (Vec::new(), 0, 0_i32, false);
    for (at, c) in program.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => open += 1,
            ')' | ']' | '}' if !is_quoted => open -= 1,
            _ if c == separator && open == 0 && !is_quoted => {
                pieces.push(program.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(program.get(start..).unwrap_or_default());
    pieces
}

fn step(step: &str, value: &Value, bounds: Bounds) -> Result<Vec<Value>, String> {
    let inner = |begin: &str, end: &str| step.strip_prefix(begin)?.strip_suffix(end);
    if let Some(condition) = inner("select(", ")") {
        let holds = holds(condition, value, bounds.deeper())?;
        return Ok(if holds { vec![bounds.copy(value)?] } else { Vec::new() });
    }
    if let Some(program) = inner("map(", ")") {
        let mut all = Vec::new();
        bounds.spend(weight(value))?;
        for item in items(value)? {
            all.extend(evaluate(program, &item, bounds.deeper())?);
        }
        return Ok(vec![Value::Array(all)]);
    }
    if let Some(program) = inner("[", "]").filter(|it| !it.is_empty()) {
        return Ok(vec![Value::Array(evaluate(program, value, bounds.deeper())?)]);
    }
    if let Some(program) = inner("(", ")") {
        return evaluate(program, value, bounds.deeper());
    }
    match step {
        "length" => {
            let length = match value {
                Value::Array(items) => items.len(),
                Value::Object(fields) => fields.len(),
                Value::String(text) => text.chars().count(),
                Value::Null => 0,
                Value::Number(_) => return Ok(vec![value.clone()]),
                Value::Bool(_) => return Err("boolean has no length".into()),
            };
            Ok(vec![length.into()])
        }
        "keys" => match value {
            Value::Object(fields) => {
                Ok(vec![fields.keys().map(|key| Value::from(key.as_str())).collect()])
            }
            Value::Array(items) => Ok(vec![(0..items.len()).map(Value::from).collect()]),
            _ => Err(format!("{} has no keys", kind(value))),
        },
        "not" => Ok(vec![(!is_true(value)).into()]),
        "type" => Ok(vec![kind(value).into()]),
        "tostring" => Ok(vec![value.as_str().map_or(value.to_string(), str::to_owned).into()]),
        "empty" => Ok(Vec::new()),
        _ if step.starts_with('.') => path(step, value, bounds),
        _ => serde_json::from_str(step).map(|it| vec![it]).map_err(|_| {
            format!("{step}: only paths, pipes, select, map, length, keys are simulated")
        }),
    }
}

fn holds(condition: &str, value: &Value, bounds: Bounds) -> Result<bool, String> {
    for operator in ["==", "!="] {
        if let Some((left, right)) = condition.split_once(operator) {
            let (left, right) = (evaluate(left, value, bounds)?, evaluate(right, value, bounds)?);
            return Ok((left == right) == (operator == "=="));
        }
    }
    Ok(evaluate(condition, value, bounds)?.first().is_some_and(is_true))
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn items(value: &Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        Value::Object(fields) => Ok(fields.values().cloned().collect()),
        _ => Err(format!("Cannot iterate over {}", kind(value))),
    }
}

/// `.a.b[0]["c"][]?`.
fn path(text: &str, value: &Value, bounds: Bounds) -> Result<Vec<Value>, String> {
    let mut values = vec![bounds.copy(value)?];
    let mut rest = text;
    while !rest.is_empty() {
        let size = values.iter().map(weight).sum::<usize>();
        bounds.spend(size + values.len() + rest.len())?;
        let wrong = || format!("syntax error in path {text}");
        if let Some(behind) = rest.strip_prefix('[') {
            let (inner, behind) = behind.split_once(']').ok_or_else(wrong)?;
            rest = behind;
            let mut next = Vec::new();
            for value in &values {
                if inner.is_empty() {
                    match items(value) {
                        Ok(items) => next.extend(items),
                        Err(_) if rest.starts_with('?') => {}
                        Err(why) => return Err(why),
                    }
                } else if let Some(name) = inner.strip_prefix('"') {
                    next.push(field(value, name.trim_end_matches('"'))?);
                } else {
                    let at: i64 = inner.trim().parse().map_err(|_| wrong())?;
                    next.push(at_index(value, at)?);
                }
            }
            values = next;
        } else if rest.starts_with('?') {
            rest = rest.get(1..).unwrap_or_default();
        } else if let Some(behind) = rest.strip_prefix('.') {
            let is_quoted = behind.starts_with('"');
            let behind = behind.strip_prefix('"').unwrap_or(behind);
            let is_end = |c: char| match is_quoted {
                true => c == '"',
                false => !(c.is_alphanumeric() || c == '_'),
            };
            let end = behind.find(is_end).unwrap_or(behind.len());
            let (name, behind) = behind.split_at(end);
            rest = if is_quoted { behind.strip_prefix('"').unwrap_or(behind) } else { behind };
            if name.is_empty() {
                if !rest.is_empty() && !rest.starts_with('[') {
                    return Err(wrong());
                }
                continue;
            }
            values = values.iter().map(|value| field(value, name)).collect::<Result<_, _>>()?;
        } else {
            return Err(wrong());
        }
    }
    Ok(values)
}

fn field(value: &Value, name: &str) -> Result<Value, String> {
    match value {
        Value::Object(fields) => Ok(fields.get(name).cloned().unwrap_or_default()),
        Value::Null => Ok(Value::Null),
        _ => Err(format!("Cannot index {} with \"{name}\"", kind(value))),
    }
}

fn at_index(value: &Value, at: i64) -> Result<Value, String> {
    match value {
        Value::Array(items) => {
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if at < 0 { at.saturating_add(length) } else { at };
            let item = usize::try_from(at).ok().and_then(|at| items.get(at));
            Ok(item.cloned().unwrap_or_default())
        }
        Value::Null => Ok(Value::Null),
        _ => Err(format!("Cannot index {} with number", kind(value))),
    }
}
