//! The lines of a description, before their columns are aligned.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, PrefixWriter, tabbedString,
//! printLabelsMultiline, printAnnotationsMultiline.

use crate::api::object::LAST_APPLIED;
use crate::api::{Tree, timestamp};
use crate::print::table::elastic;
use serde_json::Value;
use std::fmt::Display;

/// Annotations longer than this stand on lines of their own.
const LONGEST_ANNOTATION: usize = 140;
/// The time that Go writes where there is none.
const NO_TIME: &str = "Mon, 01 Jan 0001 00:00:00 +0000";

/// A description while it is written.
#[derive(Clone, Debug, Default)]
pub struct Text {
    lines: String,
}

impl Text {
    /// A line as it is, indented by two blanks a level.
    pub fn raw(&mut self, level: usize, line: impl Display) {
        (0..level).for_each(|_| self.lines.push_str("  "));
        self.lines.push_str(&line.to_string());
        self.lines.push('\n');
    }

    /// A line `title: value`.
    pub fn put(&mut self, level: usize, title: &str, value: impl Display) {
        self.raw(level, format_args!("{title}:\t{value}"));
    }

    /// A line `title: value`, unless the value is empty.
    pub fn put_set(&mut self, level: usize, title: &str, value: &str) {
        if !value.is_empty() {
            self.put(level, title, value);
        }
    }

    /// A line `title:`, which lines of a higher level follow.
    pub fn head(&mut self, level: usize, title: &str) {
        self.raw(level, format_args!("{title}:"));
    }

    /// `title:` and a list, one item a line; `<none>` if it is empty.
    pub fn list(&mut self, indent: &str, title: &str, items: &[String]) {
        if items.is_empty() {
            self.raw(0, format_args!("{indent}{title}:\t<none>"));
        }
        for (at, item) in items.iter().enumerate() {
            match at {
                0 => self.raw(0, format_args!("{indent}{title}:\t{item}")),
                _ => self.raw(0, format_args!("{indent}\t{item}")),
            }
        }
    }

    /// Labels or other pairs, one a line. Where `title` itself is indented, later lines are not.
    pub fn labels(&mut self, indent: &str, title: &str, map: &Value) {
        self.list(indent, title, &pairs(map));
    }

    /// Annotations, one a line.
    pub fn annotations(&mut self, title: &str, map: &Value) {
        let mut is_first = true;
        for (key, value) in map.as_object().into_iter().flatten() {
            // What apply keeps for itself is not shown.
            if key == LAST_APPLIED {
                continue;
            }
            let before = if is_first { format!("{title}:\t") } else { "\t".into() };
            is_first = false;
            let value = value.as_str().unwrap_or_default();
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.len() + key.len() + 2 > LONGEST_ANNOTATION || value.contains('\n') {
                self.raw(0, format_args!("{before}{key}:"));
                for line in value.split('\n') {
                    self.raw(0, format_args!("\t  {}", shorten(line, LONGEST_ANNOTATION - 2)));
                }
            } else {
                self.raw(0, format_args!("{before}{key}: {value}"));
            }
        }
        if is_first {
            self.raw(0, format_args!("{title}:\t<none>"));
        }
    }

    /// The lines `Name:` and `Namespace:`.
    pub fn name(&mut self, object: &Value) {
        let meta = object.at("metadata");
        self.put(0, "Name", meta.text("name"));
        self.put(0, "Namespace", meta.text("namespace"));
    }

    /// The lines `Labels:` and `Annotations:`.
    pub fn labels_and_annotations(&mut self, object: &Value) {
        let meta = object.at("metadata");
        self.labels("", "Labels", meta.at("labels"));
        self.annotations("Annotations", meta.at("annotations"));
    }

    /// The description with tabs between its columns.
    pub fn unaligned(&self) -> &str {
        &self.lines
    }

    /// The description with its columns aligned.
    pub fn aligned(&self) -> String {
        elastic(&self.lines)
    }
}

/// Pairs such as `app=nginx`, in the order of their keys.
pub fn pairs(map: &Value) -> Vec<String> {
    let members = map.as_object().into_iter().flatten();
    members.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect()
}

/// A text, or its first bytes and three dots.
pub fn shorten(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.into();
    }
    let end = (0..=longest).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", text.get(..end).unwrap_or_default())
}

/// A time of an object as descriptions write it, such as `Mon, 23 Nov 2026 07:11:02 +0000`.
pub fn time(text: &str) -> String {
    match timestamp::parse(text) {
        Some(millis) => timestamp::Moment::of(millis).rfc1123z(),
        None => NO_TIME.into(),
    }
}

/// As Go prints a list, such as `[a b]`.
pub fn go_list(object: &Value, field: &str) -> String {
    format!("[{}]", object.texts(field).collect::<Vec<_>>().join(" "))
}

/// The items of a list, with a separator between.
pub fn joined(object: &Value, field: &str, separator: &str) -> String {
    object.texts(field).collect::<Vec<_>>().join(separator)
}

/// A truth as descriptions write it.
pub fn yes(is_so: bool) -> &'static str {
    if is_so { "True" } else { "False" }
}

/// A value as it is, such as `5`, `25%` or `true`; empty if there is none.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A field's value as it is, or another text if there is none.
pub fn plain_or(object: &Value, field: &str, other: &str) -> String {
    object.set(field).map_or_else(|| other.into(), plain)
}

/// A label selector in one line, such as `app=nginx,tier in (a,b)`, in the order of the keys.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/labels/selector.go`, Requirement.String.
pub fn selector(tree: &Value) -> String {
    let mut parts: Vec<(String, String)> = tree
        .members("matchLabels")
        .map(|(key, value)| (key.clone(), format!("{key}={}", value.as_str().unwrap_or_default())))
        .collect();
    for expression in tree.items("matchExpressions") {
        let key = expression.text("key");
        let mut values: Vec<&str> = expression.texts("values").collect();
        values.sort_unstable();
        let values = values.join(",");
        let text = match expression.text("operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.to_owned(),
        };
        parts.push((key.to_owned(), text));
    }
    parts.sort_by(|left, right| left.0.cmp(&right.0));
    parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(",")
}

/// A label selector in one line; `<none>` if it asks for nothing.
pub fn selector_or_none(tree: &Value) -> String {
    match selector(tree) {
        text if text.is_empty() => "<none>".into(),
        text => text,
    }
}

/// The owner that controls an object, such as `StatefulSet/web`.
pub fn controller(object: &Value) -> Option<String> {
    let owner = controller_of(object)?;
    Some(format!("{}/{}", owner.text("kind"), owner.text("name")))
}

/// The reference to the owner that controls an object.
pub fn controller_of(object: &Value) -> Option<&Value> {
    object.at("metadata").items("ownerReferences").iter().find(|owner| owner.flag("controller"))
}
