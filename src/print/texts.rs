//! Texts and cells that the columns of many kinds share.

use super::cell::Cell;
use crate::api::Tree;
use serde_json::Value;

/// How long ago a time was, as columns tell it, at `now`, in milliseconds since 1970.
pub fn since(time: &str, now: i64) -> String {
    Cell::since(time).text(now)
}

/// A text, or `<none>` if it is empty.
pub fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".into() } else { text.into() }
}

/// Labels as a list, such as `a=b,c=d`; `<none>` if there are none.
pub fn labels(map: &Value) -> String {
    let pairs: Vec<String> = map
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    or_none(&pairs.join(","))
}

/// The cell NAME.
pub(super) fn name(object: &Value) -> Cell {
    object.at("metadata").text("name").into()
}

/// The cell AGE.
pub(super) fn age(object: &Value) -> Cell {
    Cell::since(object.at("metadata").text("creationTimestamp"))
}
