//! An object after a configuration was applied: what it says is put in, what its manager no longer
//! says is taken out.
//!
//! Upstream: `sigs.k8s.io/structured-merge-diff`, `typed/merge.go`, `merge/update.go`, prune.

use super::set::Set;
use super::shape::{self, Shape};
use crate::api::Tree;
use serde_json::Value;

/// The object with what a configuration says.
pub fn merge(live: &Value, said: &Value) -> Value {
    merged("", "", live, said)
}

fn merged(parent: &str, field: &str, live: &Value, said: &Value) -> Value {
    let shape = shape::of(parent, field, said);
    match (shape, live, said) {
        (Shape::Fields, Value::Object(own), Value::Object(members)) => {
            let mut all = own.clone();
            for (name, value) in members {
                let next = match own.get(name) {
                    Some(own) => merged(field, name, own, value),
                    None => value.clone(),
                };
                all.insert(name.clone(), next);
            }
            Value::Object(all)
        }
        (Shape::Items(_) | Shape::Set, Value::Array(own), Value::Array(items)) => {
            Value::Array(merged_items(field, shape, own, items))
        }
        _ => said.clone(),
    }
}

/// The configuration's items in its order, and between them what only the object has, in its order.
fn merged_items(list: &str, shape: Shape, live: &[Value], said: &[Value]) -> Vec<Value> {
    let names = |items: &[Value]| -> Vec<Option<String>> {
        items.iter().map(|it| shape::item(shape, it)).collect()
    };
    let (own, theirs) = (names(live), names(said));
    let mut all = Vec::new();
    let mut rest = live.iter().zip(&own).peekable();
    for (at, item) in said.iter().enumerate() {
        let next = theirs[at..].iter().find(|name| own.contains(name));
        while let Some((item, name)) = rest.next_if(|(_, name)| Some(*name) != next) {
            all.extend((!theirs.contains(name)).then(|| item.clone()));
        }
        rest.next_if(|(_, name)| **name == theirs[at]);
        all.push(match own.iter().position(|name| *name == theirs[at]) {
            Some(own) => merged(list, list, &live[own], item),
            None => item.clone(),
        });
    }
    all.extend(rest.filter(|(_, name)| !theirs.contains(name)).map(|(item, _)| item.clone()));
    all
}

/// The object without the fields of a set, unless somebody else has something in them.
pub fn prune(object: &mut Value, gone: &Set, kept: &Set) {
    pruned("", "", object, gone, kept);
}

fn pruned(parent: &str, field: &str, value: &mut Value, gone: &Set, kept: &Set) {
    let nothing = Set::default();
    let shape = shape::of(parent, field, value);
    let is_gone = |name: &str| {
        let goes = gone.below(name).is_some_and(|it| it.is_member);
        goes && kept.below(name).is_none_or(Set::is_empty)
    };
    match (shape, value) {
        (Shape::Fields, Value::Object(members)) => {
            members.retain(|name, _| !is_gone(&format!("f:{name}")));
            for (name, value) in members.iter_mut() {
                let step = format!("f:{name}");
                let Some(gone) = gone.below(&step) else { continue };
                pruned(field, name, value, gone, kept.below(&step).unwrap_or(&nothing));
            }
            members.retain(|name, value| {
                let is_empty = value.as_object().is_some_and(serde_json::Map::is_empty)
                    || value.as_array().is_some_and(Vec::is_empty);
                !is_empty || gone.below(&format!("f:{name}")).is_none()
            });
        }
        (Shape::Items(_) | Shape::Set, Value::Array(items)) => {
            items.retain(|it| shape::item(shape, it).is_none_or(|name| !is_gone(&name)));
            for item in items.iter_mut().filter(|it| it.is_object()) {
                let Some(name) = shape::item(shape, item) else { continue };
                let Some(gone) = gone.below(&name) else { continue };
                let whole = item.clone();
                pruned(field, field, item, gone, kept.below(&name).unwrap_or(&nothing));
                // What tells it apart stays with it.
                for key in shape.keys() {
                    whole.set(key).into_iter().for_each(|value| item.put(key, value.clone()));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(names: &[&str]) -> Value {
        let items: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"spec": {"containers": items}})
    }

    #[test]
    fn keeps_the_order_of_either_side() {
        for (live, said, both) in [
            (&["main"][..], &["side"][..], &["main", "side"][..]),
            (&["b", "x", "a"], &["a", "b"], &["x", "a", "b"]),
            (&["b", "x"], &["a", "b"], &["a", "b", "x"]),
            (&["x", "b"], &["b", "a"], &["x", "b", "a"]),
        ] {
            assert_eq!(merge(&pod(live), &pod(said)), pod(both), "{live:?} {said:?}");
        }
    }

    #[test]
    fn takes_out_what_nobody_has() {
        let mut object = json!({"metadata": {"labels": {"a": "1"}}, "spec": {
            "replicas": 2, "containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "x"}],
        }});
        let gone = Set::read(&json!({
            "f:metadata": {"f:labels": {"f:a": {}}},
            "f:spec": {"f:replicas": {}, "f:containers": {
                "k:{\"name\":\"a\"}": {".": {}, "f:name": {}, "f:image": {}},
                "k:{\"name\":\"b\"}": {".": {}, "f:name": {}, "f:image": {}},
            }},
        }));
        let kept = Set::read(&json!({
            "f:spec": {"f:containers": {"k:{\"name\":\"b\"}": {"f:pull": {}}}},
        }));
        prune(&mut object, &gone, &kept);
        assert_eq!(object, json!({"spec": {"containers": [{"name": "b"}]}}));
    }
}
