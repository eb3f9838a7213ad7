//! A manifest: a text, and what it says.

use super::diagnostic::{Diagnostic, Severity};
use super::document::{Document, is_set};
use super::split::Chunk;
use super::tree::Node;
use crate::api::{ApiObject, Kind, Kubernetes};
use std::ops::Range;
use std::rc::Rc;

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
    pub(super) parts: Vec<Part>,
    pub(super) kubernetes: Kubernetes,
}

/// What was read from one document's part of the text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its bytes of the text.
    pub(super) chunk: Chunk,
    /// The line, from 0, in which it begins.
    pub(super) line: usize,
    /// Which of the manifest's documents were read from it.
    pub(super) documents: Range<usize>,
    /// What is wrong with it.
    pub(super) found: Vec<Diagnostic>,
}

impl Manifest {
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
