//! The little language of `--set` and its sisters.
//!
//! Source: <https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set>; upstream:
//! `pkg/strvals/parser.go`, `pkg/strvals/literal_parser.go`.

use crate::api::json;
use crate::template::Value;
use crate::template::format::quote;
use crate::template::value::Map;

/// The longest list that an index may make.
const LONGEST: usize = 65_536;
/// How deep names may be nested.
const DEEPEST: usize = 30;

/// How values are read.
pub enum Reads<'a> {
    /// As what they look like: `--set`.
    Typed,
    /// As texts: `--set-string`.
    Text,
    /// As one text to the end: `--set-literal`.
    Literal,
    /// As JSON: `--set-json`.
    Json,
    /// As files: `--set-file`.
    File(&'a dyn Fn(&str) -> Result<String, String>),
}

/// Why reading ended: the text did, or something is wrong.
enum End {
    Text,
    Wrong(String),
}

impl<T: Into<String>> From<T> for End {
    fn from(why: T) -> Self {
        Self::Wrong(why.into())
    }
}

/// Carries out `a.b=c,d[0]={1,2}` on values.
///
/// # Errors
/// In Helm's words.
pub fn set(into: &Map, text: &str, reads: Reads) -> Result<(), String> {
    let mut parser = Parser { rest: text, reads };
    loop {
        match parser.key(into, 0) {
            Ok(()) => {}
            Err(End::Text) => return Ok(()),
            Err(End::Wrong(why)) => return Err(why),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    reads: Reads<'a>,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// What stands before the next of some characters, which is taken; none if the text ends.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut own = String::new();
        while let Some(c) = self.next() {
            match c {
                c if stops.contains(&c) => return (own, Some(c)),
                '\\' if !matches!(self.reads, Reads::Literal) => own.extend(self.next()),
                c => own.push(c),
            }
        }
        (own, None)
    }

    fn key(&mut self, into: &Map, depth: usize) -> Result<(), End> {
        let stops: &[char] = match self.reads {
            Reads::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (key, stop) = self.until(stops);
        match stop {
            None if key.is_empty() => Err(End::Text),
            None => Err(format!("key {} has no value", quote(&key)).into()),
            Some('[') => {
                let at = self.index()?;
                let before = into.borrow().get(&key).cloned();
                let list = match before {
                    None => Vec::new(),
                    Some(value) => as_list(value).map_err(|why| no_key(&why))?,
                };
                let (list, end) = self.item(list, at, depth);
                put(into, key, Value::list(list));
                end
            }
            Some('=') => {
                let (value, end) = self.value()?;
                put(into, key, value);
                end
            }
            Some('.') => self.nested(into, key, depth + 1),
            Some(_) => Err(format!("key {} has no value (cannot end with ,)", quote(&key)).into()),
        }
    }

    fn nested(&mut self, into: &Map, key: String, depth: usize) -> Result<(), End> {
        if depth > DEEPEST {
            return Err(format!(
                "value name nested level is greater than maximum supported nested level of {DEEPEST}"
            )
            .into());
        }
        let before = into.borrow().get(&key).cloned();
        let inner = match before {
            None => empty(),
            Some(Value::Map(map)) => map,
            Some(other) => return Err(no_key(&no_interface(&other, "map[string]interface {}"))),
        };
        let end = self.key(&inner, depth);
        let is_empty = inner.borrow().is_empty();
        if is_empty && end.is_ok() {
            return Err(format!("key map {} has no value", quote(&key)).into());
        }
        if !is_empty {
            put(into, key, Value::Map(inner));
        }
        end
    }

    /// `1]`
    fn index(&mut self) -> Result<usize, End> {
        let (number, stop) = self.until(&[']']);
        if stop.is_none() {
            return Err("error parsing index: EOF".into());
        }
        let at: i64 = number.parse().map_err(|_| {
            let number = quote(&number);
            format!("error parsing index: strconv.Atoi: parsing {number}: invalid syntax")
        })?;
        usize::try_from(at).map_err(|_| format!("negative {at} index not allowed").into())
    }

    /// What stands behind an index: the list with it, and whether it goes on.
    fn item(&mut self, list: Vec<Value>, at: usize, depth: usize) -> (Vec<Value>, Result<(), End>) {
        let before = list.get(at).cloned();
        match self.item_value(before, depth) {
            Ok((value, end)) => match placed(list, at, value) {
                Ok(list) => (list, end),
                Err(why) => (Vec::new(), Err(why.into())),
            },
            Err(end) => (list, Err(end)),
        }
    }

    fn item_value(
        &mut self,
        before: Option<Value>,
        depth: usize,
    ) -> Result<(Value, Result<(), End>), End> {
        if depth > DEEPEST {
            return Err("value name nested level is too deep".into());
        }
        let (key, stop) = self.until(&['[', '.', '=']);
        if !key.is_empty() {
            return Err(format!("unexpected data at end of array index: {}", quote(&key)).into());
        }
        match stop {
            None => Err(End::Text),
            Some('=') => self.value(),
            Some('[') => {
                let at = self.index()?;
                let own = match before {
                    None | Some(Value::Nil) => Vec::new(),
                    Some(value) => as_list(value).map_err(|why| no_key(&why))?,
                };
                let (list, end) = self.item(own, at, depth + 1);
                end?;
                Ok((Value::list(list), Ok(())))
            }
            Some(_) => {
                let inner = match before {
                    Some(Value::Map(map)) => map,
                    _ => empty(),
                };
                self.key(&inner, depth + 1)?;
                Ok((Value::Map(inner), Ok(())))
            }
        }
    }

    /// A value, and whether it goes on behind it.
    fn value(&mut self) -> Result<(Value, Result<(), End>), End> {
        match self.reads {
            Reads::Literal => Ok((std::mem::take(&mut self.rest).into(), Ok(()))),
            Reads::Json => self.json().map(|value| (value, Ok(()))),
            _ => match self.rest.strip_prefix('{') {
                Some(rest) => {
                    self.rest = rest;
                    self.list().map(|list| (list, Ok(())))
                }
                None if self.rest.is_empty() => Ok(("".into(), Err(End::Text))),
                None => {
                    let (text, _) = self.until(&[',']);
                    self.read(&text).map(|value| (value, Ok(())))
                }
            },
        }
    }

    /// `a,b}`
    fn list(&mut self) -> Result<Value, End> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            if stop.is_none() {
                return Err("list must terminate with '}'".into());
            }
            items.push(self.read(&text)?);
            if stop == Some('}') {
                self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
                return Ok(Value::list(items));
            }
        }
    }

    fn read(&self, text: &str) -> Result<Value, End> {
        match self.reads {
            Reads::Typed => Ok(typed(text)),
            Reads::File(read) => Ok(read(text)?.into()),
            _ => Ok(text.into()),
        }
    }

    /// The next value of JSON, and the comma behind it. Nothing is null.
    fn json(&mut self) -> Result<Value, End> {
        if self.ends_value() {
            return Ok(Value::Nil);
        }
        // The shortest beginning that is a value and stands before a comma or the end.
        let ends = self.rest.char_indices().filter(|(_, c)| *c == ',').map(|(at, _)| at);
        for end in ends.chain([self.rest.len()]) {
            if let Ok(value) = json::parse(&self.rest[..end]) {
                self.rest = &self.rest[end..];
                self.ends_value();
                return Ok(Value::of_floats(&value));
            }
        }
        Err("invalid JSON".into())
    }

    /// Takes blanks and a comma; whether there is one, or nothing at all.
    fn ends_value(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(',') {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => self.rest.is_empty(),
        }
    }
}

