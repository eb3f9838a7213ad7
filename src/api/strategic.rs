//! Strategic merge patches, as the API server carries them out.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go`, mergeMap,
//! mergeSliceWithoutSpecialElements, normalizeElementOrder; the directives are described in
//! `contributors/devel/sig-api-machinery/strategic-merge-patch.md`.

use super::Tree;
use super::merge::merge_key;
use super::tree::count;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many bytes all copies of a JSON patch may come to.
///
/// Upstream: `staging/src/k8s.io/apiserver/pkg/server/config.go`, JSONPatchMaxCopyBytes.
const MOST_COPIED: usize = 3 << 20;

/// How many values all copies of a JSON patch may come to: small ones take far more memory than text.
const MOST_VALUES: usize = 20_000;

const DIRECTIVE: &str = "$patch";
const ORDER: &str = "$setElementOrder/";
const DELETE: &str = "$deleteFromPrimitiveList/";
const RETAIN: &str = "$retainKeys";

/// The object after a patch.
pub fn apply(live: &Value, patch: &Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (live, patch) else {
        return patch.clone();
    };
    match patch.text(DIRECTIVE) {
        "replace" => return plain(patch),
        "delete" => return Value::Object(Map::new()),
        _ => {}
    }
    let mut merged = members.clone();
    if let Some(kept) = changes.get(RETAIN).and_then(Value::as_array) {
        merged.retain(|key, _| kept.iter().any(|name| name == key.as_str()));
    }
    for (key, value) in changes {
        if let Some(list) = key.strip_prefix(DELETE) {
            let gone = value.as_array().map_or(&[][..], Vec::as_slice);
            if let Some(items) = merged.get_mut(list).and_then(Value::as_array_mut) {
                items.retain(|item| !gone.contains(item));
            }
        }
    }
    for (key, value) in changes.iter().filter(|(key, _)| !key.starts_with('$')) {
        let order = changes.get(&format!("{ORDER}{key}")).and_then(Value::as_array);
        let next = match (merged.get(key), value) {
            (_, Value::Null) => {
                merged.remove(key);
                continue;
            }
            (Some(own @ Value::Object(_)), Value::Object(_)) => apply(own, value),
            (Some(Value::Array(own)), Value::Array(new)) => items(key, own, new, order),
            (None, Value::Array(new)) => items(key, &[], new, order),
            _ => plain(value),
        };
        merged.insert(key.clone(), next);
    }
    // An order alone sorts what is there.
    for (key, order) in changes.iter().filter_map(|(key, it)| Some((key.strip_prefix(ORDER)?, it)))
    {
        let order = order.as_array().map_or(&[][..], Vec::as_slice);
        if !changes.contains_key(key)
            && let Some(Value::Array(own)) = merged.get(key)
        {
            let sorted = items(key, own, &[], Some(&order.to_vec()));
            merged.insert(key.into(), sorted);
        }
    }
    Value::Object(merged)
}

/// A value without directives.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(key, it)| !key.starts_with('$') && !it.is_null());
            Value::Object(members.map(|(key, it)| (key.clone(), plain(it))).collect())
        }
        Value::Array(items) => {
            let is_gone = |item: &&Value| item.text(DIRECTIVE) != "delete";
            let has_replace = |item: &Value| item.text(DIRECTIVE) == "replace";
            let kept = items.iter().filter(is_gone).filter(|item| !has_replace(item));
            Value::Array(kept.map(plain).collect())
        }
        other => other.clone(),
    }
}

/// Lists of plain values that are merged rather than replaced.
fn is_set(field: &str) -> bool {
    field == "finalizers"
}

