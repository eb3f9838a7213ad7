//! How a manifest is read: part by part, as far as it is not known from before.

use super::again::Place;
use super::check::Findings;
use super::contents::{Manifest, Part};
use super::diagnostic::{Diagnostic, LineIndex, Severity};
use super::document::{Document, expand};
use super::split::{self, Chunk, ChunkKind};
use super::tree::Node;
use super::{parse, syntax};
use crate::api::Kubernetes;
use crate::ordered::sort_by;
use serde_json::Value;

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
        Self::read(text, kubernetes, Some(self).filter(|it| it.kubernetes == *kubernetes))
    }

    fn read(text: &str, kubernetes: &Kubernetes, before: Option<&Self>) -> Self {
        let (lines, definitions) = (LineIndex::new(text), Vec::new());
        let mut findings = Findings { text, lines, found: Vec::new(), definitions };
        let (documents, parts) = match text.len() {
            0..=MAX_TEXT => read(text, &mut findings, kubernetes, before),
            length => {
                let message = format!(
                    "this playground reads at most {} KiB of text; this is {} KiB",
                    MAX_TEXT / 1024,
                    length.div_ceil(1024)
                );
                findings.add(Severity::Error, 0..0, "", message);
                Default::default()
            }
        };
        let mut diagnostics = findings.found;
        sort_by(&mut diagnostics, |one, other| {
            (one.line, one.severity) < (other.line, other.severity)
        });
        let kubernetes = *kubernetes;
        Self { text: text.into(), documents, diagnostics, selected: 0, parts, kubernetes }
    }
}

fn read(
    text: &str,
    findings: &mut Findings,
    kubernetes: &Kubernetes,
    before: Option<&Manifest>,
) -> (Vec<Document>, Vec<Part>) {
    let (mut documents, mut parts) = (Vec::new(), Vec::new());
    let chunks = split::chunks(text);
    if chunks.len() > MAX_DOCUMENTS {
        let message = format!("this playground reads at most {MAX_DOCUMENTS} documents");
        findings.add(Severity::Error, 0..0, "", message);
        return (documents, parts);
    }
    let is_document = |chunk: &&Chunk| !matches!(chunk.kind, ChunkKind::Refused(_));
    let mut left = chunks.iter().filter(is_document).count();
    for chunk in chunks {
        if let ChunkKind::Refused(words) = chunk.kind {
            findings.add(Severity::Error, chunk.range, "", words);
            continue;
        }
        let line = findings.lines.line(chunk.range.start);
        let place = Place { text, chunk: &chunk, line, at: parts.len(), left };
        let (read, found) = before
            .and_then(|before| before.part(&place))
            .unwrap_or_else(|| read_chunk(findings, &chunk, kubernetes));
        left -= 1;
        let first = documents.len();
        documents.extend(read);
        findings.found.extend(found.iter().cloned());
        parts.push(Part { chunk, line, documents: first..documents.len(), found });
    }
    if documents.is_empty() && findings.found.is_empty() {
        findings.add(Severity::Error, 0..0, "", "no objects passed to apply");
    } else if findings.found.is_empty() && documents.iter().all(|each| each.kind != "StatefulSet") {
        let message = "there is no StatefulSet in this manifest, so there are no pods to watch";
        findings.add(Severity::Hint, 0..0, "", message);
    }
    (documents, parts)
}

/// The documents of a chunk, and what is wrong with them.
fn read_chunk(
    findings: &mut Findings,
    chunk: &Chunk,
    kubernetes: &Kubernetes,
) -> (Vec<Document>, Vec<Diagnostic>) {
    let first = findings.found.len();
    let mut documents = Vec::new();
    match chunk.tree(findings.text) {
        Ok((root, end)) => {
            match root.filter(|root| !root.is_null()) {
                Some(root) => documents = expand(root, &chunk.range),
                None => findings.nothing(chunk.range.start..end),
            }
            findings.unread(end..chunk.range.end);
        }
        Err(error) => {
            let text = &findings.text[chunk.from..chunk.range.end];
            let error = syntax::describe(text, error, chunk.from);
            let at = chunk.from + error.range.start..chunk.from + error.range.end;
            findings.add(Severity::Error, at, "", error.message);
        }
    }
    for document in &mut documents {
        findings.document(document, kubernetes);
    }
    (documents, findings.found.split_off(first))
}
