//! A set of fields, as `managedFields` writes it down.
//!
//! Upstream: `sigs.k8s.io/structured-merge-diff`, `fieldpath/set.go`, `fieldpath/serialize.go`.

use crate::ordered::Map;
use serde_json::Value;
use std::fmt::Write;

/// Fields by the paths that lead to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// Whether the path that leads here is in the set.
    pub is_member: bool,
    /// What stands below it, by `f:field`, `k:{"key":"of an item"}` or `v:"item"`.
    pub inner: Map<String, Self>,
}

impl Set {
    /// The set of one path, the one that leads here.
    pub fn leaf() -> Self {
        Self { is_member: true, inner: Map::new() }
    }

    /// The set that is written down as this.
    pub fn read(written: &Value) -> Self {
        let members = written.as_object().into_iter().flatten();
        let mut set = Self::default();
        for (name, below) in members {
            match name.as_str() {
                "." => set.is_member = true,
                _ => drop(set.inner.insert(name.clone(), Self::read(below))),
            }
        }
        set.is_member |= set.inner.is_empty();
        set
    }

    /// As it is written down.
    pub fn tree(&self) -> Value {
        let mut members = serde_json::Map::new();
        if self.is_member && !self.inner.is_empty() {
            members.insert(".".into(), Value::Object(serde_json::Map::new()));
        }
        members.extend(self.inner.iter().map(|(name, set)| (name.clone(), set.tree())));
        Value::Object(members)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        !self.is_member && self.inner.values().all(Self::is_empty)
    }

    /// Puts in what stands below a name, unless that is nothing.
    pub fn put(&mut self, name: String, below: Self) {
        if !below.is_empty() {
            self.inner.insert(name, below);
        }
    }

    /// What stands below a name.
    pub fn below(&self, name: &str) -> Option<&Self> {
        self.inner.get(name)
    }

    /// What is in either.
    pub fn with(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.is_member |= other.is_member;
        for (name, theirs) in &other.inner {
            let both = self.below(name).map_or_else(|| theirs.clone(), |own| own.with(theirs));
            all.inner.insert(name.clone(), both);
        }
        all
    }

    /// What is in this one and not in the other.
    pub fn without(&self, other: &Self) -> Self {
        let mut left = Self { is_member: self.is_member && !other.is_member, inner: Map::new() };
        for (name, own) in &self.inner {
            let rest = other.below(name).map_or_else(|| own.clone(), |theirs| own.without(theirs));
            left.put(name.clone(), rest);
        }
        left
    }

    /// What is in both.
    pub fn common(&self, other: &Self) -> Self {
        let mut both = Self { is_member: self.is_member && other.is_member, inner: Map::new() };
        for (name, own) in &self.inner {
            if let Some(theirs) = other.below(name) {
                both.put(name.clone(), own.common(theirs));
            }
        }
        both
    }

    /// Its paths, as messages name them.
    pub fn paths(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    fn collect(&self, path: &str, all: &mut Vec<String>) {
        if self.is_member {
            all.push(path.into());
        }
        for (name, set) in &self.inner {
            set.collect(&format!("{path}{}", step(name)), all);
        }
    }
}

/// A step of a path, as messages name it.
pub fn step(name: &str) -> String {
    let Some(keys) = name.strip_prefix("k:") else {
        return match (name.strip_prefix("v:"), name.strip_prefix("f:")) {
            (Some(value), _) => format!("[={value}]"),
            (None, Some(field)) => format!(".{field}"),
            (None, None) => name.into(),
        };
    };
    let keys: Value = serde_json::from_str(keys).unwrap_or_default();
    let mut text = String::from("[");
    for (key, value) in keys.as_object().into_iter().flatten() {
        let comma = if text.len() > 1 { "," } else { "" };
        let _ = write!(text, "{comma}{key}={value}");
    }
    text + "]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(written: Value) -> Set {
        Set::read(&written)
    }

    #[test]
    fn reads_and_writes_what_the_server_writes() {
        let written = json!({"f:metadata": {"f:labels": {".": {}, "f:a": {}}},
            "f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}}}});
        assert_eq!(set(written.clone()).tree(), written);
        assert_eq!(
            set(written).paths(),
            [
                ".metadata.labels",
                ".metadata.labels.a",
                ".spec.ports[port=80,protocol=\"TCP\"]",
                ".spec.ports[port=80,protocol=\"TCP\"].port"
            ]
        );
    }

    #[test]
    fn joins_and_divides() {
        let one = set(json!({"f:a": {".": {}, "f:b": {}}, "f:c": {}}));
        let other = set(json!({"f:a": {"f:b": {}, "f:d": {}}}));
        assert_eq!(one.without(&other), set(json!({"f:a": {}, "f:c": {}})));
        assert_eq!(one.common(&other), set(json!({"f:a": {"f:b": {}}})));
        let both = json!({"f:a": {".": {}, "f:b": {}, "f:d": {}}, "f:c": {}});
        assert_eq!(one.with(&other), set(both));
        assert!(one.without(&one).is_empty());
    }
}
