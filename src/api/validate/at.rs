//! A field that is looked at: what it holds, and its path as the server prints it.

use crate::api::Tree;
use crate::api::status::quoted;
use serde_json::Value;
use std::ops::Deref;

/// A field that may be absent; what it holds is read as of a [`Tree`].
pub(in crate::api) struct At<'a> {
    pub(super) path: String,
    pub(super) value: &'a Value,
}

impl<'a> At<'a> {
    /// A whole object.
    pub(super) fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    /// A field of this object.
    pub(super) fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{name}", self.path), value: self.value.at(name) }
    }

    /// A field of this object, if it is there.
    pub(super) fn given(&self, name: &str) -> Option<Self> {
        self.set(name).map(|_| self.field(name))
    }

    /// A value of this map.
    pub(super) fn key(&self, key: &str) -> Self {
        Self { path: format!("{}[{key}]", self.path), value: self.value.at(key) }
    }

    /// The items of this list.
    pub(super) fn each(&self) -> Vec<Self> {
        let items = self.value.as_array().map_or(&[] as &[Value], Vec::as_slice);
        items.iter().enumerate().map(|(index, value)| self.holding(value).index(index)).collect()
    }

    /// The path of an item of this list, with this value.
    pub(super) fn index(self, index: usize) -> Self {
        Self { path: format!("{}[{index}]", self.path), value: self.value }
    }

    /// The same path with another value.
    pub(super) fn holding<'b>(&self, value: &'b Value) -> At<'b> {
        At { path: self.path.clone(), value }
    }

    /// The text that this is; empty if it is none.
    pub(super) fn string(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }

    /// The number that this is; 0 if it is none.
    pub(super) fn number(&self) -> i64 {
        self.value.as_i64().unwrap_or_default()
    }

    /// The value as messages print it; what is absent is an empty text.
    pub(super) fn printed(&self) -> String {
        match self.value {
            Value::Null | Value::String(_) => quoted(self.string()),
            other => other.to_string(),
        }
    }
}

impl Deref for At<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value
    }
}
