//! From a text to its nodes. The parser is libyaml's, as kubectl's is: both accept the same texts,
//! and refuse the others in the same words.

use super::scalar;
use super::tree::{Content, Node, TreeError};
use crate::ordered::Map;
use libyaml_safer::{
    Error, ErrorKind, Event, EventData, MappingStyle, Mark, Parser, ScalarStyle, SequenceStyle,
};
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// No manifest for a person nests deeper.
const MAX_DEPTH: usize = 100;

/// Tags that YAML itself defines begin so.
const CORE_TAG: &str = "tag:yaml.org,2002:";

/// The tree of a chunk with one document; none if it is empty.
///
/// Ranges are within the whole text, in which the chunk begins at byte `base`.
pub(super) fn parse(chunk: &str, base: usize) -> Result<Option<Rc<Node>>, TreeError> {
    // The parser does not count a byte order mark.
    let marked = chunk;
    let chunk = marked.trim_start_matches('\u{feff}');
    let base = base + marked.len() - chunk.len();
    let mut input = Cow::Borrowed(chunk);
    // It expects the last line to have an end.
    if !chunk.is_empty() && !chunk.ends_with('\n') {
        input.to_mut().push('\n');
    }
    if let Some(error) = other_version(chunk, base) {
        return Err(error);
    }
    let comma = hide_commas(&mut input);
    let mut input = input.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    Builder { parser, anchors: Map::new(), chunk, base, comma }.document()
}

/// A `%YAML` directive of another version than 1.1, which kubectl's parser does not take.
///
/// Upstream: `sigs.k8s.io/yaml/goyaml.v2/parserc.go`, `yaml_parser_process_directives`.
fn other_version(chunk: &str, base: usize) -> Option<TreeError> {
    let mut at = 0;
    for (number, line) in chunk.split('\n').enumerate() {
        if let Some(rest) = line.strip_prefix("%YAML") {
            let version = rest.split_whitespace().next()?;
            let (major, minor) = version.split_once('.')?;
            let is_number =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            if !is_number(major) || !is_number(minor) || version == "1.1" {
                return None;
            }
            const WORDS: &str = "found incompatible YAML document";
            let words = match number {
                0 => format!("yaml: {WORDS}"),
                number => format!("yaml: line {number}: {WORDS}"),
            };
            return Some(TreeError::Syntax(base + at, words));
        }
        if !line.trim().is_empty() && !line.starts_with('#') {
            return None;
        }
        at += line.len() + 1;
    }
    None
}

/// The parser panics at a tag that ends in a comma, as in `[!a, b]`; kubectl refuses it because no
/// blank follows. Such commas are hidden from it behind a character that is not in the text and not
/// allowed in a tag; returns that character.
fn hide_commas(text: &mut Cow<'_, str>) -> Option<char> {
    let in_tag = |c: char| c != ',' && !c.is_whitespace();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tag) = text[at..].find('!') {
        let end = at + tag + text[at + tag..].find(|c| !in_tag(c)).unwrap_or(text.len() - at - tag);
        if text[end..].starts_with(',') {
            found.push(end);
        }
        at = end;
    }
    let first = found.first()?;
    let hidden = ['^', '<', '`', '|', '>'].into_iter().find(|c| !text.contains(*c));
    let Some(hidden) = hidden else {
        // Nothing is left to hide them behind: the text ends there.
        text.to_mut().truncate(*first);
        return None;
    };
    for at in found {
        text.to_mut().replace_range(at..=at, hidden.encode_utf8(&mut [0; 4]));
    }
    Some(hidden)
}

struct Builder<'a, 'i> {
    parser: Parser<&'i mut &'a [u8]>,
    anchors: Map<String, Rc<Node>>,
    chunk: &'a str,
    base: usize,
    /// What stands for some commas, see [`hide_commas`].
    comma: Option<char>,
}

impl Builder<'_, '_> {
    /// The first document, to its end; kubectl does not read what follows.
    fn document(&mut self) -> Result<Option<Rc<Node>>, TreeError> {
        loop {
            let event = self.next()?;
            match event.data {
                EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
                EventData::StreamEnd => return Ok(None),
                _ => {
                    let root = self.node(event, 0)?;
                    self.next()?;
                    return Ok(Some(root));
                }
            }
        }
    }

    fn next(&mut self) -> Result<Event, TreeError> {
        self.parser.parse().map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &Error) -> TreeError {
        let at = error.problem_mark().map_or(0, |mark| index(mark.index));
        TreeError::Syntax(self.base + at.min(self.chunk.len()), self.words(error))
    }