fn items(field: &str, live: &[Value], patch: &[Value], order: Option<&Vec<Value>>) -> Value {
    if is_set(field) {
        // What a patch adds comes first, unless it says in which order all stand.
        let added = patch.iter().filter(|item| !live.contains(item));
        return Value::Array(added.chain(live).cloned().collect());
    }
    let all: Vec<Value> = patch.iter().chain(live).cloned().collect();
    let Some(key) = merge_key(field, &all) else { return plain(&Value::Array(patch.to_vec())) };
    if patch.iter().any(|item| item.text(DIRECTIVE) == "replace") {
        return plain(&Value::Array(patch.to_vec()));
    }
    let is_delete = |item: &&Value| item.text(DIRECTIVE) == "delete";
    let gone = Places::of(key, patch.iter().filter(is_delete));
    let kept = live.iter().filter(|item| gone.find(item).is_none());
    let mut merged: Vec<Value> = kept.cloned().collect();
    let mut places = Places::of(key, &merged);
    for item in patch.iter().filter(|item| !is_delete(item)) {
        match places.find(item).and_then(|at| merged.get_mut(at)) {
            Some(own) => *own = apply(own, item),
            None => {
                let item = plain(item);
                places.add(&item, merged.len());
                merged.push(item);
            }
        }
    }
    let named = order.map_or(patch, Vec::as_slice);
    Value::Array(ordered(merged, &Places::of(key, named), &Places::of(key, live)))
}

/// Where the items of a list stand, by what they have under its merge key. Lists may be long.
struct Places<'a> {
    key: &'a str,
    firsts: BTreeMap<String, usize>,
}

impl<'a> Places<'a> {
    fn of<'b>(key: &'a str, list: impl IntoIterator<Item = &'b Value>) -> Self {
        let mut places = Self { key, firsts: BTreeMap::new() };
        list.into_iter().enumerate().for_each(|(at, item)| places.add(item, at));
        places
    }

    /// The value of the merge key as text; empty for items without one, which count as the same.
    fn name(&self, item: &Value) -> String {
        item.get(self.key).map(Value::to_string).unwrap_or_default()
    }

    fn add(&mut self, item: &Value, at: usize) {
        self.firsts.entry(self.name(item)).or_insert(at);
    }

    /// Where the first item of this name stands.
    fn find(&self, item: &Value) -> Option<usize> {
        self.firsts.get(&self.name(item)).copied()
    }
}

/// What the patch names in its order, and between them what only the server knows, in the server's.
fn ordered(merged: Vec<Value>, named: &Places, live: &Places) -> Vec<Value> {
    let (mut patched, kept): (Vec<Value>, Vec<Value>) =
        merged.into_iter().partition(|item| named.find(item).is_some());
    patched.sort_by_cached_key(|item| named.find(item));
    let (mut left, mut right) = (kept.into_iter().peekable(), patched.into_iter().peekable());
    let mut all = Vec::new();
    loop {
        let takes_left = match (left.peek(), right.peek()) {
            (None, None) => return all,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => match (live.find(own), live.find(other)) {
                (Some(own), Some(other)) => own < other,
                _ => false,
            },
        };
        all.extend(if takes_left { left.next() } else { right.next() });
    }
}

/// A merge patch as RFC 7386 describes it.
pub fn apply_merge(live: &Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else { return patch.clone() };
    let mut merged = live.as_object().cloned().unwrap_or_default();
    for (key, value) in changes {
        if value.is_null() {
            merged.remove(key);
        } else {
            let own = merged.get(key).cloned().unwrap_or_default();
            merged.insert(key.clone(), apply_merge(&own, value));
        }
    }
    Value::Object(merged)
}

/// A JSON patch as RFC 6902 describes it; none if one of its operations fails.
pub fn apply_json(live: &Value, operations: &[Value]) -> Option<Value> {
    let mut object = live.clone();
    let (mut copied_bytes, mut copied_values) = (0, 0);
    for operation in operations {
        let path = operation.text("path");
        let value = operation.get("value").cloned();
        match operation.text("op") {
            "add" => add(&mut object, path, value?)?,
            "remove" => drop(remove(&mut object, path)?),
            "replace" => {
                let slot = object.pointer_mut(path)?;
                *slot = value?;
            }
            "move" => {
                let moved = remove(&mut object, operation.text("from"))?;
                add(&mut object, path, moved)?;
            }
            "copy" => {
                let from = object.pointer(operation.text("from"))?;
                copied_values += count(from);
                if copied_values > MOST_VALUES {
                    return None;
                }
                let copied = from.clone();
                copied_bytes += copied.to_string().len();
                if copied_bytes > MOST_COPIED {
                    return None;
                }
                add(&mut object, path, copied)?;
            }
            "test" if object.pointer(path) == value.as_ref() => {}
            _ => return None,
        }
    }
    Some(object)
}

