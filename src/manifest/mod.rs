//! Text to objects and back: parse, source map, smallest text patch.
//!
//! Architecture invariant: nothing here knows the simulator.

mod again;
pub mod assist;
mod check;
mod decimal;
mod diagnostic;
mod diff;
mod edit;
pub mod emit;
pub mod examples;
pub mod export;
mod fix;
pub mod form;
mod hints;
pub mod import;
mod json;
pub mod kyaml;
mod parse;
mod place;
mod refusal;
mod scalar;
mod split;
mod syntax;
mod tree;
mod yaml;

pub use diagnostic::{Diagnostic, Severity};
pub use diff::diff_lines;
pub use edit::{EditError, Edited, Patch};
pub use fix::Fix;
pub use refusal::Refusal;
pub use tree::{Content, Node};

use crate::api::{ApiObject, Kind, Kubernetes};
use crate::ordered::sort_by;
use again::Part;
use check::Findings;
use diagnostic::LineIndex;
use serde_json::Value;
use split::{Chunk, ChunkKind};
use std::ops::Range;
use std::rc::Rc;

/// Most replicas of a set that the simulator takes on; more would only make the page slow.
pub const MAX_REPLICAS: i32 = 2_000;
/// Longest text that is read, in bytes: every keystroke reads it anew.
pub const MAX_TEXT: usize = 256 * 1024;
/// Most documents that are read.
pub const MAX_DOCUMENTS: usize = 100;

/// A manifest: the text, and what it says.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The text itself, which is the truth.
    pub text: Rc<str>,
    /// Its documents, without empty ones and without those that are no YAML.
    pub documents: Vec<Document>,
    /// What is wrong, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// Which of its StatefulSets the form edits, from 0; the last one if there are fewer.
    pub selected: usize,
    /// What was read from each document's part of the text, to be kept while that part stays.
    parts: Vec<Part>,
    kubernetes: Kubernetes,
}

/// One document of a manifest, or one item of a `List`.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its `kind`; empty if it has none.
    pub kind: String,
    /// Its `apiVersion`; empty if it has none.
    pub api_version: String,
    /// Its `metadata.name`; empty if it has none.
    pub name: String,
    /// Bytes of the text between the separators around it.
    pub range: Range<usize>,
    /// Whether it is an item of a `List`.
    pub is_item: bool,
    /// Its nodes.
    pub root: Rc<Node>,
    /// The object as written, without defaults; none if it is not simulated or not decodable.
    pub object: Option<ApiObject>,
}

impl Document {
    /// The document as JSON, word for word; null if it has no value.
    pub fn json(&self) -> Value {
        self.root.to_value(&mut Node::budget()).unwrap_or_default()
    }

    /// The document as JSON, as `kubectl apply` sends it: without keys whose value is null.
    pub fn value(&self) -> Value {
        let mut value = self.json();
        drop_nulls(&mut value);
        value
    }
}

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
        let mut findings = Findings { text, lines: LineIndex::new(text), found: Vec::new() };
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

    /// The same text, of which the form edits this StatefulSet, from 0.
    #[must_use]
    pub fn selecting(self, selected: usize) -> Self {
        Self { selected, ..self }
    }

    /// The names of its StatefulSets, in order; empty where one has none.
    pub fn sets(&self) -> Vec<String> {
        let sets = self.documents.iter().filter(|document| is_set(&document.root));
        let name = |root: &Node| root.get("metadata").and_then(|meta| meta.get("name")?.key_text());
        sets.map(|document| name(&document.root).unwrap_or_default()).collect()
    }

    /// The StatefulSet that the form edits. None if there is none or it is not decodable.
    pub fn stateful_set(&self) -> Option<&ApiObject> {
        let sets = || self.documents.iter().filter(|document| is_set(&document.root));
        let document = sets().nth(self.selected).or_else(|| sets().next_back())?;
        document.object.as_ref().filter(|object| object.kind == Kind::StatefulSet)
    }

    /// All simulated objects, in order; only meaningful if there are no errors.
    pub fn objects(&self) -> Vec<ApiObject> {
        self.documents.iter().filter_map(|document| document.object.clone()).collect()
    }

    /// Whether it cannot be applied.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|each| each.severity == Severity::Error)
    }
}

/// Whether a document calls itself a StatefulSet.
fn is_set(root: &Node) -> bool {
    root.get("kind").and_then(|kind| kind.key_text()).as_deref() == Some("StatefulSet")
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
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
        let place = again::Place { text, chunk: &chunk, line, at: parts.len(), left };
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

/// The items of a list, which is what has `items`; none if the document is none.
///
/// Upstream: `apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`, `unstructuredJSONScheme`.
fn items_of(root: &Node) -> Option<Vec<Rc<Node>>> {
    root.get("kind").and_then(|kind| kind.key_text()).filter(|kind| !kind.is_empty())?;
    let items = root.get("items")?;
    let is_list = matches!(items.followed().content, Content::Sequence { .. });
    (is_list || items.is_null()).then(|| items.items().to_vec())
}

/// A document, or the items of a `List`.
fn expand(root: Rc<Node>, range: &Range<usize>) -> Vec<Document> {
    let items = items_of(&root);
    let is_item = items.is_some();
    let roots = items.unwrap_or_else(|| vec![root]);
    let document = |root| Document {
        kind: String::new(),
        api_version: String::new(),
        name: String::new(),
        range: range.clone(),
        is_item,
        root,
        object: None,
    };
    roots.into_iter().map(document).collect()
}
