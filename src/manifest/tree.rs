//! The nodes of a YAML document with their places in the text.

use crate::api::status::quoted;
use serde_json::{Map, Value};
use std::ops::Range;
use std::rc::Rc;

/// More nodes than this, aliases followed, is an alias bomb.
const MAX_NODES: usize = 100_000;

/// A node and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Bytes of the text, without comments and trailing blanks.
    pub range: Range<usize>,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scalar: its value, and whether it stands as a block (`|`, `>`).
    Scalar {
        /// The value it has.
        value: Value,
        /// Written as a block scalar.
        block: bool,
    },
    /// A list; `flow` if in brackets.
    Sequence {
        /// The items.
        items: Vec<Rc<Node>>,
        /// Written in brackets.
        flow: bool,
    },
    /// A map; `flow` if in braces. Keys may repeat: the last one counts.
    Mapping {
        /// Keys and values, in the text's order.
        entries: Vec<(Rc<Node>, Rc<Node>)>,
        /// Written in braces.
        flow: bool,
    },
    /// A reference to a node elsewhere.
    Alias(Rc<Node>),
}

/// Why a text has no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TreeError {
    /// Not YAML; at this byte, in kubectl's words.
    Syntax(usize, String),
    /// An alias to an anchor that does not exist, by its name.
    UnknownAnchor(usize, String),
    /// Nested too deep.
    TooDeep(usize),
    /// Aliases multiply beyond any use.
    TooManyNodes,
    /// A key that is no scalar, or null; at this byte, in kubectl's words.
    BadKey(usize, String),
}

impl Node {
    /// The key of a map's entry as text, as JSON has it.
    pub(super) fn key_text(&self) -> Option<String> {
        match &self.content {
            Content::Scalar { value: Value::String(text), .. } => Some(text.clone()),
            Content::Scalar { value: Value::Null, .. } => None,
            Content::Scalar { value, .. } => Some(value.to_string()),
            Content::Alias(target) => target.key_text(),
            _ => None,
        }
    }

    /// The entries of a map, aliases followed; empty for anything else.
    pub fn entries(&self) -> &[(Rc<Node>, Rc<Node>)] {
        match &self.content {
            Content::Mapping { entries, .. } => entries,
            Content::Alias(target) => target.entries(),
            _ => &[],
        }
    }

    /// The items of a list, aliases followed; empty for anything else.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.content {
            Content::Sequence { items, .. } => items,
            Content::Alias(target) => target.items(),
            _ => &[],
        }
    }

    /// The last entry with this key.
    pub fn entry(&self, key: &str) -> Option<&(Rc<Node>, Rc<Node>)> {
        self.entries().iter().rev().find(|(name, _)| name.key_text().as_deref() == Some(key))
    }

    /// The value of the last entry with this key.
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Whether the node is nothing: null, written or not.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.content, Content::Scalar { value: Value::Null, .. })
    }

    /// The node as JSON: aliases followed, `<<` merged, keys turned into text.
    pub(super) fn to_value(&self, budget: &mut usize) -> Result<Value, TreeError> {
        *budget = budget.checked_sub(1).ok_or(TreeError::TooManyNodes)?;
        match &self.content {
            Content::Scalar { value, .. } => Ok(value.clone()),
            Content::Alias(target) => target.to_value(budget),
            Content::Sequence { items, .. } => {
                items.iter().map(|item| item.to_value(budget)).collect()
            }
            Content::Mapping { entries, .. } => {
                let mut map = Map::new();
                for (_, value) in entries.iter().filter(|(key, _)| key.is_merge()) {
                    value.merge_into(&mut map, budget)?;
                }
                for (key, value) in entries.iter().filter(|(key, _)| !key.is_merge()) {
                    let member = value.to_value(budget)?;
                    let Some(name) = key.key_text() else {
                        let words = bad_key(&key.to_value(budget)?, &member);
                        return Err(TreeError::BadKey(key.range.start, words));
                    };
                    map.insert(name, member);
                }
                Ok(Value::Object(map))
            }
        }
    }

    fn is_merge(&self) -> bool {
        self.key_text().as_deref() == Some("<<")
    }

    fn merge_into(
        &self,
        map: &mut Map<String, Value>,
        budget: &mut usize,
    ) -> Result<(), TreeError> {
        let sources: Vec<&Node> = match self.items() {
            [] => vec![self],
            items => items.iter().rev().map(Rc::as_ref).collect(),
        };
        for source in sources {
            if let Value::Object(members) = source.to_value(budget)? {
                map.extend(members);
            }
        }
        Ok(())
    }

    /// Nodes at most for one document's value.
    pub(super) fn budget() -> usize {
        MAX_NODES
    }
}

/// What kubectl says of a key that JSON cannot have.
///
/// Upstream: `sigs.k8s.io/yaml/yaml.go`, convertToJSONableObject; `goyaml.v2/decode.go`.
#[inline(never)]
fn bad_key(key: &Value, value: &Value) -> String {
    match key {
        Value::Null => {
            let shown = if value.is_null() { "<nil>".into() } else { go_syntax(value) };
            format!("unsupported map key of type: %!s(<nil>), key: <nil>, value: {shown}")
        }
        key => format!("yaml: invalid map key: {}", go_syntax(key)),
    }
}

/// A value as Go's `%#v` prints what YAML gives.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".into(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", quoted(key), go_syntax(value));
            let members: Vec<String> = members.iter().map(member).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}
