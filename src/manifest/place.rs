//! Where in the text a field of an object stands.

use super::tree::{Content, Node};
use crate::api::path::{FieldPath, PathStep};
use std::ops::Range;

/// The place of a field, or of its nearest parent that exists.
///
/// A scalar is marked itself; of a map or list only the key, since it may be long.
pub(super) fn find(root: &Node, path: &FieldPath) -> Range<usize> {
    let steps = as_written(root, path);
    let mut node = root;
    let mut range = first_token(root);
    for step in &steps {
        let next = match step {
            PathStep::Key(key) => node.entry(key).map(|(key, value)| (key.range.clone(), value)),
            PathStep::Index(index) => {
                node.items().get(*index).map(|item| (first_token(item), item))
            }
        };
        let Some((at, value)) = next else { return range };
        let is_short = matches!(&value.content, Content::Scalar { block: false, .. });
        range = if is_short && !value.range.is_empty() { value.range.clone() } else { at };
        node = value;
    }
    range
}

/// The place of the key of a field, for what is wrong with the name.
pub(super) fn find_key(root: &Node, path: &FieldPath) -> Range<usize> {
    let Some((PathStep::Key(last), parents)) = path.0.split_last() else {
        return find(root, path);
    };
    let parent = parents.iter().try_fold(root, |node, step| match step {
        PathStep::Key(key) => node.get(key).map(AsRef::as_ref),
        PathStep::Index(index) => node.items().get(*index).map(AsRef::as_ref),
    });
    let key = parent.and_then(|parent| parent.entry(last)).map(|(key, _)| key.range.clone());
    key.unwrap_or_else(|| find(root, path))
}

fn first_token(node: &Node) -> Range<usize> {
    match &node.content {
        Content::Mapping { entries, flow: false } => {
            entries.first().map_or(node.range.clone(), |(key, _)| key.range.clone())
        }
        Content::Sequence { items, flow: false } => {
            items.first().map_or(node.range.clone(), |item| first_token(item))
        }
        Content::Mapping { .. } | Content::Sequence { .. } => {
            node.range.start..node.range.start + 1
        }
        Content::Scalar { .. } | Content::Alias(_) => node.range.clone(),
    }
}

/// The server prints some fields elsewhere than where they are written.
fn as_written(root: &Node, path: &FieldPath) -> Vec<PathStep> {
    let key = |text: &str| PathStep::Key(text.into());
    let steps = &path.0;
    let starts = |names: &[&str]| {
        steps.len() >= names.len() && names.iter().zip(steps).all(|(name, step)| key(name) == *step)
    };
    if starts(&["spec", "template", "labels"]) || starts(&["spec", "template", "annotations"]) {
        let mut moved = steps.clone();
        moved.insert(2, key("metadata"));
        return moved;
    }
    if starts(&["spec", "template", "spec", "volumes"])
        && let Some(PathStep::Index(index)) = steps.get(4)
    {
        return claims_come_first(root, steps, *index);
    }
    let size = steps.iter().position(|step| *step == key("storage"));
    if let Some(at) = size.filter(|at| *at > 0 && steps[at - 1] == key("resources")) {
        let mut moved = steps.clone();
        moved.insert(at, key("requests"));
        return moved;
    }
    if starts(&["spec", "clusterIPs"]) {
        let spec = root.get("spec");
        if spec.is_some_and(|spec| spec.get("clusterIPs").is_none()) {
            return vec![key("spec"), key("clusterIP")];
        }
    }
    steps.clone()
}

/// Claim templates count as the first volumes of the pod.
fn claims_come_first(root: &Node, steps: &[PathStep], index: usize) -> Vec<PathStep> {
    let claims = root.get("spec").and_then(|spec| spec.get("volumeClaimTemplates"));
    let count = claims.map_or(0, |claims| claims.items().len());
    if index >= count {
        let mut moved = steps.to_vec();
        moved[4] = PathStep::Index(index - count);
        return moved;
    }
    let key = |text: &str| PathStep::Key(text.into());
    vec![
        key("spec"),
        key("volumeClaimTemplates"),
        PathStep::Index(index),
        key("metadata"),
        key("name"),
    ]
}