    /// kubectl's words for a mistake: the line is counted within the document, and one less unless
    /// the scanner found the mistake.
    ///
    /// Upstream: `sigs.k8s.io/yaml/goyaml.v2/decode.go`, `(*parser).fail`.
    fn words(&self, error: &Error) -> String {
        let is_inside =
            error.kind() == ErrorKind::Scanner && !error.problem().contains("could not find");
        let line = |mark: Option<Mark>| {
            let mark = mark.unwrap_or_default();
            // Behind the end that the last line was given; at the end of the stream, libyaml adds
            // one itself.
            let is_added = index(mark.index) > self.chunk.len() && is_inside;
            mark.line.saturating_sub(u64::from(is_added))
        };
        let line = match line(error.problem_mark()) {
            0 => line(error.context_mark()),
            line if error.kind() == ErrorKind::Scanner => line + 1,
            line => line,
        };
        let problem = error.problem();
        match line {
            0 => format!("yaml: {problem}"),
            line => format!("yaml: line {line}: {problem}"),
        }
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Rc<Node>, TreeError> {
        let end = self.base + index(event.end_mark.index).min(self.chunk.len());
        let mut start = self.base + index(event.start_mark.index).min(self.chunk.len());
        if depth > MAX_DEPTH {
            return Err(TreeError::TooDeep(start));
        }
        let has_properties = match &event.data {
            EventData::Scalar { anchor, tag, .. }
            | EventData::SequenceStart { anchor, tag, .. }
            | EventData::MappingStart { anchor, tag, .. } => anchor.is_some() || tag.is_some(),
            _ => false,
        };
        if has_properties {
            start = self.behind_properties(start).min(end);
        }
        let (node, anchor) = match event.data {
            EventData::Alias { anchor } => match self.anchors.get(&anchor).cloned() {
                Some(target) => (Node { range: start..end, content: Content::Alias(target) }, None),
                None => return Err(TreeError::UnknownAnchor(start, anchor)),
            },
            EventData::Scalar { value, style, tag, anchor, .. } => {
                (self.scalar(value, style, tag.as_deref(), start..end), anchor)
            }
            EventData::SequenceStart { anchor, style, .. } => {
                (self.sequence(start, style == SequenceStyle::Flow, depth)?, anchor)
            }
            EventData::MappingStart { anchor, style, .. } => {
                (self.mapping(start, style == MappingStyle::Flow, depth)?, anchor)
            }
            _ => return Err(TreeError::Syntax(start, "yaml: unexpected end".into())),
        };
        let node = Rc::new(node);
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn sequence(&mut self, start: usize, flow: bool, depth: usize) -> Result<Node, TreeError> {
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if event.data == EventData::SequenceEnd {
                let end = match items.last() {
                    _ if flow => self.base + index(event.end_mark.index),
                    Some(last) => Rc::<Node>::as_ref(last).range.end,
                    None => start,
                };
                let content = Content::Sequence { items, flow };
                return Ok(Node { range: start..end.max(start), content });
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, start: usize, flow: bool, depth: usize) -> Result<Node, TreeError> {
        let mut entries: Vec<(Rc<Node>, Rc<Node>)> = Vec::new();
        loop {
            let event = self.next()?;
            if event.data == EventData::MappingEnd {
                let end = match entries.last() {
                    _ if flow => self.base + index(event.end_mark.index),
                    Some((key, value)) => value.range.end.max(key.range.end),
                    None => start,
                };
                let content = Content::Mapping { entries, flow };
                return Ok(Node { range: start..end.max(start), content });
            }
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            let mut value = self.node(event, depth + 1)?;
            if value.range.is_empty() && value.is_null() {
                // The parser places an absent value at whatever token comes next.
                let at = key.range.end;
                value = Rc::new(Node { range: at..at, content: value.content.clone() });
            }
            entries.push((key, value));
        }
    }

    fn scalar(
        &self,
        mut text: String,
        style: ScalarStyle,
        tag: Option<&str>,
        range: Range<usize>,
    ) -> Node {
        if let Some(hidden) = self.comma {
            text = text.replace(hidden, ",");
        }
        let source = &self.chunk[range.start - self.base..range.end - self.base];
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let (start, end) = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (0, source.len()),
            _ if block => {
                if range.end - self.base == self.chunk.len() && !self.chunk.ends_with('\n') {
                    // The end of the last line is not in the text.
                    text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
                }
                // Behind the indicator and its line.
                let line = source.find('\n').map_or(source.len(), |at| at + 1);
                let (blank, end) = (source[line..].trim_start().len(), source.trim_end().len());
                (source.len() - blank, end.max(source.len() - blank))
            }
            _ => (0, source.trim_end().len()),
        };
        let core = tag.map(|tag| tag.strip_prefix(CORE_TAG).unwrap_or(tag));
        let value = match (style, core) {
            (_, Some("int" | "float" | "bool" | "null")) | (ScalarStyle::Plain, None) => {
                scalar::resolve(&text)
            }
            _ => Value::String(text),
        };
        let range = range.start + start..range.start + end;
        Node { range, content: Content::Scalar { value, block } }
    }

    /// Behind the anchor and the tag that begin at a byte, and the blanks after them.
    fn behind_properties(&self, start: usize) -> usize {
        let mut rest = &self.chunk[start - self.base..];
        loop {
            rest = rest.trim_start();
            if rest.starts_with(['&', '!']) {
                rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
            } else if rest.starts_with('#') {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            } else {
                return self.base + self.chunk.len() - rest.len();
            }
        }
    }
}

/// A position of the parser, in bytes.
fn index(mark: u64) -> usize {
    usize::try_from(mark).unwrap_or(usize::MAX)
}
