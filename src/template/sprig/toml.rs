//! Values as TOML.
//!
//! Upstream: `github.com/BurntSushi/toml`, encode.go.

use crate::template::format;
use crate::template::value::Value;
use std::collections::BTreeMap;

/// How deep tables may be nested.
const DEPTH: usize = 50;

/// A value as TOML.
pub fn text(value: &Value) -> String {
    match value {
        Value::Map(map) => {
            let mut out = String::new();
            table(&map.borrow(), &[], &mut out);
            out
        }
        Value::Nil => "toml: cannot encode a nil value".into(),
        _ => "toml: top-level values must be Go maps or structs".into(),
    }
}

/// Whether a value is a table, or a list of them.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::List(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item, Value::Map(_)))
        }
        _ => false,
    }
}

/// The members of a table: first what is none, then the tables in it.
fn table(members: &BTreeMap<String, Value>, path: &[String], out: &mut String) {
    if path.len() > DEPTH {
        return;
    }
    let pad = "  ".repeat(path.len());
    for (name, value) in members.iter().filter(|(_, value)| !is_table(value)) {
        if !matches!(value, Value::Nil) {
            out.push_str(&format!("{pad}{} = {}\n", key(name), inline(value)));
        }
    }
    for (name, value) in members.iter().filter(|(_, value)| is_table(value)) {
        let path: Vec<String> = path.iter().cloned().chain([key(name)]).collect();
        let pad = "  ".repeat(path.len() - 1);
        let heading = path.join(".");
        let mut put = |open: &str, own: &Value, close: &str| {
            let Value::Map(map) = own else { return };
            // Tables in tables follow at once.
            if !out.is_empty() && (path.len() == 1 || open == "[[") {
                out.push('\n');
            }
            out.push_str(&format!("{pad}{open}{heading}{close}\n"));
            table(&map.borrow(), &path, out);
        };
        match value {
            Value::List(items) => items.iter().for_each(|item| put("[[", item, "]]")),
            own => put("[", own, "]"),
        }
    }
}

fn key(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match !name.is_empty() && name.chars().all(is_plain) {
        true => name.to_owned(),
        false => format::quote(name),
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Text(text) => format::quote(text),
        Value::Float(it) if it.fract() == 0.0 && it.abs() < 1e21 => format!("{it:.1}"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let map = map.borrow();
            let each: Vec<String> =
                map.iter().map(|(name, it)| format!("{} = {}", key(name), inline(it))).collect();
            format!("{{{}}}", each.join(", "))
        }
        other => format::show(other),
    }
}
