//! The smallest change of the text that gives a field a value or takes it away.
//!
//! `yaml-edit` 0.3 was considered and left out: a parse tree of its own next to this source map
//! would double the work of every keystroke.

mod order;
mod render;
mod writer;

use super::diff;
use super::scalar::Kind;
use super::split;
use super::tree::{Content, Node};
use super::{Manifest, is_set, items_of};
use crate::api::path::{FieldPath, PathStep};
use std::ops::Range;
use std::rc::Rc;
use thiserror::Error;
use writer::Writer;

/// A replacement of some bytes of the old text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Bytes of the old text.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub replacement: String,
}

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

/// Why a form field cannot be written into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// The document is no YAML at the moment.
    #[error("the manifest is not valid YAML; correct it in the text first")]
    Syntax,
    /// There is no StatefulSet to edit.
    #[error("there is no StatefulSet in the manifest")]
    NoStatefulSet,
    /// There is no container to edit.
    #[error("the StatefulSet has no container")]
    NoContainer,
    /// The field belongs to something that is switched off.
    #[error("this field does not apply to what is switched on")]
    NotApplicable,
    /// The place is written as an alias of another.
    #[error("this place refers to another by an alias; change it in the text")]
    Alias,
    /// The text is written in a way that cannot be patched.
    #[error("this place is written in a way that only the text can change")]
    Impossible,
}

/// A value to be written.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Scalar(String, Kind),
    Map(Vec<(&'static str, Block)>),
    List(Vec<Block>),
}

impl Block {
    pub(super) fn text(text: &str) -> Self {
        Self::Scalar(text.into(), Kind::Text)
    }

    pub(super) fn bare(text: &str) -> Self {
        Self::Scalar(text.into(), Kind::Bare)
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
