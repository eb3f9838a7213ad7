//! The description of an object that has none of its own: its fields, one below the other.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, genericDescriber,
//! printUnstructuredContent, smartLabelFor.

use super::events;
use super::text::Text;
use super::view::View;
use crate::api::Tree;
use serde_json::Value;

/// Fields that are not shown again, or never.
const SKIPPED: [&str; 5] = [
    ".metadata.managedFields",
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
];

/// Words that stay in capitals.
const ACRONYMS: [&str; 5] = ["API", "URL", "UID", "OSB", "GUID"];

/// Writes the description of an object of any kind.
pub fn describe(view: &View, object: &Value, text: &mut Text) {
    text.name(object);
    text.labels_and_annotations(object);
    fields(object, 0, "", text);
    events::describe(view, object, object.text("kind"), text);
}

fn fields(object: &Value, level: usize, path: &str, text: &mut Text) {
    for (field, value) in object.as_object().into_iter().flatten() {
        let path = format!("{path}.{field}");
        if SKIPPED.contains(&path.as_str()) {
            continue;
        }
        match value {
            Value::Object(_) => {
                text.head(level, &label(field));
                fields(value, level + 1, &path, text);
            }
            Value::Array(items) => {
                text.head(level, &label(field));
                for item in items {
                    match item {
                        Value::Object(_) => fields(item, level + 1, &path, text),
                        other => text.raw(level + 1, go_value(other)),
                    }
                }
            }
            other => text.put(level, &label(field), go_value(other)),
        }
    }
}

/// A value as Go prints it.
fn go_value(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        other => super::text::plain(other),
    }
}

/// The words of a field's name, such as `Container Port` of `containerPort`.
fn label(field: &str) -> String {
    if field.chars().any(|c| !c.is_alphabetic() && c != '-') {
        return field.into();
    }
    let word = |word: &String| {
        let upper = word.to_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            return upper;
        }
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    };
    split(field).iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The parts of a name in camel case.
///
/// Source: github.com/fatih/camelcase, Split.
fn split(field: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_lowercase() => 1,
        c if c.is_uppercase() => 2,
        _ => 4,
    };
    let mut runs: Vec<String> = Vec::new();
    let mut last = 0;
    for c in field.chars() {
        let own = class(c);
        match runs.last_mut() {
            Some(run) if own == last => run.push(c),
            _ => runs.push(c.into()),
        }
        last = own;
    }
    // The last capital before small letters belongs to them.
    for at in 1..runs.len() {
        let is_small =
            runs.get(at).and_then(|run| run.chars().next()).is_some_and(char::is_lowercase);
        let before = runs.get_mut(at - 1).filter(|run| run.chars().all(char::is_uppercase));
        let capital = if is_small { before.and_then(String::pop) } else { None };
        if let (Some(capital), Some(run)) = (capital, runs.get_mut(at)) {
            run.insert(0, capital);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fields_in_words() {
        let names = [
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("podIP", "Pod IP"),
            ("dnsPolicy", "Dns Policy"),
            ("PDFLoader", "PDF Loader"),
            ("$patch", "$patch"),
            ("name", "Name"),
        ];
        for (field, words) in names {
            assert_eq!(label(field), words);
        }
    }
}
