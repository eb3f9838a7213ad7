//! Objects as JSON and as YAML.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/printers/json.go`, sigs.k8s.io/yaml.

use crate::ordered::sort_long;
use crate::quote::visible;
use serde_json::Value;

/// JSON with four blanks for each level, as Go writes it.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, 0, &mut text);
    text.push('\n');
    text
}

/// JSON without blanks, as Go writes it.
pub fn compact(value: &Value) -> String {
    escaped_for_html(&value.to_string())
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
    escaped_for_html(&Value::from(text).to_string())
}

fn escaped_for_html(json: &str) -> String {
    json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// YAML with sorted keys, lists that are not indented, and long texts on one line.
pub fn yaml(value: &Value) -> String {
    write_yaml(value, usize::MAX)
}

/// YAML as sigs.k8s.io/yaml writes it: [`yaml`], with long texts folded.
pub fn folded_yaml(value: &Value) -> String {
    write_yaml(value, WIDTH)
}

/// The column behind which go-yaml goes on on the next line.
const WIDTH: usize = 80;

fn write_yaml(value: &Value, width: usize) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => write_members(value, 0, width, &mut text),
        Value::Array(items) if !items.is_empty() => write_items(value, 0, width, &mut text),
        other => write_scalar(other, 1, width, &mut text),
    }
    text
}

/// Writes a scalar and ends its line.
fn write_scalar(value: &Value, level: usize, width: usize, text: &mut String) {
    let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    let scalar = scalar(value, level);
    match scalar.starts_with('|') || column + scalar.len() <= width {
        true => text.push_str(&scalar),
        false => text.push_str(&folded(&scalar, column, level * 2, width)),
    }
    text.push('\n');
}

/// A scalar with breaks instead of blanks that stand behind the width, indented.
fn folded(scalar: &str, mut column: usize, indent: usize, width: usize) -> String {
    let quote = scalar.chars().next().filter(|c| "'\"".contains(*c));
    let ends = usize::from(quote.is_some());
    let last = scalar.chars().count().saturating_sub(ends + 1);
    let mut text = String::new();
    let mut chars = scalar.chars().enumerate().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next_is_blank = chars.peek().is_some_and(|(_, next)| *next == ' ');
        let may_break = at > ends && at < last && (quote == Some('"') || !next_is_blank);
        if c == ' ' && before != ' ' && column > width && may_break {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
            column = indent;
            if next_is_blank {
                text.push('\\');
                column += 1;
            }
        } else {
            text.push(c);
            column += 1;
        }
        before = c;
    }
    text
}

fn blanks(text: &mut String, level: usize) {
    text.extend(std::iter::repeat_n("  ", level));
}

fn write_members(value: &Value, level: usize, width: usize, text: &mut String) {
    let mut members: Vec<(&String, &Value)> = value.as_object().into_iter().flatten().collect();
    sort_long(&mut members, |left, right| stands_before(left.0, right.0));
    for (at, (key, member)) in members.into_iter().enumerate() {
        // The first stands behind a dash where the caller has written one.
        if at > 0 || text.is_empty() || text.ends_with('\n') {
            blanks(text, level);
        }
        text.push_str(&printable(key));
        text.push(':');
        match member {
            Value::Object(members) if !members.is_empty() => {
                text.push('\n');
                write_members(member, level + 1, width, text);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                write_items(member, level, width, text);
            }
            other => {
                text.push(' ');
                write_scalar(other, level + 1, width, text);
            }
        }
    }
}

/// Whether a key stands before another: numbers in them count as numbers, and letters come last.
///
/// Upstream: `go.yaml.in/yaml/v2`, sorter.go, keyList.Less.
fn stands_before(left: &str, right: &str) -> bool {
    let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    // A number that both share the beginning of is compared as a whole.
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let from = same - left.as_bytes()[..same].iter().rev().take_while(|it| is_digit(it)).count();
    let number = |text: &str| -> Option<u64> {
        let digits: String = text.get(from..)?.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    match (number(left), number(right)) {
        (Some(one), Some(other)) if one != other => return one < other,
        _ => {}
    }
    let letter = |text: &str| text.get(same..)?.chars().next().map(char::is_alphabetic);
    match (letter(left), letter(right)) {
        (Some(one), Some(other)) if one != other => other,
        _ => left < right,
    }
}

fn write_items(value: &Value, level: usize, width: usize, text: &mut String) {
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        if at > 0 || text.is_empty() || text.ends_with('\n') {
            blanks(text, level);
        }
        text.push_str("- ");
        match item {
            Value::Object(members) if !members.is_empty() => {
                write_members(item, level + 1, width, text);
            }
            Value::Array(items) if !items.is_empty() => {
                write_items(item, level + 1, width, text);
            }
            other => write_scalar(other, level + 1, width, text),
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

/// A scalar so that nothing can come after it or out of it: a text in double quotes, with what nobody
/// sees escaped as both YAML and Go read it.
pub fn quoted(value: &Value) -> String {
    let Value::String(text) = value else { return visible::json(&value.to_string()) };
    let mut out = String::from("\"");
    for c in text.chars() {
        match u32::from(c) {
            _ if matches!(c, '"' | '\\') => out.extend(['\\', c]),
            number if visible::is_hidden(c) && number > 0xffff => {
                out.push_str(&format!("\\U{number:08x}"));
            }
            number if visible::is_hidden(c) => out.push_str(&format!("\\u{number:04x}")),
            _ => out.push(c),
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
pub(super) fn is_date(text: &str) -> bool {
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
    use crate::ordered::sort_by;
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
    fn sorts_keys_as_go_yaml_does() {
        let mut keys = ["a10", "a2", "a", "b", "B_", "BA", "a-1", "a.b", "ab", "k80", "k5432"];
        sort_by(&mut keys, |left, right| stands_before(left, right));
        assert_eq!(keys, ["B_", "BA", "a", "a-1", "a.b", "a2", "a10", "ab", "b", "k80", "k5432"]);
    }

    #[test]
    fn folds_long_texts_as_go_yaml_does() {
        let words = "abcdefghijklmnopqrstuvwxyz ".repeat(4);
        let value = json!({"a": {"plain": words.trim(), "quoted": format!("{words}: x")}});
        let wanted = "a:\n  plain: abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz \
            abcdefghijklmnopqrstuvwxyz\n    abcdefghijklmnopqrstuvwxyz\n  quoted: \
            'abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz\n    \
            abcdefghijklmnopqrstuvwxyz : x'\n";
        assert_eq!(folded_yaml(&value), wanted);
        assert_eq!(serde_yaml::from_str::<Value>(wanted).unwrap(), value);
        assert_eq!(yaml(&value).lines().count(), 3);
        let text = "no persistent volumes available for this claim and no storage class is set";
        let wanted = format!("- message: {}\n    set\n", text.strip_suffix(" set").unwrap());
        assert_eq!(folded_yaml(&json!([{"message": text}])), wanted);
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
