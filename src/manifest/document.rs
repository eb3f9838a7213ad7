//! A document of a manifest, or the items of one that is a list.

use super::tree::{Content, Node};
use crate::api::ApiObject;
use serde_json::Value;
use std::ops::Range;
use std::rc::Rc;

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

/// Whether a document calls itself a StatefulSet.
pub(super) fn is_set(root: &Node) -> bool {
    root.get("kind").and_then(|kind| kind.key_text()).as_deref() == Some("StatefulSet")
}

pub(super) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// The items of a list, which is what has `items`; none if the document is none.
///
/// Upstream: `apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`, `unstructuredJSONScheme`.
pub(super) fn items_of(root: &Node) -> Option<Vec<Rc<Node>>> {
    root.get("kind").and_then(|kind| kind.key_text()).filter(|kind| !kind.is_empty())?;
    let items = root.get("items")?;
    let is_list = matches!(items.followed().content, Content::Sequence { .. });
    (is_list || items.is_null()).then(|| items.items().to_vec())
}

/// A document, or the items of a `List`.
pub(super) fn expand(root: Rc<Node>, range: &Range<usize>) -> Vec<Document> {
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
