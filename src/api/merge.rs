//! What an object becomes when a manifest is applied over it: kubectl's three-way merge.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go`,
//! CreateThreeWayMergePatch.

use crate::ordered::sort_long;
use serde_json::{Map, Value};

/// The live object with what the manifest says now, and without what only its last version said.
/// What neither version mentions stays as it is: defaults, and what others have set.
///
/// Simplified: lists of plain values are replaced as a whole; `$patch` directives do not exist.
pub fn three_way(last: Option<&Value>, new: &Value, live: &Value) -> Value {
    merge("", last, new, Some(live))
}

/// The patch that kubectl sends so that the live object becomes [`three_way`]'s: what differs, null
/// for what goes, and for lists that are merged the items that differ and the order of all.
pub fn patch(last: Option<&Value>, new: &Value, live: &Value) -> Value {
    difference(true, last, new, live).unwrap_or_else(|| Value::Object(Map::new()))
}

/// The same of an object whose lists have no keys that a client knows: each is replaced as a whole.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/jsonmergepatch/patch.go`,
/// CreateThreeWayJSONMergePatch.
pub fn json_patch(last: Option<&Value>, new: &Value, live: &Value) -> Value {
    difference(false, last, new, live).unwrap_or_else(|| Value::Object(Map::new()))
}

/// None if nothing differs.
fn difference(has_keys: bool, last: Option<&Value>, new: &Value, live: &Value) -> Option<Value> {
    let (Value::Object(members), Value::Object(there)) = (new, live) else {
        return (new != live).then(|| new.clone());
    };
    let mut patch = Map::new();
    for (key, value) in members {
        let before = last.and_then(|last| last.get(key));
        let Some(there) = there.get(key) else {
            patch.insert(key.clone(), value.clone());
            continue;
        };
        match (value, there) {
            (Value::Array(items), Value::Array(present)) => {
                let merged =
                    merge_key(key, items).filter(|key| has_keys && are_distinct(items, key));
                match merged {
                    Some(name) => items_difference(&mut patch, key, name, before, items, present),
                    None if items != present => {
                        patch.insert(key.clone(), value.clone());
                    }
                    None => {}
                }
            }
            _ => {
                patch.extend(difference(has_keys, before, value, there).map(|it| (key.clone(), it)))
            }
        }
    }
    let known = last.and_then(Value::as_object).into_iter().flat_map(|last| last.keys());
    patch.extend(
        known.filter(|key| !members.contains_key(*key)).map(|key| (key.clone(), Value::Null)),
    );
    (!patch.is_empty()).then_some(Value::Object(patch))
}

fn items_difference(
    patch: &mut Map<String, Value>,
    field: &str,
    key: &str,
    last: Option<&Value>,
    new: &[Value],
    live: &[Value],
) {
    let last = last.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (old, said, present) = (Items::of(last, key), Items::of(new, key), Items::of(live, key));
    let named = |item: &Value| {
        let name = item.get(key).cloned().unwrap_or_default();
        Map::from_iter([(key.to_owned(), name)])
    };
    let mut changed = Vec::new();
    for item in new {
        let Some(there) = present.like(item) else {
            changed.push(item.clone());
            continue;
        };
        if let Some(Value::Object(members)) = difference(true, old.like(item), item, there) {
            let mut whole = named(item);
            if field == "volumes" {
                let keys =
                    item.as_object().into_iter().flatten().map(|(key, _)| Value::from(&**key));
                whole.insert("$retainKeys".into(), Value::Array(keys.collect()));
            }
            whole.extend(members);
            changed.push(Value::Object(whole));
        }
    }
    for item in last.iter().filter(|item| said.like(item).is_none()) {
        let mut gone = named(item);
        gone.insert("$patch".into(), "delete".into());
        changed.push(Value::Object(gone));
    }
    if !changed.is_empty() {
        let order = new.iter().map(|item| Value::Object(named(item))).collect();
        patch.insert(format!("$setElementOrder/{field}"), Value::Array(order));
        patch.insert(field.into(), Value::Array(changed));
    }
}

fn merge(field: &str, last: Option<&Value>, new: &Value, live: Option<&Value>) -> Value {
    match (new, live) {
        (Value::Object(new), Some(Value::Object(live))) => {
            let last = last.and_then(Value::as_object);
            let is_dropped = |key: &String| {
                !new.contains_key(key) && last.is_some_and(|last| last.contains_key(key))
            };
            let mut merged = live.clone();
            merged.retain(|key, _| !is_dropped(key));
            for (key, value) in new {
                let before = last.and_then(|last| last.get(key));
                merged.insert(key.clone(), merge(key, before, value, live.get(key)));
            }
            Value::Object(merged)
        }
        (Value::Array(new), Some(Value::Array(live))) => {
            let last = last.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            match merge_key(field, new).filter(|key| are_distinct(new, key)) {
                Some(key) => Value::Array(merge_items(field, key, last, new, live)),
                None => Value::Array(new.clone()),
            }
        }
        _ => new.clone(),
    }
}

