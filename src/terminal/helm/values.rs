//! The values of a chart: `-f`, `--set`, and what wins over what.
//!
//! Source: <https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set>; upstream:
//! `pkg/strvals/parser.go`, `pkg/chartutil/coalesce.go`, `pkg/cli/values/options.go`.

use super::Failure;
use super::flags::Args;
use crate::api::json;
use crate::manifest::read_yaml;
use crate::template::Value;
use crate::terminal::kubectl::Files;
use std::collections::BTreeMap;

/// The longest list that an index may make.
const LONGEST: usize = 65_536;

/// Values by their names.
pub type Members = BTreeMap<String, Value>;

/// A value as a map; what is none is an empty one.
pub fn members(value: &Value) -> Members {
    match value {
        Value::Map(map) => (**map.borrow()).clone(),
        _ => Members::new(),
    }
}

/// The values that a command line gives. Numbers of files are `float64`, those of `--set` `int64`.
///
/// # Errors
/// In Helm's words.
pub fn given(args: &Args, files: &dyn Files) -> Result<Members, Failure> {
    let mut all = Value::map::<String>([]);
    for path in args.texts("values").flat_map(|paths| paths.split(',')) {
        let text = files
            .read(path)
            .ok_or_else(|| Failure::new(format!("open {path}: no such file or directory")))?;
        let read = read_yaml(&text)
            .map_err(|why| Failure::new(format!("failed to parse {path}: {why}")))?;
        let mut own = members(&all);
        merge(&mut own, members(&Value::of_floats(&read)));
        all = Value::map(own);
    }
    for (flag, text) in &args.flags {
        let sets = match *flag {
            "set-json" => Sets::Json,
            "set" => Sets::Typed,
            "set-string" => Sets::Text,
            "set-literal" => Sets::Literal,
            "set-file" => {
                let (key, path) = text.split_once('=').unwrap_or((text, ""));
                let missing = || {
                    let why = format!("open {path}: no such file or directory");
                    Failure::new(format!("failed parsing --set-file data: {why}"))
                };
                let content = files.read(path).ok_or_else(missing)?;
                let path = key_path(key).map_err(Failure::new)?;
                all = put(all, &path, content.into());
                continue;
            }
            _ => continue,
        };
        if sets == Sets::Json && text.trim_start().starts_with('{') {
            let read = json::parse(text).map_err(|why| {
                Failure::new(format!("failed parsing --set-json data JSON: {text}: {why}"))
            })?;
            let mut own = members(&all);
            merge(&mut own, members(&Value::of_floats(&read)));
            all = Value::map(own);
            continue;
        }
        all = set(all, text, sets)
            .map_err(|why| Failure::new(format!("failed parsing --{flag} data: {why}")))?;
    }
    Ok(members(&all))
}

/// Merges maps: what is new wins.
pub fn merge(into: &mut Members, from: Members) {
    for (key, value) in from {
        let both = match (into.get(&key), &value) {
            (Some(Value::Map(own)), Value::Map(more)) => {
                let mut own = (**own.borrow()).clone();
                merge(&mut own, (**more.borrow()).clone());
                Some(Value::map(own))
            }
            _ => None,
        };
        into.insert(key, both.unwrap_or(value));
    }
}

/// What a chart is filled in with: the values that were given over its own. What is null is taken out.
pub fn coalesced(given: &Members, own: &Members) -> Members {
    let mut all = given.clone();
    for (key, value) in own {
        match (all.get(key), value) {
            (None, value) => {
                all.insert(key.clone(), value.deep_copy());
            }
            (Some(Value::Nil), _) => {
                all.remove(key);
            }
            (Some(Value::Map(left)), Value::Map(right)) => {
                let merged = coalesced(&left.borrow(), &right.borrow());
                all.insert(key.clone(), Value::map(merged));
            }
            (Some(_), _) => {}
        }
    }
    all
}

/// How the values of `--set` and its sisters are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sets {
    Typed,
    Text,
    Literal,
    Json,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Splits a text at a character that no backslash stands before.
fn split_at_plain(text: &str, by: &[char]) -> Vec<(String, Option<char>)> {
    let mut parts = Vec::new();
    let mut own = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                own.push('\\');
                own.extend(chars.next());
            }
            c if by.contains(&c) => parts.push((std::mem::take(&mut own), Some(c))),
            c => own.push(c),
        }
    }
    parts.push((own, None));
    parts
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' { out.extend(chars.next()) } else { out.push(c) }
    }
    out
}

fn key_path(key: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for (part, _) in split_at_plain(key, &['.']) {
        let (name, mut rest) = match part.find('[') {
            Some(at) => part.split_at(at),
            None => (part.as_str(), ""),
        };
        if !name.is_empty() {
            steps.push(Step::Key(plain(name)));
        }
        while let Some(inside) = rest.strip_prefix('[') {
            let Some((number, behind)) = inside.split_once(']') else {
                return Err("error parsing index: EOF".into());
            };
            let index: i64 = number.parse().map_err(|_| {
                format!("error parsing index: strconv.Atoi: parsing {number:?}: invalid syntax")
            })?;
            let index = usize::try_from(index)
                .map_err(|_| format!("negative {index} index not allowed"))?;
            if index > LONGEST {
                return Err(format!(
                    "index of {index} is greater than maximum supported index of {LONGEST}"
                ));
            }
            steps.push(Step::Index(index));
            rest = behind;
        }
    }
    Ok(steps)
}