fn empty() -> Map {
    Map::default()
}

fn no_key(why: &str) -> End {
    format!("unable to parse key: {why}").into()
}

fn no_interface(value: &Value, wanted: &str) -> String {
    let own = match value {
        Value::Nil => "nil",
        other => other.type_name(),
    };
    format!("interface conversion: interface {{}} is {own}, not {wanted}")
}

fn as_list(value: Value) -> Result<Vec<Value>, String> {
    match value {
        Value::List(items) => Ok(items.to_vec()),
        other => Err(no_interface(&other, "[]interface {}")),
    }
}

/// A list with a value at a place.
fn placed(mut list: Vec<Value>, at: usize, value: Value) -> Result<Vec<Value>, String> {
    if at > LONGEST {
        return Err(format!("index of {at} is greater than maximum supported index of {LONGEST}"));
    }
    if list.len() <= at {
        list.resize(at + 1, Value::Nil);
    }
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
    Ok(list)
}

/// Sets a member, unless it has no name.
fn put(into: &Map, key: String, value: Value) {
    if !key.is_empty() {
        into.borrow_mut().insert(key, value);
    }
}

/// A text as the value that it looks like.
fn typed(text: &str) -> Value {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        _ if text.eq_ignore_ascii_case("null") => Value::Nil,
        "0" => Value::Int64(0),
        // What begins with a zero is a text, such as a mode of a file.
        _ if text.starts_with('0') => text.into(),
        _ => text.parse().map_or_else(|_| text.into(), Value::Int64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(text: &str) -> Result<serde_json::Value, String> {
        let map = empty();
        set(&map, text, Reads::Typed)?;
        Ok(Value::Map(map).json())
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
