//! What `get` prints of objects.

pub mod columns;
mod controllers;
pub mod custom;
mod events;
mod go_syntax;
pub mod go_template;
pub mod jsonpath;
mod network;
mod nodes;
mod pods;
mod storage;

pub use go_syntax::go_syntax;
pub use nodes::roles;
pub use storage::access_modes;

use crate::api::{Kubernetes, Tree, timestamp};
use serde_json::Value;

/// How old an object is, as columns tell it.
pub fn age(object: &Value, now: i64) -> String {
    since(object.at("metadata").text("creationTimestamp"), now)
}

/// How long ago a time was, as columns tell it.
pub fn since(time: &str, now: i64) -> String {
    timestamp::parse(time).map_or("<unknown>".into(), |at| timestamp::human_duration(now - at))
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

/// What rows are made with.
#[derive(Clone, Copy, Debug)]
pub struct Printing {
    /// Now, in milliseconds since 1970.
    pub now: i64,
    /// Whether wide columns are shown.
    pub wide: bool,
    /// The version of client and server.
    pub kubernetes: Kubernetes,
}