/// A value with another one at a place in it.
fn put(into: Value, path: &[Step], value: Value) -> Value {
    let Some((first, rest)) = path.split_first() else { return value };
    match first {
        Step::Key(key) => {
            let mut own = members(&into);
            let before = own.remove(key).unwrap_or_default();
            own.insert(key.clone(), put(before, rest, value));
            Value::map(own)
        }
        Step::Index(at) => {
            let mut own = match &into {
                Value::List(items) => items.to_vec(),
                _ => Vec::new(),
            };
            if own.len() <= *at {
                own.resize(at + 1, Value::Nil);
            }
            if let Some(slot) = own.get_mut(*at) {
                *slot = put(std::mem::take(slot), rest, value);
            }
            Value::list(own)
        }
    }
}

/// Carries out `a.b=c,d[0]={1,2}`.
fn set(mut into: Value, text: &str, sets: Sets) -> Result<Value, String> {
    if sets == Sets::Literal || sets == Sets::Json {
        let Some((key, value)) = text.split_once('=') else {
            return Err(format!("key {text:?} has no value"));
        };
        let value = match sets {
            Sets::Json => Value::of_floats(&json::parse(value)?),
            _ => value.into(),
        };
        return Ok(put(into, &key_path(key)?, value));
    }
    let mut rest = text;
    while !rest.is_empty() {
        let mut pieces = split_at_plain(rest, &['=', ',']).into_iter();
        let Some((key, end)) = pieces.next() else { return Ok(into) };
        if end != Some('=') {
            let name = plain(&key);
            let tail = if end == Some(',') { " (cannot end with ,)" } else { "" };
            return Err(format!("key {name:?} has no value{tail}"));
        }
        rest = rest.get(key.len() + 1..).unwrap_or_default();
        let path = key_path(&key)?;
        if path.is_empty() {
            return Err(format!("key {key:?} has no value"));
        }
        let (value, length) = if rest.starts_with('{') {
            list(rest, sets)?
        } else {
            let value = split_at_plain(rest, &[',']).into_iter().next().unwrap_or_default().0;
            let length = value.len();
            (typed(&plain(&value), sets, value.contains('\\')), length)
        };
        into = put(into, &path, value);
        rest = rest.get(length..).unwrap_or_default();
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    Ok(into)
}

/// `{a,b}`, and how long it is.
fn list(text: &str, sets: Sets) -> Result<(Value, usize), String> {
    let mut items = Vec::new();
    let mut length = 1;
    let inside = text.get(1..).unwrap_or_default();
    for (part, end) in split_at_plain(inside, &[',', '}']) {
        length += part.len();
        if end.is_none() {
            return Err("list must terminate with '}'".into());
        }
        length += 1;
        if !(part.is_empty() && items.is_empty() && end == Some('}')) {
            items.push(typed(&plain(&part), sets, part.contains('\\')));
        }
        if end == Some('}') {
            break;
        }
    }
    Ok((Value::list(items), length))
}

/// A text as the value that it looks like.
fn typed(text: &str, sets: Sets, is_escaped: bool) -> Value {
    if sets == Sets::Text || is_escaped {
        return text.into();
    }
    match text {
        _ if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        _ if text.eq_ignore_ascii_case("null") => Value::Nil,
        "0" => Value::Int64(0),
        // What begins with a zero is a text, such as a mode of a file.
        _ if text.starts_with('0') => text.into(),
        _ => match text.parse() {
            Ok(number) if !text.starts_with('+') => Value::Int64(number),
            _ => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(text: &str) -> Result<serde_json::Value, String> {
        set(Value::map::<String>([]), text, Sets::Typed).map(|value| value.json())
    }

    #[test]
    fn set_reads_what_strvals_reads() {
        assert_eq!(of("a=1,b.c=x"), Ok(json!({"a": 1, "b": {"c": "x"}})));
        assert_eq!(of("a={x,2}"), Ok(json!({"a": ["x", 2]})));
        assert_eq!(of("a[1].b=true"), Ok(json!({"a": [null, {"b": true}]})));
        assert_eq!(of("a\\.b=x\\,y"), Ok(json!({"a.b": "x,y"})));
        assert_eq!(of("a="), Ok(json!({"a": ""})));
        assert_eq!(of("a=null,m=0644"), Ok(json!({"a": null, "m": "0644"})));
        assert_eq!(of("a={x"), Err("list must terminate with '}'".into()));
        assert_eq!(of("a"), Err("key \"a\" has no value".into()));
    }
}
