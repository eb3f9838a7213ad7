//! The objects of the cluster as the API server shows them: whole, with metadata and status.
//!
//! The simulator keeps what it decides by. What a person reads besides, such as a service account's
//! volume or the digest of an image, is filled in here and stands for what a cluster has.

mod deployments;
mod events;
mod network;
mod nodes;
mod pods;
mod storage;
mod workloads;

use super::meta::{Key, Meta, OwnerReference};
use super::time::{EPOCH_SECONDS, Millis};
use super::{Cluster, budget, deployment, node, pod, stateful_set};
use crate::api::timestamp::{Moment, parse};
use crate::api::{Kind, Tree};
use serde_json::{Value, json};
use std::rc::Rc;

/// The milliseconds since 1970 of a simulated time.
pub fn unix_millis(at: Millis) -> i64 {
    EPOCH_SECONDS * 1_000 + i64::try_from(at).unwrap_or(i64::MAX / 2)
}

/// A simulated time as API objects write it.
pub fn timestamp(at: Millis) -> String {
    Moment::of(unix_millis(at)).rfc3339()
}

/// The objects of a kind, by namespace and name; none of a kind that the cluster does not hold.
pub fn list(cluster: &Cluster, kind: &str) -> Vec<Rc<Value>> {
    let store = cluster.store();
    let made: Vec<Value> = match kind {
        "Pod" => store.list::<pod::Pod>().map(|pod| pods::pod(cluster, pod)).collect(),
        "StatefulSet" => {
            store.list::<stateful_set::StatefulSet>().map(|set| workloads::set(set)).collect()
        }
        "ControllerRevision" => store
            .list::<stateful_set::ControllerRevision>()
            .map(|revision| workloads::revision(revision))
            .collect(),
        "PodDisruptionBudget" => {
            store.list::<budget::Budget>().map(|it| workloads::budget(it, store)).collect()
        }
        "Deployment" => {
            store.list::<deployment::Deployment>().map(|it| deployments::deployment(it)).collect()
        }
        "ReplicaSet" => {
            store.list::<deployment::ReplicaSet>().map(|it| deployments::replica_set(it)).collect()
        }
        "Service" => network::services(store),
        "EndpointSlice" => network::slices(store),
        "Endpoints" => network::endpoints(store),
        "PersistentVolumeClaim" => storage::claims(store),
        "PersistentVolume" => storage::volumes(store),
        "StorageClass" => storage::classes(store),
        "Node" => store.list::<node::Node>().map(|it| nodes::node(cluster, it)).collect(),
        "Event" => events::events(store),
        "Namespace" => nodes::namespaces(),
        "ServiceAccount" => nodes::in_namespaces(store, nodes::service_account),
        "ConfigMap" => nodes::in_namespaces(store, nodes::root_certificate),
        _ => Vec::new(),
    };
    let kept = store.kept(kind).map(Rc::clone);
    let all = made.into_iter().map(Rc::new).chain(kept);
    let mut all: Vec<Rc<Value>> = all.map(|object| as_old_as_it_is(cluster, object)).collect();
    all.sort_by(|left, right| key(left).cmp(&key(right)));
    all
}

/// Namespace and name of an object.
fn key(object: &Value) -> (&str, &str) {
    let meta = object.at("metadata");
    (meta.text("namespace"), meta.text("name"))
}

/// The object of a kind and a name.
pub fn get(cluster: &Cluster, kind: &str, own: &Key) -> Option<Rc<Value>> {
    if kind == "Pod" {
        // There are many of them, and the others need not be written out.
        let pod = cluster.store().get::<pod::Pod>(own)?;
        return Some(as_old_as_it_is(cluster, Rc::new(pods::pod(cluster, pod))));
    }
    let is_it = |object: &Rc<Value>| key(object) == (&*own.namespace, &*own.name);
    list(cluster, kind).into_iter().find(is_it)
}

/// An object with the moments before pauses of the session put right.
fn as_old_as_it_is(cluster: &Cluster, mut object: Rc<Value>) -> Rc<Value> {
    if !cluster.config.pauses.is_empty() {
        make_older(cluster, Rc::make_mut(&mut object));
    }
    object
}

