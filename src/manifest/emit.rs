//! Objects as JSON and as YAML.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/printers/json.go`, sigs.k8s.io/yaml.

use serde_json::Value;

/// JSON with four blanks for each level, as Go writes it.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, 0, &mut text);
    text.push('\n');
    text
}

fn write_json(value: &Value, level: usize, text: &mut String) {
    let indent = |text: &mut String, level: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("    ", level));
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                indent(text, level + 1);
                text.push_str(&go_text(key));
                text.push_str(": ");
                write_json(member, level + 1, text);
            }
            indent(text, level);
            text.push('}');
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                indent(text, level + 1);
                write_json(item, level + 1, text);
            }
            indent(text, level);
            text.push(']');
        }
        Value::String(own) => text.push_str(&go_text(own)),
        other => text.push_str(&other.to_string()),
    }
}

/// A text in JSON, with the characters that Go escapes for HTML.
fn go_text(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// YAML as sigs.k8s.io/yaml writes it: sorted keys, lists not indented, long texts not folded.
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => write_members(value, 0, &mut text),
        Value::Array(items) if !items.is_empty() => write_items(value, 0, &mut text),
        other => {
            text.push_str(&scalar(other, 1));
            text.push('\n');
        }
    }
    text
}

fn blanks(text: &mut String, level: usize) {
    text.extend(std::iter::repeat_n("  ", level));
}

fn write_members(value: &Value, level: usize, text: &mut String) {
    for (at, (key, member)) in value.as_object().into_iter().flatten().enumerate() {
        // The first stands behind a dash where the caller has written one.
        if at > 0 || text.is_empty() || text.ends_with('\n') {
            blanks(text, level);
        }
        text.push_str(&printable(key));
        text.push(':');
        match member {
            Value::Object(members) if !members.is_empty() => {
                text.push('\n');
                write_members(member, level + 1, text);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                write_items(member, level, text);
            }
            other => {
                text.push(' ');
                text.push_str(&scalar(other, level + 1));
                text.push('\n');
            }
        }
    }
}

fn write_items(value: &Value, level: usize, text: &mut String) {
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        if at > 0 || text.is_empty() || text.ends_with('\n') {
            blanks(text, level);
        }
        text.push_str("- ");
        match item {
            Value::Object(members) if !members.is_empty() => write_members(item, level + 1, text),
            Value::Array(items) if !items.is_empty() => write_items(item, level + 1, text),
            other => {
                text.push_str(&scalar(other, level + 1));
                text.push('\n');
            }
        }
    }
}

fn scalar(value: &Value, level: usize) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Object(_) => "{}".into(),
        Value::Array(_) => "[]".into(),
        Value::String(text) => text_scalar(text, level),
        other => other.to_string(),
    }
}

fn text_scalar(text: &str, level: usize) -> String {
    let is_block = text.contains('\n')
        && !text.contains(" \n")
        && !text.ends_with(' ')
        && !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{feff}' || u32::from(c) > 0xffff);
    if !is_block {
        return printable(text);
    }
    let chomping = match text {
        _ if !text.ends_with('\n') => "-",
        _ if text.ends_with("\n\n") || text == "\n" => "+",
        _ => "",
    };
    let hint = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let mut block = format!("|{hint}{chomping}");
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            blanks(&mut block, level);
            block.push_str(line);
        }
    }
    block
}

/// A text on one line, quoted where YAML would read it as something else.
pub fn plain_or_quoted(text: &str) -> String {
    let has_escapes = text.chars().any(|c| c.is_control() || c == '\u{feff}' || c == '\u{85}');
    if has_escapes {
        return escaped(text);
    }
    if reads_as_other(text) {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    if is_plain(text) { text.into() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// A text in double quotes, with the escapes of libyaml.
///
/// Upstream: `go.yaml.in/yaml/v2/emitterc.go`, yaml_emitter_write_double_quoted.
fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{feff}' => out.push_str("\\uFEFF"),
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c if u32::from(c) > 0xffff => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// As [`plain_or_quoted`], with the characters escaped that sigs.k8s.io/yaml takes for unprintable.
fn printable(text: &str) -> String {
    match text.chars().any(|c| u32::from(c) > 0xffff) {
        true => escaped(text),
        false => plain_or_quoted(text),
    }
}

/// Whether a plain scalar of this text would be a number, a truth or nothing.
fn reads_as_other(text: &str) -> bool {
    const WORDS: [&str; 25] = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "yes",
        "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "n",
    ];
    if WORDS.contains(&text) || matches!(text, "Y" | "N" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let size = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(size, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let radix = digits.get(..2).unwrap_or_default();
    if let Some((_, radix)) = [("0x", 16), ("0b", 2), ("0o", 8)].iter().find(|it| it.0 == radix)
        && digits.len() > 2
    {
        return digits[2..].chars().all(|c| c.is_digit(*radix) || c == '_');
    }
    is_date(text)
        || digits.split(':').count() > 1
            && digits.split(':').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '_')
            })
        || digits.replace('_', "").parse::<f64>().is_ok()
            && digits.chars().any(|c| c.is_ascii_digit())
}

/// Whether it reads as a time of YAML: a date, and perhaps a time of day behind `T` or a blank.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let numbers = |text: &str, by: char, count: usize| {
        text.split(by).count() == count
            && text.split(by).all(|part| {
                !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())
            })
    };
    if date.find('-') != Some(4) || !numbers(date, '-', 3) {
        return false;
    }
    let Some((mark, time)) = time else { return true };
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let has_zone = match mark {
        " " => zone.is_empty(),
        _ => zone == "Z" || numbers(zone.trim_start_matches(['+', '-']), ':', 2),
    };
    has_zone && numbers(clock, ':', 3) && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn is_plain(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let second = text.chars().nth(1);
    let starts_well = match first {
        '-' | '?' | ':' => second.is_some_and(|c| c != ' '),
        c => !" ,[]{}#&*!|>'\"%@`".contains(c),
    };
    starts_well
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("---")
        && !text.starts_with("...")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_yaml_that_reads_back() {
        let value = json!({
            "a": {"empty": {}, "list": [], "null": null, "n": 3, "yes": "yes", "num": "0123"},
            "items": [{"b": "x", "c": ["- a", "#b", "a: b", "it's", "2026-11-23T07:11:02Z"]}, [1, [2]]],
            "text": "a\nb\n",
            "open": "a\n\n  b",
            "tab": "a\tb",
            "json": "{\"a\": 1}\n",
            "kubernetes.io/x": "-",
        });
        let text = yaml(&value);
        let back: Value = serde_yaml::from_str(&text).expect(&text);
        assert_eq!(back, value, "{text}");
        assert!(text.contains("\nitems:\n- b: x\n  c:\n  - '- a'\n"), "{text}");
    }

    #[test]
    fn writes_json_as_go_does() {
        let value = json!({"a": [], "b": {"c": "<x>&"}});
        assert_eq!(
            json(&value),
            "{\n    \"a\": [],\n    \"b\": {\n        \"c\": \"\\u003cx\\u003e\\u0026\"\n    }\n}\n"
        );
    }
}