fn split(path: &str) -> Option<(&str, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn add(object: &mut Value, path: &str, value: Value) -> Option<()> {
    let (parent, last) = split(path)?;
    match object.pointer_mut(parent)? {
        Value::Object(members) => {
            members.insert(last, value);
        }
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => {
            let at: usize = last.parse().ok()?;
            if at > items.len() {
                return None;
            }
            items.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(object: &mut Value, path: &str) -> Option<Value> {
    let (parent, last) = split(path)?;
    match object.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&last),
        Value::Array(items) => {
            let at: usize = last.parse().ok()?;
            (at < items.len()).then(|| items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::merge;
    use serde_json::json;

    #[test]
    fn merges_lists_item_by_item() {
        let live = json!({"containers": [{"name": "nginx", "image": "a"}], "args": ["x"]});
        let cases = [
            (
                json!({"containers": [{"name": "side", "image": "b"}]}),
                json!([{"name": "side", "image": "b"}, {"name": "nginx", "image": "a"}]),
            ),
            (
                json!({"containers": [{"name": "nginx", "image": "c"}]}),
                json!([{"name": "nginx", "image": "c"}]),
            ),
            (json!({"containers": [{"name": "nginx", "$patch": "delete"}]}), json!([])),
            (json!({"containers": [{"name": "z"}, {"$patch": "replace"}]}), json!([{"name": "z"}])),
        ];
        for (patch, wanted) in cases {
            assert_eq!(apply(&live, &patch).at("containers"), &wanted, "{patch}");
        }
        assert_eq!(apply(&live, &json!({"args": ["y"]})).at("args"), &json!(["y"]));
        assert_eq!(apply(&live, &json!({"args": null})).at("args"), &Value::Null);
    }

    #[test]
    fn carries_out_what_apply_sends() {
        let last = json!({"volumes": [{"name": "v", "emptyDir": {}}, {"name": "w"}], "a": 1});
        let new = json!({"volumes": [{"name": "v", "hostPath": {"path": "/"}}, {"name": "x"}]});
        let live = json!({"volumes": [
            {"name": "v", "emptyDir": {}}, {"name": "w"}, {"name": "injected"},
        ], "a": 1, "b": 2});
        let patch = merge::patch(Some(&last), &new, &live);
        assert_eq!(apply(&live, &patch), merge::three_way(Some(&last), &new, &live), "{patch}");
    }

    #[test]
    fn carries_out_json_patches() {
        let live = json!({"a": [1, 2], "b/c": {"d": 1}});
        let patch = |operations: Value| apply_json(&live, operations.as_array().unwrap());
        assert_eq!(
            patch(json!([{"op": "add", "path": "/a/-", "value": 3}])),
            Some(json!({"a": [1, 2, 3], "b/c": {"d": 1}}))
        );
        assert_eq!(
            patch(json!([{"op": "move", "from": "/b~1c/d", "path": "/e"}])),
            Some(json!({"a": [1, 2], "b/c": {}, "e": 1}))
        );
        for wrong in [
            json!([{"op": "replace", "path": "/x", "value": 3}]),
            json!([{"op": "remove", "path": "/a/7"}]),
            json!([{"op": "test", "path": "/a", "value": 3}]),
            json!([{"op": "nope"}]),
        ] {
            assert_eq!(patch(wrong), None);
        }
    }

    #[test]
    fn copies_do_not_double_for_ever() {
        let copies = |times: usize| -> Option<Value> {
            let copy = |at: usize| json!({"op": "copy", "from": "/a", "path": format!("/a/k{at}")});
            let operations: Vec<Value> = (0..times).map(copy).collect();
            apply_json(&json!({"a": {"b": 1}}), &operations)
        };
        assert_eq!(copies(12).map(|object| count(&object)), Some(8_193));
        assert_eq!(copies(14), None);
    }
}
