//! From a text to its nodes: the grammar of the tokens.
//!
//! Upstream: `go.yaml.in/yaml/v2/parserc.go`, `decode.go` (2.4).

use super::scalar::{self, CORE_TAG};
use super::tree::{Content, MOST_NODES, Node, TreeError};
use super::yaml::{BREAKS, Mark, Problem, Scanner, Style, Token, TokenKind};
use crate::ordered::Map;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// No manifest for a person nests deeper.
const MAX_DEPTH: usize = 100;

/// The tree of a chunk with one document as kubectl hands it on, with an end to each of its lines;
/// none if it is empty. And where the document ends: nothing behind it is read.
///
/// Ranges are within the whole text, in which the chunk begins at byte `base`.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go`, `LineReader`.
pub(super) fn parse(chunk: &str, base: usize) -> Result<(Option<Rc<Node>>, usize), TreeError> {
    let mut text = Cow::Borrowed(chunk);
    if !chunk.ends_with('\n') {
        text.to_mut().push('\n');
    }
    read(&text, chunk, base, MOST_NODES)
}

/// The tree of a text with one document, however large it is; none if it is empty.
pub(super) fn parse_as_it_is(text: &str) -> Result<Option<Rc<Node>>, TreeError> {
    read(text, text, 0, usize::MAX).map(|(root, _)| root)
}

fn read(
    text: &str,
    chunk: &str,
    base: usize,
    left: usize,
) -> Result<(Option<Rc<Node>>, usize), TreeError> {
    let tags = vec![("!!".to_owned(), CORE_TAG.to_owned()), ("!".into(), "!".into())];
    let scanner = Scanner::new(text);
    let anchors = Map::new();
    let mut builder =
        Builder { scanner, tags, anchors, chunk, base, left, is_key: false, late: None };
    let root = builder.document()?;
    match builder.late {
        Some(error) => Err(error),
        None => Ok(root),
    }
}

struct Builder<'t> {
    scanner: Scanner<'t>,
    /// Handles of tags and what they stand for; the last one counts.
    tags: Vec<(String, String)>,
    /// None while the node itself is being read.
    anchors: Map<String, Option<Rc<Node>>>,
    chunk: &'t str,
    base: usize,
    /// How many more nodes there may be.
    left: usize,
    /// Whether the next node is a key.
    is_key: bool,
    /// What is wrong with a value: kubectl looks at values when it has read the whole document.
    late: Option<TreeError>,
}

/// What stands before a node.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    tag: String,
    /// Where they begin and end; none if there are none.
    range: Option<Range<usize>>,
}

type Read = Result<Rc<Node>, TreeError>;

