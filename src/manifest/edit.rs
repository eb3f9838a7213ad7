//! The smallest change of the text that gives a field a value or takes it away.
//!
//! `yaml-edit` 0.3 was considered and left out: a parse tree of its own next to this source map
//! would double the work of every keystroke.

mod block;
mod order;
mod render;
mod writer;

use super::contents::Manifest;
use super::document::{is_set, items_of};
use super::split;
use super::tree::{Content, Node};
use crate::api::path::{FieldPath, PathStep};
use crate::diff::{self, Patch};
use std::rc::Rc;
use writer::Writer;

pub(super) use block::Block;
pub use block::EditError;

/// An edit that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// What leads there, in order and apart.
    pub patches: Vec<Patch>,
    /// Lines of the new text, from 1, that changed.
    pub changed_lines: Vec<u32>,
}

impl Edited {
    pub(super) fn new(old: &str, text: String) -> Self {
        let patches = diff::patches(old, &text);
        let changed_lines = diff::diff_lines(old, &text);
        Self { text, patches, changed_lines }
    }
}

/// A text being edited, with the trees of its documents.
pub(super) struct Draft {
    pub(super) text: Rc<str>,
    pub(super) roots: Vec<Rc<Node>>,
    /// Which of the StatefulSets is edited, see [`Manifest::selected`].
    selected: usize,
}

impl Draft {
    /// A text as it was read, for looking only: broken documents are left out.
    pub(super) fn of(manifest: &Manifest) -> Self {
        let roots = manifest.documents.iter().map(|document| document.root.clone()).collect();
        Self { text: manifest.text.clone(), roots, selected: manifest.selected }
    }

    /// A text that is to be edited.
    pub(super) fn new(manifest: &Manifest) -> Result<Self, EditError> {
        Self::read(&manifest.text, manifest.selected)
    }

    /// Which document is the StatefulSet that is edited.
    pub(super) fn set(&self) -> Result<usize, EditError> {
        let sets = || (0..self.roots.len()).filter(|at| is_set(&self.roots[*at]));
        let set = sets().nth(self.selected).or_else(|| sets().next_back());
        set.ok_or(EditError::NoStatefulSet)
    }

    fn read(text: &str, selected: usize) -> Result<Self, EditError> {
        let mut roots = Vec::new();
        for chunk in split::chunks(text) {
            let (root, _) = chunk.tree(text).map_err(|_| EditError::Syntax)?;
            let root = root.filter(|root| !root.is_null());
            roots.extend(root.into_iter().flat_map(|root| items_of(&root).unwrap_or(vec![root])));
        }
        Ok(Self { text: text.into(), roots, selected })
    }

    /// The value at a path of a document, aliases not followed in the end.
    pub(super) fn get(&self, document: usize, path: &str) -> Option<&Rc<Node>> {
        let mut node = &self.roots[document];
        for step in &FieldPath::parse(path).0 {
            node = match step {
                PathStep::Key(key) => node.get(key)?,
                PathStep::Index(index) => node.items().get(*index)?,
            };
        }
        Some(node)
    }

    /// The scalar at a path as typed; none if it is absent, null or no scalar.
    pub(super) fn scalar(&self, document: usize, path: &str) -> Option<String> {
        self.node_text(self.get(document, path)?)
    }

    /// A scalar as typed.
    pub(super) fn node_text(&self, node: &Node) -> Option<String> {
        match &node.content {
            Content::Alias(target) => self.node_text(target),
            Content::Scalar { value: serde_json::Value::Null, .. } => None,
            Content::Scalar { value: serde_json::Value::String(text), .. } => Some(text.clone()),
            Content::Scalar { .. } => Some(self.text[node.range.clone()].into()),
            _ => None,
        }
    }

    /// Writes a value at a path, with the parents that it needs.
    pub(super) fn put(
        &mut self,
        document: usize,
        path: &str,
        value: Block,
    ) -> Result<(), EditError> {
        let root = self.roots[document].clone();
        let steps = FieldPath::parse(path).0;
        let text = Writer::new(&self.text, &root).put(&root, &steps, value)?;
        self.replace(text)
    }

    /// Takes the value at a path away, and parents that are empty without it.
    pub(super) fn remove(&mut self, document: usize, path: &str) -> Result<(), EditError> {
        if self.get(document, path).is_none() {
            return Ok(());
        }
        let root = self.roots[document].clone();
        let steps = FieldPath::parse(path).0;
        let text = Writer::new(&self.text, &root).remove(&root, &steps)?;
        self.replace(text)
    }

    fn replace(&mut self, text: String) -> Result<(), EditError> {
        let count = self.roots.len();
        *self = Self::read(&text, self.selected).map_err(|_| EditError::Impossible)?;
        if self.roots.len() == count { Ok(()) } else { Err(EditError::Impossible) }
    }
}
