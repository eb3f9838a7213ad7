//! What a plain scalar means in YAML, and how a value is written so that it means itself.
//!
//! kubectl reads YAML 1.1: `yes` is a boolean, `0644` is octal.
//! Upstream: `sigs.k8s.io/yaml/goyaml.v2/resolve.go`.

use super::{decimal, emit};
use crate::api::{base64, json};
use serde_json::{Number, Value};

const TRUE: [&str; 11] = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 11] =
    ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];

const INFINITE: [(&str, [&str; 3]); 4] = [
    ("NaN", [".nan", ".NaN", ".NAN"]),
    ("+Inf", [".inf", ".Inf", ".INF"]),
    ("+Inf", ["+.inf", "+.Inf", "+.INF"]),
    ("-Inf", ["-.inf", "-.Inf", "-.INF"]),
];

/// Tags that YAML itself defines begin so.
pub(super) const CORE_TAG: &str = "tag:yaml.org,2002:";

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
    number(text).map_or_else(|| Value::String(text.into()), |(number, _)| Value::Number(number))
}

/// The value of a scalar with a tag, which may be empty.
///
/// # Errors
/// kubectl's words for a text that does not fit its tag, or has no place in JSON.
pub(super) fn value(text: &str, is_plain: bool, tag: &str) -> Result<Value, String> {
    if !tag.is_empty() {
        return tagged(text, tag);
    }
    match is_plain {
        false => Ok(Value::String(text.into())),
        true => match infinite(text) {
            Some(name) => Err(format!("json: unsupported value: {name}")),
            None => Ok(resolve(text)),
        },
    }
}

/// Go's name for what a number without an end is written as.
fn infinite(text: &str) -> Option<&'static str> {
    if !text.contains('.') || text.len() > 5 {
        return None;
    }
    INFINITE.iter().find(|(_, written)| written.contains(&text)).map(|(name, _)| *name)
}

/// Upstream: `go.yaml.in/yaml/v2/resolve.go` (2.4), resolve; `decode.go`, `(*decoder).scalar`.
#[inline(never)]
fn tagged(text: &str, tag: &str) -> Result<Value, String> {
    let tag = tag.strip_prefix(CORE_TAG).unwrap_or_default();
    let kind = match tag {
        "binary" => return binary(text),
        "bool" | "int" | "float" | "null" => kind(text),
        "timestamp" if emit::is_date(text) => "str",
        "timestamp" => kind(text),
        _ => "str",
    };
    let fits = kind == tag || (kind, tag) == ("int", "float");
    match kind {
        "str" if !matches!(tag, "bool" | "int" | "float" | "null") => {
            Ok(Value::String(text.into()))
        }
        _ if fits => value(text, true, ""),
        kind => Err(format!("yaml: cannot decode !!{kind} `{text}` as a !!{tag}")),
    }
}

/// The tag of what a plain scalar means.
fn kind(text: &str) -> &'static str {
    match resolve(text) {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) if number(text).is_some_and(|(_, is_whole)| is_whole) => "int",
        Value::Number(_) => "float",
        _ if infinite(text).is_some() => "float",
        _ => "str",
    }
}

fn binary(text: &str) -> Result<Value, String> {
    match base64::decode(text) {
        Ok(bytes) => Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        Err(_) => Err("yaml: !!binary value contains invalid base64 data".into()),
    }
}

/// The text that a key becomes which is a number with a point or an exponent; none for other keys.
///
/// Upstream: `sigs.k8s.io/yaml/yaml.go`, convertToJSONableObject.
pub(super) fn fraction_as_key(text: &str) -> Option<String> {
    match infinite(text) {
        Some("NaN") => Some(".nan".into()),
        Some("-Inf") => Some("-.inf".into()),
        Some(_) => Some(".inf".into()),
        None => match number(text)? {
            (_, true) => None,
            (number, false) => Some(decimal::short(&number.to_string())),
        },
    }
}

/// The number that a plain scalar is, and whether it is a whole one.
fn number(text: &str) -> Option<(Number, bool)> {
    let fraction = |text: &str| decimal::canonical(text).map(|it| (json::number(&it), false));
    match text.as_bytes().first()? {
        b'.' => return fraction(text),
        b'+' | b'-' | b'0'..=b'9' => {}
        _ => return None,
    }
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix(['-', '+']) {
        Some(rest) => (plain.starts_with('-'), rest),
        None => (false, plain.as_str()),
    };
    whole(digits, negative).map(|it| (it, true)).or_else(|| fraction(&plain))
}

fn whole(digits: &str, negative: bool) -> Option<Number> {
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', _, ..] => (digits, 8),
        _ => (digits, 10),
    };
    if !digits.bytes().all(|digit| digit.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    match negative {
        false => Some(value.into()),
        true => i64::try_from(-i128::from(value)).ok().map(Number::from),
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
