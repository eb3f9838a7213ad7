//! How a manifest is read: part by part, as far as it is not known from before.

use super::again::Place;
use super::check::Findings;
use super::contents::{Manifest, Part};
use super::diagnostic::{Diagnostic, LineIndex, Severity};
use super::document::{Document, expand};
use super::split::{self, Chunk, ChunkKind};
use super::tree::{MOST_NODES, Node, TreeError};
use super::{parse, syntax};
use crate::api::Kubernetes;
use crate::ordered::sort_by;
use serde_json::Value;
use std::ops::Range;
use std::rc::Rc;

/// Longest text that is read, in bytes: every keystroke reads it anew.
pub const MAX_TEXT: usize = 256 * 1024;
/// Most documents that are read.
pub const MAX_DOCUMENTS: usize = 100;

/// The one document of a text as JSON, whatever it is; null if it is empty.
///
/// # Errors
/// `error converting YAML to JSON: yaml: …`.
pub fn read_yaml(text: &str) -> Result<Value, String> {
    let told = |error| syntax::describe(text, error, 0).message;
    match parse::parse_as_it_is(text).map_err(told)? {
        Some(root) => root.to_value(&mut Node::budget()).map_err(told),
        None => Ok(Value::Null),
    }
}

impl Manifest {
    /// Reads a text for the default Kubernetes version; never fails.
    pub fn parse(text: &str) -> Self {
        Self::parse_for(text, &Kubernetes::default())
    }

    /// Reads a text for a Kubernetes version; never fails.
    pub fn parse_for(text: &str, kubernetes: &Kubernetes) -> Self {
        Self::read(text, kubernetes, None)
    }

    /// Reads another text, as [`Manifest::parse_for`] does; documents that are in this one, too, are
    /// not read again.
    #[must_use]
    pub fn parse_again(&self, text: &str, kubernetes: &Kubernetes) -> Self {
        Self::read(text, kubernetes, Some(self))
    }

    /// A text whose documents are not known yet, and neither is what is wrong with it.
    #[must_use]
    pub fn unread(text: &str, kubernetes: &Kubernetes) -> Self {
        let (documents, diagnostics, parts) = Default::default();
        let kubernetes = *kubernetes;
        Self { text: text.into(), documents, diagnostics, selected: 0, parts, kubernetes }
    }

    fn read(text: &str, kubernetes: &Kubernetes, before: Option<&Self>) -> Self {
        let mut reading = Reading::new(text, kubernetes);
        reading.go_on(before, &|| true);
        reading.done()
    }
}

/// A text while it is read, document by document.
#[derive(Clone, Debug)]
pub struct Reading {
    manifest: Manifest,
    lines: LineIndex,
    /// The CustomResourceDefinitions that have been read.
    definitions: Vec<Value>,
    /// The chunks that are left, the next one last.
    chunks: Vec<Chunk>,
    /// How many of the chunks are documents.
    left: usize,
    /// How many keys and values there are so far.
    size: usize,
    open: Option<Open>,
}

/// Of what a text has more than is read.
enum TooMuch {
    Text,
    Documents,
    /// Keys and values.
    Nodes,
}

/// A chunk whose documents are looked at.
#[derive(Clone, Debug)]
struct Open {
    chunk: Chunk,
    line: usize,
    /// How many documents and complaints there are of those before.
    documents: usize,
    found: usize,
    /// The documents that are left, the next one last.
    left: Vec<Document>,
}

impl Reading {
    /// Begins with a text for a Kubernetes version.
    pub fn new(text: &str, kubernetes: &Kubernetes) -> Self {
        let mut reading = Self {
            manifest: Manifest::unread(text, kubernetes),
            lines: LineIndex::new(text),
            definitions: Vec::new(),
            chunks: Vec::new(),
            left: 0,
            size: 0,
            open: None,
        };
        if text.len() > MAX_TEXT {
            reading.refuse(&TooMuch::Text);
            return reading;
        }
        reading.chunks = split::chunks(text);
        if reading.chunks.len() > MAX_DOCUMENTS {
            reading.refuse(&TooMuch::Documents);
            return reading;
        }
        reading.chunks.reverse();
        let is_document = |chunk: &&Chunk| !matches!(chunk.kind, ChunkKind::Refused(_));
        reading.left = reading.chunks.iter().filter(is_document).count();
        reading
    }

    /// The text.
    pub fn text(&self) -> &Rc<str> {
        &self.manifest.text
    }

    /// Reads until it may no longer go on, which it asks after each piece of work. Documents that are in
    /// the manifest `before`, too, are not read again. Returns whether all is read.
    pub fn go_on(&mut self, before: Option<&Manifest>, may_go_on: &dyn Fn() -> bool) -> bool {
        let before = before.filter(|it| it.kubernetes == self.manifest.kubernetes);
        while self.open.is_some() || !self.chunks.is_empty() {
            match self.open.take() {
                Some(open) => self.look(open),
                None => self.open_next(before),
            }
            if !may_go_on() {
                return false;
            }
        }
        true
    }

    /// What was read.
    #[must_use]
    pub fn done(mut self) -> Manifest {
        let all = &self.manifest;
        let has_set = || all.documents.iter().any(|each| each.kind == "StatefulSet");
        if all.diagnostics.is_empty() && !has_set() {
            self.find_no_set();
        }
        sort_by(&mut self.manifest.diagnostics, |one, other| {
            (one.line, one.severity) < (other.line, other.severity)
        });
        self.manifest
    }

