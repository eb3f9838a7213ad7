//! Layouts that no one wrote: the examples, printed in every style that YAML has for them.

use crate::draws::Draws;
use serde::Deserialize;
use serde_json::{Map, Value};
use statefulset_playground::manifest::examples::EXAMPLES;

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Blanks per level.
    pub indent: usize,
    /// Whether lists stand deeper than their key.
    pub indented_lists: bool,
    /// Around keys: nothing, `'` or `"`.
    pub quote: &'static str,
    /// From this depth on everything is in braces and brackets.
    pub flow_from: usize,
    /// Comments at the ends of lines and between them.
    pub comments: bool,
    /// Tabs behind values.
    pub tabs: bool,
    /// The selector's labels are an anchor, to which the template's refer.
    pub anchors: bool,
    pub line_end: &'static str,
    pub mark: bool,
    pub last_line_end: bool,
    /// Several sets, or the documents as items of a `List`.
    pub frame: Frame,
}

/// What stands around the documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Frame {
    Plain,
    TwoSets,
    List,
}

impl Style {
    pub fn drawn(draws: &mut Draws) -> Self {
        let mut coin = |sides: usize| draws.below(sides) == 0;
        Self {
            indent: if coin(2) { 2 } else { 4 },
            indented_lists: coin(2),
            quote: if coin(2) { "" } else { if coin(2) { "'" } else { "\"" } },
            flow_from: if coin(2) { 99 } else { if coin(2) { 4 } else { 7 } },
            comments: coin(2),
            tabs: coin(4),
            anchors: coin(4),
            line_end: if coin(4) { "\r\n" } else { "\n" },
            mark: coin(6),
            last_line_end: !coin(5),
            frame: if coin(3) {
                Frame::TwoSets
            } else {
                if coin(5) { Frame::List } else { Frame::Plain }
            },
        }
    }
}

/// An example in a style, and how many sets it has.
pub fn text(example: usize, style: &Style) -> (String, usize) {
    let documents = |number: usize, suffix: &str| -> Vec<Value> {
        let text = EXAMPLES[number % EXAMPLES.len()].text();
        let documents = serde_yaml::Deserializer::from_str(text);
        documents
            .map(|document| {
                let mut value = Value::deserialize(document).unwrap();
                let name = value["metadata"]["name"].as_str().unwrap().to_owned();
                value["metadata"]["name"] = format!("{name}{suffix}").into();
                value
            })
            .collect()
    };
    let mut all = documents(example, "");
    let mut sets = 1;
    if style.frame == Frame::TwoSets {
        all.extend(documents(example + 1, "-b"));
        sets = 2;
    }
    if style.frame == Frame::List {
        all = vec![serde_json::json!({"apiVersion": "v1", "kind": "List", "items": all})];
    }
    let mut lines = Vec::new();
    for document in &all {
        lines.push("---".to_owned());
        if style.comments {
            lines.push("# a document".to_owned());
        }
        map(&mut lines, document.as_object().unwrap(), 0, 0, style);
    }
    let mut text = if style.mark { "\u{feff}".to_owned() } else { String::new() };
    text += &lines.join(style.line_end);
    if style.last_line_end {
        text += style.line_end;
    }
    (text, sets)
}

fn map(
    lines: &mut Vec<String>,
    members: &Map<String, Value>,
    column: usize,
    depth: usize,
    style: &Style,
) {
    for (index, (key, value)) in members.iter().enumerate() {
        if style.comments && index % 3 == 1 {
            lines.push(format!("{}# about {key}", " ".repeat(column)));
        }
        let head = format!("{}{}{key}{}:", " ".repeat(column), style.quote, style.quote);
        if style.anchors && key == "labels" && depth == 3 {
            lines.push(format!("{head} *labels"));
            continue;
        }
        let anchor = if style.anchors && key == "matchLabels" { " &labels" } else { "" };
        match value {
            Value::Object(inner) if !inner.is_empty() && depth + 1 < style.flow_from => {
                lines.push(format!("{head}{anchor}"));
                map(lines, inner, column + style.indent, depth + 1, style);
            }
            Value::Array(items) if !items.is_empty() && depth + 1 < style.flow_from => {
                lines.push(head);
                let inner = if style.indented_lists { column + style.indent } else { column };
                list(lines, items, inner, depth + 1, style);
            }
            other => {
                let tail = match (style.tabs, style.comments, index % 2) {
                    (true, true, 0) => "\t# tabbed",
                    (true, ..) => "\t",
                    (false, true, 0) => "  # what it is",
                    _ => "",
                };
                lines.push(format!("{head}{anchor} {}{tail}", flow(other)));
            }
        }
    }
}

fn list(lines: &mut Vec<String>, items: &[Value], column: usize, depth: usize, style: &Style) {
    let dash = format!("-{}", " ".repeat(style.indent - 1));
    for item in items {
        let start = lines.len();
        match item {
            Value::Object(inner) if !inner.is_empty() && depth + 1 < style.flow_from => {
                map(lines, inner, column + style.indent, depth + 1, style);
                let first = lines[start].trim_start().to_owned();
                lines[start] = format!("{}{dash}{first}", " ".repeat(column));
            }
            other => lines.push(format!("{}{dash}{}", " ".repeat(column), flow(other))),
        }
    }
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{key}: {}", flow(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => {
            let is_plain =
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-./".contains(&byte))
                    && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
                    && !matches!(
                        text.as_str(),
                        "true" | "false" | "null" | "yes" | "no" | "on" | "off"
                    );
            if is_plain { text.clone() } else { Value::from(text.as_str()).to_string() }
        }
        other => other.to_string(),
    }
}