impl Builder<'_> {
    fn failure(&self, problem: &Problem) -> TreeError {
        TreeError::Syntax(self.place(problem.mark), problem.told())
    }

    /// A mark as a byte of the whole text. The end of the last line need not be in it.
    fn place(&self, mark: Mark) -> usize {
        self.base + mark.at.min(self.chunk.len())
    }

    fn range(&self, token: &Token) -> Range<usize> {
        self.place(token.start)..self.place(token.end)
    }

    /// Whether the next token is one of these.
    fn is_next(&mut self, these: &[TokenKind]) -> Result<bool, TreeError> {
        match self.scanner.peek() {
            Ok(token) => Ok(these.contains(&token.kind)),
            Err(problem) => Err(self.failure(&problem)),
        }
    }

    fn take(&mut self) -> Result<Token, TreeError> {
        self.scanner.take().map_err(|problem| self.failure(&problem))
    }

    /// Takes the next token if it is this one.
    fn take_if(&mut self, this: &TokenKind) -> Result<Option<Token>, TreeError> {
        match self.is_next(std::slice::from_ref(this))? {
            true => self.take().map(Some),
            false => Ok(None),
        }
    }

    /// The next token is not what the grammar wants.
    #[inline(never)]
    fn refuse<T>(&mut self, context: Mark, words: &'static str) -> Result<T, TreeError> {
        let token = self.take()?;
        self.refuse_at(context, token.start, words)
    }

    fn refuse_at<T>(&self, context: Mark, mark: Mark, words: &'static str) -> Result<T, TreeError> {
        let context = context.line;
        let problem = Problem { words, mark, context, is_scanners: false, is_readers: false };
        Err(self.failure(&problem))
    }

    /// The first document, to its end; kubectl does not read what follows.
    fn document(&mut self) -> Result<(Option<Rc<Node>>, usize), TreeError> {
        let end = self.base + self.chunk.len();
        if self.is_next(&[TokenKind::StreamEnd])? {
            return Ok((None, end));
        }
        let has_directives = self.directives()?;
        let is_explicit = self.is_next(&[TokenKind::DocumentStart])?;
        if has_directives && !is_explicit {
            return self.refuse(Mark::default(), "did not find expected <document start>");
        }
        let mut place = self.base;
        if is_explicit {
            let start = self.take()?;
            place = self.place(start.end);
        }
        let is_empty = is_explicit
            && match self.scanner.peek().map(|token| &token.kind) {
                Ok(TokenKind::Version(_) | TokenKind::TagDirective(..)) => true,
                _ => self.is_next(&[
                    TokenKind::DocumentStart,
                    TokenKind::DocumentEnd,
                    TokenKind::StreamEnd,
                ])?,
            };
        let root = match is_empty {
            true => Node::absent(place),
            false => self.node(true, false, 0)?,
        };
        let last = self.take()?;
        match last.kind {
            TokenKind::StreamEnd => Ok((Some(root), end)),
            TokenKind::DocumentEnd => Ok((Some(root), self.place(last.end))),
            _ => Ok((Some(root), self.place(last.start))),
        }
    }

    /// `%YAML` and `%TAG`; whether there are any.
    fn directives(&mut self) -> Result<bool, TreeError> {
        let (mut has_version, mut own) = (false, 0);
        loop {
            let is_directive = self.scanner.peek().is_ok_and(|token| {
                matches!(token.kind, TokenKind::Version(_) | TokenKind::TagDirective(..))
            });
            if !is_directive {
                return Ok(has_version || own > 0);
            }
            let Token { kind, start, .. } = self.take()?;
            match kind {
                TokenKind::Version(_) if has_version => {
                    return self.refuse_at(start, start, "found duplicate %YAML directive");
                }
                TokenKind::Version(false) => {
                    return self.refuse_at(start, start, "found incompatible YAML document");
                }
                TokenKind::TagDirective(handle, prefix) => {
                    let known = self.tags.len() - own;
                    if self.tags[known..].iter().any(|(other, _)| *other == handle) {
                        return self.refuse_at(start, start, "found duplicate %TAG directive");
                    }
                    self.tags.push((handle, prefix));
                    own += 1;
                }
                _ => has_version = true,
            }
        }
    }

    /// The anchor and the tag of a node, in any order.
    fn properties(&mut self) -> Result<Properties, TreeError> {
        let mut found = Properties::default();
        let (mut tag, mut first) = (None, None);
        loop {
            let is_wanted = match self.scanner.peek().map(|token| &token.kind) {
                Ok(TokenKind::Anchor(_)) => found.anchor.is_none(),
                Ok(TokenKind::Tag(..)) => tag.is_none(),
                _ => false,
            };
            if !is_wanted {
                break;
            }
            let token = self.take()?;
            let range = self.range(&token);
            first = first.or(Some(token.start));
            found.range = Some(found.range.map_or(range.start, |it| it.start)..range.end);
            match token.kind {
                TokenKind::Anchor(name) => found.anchor = Some(name),
                TokenKind::Tag(handle, suffix) => tag = Some((handle, suffix, token.start)),
                _ => {}
            }
        }
        // What follows is read before the handle is looked up.
        self.is_next(&[])?;
        if let Some((handle, suffix, mark)) = tag {
            let known = self.tags.iter().rev().find(|(known, _)| *known == handle);
            found.tag = match known {
                _ if handle.is_empty() => suffix,
                Some((_, prefix)) => format!("{prefix}{suffix}"),
                None => {
                    let context = first.unwrap_or(mark);
                    return self.refuse_at(context, mark, "found undefined tag handle");
                }
            };
        }
        Ok(found)
    }

    /// A node; `block` where blocks may stand, `indentless` where a list may be indented no more
    /// than the key before it.
    fn node(&mut self, block: bool, indentless: bool, depth: usize) -> Read {
        let is_key = std::mem::take(&mut self.is_key);
        if let Ok(TokenKind::Alias(_)) = self.scanner.peek().map(|token| &token.kind) {
            return self.alias();
        }
        let properties = self.properties()?;
        if let Some(anchor) = &properties.anchor {
            self.anchors.insert(anchor.clone(), None);
        }
        let (kind, start) = match self.scanner.peek() {
            Ok(Token { kind: TokenKind::Scalar(..), start, .. }) => (None, *start),
            Ok(token) => (Some(token.kind.clone()), token.start),
            Err(problem) => return Err(self.failure(&problem)),
        };
        let place = self.place(start);
        if depth > MAX_DEPTH {
            return Err(TreeError::TooDeep(place));
        }
        self.left = self.left.checked_sub(1).ok_or(TreeError::TooLarge(place))?;
        let node = match kind {
            None => self.scalar(&properties, is_key)?,
            Some(TokenKind::BlockEntry) if indentless => self.indentless(place, depth)?,
            Some(TokenKind::FlowSequenceStart) => self.flow_sequence(depth)?,
            Some(TokenKind::FlowMappingStart) => self.flow_mapping(depth)?,
            Some(TokenKind::BlockSequenceStart) if block => self.block_sequence(depth)?,
            Some(TokenKind::BlockMappingStart) if block => self.block_mapping(depth)?,
            _ => match &properties.range {
                Some(range) => self.only_properties(&properties, range.end),
                None => return self.refuse(start, "did not find expected node content"),
            },
        };
        let node = Rc::new(node);
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, Some(node.clone()));
        }
        Ok(node)
    }

    fn alias(&mut self) -> Read {
        let token = self.take()?;
        let range = self.range(&token);
        let TokenKind::Alias(name) = token.kind else { return Ok(Node::absent(range.start)) };
        match self.anchors.get(&name) {
            Some(Some(target)) => {
                Ok(Rc::new(Node { range, content: Content::Alias(target.clone()) }))
            }
            Some(None) => {
                let words = format!("yaml: anchor '{name}' value contains itself");
                self.later(range.start, words);
                Ok(Node::absent(range.start))
            }
            None => Err(TreeError::UnknownAnchor(range.start, name)),
        }
    }

    /// Notes what is wrong with a value; the first counts.
    fn later(&mut self, at: usize, words: String) {
        self.late.get_or_insert(TreeError::Unusable(at, words));
    }

    /// A value that consists of an anchor or a tag alone.
    fn only_properties(&mut self, properties: &Properties, at: usize) -> Node {
        let value = scalar::value("", true, &properties.tag).unwrap_or_else(|words| {
            self.later(at, words);
            Value::Null
        });
        Node { range: at..at, content: Content::Scalar { value, block: false } }
    }

    fn scalar(&mut self, properties: &Properties, is_key: bool) -> Result<Node, TreeError> {
        let token = self.take()?;
        let range = self.range(&token);
        let TokenKind::Scalar(text, style) = token.kind else {
            return Ok(self.only_properties(properties, range.start));
        };
        let is_plain = style == Style::Plain && properties.tag.is_empty();
        let key = if is_key && is_plain { scalar::fraction_as_key(&text) } else { None };
        let value = match key {
            Some(key) => Ok(Value::String(key)),
            None => scalar::value(&text, style == Style::Plain, &properties.tag),
        };
        let value = value.unwrap_or_else(|words| {
            self.later(range.start, words);
            Value::String(text)
        });
        let block = style == Style::Block;
        let range = if block { self.block_lines(range) } else { range };
        Ok(Node { range, content: Content::Scalar { value, block } })
    }

    /// The lines of a block scalar, behind its indicator and without blanks around them.
    fn block_lines(&self, range: Range<usize>) -> Range<usize> {
        let source = &self.chunk[range.start - self.base..range.end - self.base];
        let line = source.find(BREAKS).unwrap_or(source.len());
        let start = source.len() - source[line..].trim_start().len();
        range.start + start..range.start + source.trim_end().len().max(start)
    }

    fn indentless(&mut self, start: usize, depth: usize) -> Result<Node, TreeError> {
        let ends = [TokenKind::BlockEntry, TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
        let items = self.entries(&ends, depth)?;
        Ok(Node::sequence(start, items))
    }

    fn block_sequence(&mut self, depth: usize) -> Result<Node, TreeError> {
        let first = self.take()?;
        let items = self.entries(&[TokenKind::BlockEntry, TokenKind::BlockEnd], depth)?;
        match self.take_if(&TokenKind::BlockEnd)? {
            Some(_) => Ok(Node::sequence(self.place(first.start), items)),
            None => self.refuse(first.start, "did not find expected '-' indicator"),
        }
    }

    /// Items behind dashes; one is absent if it is followed by what ends items.
    fn entries(&mut self, ends: &[TokenKind], depth: usize) -> Result<Vec<Rc<Node>>, TreeError> {
        let mut items = Vec::new();
        while let Some(dash) = self.take_if(&TokenKind::BlockEntry)? {
            items.push(match self.is_next(ends)? {
                true => Node::absent(self.place(dash.end)),
                false => self.node(true, false, depth + 1)?,
            });
        }
        Ok(items)
    }

    fn block_mapping(&mut self, depth: usize) -> Result<Node, TreeError> {
        let ends = [TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
        let first = self.take()?;
        let mut entries = Vec::new();
        while let Some(mark) = self.take_if(&TokenKind::Key)? {
            let key = match self.is_next(&ends)? {
                true => Node::absent(self.place(mark.end)),
                false => self.key(true, depth + 1)?,
            };
            let has_value = self.take_if(&TokenKind::Value)?.is_some() && !self.is_next(&ends)?;
            entries.push(match has_value {
                true => {
                    let value = self.node(true, true, depth + 1)?;
                    entry(key, value)
                }
                false => without_value(key),
            });
        }
        if self.take_if(&TokenKind::BlockEnd)?.is_none() {
            return self.refuse(first.start, "did not find expected key");
        }
        let start = self.place(first.start);
        let end = entries.last().map_or(start, |(key, value)| value.range.end.max(key.range.end));
        let content = Content::Mapping { entries, flow: false };
        Ok(Node { range: start..end.max(start), content })
    }

    fn key(&mut self, block: bool, depth: usize) -> Read {
        self.is_key = true;
        self.node(block, block, depth)
    }

    fn flow_sequence(&mut self, depth: usize) -> Result<Node, TreeError> {
        let first = self.take()?;
        let mut items: Vec<Rc<Node>> = Vec::new();
        loop {
            if let Some(last) = self.take_if(&TokenKind::FlowSequenceEnd)? {
                let range = self.place(first.start)..self.place(last.end);
                return Ok(Node { range, content: Content::Sequence { items, flow: true } });
            }
            if !items.is_empty() {
                if self.take_if(&TokenKind::FlowEntry)?.is_none() {
                    return self.refuse(first.start, "did not find expected ',' or ']'");
                }
                if self.is_next(&[TokenKind::FlowSequenceEnd])? {
                    continue;
                }
            }
            items.push(match self.take_if(&TokenKind::Key)? {
                Some(mark) => self.pair(&mark, depth + 1)?,
                None => self.node(false, false, depth + 1)?,
            });
        }
    }

    /// A map of one entry in a list in brackets, without braces.
    fn pair(&mut self, mark: &Token, depth: usize) -> Read {
        let ends = [TokenKind::FlowEntry, TokenKind::FlowSequenceEnd];
        let start = self.place(mark.start);
        let is_absent = self.is_next(&[TokenKind::Value])? || self.is_next(&ends)?;
        let key = match is_absent {
            // What ends the key is skipped, whatever it is.
            true => {
                let end = self.take()?.end;
                Node::absent(self.place(end))
            }
            false => self.key(false, depth + 1)?,
        };
        let has_value = self.take_if(&TokenKind::Value)?.is_some() && !self.is_next(&ends)?;
        let (key, value) = match has_value {
            true => {
                let value = self.node(false, false, depth + 1)?;
                entry(key, value)
            }
            false => without_value(key),
        };
        let end = value.range.end.max(key.range.end).max(start);
        let content = Content::Mapping { entries: vec![(key, value)], flow: true };
        Ok(Rc::new(Node { range: start..end, content }))
    }

    fn flow_mapping(&mut self, depth: usize) -> Result<Node, TreeError> {
        let ends = [TokenKind::FlowEntry, TokenKind::FlowMappingEnd];
        let first = self.take()?;
        let mut entries: Vec<(Rc<Node>, Rc<Node>)> = Vec::new();
        loop {
            if let Some(last) = self.take_if(&TokenKind::FlowMappingEnd)? {
                let range = self.place(first.start)..self.place(last.end);
                return Ok(Node { range, content: Content::Mapping { entries, flow: true } });
            }
            if !entries.is_empty() {
                if self.take_if(&TokenKind::FlowEntry)?.is_none() {
                    return self.refuse(first.start, "did not find expected ',' or '}'");
                }
                if self.is_next(&[TokenKind::FlowMappingEnd])? {
                    continue;
                }
            }
            let Some(mark) = self.take_if(&TokenKind::Key)? else {
                // Nothing but a key.
                let key = self.key(false, depth + 1)?;
                entries.push(without_value(key));
                continue;
            };
            let is_absent = self.is_next(&[TokenKind::Value])? || self.is_next(&ends)?;
            let key = match is_absent {
                true => Node::absent(self.place(mark.end)),
                false => self.key(false, depth + 1)?,
            };
            let has_value = self.take_if(&TokenKind::Value)?.is_some() && !self.is_next(&ends)?;
            entries.push(match has_value {
                true => {
                    let value = self.node(false, false, depth + 1)?;
                    entry(key, value)
                }
                false => without_value(key),
            });
        }
    }
}

fn without_value(key: Rc<Node>) -> (Rc<Node>, Rc<Node>) {
    let value = Node::absent(key.range.end);
    (key, value)
}

/// A key and a value; one of which nothing is written stands right behind its key.
fn entry(key: Rc<Node>, value: Rc<Node>) -> (Rc<Node>, Rc<Node>) {
    match value.range.is_empty() && value.is_null() {
        true => without_value(key),
        false => (key, value),
    }
}
