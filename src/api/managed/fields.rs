//! Which fields an object has, and which differ between two versions of one.
//!
//! Upstream: `sigs.k8s.io/structured-merge-diff`, `typed/tofieldset.go`, `typed/compare.go`.

use super::set::Set;
use super::shape::{self, Shape};
use crate::api::Tree;
use crate::ordered;
use serde_json::{Map, Value, json};

/// The fields that an applied configuration says.
pub fn said(object: &Value) -> Set {
    without_identity(of("", "", object))
}

fn of(parent: &str, field: &str, value: &Value) -> Set {
    let shape = shape::of(parent, field, value);
    let mut set = Set::default();
    match (shape, value) {
        (Shape::Fields, Value::Object(members)) => {
            set.is_member = members.is_empty();
            for (name, value) in members {
                set.put(format!("f:{name}"), of(field, name, value));
            }
        }
        (Shape::Items(_) | Shape::Set, Value::Array(items)) => {
            for item in items {
                let mut inner = of_item(field, item);
                inner.is_member = true;
                set.inner.extend(shape::item(shape, item).map(|name| (name, inner)));
            }
        }
        _ => set.is_member = true,
    }
    set
}

/// An item of a list that is owned item by item; the list is the parent of what stands in it.
fn of_item(list: &str, item: &Value) -> Set {
    match item {
        Value::Object(_) => of(list, list, item),
        _ => Set::leaf(),
    }
}

/// How two versions of an object differ.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// What is new or other.
    pub changed: Set,
    /// What is gone.
    pub removed: Set,
}

impl Differences {
    /// The differences of two versions.
    pub fn of(old: &Value, new: &Value) -> Self {
        let all = compare("", "", Some(old), Some(new));
        Self { changed: without_identity(all.changed), removed: without_identity(all.removed) }
    }

    /// What an object that is created has.
    pub fn of_new(new: &Value) -> Self {
        Self::of(&empty(new), new)
    }

    fn leaf(is_there: bool) -> Self {
        let (leaf, nothing) = (Set::leaf(), Set::default());
        match is_there {
            true => Self { changed: leaf, removed: nothing },
            false => Self { changed: nothing, removed: leaf },
        }
    }

    fn put(&mut self, name: &str, below: Self) {
        self.changed.put(name.into(), below.changed);
        self.removed.put(name.into(), below.removed);
    }
}

fn compare<'a>(
    parent: &str,
    field: &str,
    old: Option<&'a Value>,
    new: Option<&'a Value>,
) -> Differences {
    let old = old.filter(|it| !it.is_null());
    let new = new.filter(|it| !it.is_null() && it.as_array().is_none_or(|items| !items.is_empty()));
    let Some(either) = new.or(old) else { return Differences::default() };
    let shape = shape::of(parent, field, either);
    let mut all = Differences::default();
    match shape {
        Shape::Fields => {
            let names = |tree: Option<&Value>| -> Vec<String> {
                let members = tree.and_then(Value::as_object).into_iter().flatten();
                members.map(|(name, _)| name.clone()).collect()
            };
            let added =
                names(new).into_iter().filter(|it| old.is_none_or(|old| old.get(it).is_none()));
            for name in names(old).into_iter().chain(added) {
                let at = |tree: Option<&'a Value>| tree.and_then(|it| it.get(&name));
                all.put(&format!("f:{name}"), compare(field, &name, at(old), at(new)));
            }
        }
        Shape::Items(_) | Shape::Set => {
            let (old, new) = (by_name(shape, old), by_name(shape, new));
            let added = new.keys().filter(|name| old.get(*name).is_none());
            for name in old.keys().chain(added) {
                let (old, new) = (old.get(name).copied(), new.get(name).copied());
                all.put(name, compare_items(field, old, new));
            }
        }
        Shape::Atomic if old != new => return Differences::leaf(new.is_some()),
        Shape::Atomic => return all,
    }
    all.changed.is_member |= old.is_none();
    all.removed.is_member |= new.is_none();
    all
}

fn compare_items(list: &str, old: Option<&Value>, new: Option<&Value>) -> Differences {
    match new.or(old) {
        Some(Value::Object(_)) => compare(list, list, old, new),
        _ if old != new => Differences::leaf(new.is_some()),
        _ => Differences::default(),
    }
}

/// The items of a list by what they are called: of several with one name the first.
fn by_name(shape: Shape, list: Option<&Value>) -> ordered::Map<String, &Value> {
    let items = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    items.iter().rev().filter_map(|it| Some((shape::item(shape, it)?, it))).collect()
}

/// What an object always has in Go, so that creating it does not add it.
const ALWAYS: [&str; 7] =
    ["metadata", "spec", "template", "jobTemplate", "strategy", "updateStrategy", "status"];

/// The object before anything is in it.
fn empty(new: &Value) -> Value {
    let mut empty = Map::new();
    for (name, value) in new.as_object().into_iter().flatten() {
        let is_of_claim = name == "resources" && new.set("accessModes").is_some();
        match value {
            Value::Object(_) if ALWAYS.contains(&&**name) || is_of_claim => {
                empty.insert(name.clone(), self::empty(value));
            }
            Value::Array(_) if name == "containers" => {
                empty.insert(name.clone(), json!([]));
            }
            _ => {}
        }
    }
    Value::Object(empty)
}

/// Without what nobody owns who writes an object: what it is, what the server counts, its status.
fn without_identity(mut set: Set) -> Set {
    set.inner.remove("f:status");
    set.without(&Set::read(&json!({
        "f:apiVersion": {}, "f:kind": {},
        "f:metadata": {
            ".": {}, "f:name": {}, "f:namespace": {}, "f:creationTimestamp": {}, "f:uid": {},
            "f:selfLink": {}, "f:generation": {}, "f:managedFields": {}, "f:resourceVersion": {},
        },
    })))
}

/// The fields of a status that was empty.
pub fn of_status(status: &Value) -> Set {
    let mut all = compare("", "status", Some(&json!({})), Some(status)).changed;
    all.is_member = false;
    all
}
