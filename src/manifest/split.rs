//! Where a text falls into documents, as kubectl splits it.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go`, `YAMLOrJSONDecoder`.

use super::tree::{Node, TreeError};
use super::{json, parse};
use std::ops::Range;
use std::rc::Rc;

/// kubectl looks so many bytes ahead for a brace, which begins JSON.
const LOOK_AHEAD: usize = 4096;

/// A part of the text with one document, or with something that kubectl does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Its bytes, without the separators around it.
    pub(super) range: Range<usize>,
    /// Where kubectl begins to read it: at the separator before it, if nothing came before that.
    pub(super) from: usize,
    /// What it is.
    pub(super) kind: ChunkKind,
}

/// What a part of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChunkKind {
    /// One document, or none.
    Yaml,
    /// One value.
    Json,
    /// No document, in kubectl's words.
    Refused(String),
}

impl Chunk {
    fn new(range: Range<usize>, kind: ChunkKind) -> Self {
        Self { from: range.start, range, kind }
    }

    /// Its tree, none if it is empty, and where kubectl has stopped reading.
    pub(super) fn tree(&self, text: &str) -> Result<(Option<Rc<Node>>, usize), TreeError> {
        match &self.kind {
            ChunkKind::Yaml => parse::parse(&text[self.from..self.range.end], self.from),
            ChunkKind::Json => {
                let (root, end) = json::read(&text[..self.range.end], self.range.start)?;
                Ok((Some(root), end))
            }
            ChunkKind::Refused(words) => Err(TreeError::Syntax(self.range.start, words.clone())),
        }
    }
}

/// The chunks of a text, in order.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut found = Vec::new();
    let start = json::mark_length(text);
    let begins = text[start..].find(|c: char| !c.is_whitespace());
    let is_json = begins.is_some_and(|at| at < LOOK_AHEAD && text[start + at..].starts_with('{'));
    match is_json {
        true => values(text, start, &mut found),
        false => documents(text, start, &mut found),
    }
    found
}

/// Documents of YAML, from a byte on.
fn documents(text: &str, mut start: usize, found: &mut Vec<Chunk>) {
    let (mut at, mut from) = (start, start);
    for line in text[start..].split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = line.strip_prefix("---") {
            let is_first = from == at;
            if !is_first {
                found.push(Chunk { range: start..at, from, kind: ChunkKind::Yaml });
            }
            (start, from) = (end, if is_first { at } else { end });
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                let words = format!("invalid Yaml document separator: {rest}");
                let range = at..at + line.trim_end().len();
                found.push(Chunk::new(range, ChunkKind::Refused(words)));
                from = end;
            }
        }
        at = end;
    }
    found.push(Chunk { range: start..text.len(), from, kind: ChunkKind::Yaml });
}

/// Values of JSON, from a byte on. What is none after the first or the second is YAML.
#[inline(never)]
fn values(text: &str, mut start: usize, found: &mut Vec<Chunk>) {
    loop {
        let rest = text[start..].trim_start_matches(json::SPACE);
        let at = text.len() - rest.len();
        if rest.is_empty() {
            return;
        }
        match json::read(text, at) {
            Ok((_, end)) => {
                found.push(Chunk::new(at..end, ChunkKind::Json));
                start = end;
            }
            Err(TreeError::Syntax(_, words)) => {
                let yaml = (found.len() < 2).then(|| behind_spaces(text, start)).flatten();
                let at_once = yaml.and_then(|yaml| {
                    let mut more = Vec::new();
                    documents(text, yaml, &mut more);
                    let first = more.iter().find(|each| each.range.end > each.from)?;
                    first.tree(text).is_ok().then_some(more)
                });
                match at_once {
                    Some(more) => found.extend(more),
                    None => {
                        // After more than one value it is told without the place.
                        let bare = words.splitn(3, ": ").nth(2).filter(|_| found.len() > 1);
                        let words = bare.unwrap_or(&words).into();
                        found.push(Chunk::new(at..text.len(), ChunkKind::Refused(words)));
                    }
                }
                return;
            }
            Err(_) => {
                found.push(Chunk::new(at..text.len(), ChunkKind::Json));
                return;
            }
        }
    }
}

/// Behind blanks and the first end of a line, where YAML may begin; none if hardly anything follows.
///
/// Upstream: `decoder.go`, `(*YAMLOrJSONDecoder).consumeWhitespace`.
fn behind_spaces(text: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = &text[at..];
        let next = rest.chars().next().filter(|_| rest.len() >= 4)?;
        if !next.is_whitespace() {
            return Some(at);
        }
        at += next.len_utf8();
        if next == '\n' {
            return Some(at);
        }
    }
}
