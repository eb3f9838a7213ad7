//! Who owns the fields of a stored object, and how `managedFields` shows it.
//!
//! Simplified: what controllers write is owned by one manager for each kind, as of the last write of a
//! person; a list shows no managers in objects that no person has written.

use crate::api::managed::set::Set;
use crate::api::managed::{self, Manager, Managers, Writer};
use crate::api::{Kind, Tree};
use crate::cluster::meta::{Managed, Meta};
use crate::cluster::namespace::kind::NAME_LABEL;
use crate::cluster::time::timestamp;
use serde_json::Value;
use std::rc::Rc;

/// The controllers of most kinds.
const CONTROLLERS: &str = "kube-controller-manager";

/// The managers that own what persons have written, or those of an object that no person has
/// written. `live` is the whole object.
pub fn of(kind: Kind, meta: &Meta, live: &Value) -> Managers {
    match meta.managed.as_deref() {
        Some(Managed::Entries(entries)) => Managers::read(entries),
        Some(Managed::Created { manager, at, object }) => {
            let time = timestamp(*at);
            let object = defaulted(kind, object);
            Managers::of_new(&object, writer(kind, manager, &time))
        }
        None => {
            let time = timestamp(meta.created_at);
            let mut object = live.clone();
            without_admitted(kind, &mut object);
            Managers::of_new(&object, writer(kind, creator(kind), &time))
        }
    }
}

/// A created object as the server has it before it allocates and admits anything.
fn defaulted(kind: Kind, object: &Value) -> Value {
    let mut object = object.clone();
    match kind.name() {
        "Service" => drop(object.open("spec").drop_field("clusterIPs")),
        "Namespace" => {
            let meta = object.open("metadata");
            let name = meta.text("name").to_owned();
            meta.open("labels").put(NAME_LABEL, name);
        }
        _ => {}
    }
    object
}

/// Takes out what admission and the scheduler add to an object that a controller creates: nobody owns
/// it.
fn without_admitted(kind: Kind, object: &mut Value) {
    object.open("metadata").drop_field("finalizers");
    if kind == Kind::PersistentVolumeClaim {
        object.open("spec").drop_field("storageClassName");
    }
    if kind != Kind::Pod {
        return;
    }
    let is_admitted = |it: &Value| it.text("name").starts_with("kube-api-access-");
    let spec = object.open("spec");
    for field in
        ["nodeName", "serviceAccount", "serviceAccountName", "priority", "preemptionPolicy"]
    {
        spec.drop_field(field);
    }
    let is_default = |it: &Value| it.text("key").starts_with("node.kubernetes.io/");
    let has_own = spec.items("tolerations").iter().any(|it| !is_default(it));
    if !has_own {
        spec.drop_field("tolerations");
    }
    retain(spec, "volumes", |it| !is_admitted(it));
    for list in ["initContainers", "containers"] {
        for container in spec.items_mut(list) {
            retain(container, "volumeMounts", |it| !is_admitted(it));
        }
    }
}

/// Keeps some items of a list, which goes with the last.
fn retain(tree: &mut Value, list: &str, keeps: impl Fn(&Value) -> bool) {
    let Some(items) = tree.set_mut(list).and_then(Value::as_array_mut) else { return };
    items.retain(keeps);
    if items.is_empty() {
        tree.drop_field(list);
    }
}

/// A writer of objects of a kind.
pub fn writer<'a>(kind: Kind, manager: &'a str, time: &'a str) -> Writer<'a> {
    Writer { manager, api_version: kind.api_version(), subresource: "", time }
}

/// Who creates objects of a kind that no person has created.
fn creator(kind: Kind) -> &'static str {
    match kind.name() {
        "Node" => "kubelet",
        "Namespace" | "Service" | "PriorityClass" => "kube-apiserver",
        _ => CONTROLLERS,
    }
}

/// Notes who owns what now. One who owns just what he owned before is no change.
pub fn note(meta: &mut Meta, before: &Managers, after: &Managers) {
    if before != after {
        meta.managed = Some(Rc::new(Managed::Entries(after.entries())));
    }
}

/// Puts `managedFields` into a whole object, unless somebody has taken them all away.
pub fn show(kind: Kind, meta: &Meta, live: &mut Value) {
    let mut managers = of(kind, meta, live);
    let Some(time) = managers.0.iter().map(|it| it.time.clone()).max() else { return };
    let all = managers.0.iter().fold(Set::default(), |all, it| all.with(&it.fields));
    let theirs = match meta.managed {
        Some(_) => noted(live, &all).without(&all),
        None => Set::default(),
    };
    let status = match kind.name() {
        "Namespace" | "Service" => Set::default(),
        "Pod" => managed::status(&of_kubelet(live.at("status"))),
        _ => managed::status(live.at("status")),
    };
    let of_status = match kind.name() {
        "Pod" | "Node" => "kubelet",
        _ => CONTROLLERS,
    };
    let (own, status) = match kind {
        Kind::Deployment => (Set::default(), status.with(&theirs)),
        _ => (theirs, status),
    };
    for (name, subresource, fields) in [(CONTROLLERS, "", own), (of_status, "status", status)] {
        if !fields.is_empty() {
            let writer = Writer { subresource, ..writer(kind, name, &time) };
            managers.0.push(Manager::writing(writer, fields));
        }
    }
    live.open("metadata").put("managedFields", managers.entries());
}

/// What the kubelet writes of a pod's status.
fn of_kubelet(status: &Value) -> Value {
    let mut own = status.clone();
    own.drop_field("qosClass");
    for condition in own.items_mut("conditions") {
        condition.put("lastProbeTime", "");
    }
    own
}

/// What controllers write besides the status: annotations, and the volume of a claim.
fn noted(live: &Value, owned: &Set) -> Set {
    let mut annotations = Set::default();
    for (name, _) in live.at("metadata").members("annotations") {
        annotations.put(format!("f:{name}"), Set::leaf());
    }
    let owned_ones = owned.below("f:metadata").and_then(|it| it.below("f:annotations"));
    annotations.is_member = owned_ones.is_none() && !annotations.inner.is_empty();
    let mut all = below(["f:metadata", "f:annotations"], annotations);
    for field in ["volumeName", "claimRef"] {
        if live.at("spec").set(field).is_some() {
            all = all.with(&below(["f:spec", &format!("f:{field}")], Set::leaf()));
        }
    }
    all
}

/// A set below two steps.
fn below([first, second]: [&str; 2], set: Set) -> Set {
    let (mut outer, mut inner) = (Set::default(), Set::default());
    inner.put(second.into(), set);
    outer.put(first.into(), inner);
    outer
}

/// The managers that a request has written itself, or those that there were. Those of controllers are
/// shown and not kept.
pub fn written(object: &Value, live: &Value, before: &Managers) -> Managers {
    let entries = object.at("metadata").items("managedFields");
    if entries == live.at("metadata").items("managedFields") {
        return before.clone();
    }
    let mut managers = Managers::read(entries);
    // One entry with nothing in it takes away all.
    if matches!(entries, [Value::Object(members)] if members.is_empty()) {
        return Managers::default();
    }
    managers.0.retain(|it| it.subresource != "status" && !it.fields.is_empty());
    match managers.0.is_empty() {
        true => before.clone(),
        false => managers,
    }
}
