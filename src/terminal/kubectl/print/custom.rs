//! Paths outside of templates: those of columns, of sorting and of waiting.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go`, RelaxedJSONPathExpression.

use crate::client::Failure;
use crate::print::jsonpath::{Path, shown};
use serde_json::Value;

/// The path that a flag such as `--sort-by` names: with or without braces and a dot.
///
/// # Errors
/// The parser's words.
pub fn relaxed(text: &str) -> Result<Path, String> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    Path::parse(inner)
}

/// The titles of custom columns.
pub fn header(columns: &[(String, Path)]) -> Vec<String> {
    columns.iter().map(|(title, _)| title.clone()).collect()
}

/// The cells of an object in custom columns.
pub fn row(columns: &[(String, Path)], object: &Value) -> Vec<String> {
    columns.iter().map(|(_, path)| cell(path, object)).collect()
}

/// The cell of a path in a custom column: `<none>` if there is nothing.
fn cell(path: &Path, object: &Value) -> String {
    let found = path.find(object, object).unwrap_or_default();
    if found.is_empty() || path.is_empty() {
        return "<none>".into();
    }
    found.into_iter().map(shown_in_cell).collect::<Vec<_>>().join(",")
}

/// A value as Go prints it in a custom column.
fn shown_in_cell(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(shown_in_cell).collect::<Vec<_>>().join(" "))
        }
        Value::Object(_) => {
            let members = value.as_object().into_iter().flatten();
            let members: Vec<String> =
                members.map(|(key, member)| format!("{key}:{}", shown_in_cell(member))).collect();
            format!("map[{}]", members.join(" "))
        }
        Value::Null => "<nil>".into(),
        other => shown(other),
    }
}

/// Checks that a path of `kubectl wait --for=jsonpath` leads to one plain value, if to any.
///
/// # Errors
/// It leads to several values, or to one that has parts.
pub fn is_single(path: &Path, object: &Value) -> Result<(), Failure> {
    let found = path.find(object, object).unwrap_or_default();
    match found.as_slice() {
        [] => Ok(()),
        [Value::Object(_) | Value::Array(_)] => {
            Err(Failure::error("jsonpath leads to a nested object or list which is not supported"))
        }
        [_] => Ok(()),
        _ => Err(Failure::error("given jsonpath expression matches more than one value")),
    }
}

/// Whether a condition of `kubectl wait --for=jsonpath` names a value that an object has.
pub fn has_value(path: &Path, object: &Value, wanted: Option<&str>) -> bool {
    let Some(found) = path.first(object) else { return false };
    wanted.is_none_or(|wanted| shown(found) == wanted)
}