    /// Says that there is nothing to apply, or nothing to watch.
    #[inline(never)]
    fn find_no_set(&mut self) {
        let (severity, message) = match self.manifest.documents.is_empty() {
            true => (Severity::Error, "no objects passed to apply"),
            false => (
                Severity::Hint,
                "there is no StatefulSet in this manifest, so there are no pods to watch",
            ),
        };
        self.find(|findings| findings.add(severity, 0..0, "", message));
    }

    /// Reads no further.
    #[inline(never)]
    fn refuse(&mut self, why: &TooMuch) {
        let message = match why {
            TooMuch::Text => {
                let (most, length) = (MAX_TEXT / 1024, self.text().len().div_ceil(1024));
                format!("this playground reads at most {most} KiB of text; this is {length} KiB")
            }
            TooMuch::Documents => {
                format!("this playground reads at most {MAX_DOCUMENTS} documents")
            }
            TooMuch::Nodes => format!("error converting YAML to JSON: {}", syntax::too_large()),
        };
        (self.open, self.chunks) = (None, Vec::new());
        self.find(|findings| findings.add(Severity::Error, 0..0, "", message));
    }

    /// Lets something be found that is wrong.
    fn find<T>(&mut self, find: impl FnOnce(&mut Findings) -> T) -> T {
        let mut findings = Findings {
            text: &self.manifest.text,
            lines: &self.lines,
            found: std::mem::take(&mut self.manifest.diagnostics),
            definitions: std::mem::take(&mut self.definitions),
        };
        let done = find(&mut findings);
        (self.manifest.diagnostics, self.definitions) = (findings.found, findings.definitions);
        done
    }

    /// Says why kubectl takes nothing from a part of the text.
    #[inline(never)]
    fn pass_over(&mut self, range: Range<usize>, words: String) {
        self.find(|findings| findings.add(Severity::Error, range, "", words));
    }

    /// Opens the next chunk, or takes over what is known of it.
    fn open_next(&mut self, before: Option<&Manifest>) {
        let Some(chunk) = self.chunks.pop() else { return };
        if let ChunkKind::Refused(words) = chunk.kind {
            return self.pass_over(chunk.range, words);
        }
        let line = self.lines.line(chunk.range.start);
        let Manifest { text, documents, diagnostics, parts, .. } = &mut self.manifest;
        let place = Place { text, chunk: &chunk, line, at: parts.len(), left: self.left };
        let known = before.and_then(|before| before.part(&place));
        self.left -= 1;
        let (first, before) = (documents.len(), diagnostics.len());
        match known {
            Some(known) => self.take_over(chunk, line, known),
            None => {
                let mut left = self.find(|findings| documents_of(findings, &chunk));
                self.size += size(&left);
                left.reverse();
                self.open = Some(Open { chunk, line, documents: first, found: before, left });
            }
        }
        if self.size > MOST_NODES {
            self.refuse(&TooMuch::Nodes);
        }
    }

    /// Takes over what is known of a chunk.
    #[inline(never)]
    fn take_over(
        &mut self,
        chunk: Chunk,
        line: usize,
        (read, found): (Vec<Document>, Vec<Diagnostic>),
    ) {
        let Manifest { documents, diagnostics, parts, .. } = &mut self.manifest;
        self.size += size(&read);
        let first = documents.len();
        documents.extend(read);
        diagnostics.extend(found.iter().cloned());
        parts.push(Part { chunk, line, documents: first..documents.len(), found });
    }

    /// Looks at the next document of a chunk.
    fn look(&mut self, mut open: Open) {
        let kubernetes = self.manifest.kubernetes;
        if let Some(mut document) = open.left.pop() {
            self.find(|findings| findings.document(&mut document, &kubernetes));
            self.manifest.documents.push(document);
        }
        if !open.left.is_empty() {
            self.open = Some(open);
            return;
        }
        let Open { chunk, line, documents, found, .. } = open;
        let documents = documents..self.manifest.documents.len();
        let found = self.manifest.diagnostics[found..].to_vec();
        self.manifest.parts.push(Part { chunk, line, documents, found });
    }
}

/// How many keys and values documents have.
fn size(documents: &[Document]) -> usize {
    documents.iter().map(|document| document.root.size()).sum()
}

/// The documents of a chunk, which are not looked at yet.
fn documents_of(findings: &mut Findings, chunk: &Chunk) -> Vec<Document> {
    let mut documents = Vec::new();
    match chunk.tree(findings.text) {
        Ok((root, end)) => {
            match root.filter(|root| !root.is_null()) {
                Some(root) => documents = expand(root, &chunk.range),
                None => findings.nothing(chunk.range.start..end),
            }
            findings.unread(end..chunk.range.end);
        }
        Err(error) => no_tree(findings, chunk, error),
    }
    documents
}

/// A chunk is neither YAML nor JSON.
#[inline(never)]
fn no_tree(findings: &mut Findings, chunk: &Chunk, error: TreeError) {
    let text = &findings.text[chunk.from..chunk.range.end];
    let error = syntax::describe(text, error, chunk.from);
    let at = chunk.from + error.range.start..chunk.from + error.range.end;
    findings.add(Severity::Error, at, "", error.message);
}
