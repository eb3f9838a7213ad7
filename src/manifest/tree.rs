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

/// Most keys and values that are read of a text: a page takes longer for each of them than for many bytes
/// of the long texts that manifests hold otherwise.
pub const MOST_NODES: usize = 20_000;

/// Why a text has no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TreeError {
    /// Not YAML; at this byte, in kubectl's words.
    Syntax(usize, String),
    /// An alias to an anchor that does not exist, by its name.
    UnknownAnchor(usize, String),
    /// Nested too deep.
    TooDeep(usize),
    /// More keys and values than [`MOST_NODES`]; at this byte.
    TooLarge(usize),
    /// Aliases multiply beyond any use.
    TooManyNodes,
    /// A key or a value that JSON cannot have; at this byte, in kubectl's words.
    Unusable(usize, String),
}

impl Node {
    /// A value that is not there.
    pub(super) fn absent(at: usize) -> Rc<Self> {
        let content = Content::Scalar { value: Value::Null, block: false };
        Rc::new(Self { range: at..at, content })
    }

    /// A list of blocks.
    pub(super) fn sequence(start: usize, items: Vec<Rc<Self>>) -> Self {
        let end = items.last().map_or(start, |last| last.range.end).max(start);
        Self { range: start..end, content: Content::Sequence { items, flow: false } }
    }

    /// How many keys and values it has, with itself, as they stand in the text.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::Scalar { .. } | Content::Alias(_) => 1,
            Content::Sequence { items, .. } => items.iter().fold(1, |sum, item| sum + item.size()),
            Content::Mapping { entries, .. } => {
                entries.iter().fold(1, |sum, (key, value)| sum + key.size() + value.size())
            }
        }
    }

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

    /// The node itself, or what an alias refers to.
    pub(super) fn followed(&self) -> &Self {
        match &self.content {
            Content::Alias(target) => target.followed(),
            _ => self,
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
    ///
    /// Upstream: `go.yaml.in/yaml/v2/decode.go` (2.4), `(*decoder).unmarshal`.
    pub(super) fn to_value(&self, budget: &mut Budget) -> Result<Value, TreeError> {
        budget.spend()?;
        match &self.content {
            Content::Scalar { value, .. } => Ok(value.clone()),
            Content::Alias(target) => {
                budget.aliases += 1;
                let value = target.to_value(budget);
                budget.aliases -= 1;
                value
            }
            Content::Sequence { items, .. } => {
                items.iter().map(|item| item.to_value(budget)).collect()
            }
            Content::Mapping { .. } => {
                let mut map = Map::new();
                self.add_to(&mut map, budget)?;
                Ok(Value::Object(map))
            }
        }
    }

    /// Adds the entries of a map to another; the later ones count, even before what is merged.
    fn add_to(&self, map: &mut Map<String, Value>, budget: &mut Budget) -> Result<(), TreeError> {
        for (key, value) in self.entries() {
            if key.is_merge() {
                value.merge_into(map, budget)?;
                continue;
            }
            budget.spend()?;
            let member = value.to_value(budget)?;
            match key.key_text() {
                Some(name) if !key.is_beyond_keys() => {
                    map.insert(name, member);
                }
                _ => {
                    let words = bad_key(&key.to_value(budget)?, &member);
                    return Err(TreeError::Unusable(key.range.start, words));
                }
            }
        }
        Ok(())
    }

    /// Whether it is a whole number that Go keeps in a type of which keys must not be.
    fn is_beyond_keys(&self) -> bool {
        match &self.content {
            Content::Scalar { value, .. } => value.as_u64().is_some_and(|it| it >> 63 == 1),
            Content::Alias(target) => target.is_beyond_keys(),
            _ => false,
        }
    }

    /// Whether it is `<<`; in quotes it is a key like others.
    fn is_merge(&self) -> bool {
        let is_text =
            |value: &Value| value.as_str() == Some("<<") && self.range.len() == "<<".len();
        matches!(&self.content, Content::Scalar { value, .. } if is_text(value))
    }

    fn merge_into(
        &self,
        map: &mut Map<String, Value>,
        budget: &mut Budget,
    ) -> Result<(), TreeError> {
        let items = match &self.content {
            Content::Sequence { items, .. } => items.as_slice(),
            _ => &[],
        };
        let sources: Vec<&Self> = match &self.content {
            Content::Sequence { .. } => items.iter().rev().map(Rc::as_ref).collect(),
            _ => vec![self],
        };
        for source in sources {
            let is_map = match &source.content {
                Content::Alias(target) => matches!(target.content, Content::Mapping { .. }),
                content => matches!(content, Content::Mapping { .. }),
            };
            if !is_map {
                let words = "yaml: map merge requires map or sequence of maps as the value";
                return Err(TreeError::Unusable(self.range.start, words.into()));
            }
            budget.spend()?;
            let is_alias = usize::from(matches!(source.content, Content::Alias(_)));
            budget.aliases += is_alias;
            source.add_to(map, budget)?;
            budget.aliases -= is_alias;
        }
        Ok(())
    }

    /// What may be spent on one document's value.
    pub(super) fn budget() -> Budget {
        Budget::default()
    }
}

/// How many nodes were looked at, and how many of them because of aliases.
#[derive(Default)]
pub(super) struct Budget {
    nodes: usize,
    aliased: usize,
    /// How many aliases are being followed.
    aliases: usize,
}

impl Budget {
    /// Upstream: `go.yaml.in/yaml/v2/decode.go` (2.4), allowedAliasRatio.
    fn spend(&mut self) -> Result<(), TreeError> {
        self.nodes += 1;
        self.aliased += usize::from(self.aliases > 0);
        let is_bomb =
            self.aliased > 100 && self.nodes > 1000 && self.aliased * 100 > self.nodes * 99;
        match is_bomb || self.nodes > MAX_NODES {
            true => Err(TreeError::TooManyNodes),
            false => Ok(()),
        }
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
        Value::Number(number) => {
            let key = number.as_u64().unwrap_or_default();
            let shown = go_syntax(value);
            format!("unsupported map key of type: uint64, key: {key:#x}, value: {shown}")
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
