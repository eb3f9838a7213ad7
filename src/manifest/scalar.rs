//! What a plain scalar means in YAML, and how a value is written so that it means itself.
//!
//! kubectl reads YAML 1.1: `yes` is a boolean, `0644` is octal.
//! Upstream: `sigs.k8s.io/yaml/goyaml.v2/resolve.go`.

use super::decimal;
use crate::api::json;
use serde_json::{Number, Value};

const TRUE: [&str; 11] = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 11] =
    ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Value {
    if NULL.contains(&text) {
        return Value::Null;
    }
    if TRUE.contains(&text) {
        return Value::Bool(true);
    }
    if FALSE.contains(&text) {
        return Value::Bool(false);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return Value::String(text.into());
    }
    number(text).map_or_else(|| Value::String(text.into()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix(['-', '+']) {
        Some(rest) => (plain.starts_with('-'), rest),
        None => (false, plain.as_str()),
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let parsed = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => u64::from_str_radix(&digits[2..], 16).ok(),
        [b'0', b'b' | b'B', ..] => u64::from_str_radix(&digits[2..], 2).ok(),
        [b'0', b'o' | b'O', ..] => u64::from_str_radix(&digits[2..], 8).ok(),
        [b'0', _, ..] if digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) => {
            u64::from_str_radix(digits, 8).ok()
        }
        _ => digits.parse::<u64>().ok(),
    };
    match (parsed, negative) {
        (Some(value), false) => Some(value.into()),
        (Some(value), true) => i64::try_from(-i128::from(value)).ok().map(Number::from),
        (None, _) => decimal::canonical(&plain).map(|digits| json::number(&digits)),
    }
}

/// Whether a value must be text even if it looks like a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text: quoted if YAML would read it as something else.
    Text,
    /// A number or a word, as typed: quoted only if YAML could not read it at all.
    Bare,
}

/// The scalar as it is written.
pub(super) fn write(text: &str, kind: Kind) -> String {
    let means_itself = match kind {
        Kind::Text => resolve(text) == Value::String(text.into()),
        Kind::Bare => !text.is_empty(),
    };
    if means_itself && is_plain(text) { text.into() } else { double_quoted(text) }
}

/// The scalar in the quotes that it had before, if it still fits between them.
pub(super) fn write_like(text: &str, kind: Kind, before: &str) -> String {
    let printable = !text.contains(|c: char| c.is_control());
    match before.as_bytes().first() {
        Some(b'"') if kind == Kind::Text => double_quoted(text),
        Some(b'\'') if kind == Kind::Text && printable => {
            format!("'{}'", text.replace('\'', "''"))
        }
        _ => write(text, kind),
    }
}

/// Whether YAML reads the text back unchanged without quotes, in block and flow style.
fn is_plain(text: &str) -> bool {
    let first_ok = |c: char| !c.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=".contains(c);
    let dashed = text.len() > 1 && text.starts_with('-') && !text[1..].starts_with([' ', '-']);
    let starts = text.starts_with(first_ok) || dashed;
    let ends = !text.ends_with(|c: char| c.is_whitespace() || c == ':');
    let inner = !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(|c: char| {
            ",[]{}\u{feff}\u{85}\u{2028}\u{2029}".contains(c) || c.is_control()
        });
    starts && ends && inner
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_mean_what_kubectl_reads() {
        let cases = [
            ("3", json!(3)),
            ("-1", json!(-1)),
            ("0644", json!(420)),
            ("0x1F", json!(31)),
            ("1_000", json!(1000)),
            ("3.0", json!(3)),
            ("3.5", json!(3.5)),
            ("1e3", json!(1000)),
            ("yes", json!(true)),
            ("off", json!(false)),
            ("~", json!(null)),
            ("", json!(null)),
            ("1Gi", json!("1Gi")),
            ("0.24", json!(0.24)),
            ("1:30", json!("1:30")),
            ("2026-01-01", json!("2026-01-01")),
            ("nginx", json!("nginx")),
            (".", json!(".")),
            ("08", json!(8)),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_quoted_only_where_needed() {
        let cases = [
            ("web", "web"),
            ("1Gi", "1Gi"),
            ("5", "\"5\""),
            ("yes", "\"yes\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("@x", "\"@x\""),
            ("a\"b", "a\"b"),
            ("\"", "\"\\\"\""),
            ("/usr/share", "/usr/share"),
            ("-", "\"-\""),
            ("registry.k8s.io/nginx-slim:0.24", "registry.k8s.io/nginx-slim:0.24"),
        ];
        for (text, expected) in cases {
            assert_eq!(write(text, Kind::Text), expected, "{text}");
        }
    }
}
