//! The nodes of a YAML document with their places in the text.

use super::scalar;
use crate::ordered::Map as OrderedMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};
use std::ops::Range;
use std::rc::Rc;

/// No manifest for a person nests deeper.
const MAX_DEPTH: usize = 100;
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
    /// Not YAML; at this byte, in the parser's words.
    Syntax(usize, String),
    /// An alias to an anchor that does not exist.
    UnknownAnchor(usize),
    /// Nested too deep.
    TooDeep(usize),
    /// Aliases multiply beyond any use.
    TooManyNodes,
    /// A key that is no scalar, or null.
    BadKey(usize),
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
                    let name = key.key_text().ok_or(TreeError::BadKey(key.range.start))?;
                    map.insert(name, value.to_value(budget)?);
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

/// The tree of a chunk with one document; none if it is empty.
///
/// Ranges are within the whole text, in which the chunk begins at byte `base`.
pub(super) fn parse(chunk: &str, base: usize) -> Result<Option<Rc<Node>>, TreeError> {
    let offsets = Offsets::new(chunk, base);
    let mut parser = Parser::new_from_str(chunk);
    let mut builder =
        Builder { events: Vec::new(), at: 0, anchors: OrderedMap::new(), offsets, chunk, base };
    let mut failure = None;
    for event in parser.by_ref() {
        match event {
            Ok(event) => builder.events.push(event),
            Err(error) => {
                let at = builder.offsets.byte(error.marker().index());
                failure = Some(match error.info().contains("unknown anchor") {
                    true => TreeError::UnknownAnchor(at),
                    false => TreeError::Syntax(at, error.info().into()),
                });
                break;
            }
        }
    }
    match failure {
        Some(error) => Err(error),
        None => builder.document(),
    }
}

/// From the parser's character indexes to bytes.
struct Offsets {
    base: usize,
    /// Byte of each character; empty if all are one byte long.
    bytes: Vec<usize>,
    len: usize,
}

impl Offsets {
    fn new(chunk: &str, base: usize) -> Self {
        let bytes = match chunk.is_ascii() {
            true => Vec::new(),
            false => chunk.char_indices().map(|(at, _)| at).collect(),
        };
        Self { base, bytes, len: chunk.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let within = match self.bytes.is_empty() {
            true => character.min(self.len),
            false => self.bytes.get(character).copied().unwrap_or(self.len),
        };
        self.base + within
    }
}

struct Builder<'a> {
    events: Vec<(Event<'a>, Span)>,
    at: usize,
    anchors: OrderedMap<usize, Rc<Node>>,
    offsets: Offsets,
    chunk: &'a str,
    base: usize,
}

impl Builder<'_> {
    fn document(mut self) -> Result<Option<Rc<Node>>, TreeError> {
        while let Some((event, _)) = self.events.get(self.at) {
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => self.at += 1,
                Event::StreamEnd | Event::DocumentEnd => return Ok(None),
                _ => return self.node(0).map(Some),
            }
        }
        Ok(None)
    }

    fn node(&mut self, depth: usize) -> Result<Rc<Node>, TreeError> {
        let (event, span) = self.events[self.at].clone();
        self.at += 1;
        let start = self.offsets.byte(span.start.index());
        let end = self.offsets.byte(span.end.index());
        if depth > MAX_DEPTH {
            return Err(TreeError::TooDeep(start));
        }
        let (node, anchor) = match event {
            Event::Alias(id) => {
                let target = self.anchors.get(&id).cloned();
                let target = target.ok_or(TreeError::UnknownAnchor(start))?;
                (Node { range: start..end, content: Content::Alias(target) }, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| tag.suffix.clone());
                (self.scalar(&text, style, tag.as_deref(), start..end), anchor)
            }
            Event::SequenceStart(anchor, _) => (self.sequence(start, depth)?, anchor),
            Event::MappingStart(anchor, _) => (self.mapping(start, depth)?, anchor),
            _ => return Err(TreeError::Syntax(start, "unexpected end".into())),
        };
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&str>,
        range: Range<usize>,
    ) -> Node {
        let value = match (style, tag) {
            (ScalarStyle::Plain, Some("str" | "!")) => Value::String(text.into()),
            (_, Some("int" | "float" | "bool" | "null")) => scalar::resolve(text),
            (ScalarStyle::Plain, None) => scalar::resolve(text),
            _ => Value::String(text.into()),
        };
        let source = &self.chunk[range.start - self.base..];
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let len = match style {
            ScalarStyle::SingleQuoted => single_quoted_len(source),
            ScalarStyle::DoubleQuoted => double_quoted_len(source),
            _ => source[..range.len().min(source.len())].trim_end().len(),
        };
        Node { range: range.start..range.start + len, content: Content::Scalar { value, block } }
    }

    fn sequence(&mut self, start: usize, depth: usize) -> Result<Node, TreeError> {
        let flow = self.byte_at(start) == Some(b'[');
        let mut items = Vec::new();
        loop {
            match self.events.get(self.at) {
                Some((Event::SequenceEnd, span)) => {
                    let close = self.offsets.byte(span.end.index());
                    self.at += 1;
                    let end = match items.last() {
                        _ if flow => close,
                        Some(last) => Rc::<Node>::as_ref(last).range.end,
                        None => start,
                    };
                    let content = Content::Sequence { items, flow };
                    return Ok(Node { range: start..end.max(start), content });
                }
                Some(_) => items.push(self.node(depth + 1)?),
                None => return Err(TreeError::Syntax(start, "unexpected end".into())),
            }
        }
    }

    fn mapping(&mut self, start: usize, depth: usize) -> Result<Node, TreeError> {
        let flow = self.byte_at(start) == Some(b'{');
        let mut entries: Vec<(Rc<Node>, Rc<Node>)> = Vec::new();
        loop {
            match self.events.get(self.at) {
                Some((Event::MappingEnd, span)) => {
                    let close = self.offsets.byte(span.end.index());
                    self.at += 1;
                    let end = match entries.last() {
                        _ if flow => close,
                        Some((key, value)) => value.range.end.max(key.range.end),
                        None => start,
                    };
                    let content = Content::Mapping { entries, flow };
                    return Ok(Node { range: start..end.max(start), content });
                }
                Some(_) => {
                    let key = self.node(depth + 1)?;
                    let mut value = self.node(depth + 1)?;
                    if value.range.is_empty() && value.is_null() {
                        // The parser places an absent value at whatever token comes next.
                        let at = key.range.end;
                        value = Rc::new(Node { range: at..at, content: value.content.clone() });
                    }
                    entries.push((key, value));
                }
                None => return Err(TreeError::Syntax(start, "unexpected end".into())),
            }
        }
    }

    fn byte_at(&self, offset: usize) -> Option<u8> {
        self.chunk.as_bytes().get(offset - self.base).copied()
    }
}

fn single_quoted_len(source: &str) -> usize {
    let bytes = source.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            if bytes.get(at + 1) != Some(&b'\'') {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    source.len()
}

fn double_quoted_len(source: &str) -> usize {
    let bytes = source.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    source.len()
}
