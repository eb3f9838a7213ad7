//! Objects as KYAML: YAML with braces, and quotes around every text.
//!
//! Upstream: `sigs.k8s.io/yaml/kyaml/`.

use super::emit::plain_or_quoted;
use serde_json::Value;

/// A document of KYAML.
pub fn kyaml(value: &Value) -> String {
    let mut text = String::from("---\n");
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, level: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push_str("{\n");
            for (key, member) in members {
                indent(level + 1, text);
                text.push_str(&shown_key(key));
                text.push_str(": ");
                write(member, level + 1, text);
                text.push_str(",\n");
            }
            indent(level, text);
            text.push('}');
        }
        Value::Array(items) if !items.is_empty() => write_items(items, level, text),
        Value::Object(_) => text.push_str("{}"),
        Value::Array(_) => text.push_str("[]"),
        Value::String(own) => write_text(own, level, text),
        other => text.push_str(&other.to_string()),
    }
}

/// Writes a list: objects and lists hug its brackets, anything else stands on a line of its own.
fn write_items(items: &[Value], level: usize, text: &mut String) {
    let hugs = |item: &Value| item.is_object() || item.is_array();
    text.push('[');
    if items.iter().all(hugs) {
        for (at, item) in items.iter().enumerate() {
            text.push_str(if at > 0 { ", " } else { "" });
            write(item, level, text);
        }
    } else {
        text.push('\n');
        for item in items {
            indent(level + 1, text);
            write(item, level + 1, text);
            text.push_str(",\n");
        }
        indent(level, text);
    }
    text.push(']');
}

fn indent(level: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", level));
}

/// A key, in quotes where YAML could read it as something else than a text.
fn shown_key(key: &str) -> String {
    const WORDS: [&str; 14] = [
        "t", "f", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "infinity",
        "nan",
    ];
    let is_inner = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    let is_end = |c: char| c.is_alphanumeric() || c == '_';
    let is_safe = key.starts_with(is_end) && key.ends_with(is_end) && key.chars().all(is_inner);
    let is_word = WORDS.contains(&key.to_lowercase().as_str());
    match is_safe && !is_word && plain_or_quoted(key) == key {
        true => key.into(),
        false => format!("\"{}\"", escaped(key)),
    }
}

/// Writes a text in quotes, each of its lines on a line of its own.
fn write_text(own: &str, level: usize, text: &mut String) {
    text.push('"');
    if !own.contains('\n') {
        text.push_str(&escaped(own));
        text.push('"');
        return;
    }
    let mut lines: Vec<&str> = own.split('\n').collect();
    let last = lines.pop().unwrap_or_default();
    for (line, end) in
        lines.into_iter().map(|line| (line, "\\n")).chain((!last.is_empty()).then_some((last, "")))
    {
        text.push_str("\\\n");
        indent(level + 1, text);
        text.push(if line.starts_with([' ', '\t']) { '\\' } else { ' ' });
        text.push_str(&escaped(line));
        text.push_str(end);
    }
    text.push_str("\\\n");
    indent(level + 1, text);
    text.push('"');
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push(c),
            '\r' => escaped.push_str("\\r"),
            c if c.is_control() => escaped.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_what_kubectl_writes() {
        let value = json!({
            "a.b/c": "1", "true": {}, "list": ["x", 2], "items": [{"o": null}, {"m": []}],
            "t": 1, "text": "  lead\nend", "line": "\"q\"\n",
        });
        let wanted = [
            "---",
            "{",
            "  a.b/c: \"1\",",
            "  items: [{",
            "    o: null,",
            "  }, {",
            "    m: [],",
            "  }],",
            "  line: \"\\",
            "     \\\"q\\\"\\n\\",
            "    \",",
            "  list: [",
            "    \"x\",",
            "    2,",
            "  ],",
            "  \"t\": 1,",
            "  text: \"\\",
            "    \\  lead\\n\\",
            "     end\\",
            "    \",",
            "  \"true\": {},",
            "}",
        ];
        assert_eq!(kyaml(&value).lines().collect::<Vec<_>>(), wanted);
    }
}