/// The fields with moments.
const MOMENTS: [&str; 13] = [
    "creationTimestamp",
    "deletionTimestamp",
    "eventTime",
    "finishedAt",
    "firstTimestamp",
    "lastHeartbeatTime",
    "lastProbeTime",
    "lastTimestamp",
    "lastTransitionTime",
    "lastUpdateTime",
    "startTime",
    "startedAt",
    "timeAdded",
];

/// Puts the moments before a pause of the session where they belong.
fn make_older(cluster: &Cluster, value: &mut Value) {
    let older = |text: &str| {
        let at = parse(text)?;
        let since = Millis::try_from(at - unix_millis(0)).ok()?;
        let paused = i64::try_from(cluster.config.paused_since(since)).ok()?;
        let moment = Moment::of(at - paused);
        let is_micro = text.contains('.');
        (paused > 0).then(|| if is_micro { moment.rfc3339_micro() } else { moment.rfc3339() })
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| make_older(cluster, item)),
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member.as_str() {
                    Some(text) if MOMENTS.contains(&key.as_str()) => {
                        if let Some(text) = older(text) {
                            *member = text.into();
                        }
                    }
                    _ => make_older(cluster, member),
                }
            }
        }
        _ => {}
    }
}

/// An object's metadata.
fn metadata(meta: &Meta, kind: Kind) -> Value {
    let mut own = json!({
        "name": meta.name(),
        "uid": meta.uid.to_string(),
        "resourceVersion": meta.resource_version.to_string(),
        "creationTimestamp": timestamp(meta.created_at),
    });
    if kind.is_namespaced() {
        own.put("namespace", &*meta.key.namespace);
    }
    for (field, map) in [("labels", &meta.labels), ("annotations", &meta.annotations)] {
        for (key, value) in map.iter() {
            own.open(field).put(key, value.as_str());
        }
    }
    if let Some(deletion) = meta.deletion {
        own.put("deletionTimestamp", timestamp(deletion.timestamp));
        own.put("deletionGracePeriodSeconds", deletion.grace_ms / 1_000);
    }
    if !meta.finalizers.is_empty() {
        let names: Vec<Value> = meta.finalizers.iter().map(|name| Value::from(&**name)).collect();
        own.put("finalizers", names);
    }
    if !meta.owners.is_empty() {
        own.put("ownerReferences", meta.owners.iter().map(owner).collect::<Vec<_>>());
    }
    if matches!(
        kind,
        Kind::StatefulSet
            | Kind::Deployment
            | Kind::ReplicaSet
            | Kind::Pod
            | Kind::PodDisruptionBudget
            | Kind::EndpointSlice
    ) {
        own.put("generation", meta.generation);
    }
    own
}

/// A reference to an owner.
pub fn owner(owner: &OwnerReference) -> Value {
    let version = match &*owner.kind {
        "StatefulSet" | "Deployment" | "ReplicaSet" | "DaemonSet" => "apps/v1",
        "Job" | "CronJob" => "batch/v1",
        _ => "v1",
    };
    json!({
        "apiVersion": version,
        "kind": &*owner.kind,
        "name": &*owner.name,
        "uid": owner.uid.to_string(),
        "controller": owner.controller,
        "blockOwnerDeletion": owner.block_owner_deletion,
    })
}

/// An object of these parts.
fn object(kind: Kind, meta: &Meta) -> Value {
    json!({
        "apiVersion": kind.api_version(),
        "kind": kind.name(),
        "metadata": metadata(meta, kind),
    })
}

/// A number of hexadecimal digits that belong to a seed, such as the id of a container.
fn hex(seed: u128, salt: u64, digits: usize) -> String {
    let mut text = String::new();
    let folded = (seed >> 64) ^ (seed & u128::from(u64::MAX));
    let mut state = u64::try_from(folded).unwrap_or(1) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    while text.len() < digits {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        text.push_str(&format!("{:016x}", mixed ^ (mixed >> 31)));
    }
    text.truncate(digits);
    text
}

/// Five letters and digits that belong to a seed, as the server draws them for names.
fn suffix(seed: u128) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let digits = hex(seed, 7, 10);
    (0..5)
        .map(|at| {
            let byte = usize::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap_or(0);
            char::from(LETTERS[byte % LETTERS.len()])
        })
        .collect()
}