/// Items of the manifest in its order, then those that others have added.
fn merge_items(
    field: &str,
    key: &str,
    last: &[Value],
    new: &[Value],
    live: &[Value],
) -> Vec<Value> {
    let (old, said, present) = (Items::of(last, key), Items::of(new, key), Items::of(live, key));
    let mut merged: Vec<Value> = new
        .iter()
        .map(|item| {
            let mut value = merge("", old.like(item), item, present.like(item));
            if field == "volumes" {
                retain_keys(&mut value, item);
            }
            value
        })
        .collect();
    let is_foreign = |item: &&Value| said.like(item).is_none() && old.like(item).is_none();
    merged.extend(live.iter().filter(is_foreign).cloned());
    merged
}

/// Patch strategy `retainKeys`: a volume has the source that the manifest gives it, and no other.
fn retain_keys(value: &mut Value, item: &Value) {
    if let (Value::Object(value), Value::Object(item)) = (value, item) {
        value.retain(|key, _| item.contains_key(key));
    }
}

/// The field that tells the items of a list apart; none if the list is replaced as a whole.
///
/// Upstream: `patchMergeKey` in `staging/src/k8s.io/api/core/v1/types.go`.
pub(super) fn merge_key(field: &str, items: &[Value]) -> Option<&'static str> {
    let is_container_port = || items.iter().any(|item| item.get("containerPort").is_some());
    match field {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets" => Some("name"),
        "volumeMounts" => Some("mountPath"),
        "volumeDevices" => Some("devicePath"),
        "hostAliases" => Some("ip"),
        "topologySpreadConstraints" => Some("topologyKey"),
        "ports" if is_container_port() => Some("containerPort"),
        "ports" => Some("port"),
        _ => None,
    }
}

fn are_distinct(items: &[Value], key: &str) -> bool {
    let known = Items::of(items, key);
    known.0.iter().all(|(name, _)| name.is_some())
        && known.0.windows(2).all(|it| it[0].0 != it[1].0)
}

/// The items of a list by what their key holds, in its order: a list may be long.
struct Items<'a>(Vec<(Option<String>, &'a Value)>, &'a str);

impl<'a> Items<'a> {
    fn of(items: &'a [Value], key: &'a str) -> Self {
        let mut sorted: Vec<_> = items.iter().map(|item| (name(item, key), item)).collect();
        // Of items with the same key the first one counts, so it must stay the first.
        sort_long(&mut sorted, |one, other| one.0 < other.0);
        Self(sorted, key)
    }

    /// The first item with the same key as this one.
    fn like(&self, item: &Value) -> Option<&'a Value> {
        let name = name(item, self.1);
        let at = self.0.partition_point(|(other, _)| *other < name);
        self.0.get(at).filter(|(other, _)| *other == name).map(|(_, item)| *item)
    }
}

/// What the key of an item holds, as JSON.
fn name(item: &Value, key: &str) -> Option<String> {
    item.get(key).map(Value::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn merges_what_a_manifest_says_into_what_is_there() {
        let cases = [
            ("kept if never said", json!({}), json!({}), json!({"a": 3}), json!({"a": 3})),
            ("gone if no longer said", json!({"a": 1}), json!({}), json!({"a": 3}), json!({})),
            ("as said now", json!({"a": 1}), json!({"a": 2}), json!({"a": 3}), json!({"a": 2})),
            (
                "inner defaults stay",
                json!({"s": {"type": "A"}}),
                json!({"s": {"type": "B"}}),
                json!({"s": {"type": "A", "rolling": {"partition": 0}}}),
                json!({"s": {"type": "B", "rolling": {"partition": 0}}}),
            ),
            (
                "items by name, in the new order, foreign ones last",
                json!({"containers": [{"name": "a"}, {"name": "gone"}]}),
                json!({"containers": [{"name": "b"}, {"name": "a", "image": "y"}]}),
                json!({"containers": [
                    {"name": "a", "image": "x", "pull": "Always"},
                    {"name": "gone"},
                    {"name": "injected"},
                ]}),
                json!({"containers": [
                    {"name": "b"},
                    {"name": "a", "image": "y", "pull": "Always"},
                    {"name": "injected"},
                ]}),
            ),
            (
                "a volume has one source",
                json!({"volumes": [{"name": "v"}]}),
                json!({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}),
                json!({"volumes": [{"name": "v", "emptyDir": {}}]}),
                json!({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}),
            ),
            (
                "other lists as a whole",
                json!({"args": ["a"]}),
                json!({"args": ["b"]}),
                json!({"args": ["a", "c"]}),
                json!({"args": ["b"]}),
            ),
            (
                "two items of one key make a list that is replaced",
                json!({}),
                json!({"ports": [{"port": 53, "p": "TCP"}, {"port": 53, "p": "UDP"}]}),
                json!({"ports": [{"port": 53, "p": "TCP", "nodePort": 1}]}),
                json!({"ports": [{"port": 53, "p": "TCP"}, {"port": 53, "p": "UDP"}]}),
            ),
        ];
        for (what, last, new, live, merged) in cases {
            assert_eq!(three_way(Some(&last), &new, &live), merged, "{what}");
        }
    }
}
