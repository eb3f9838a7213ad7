//! When a definition is looked at, and what is done: its names are accepted, its kind is served, and
//! when it is deleted its objects go first.
//!
//! Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/controller/`: `status`, `establish`,
//! `finalizer/crd_finalizer.go`, deleteInstances.

use super::kind::{CLEANUP, CustomResourceDefinition};
use super::naming;
use crate::api::change::Cascade;
use crate::api::{Kind, custom};
use crate::cluster::apiserver::delete;
use crate::cluster::journal::{Change, Changed};
use crate::cluster::meta::Key;
use crate::cluster::record::Stored;
use crate::cluster::state::Cluster;
use crate::cluster::time::Millis;
use crate::cluster::work::Work;
use serde_json::{Value, json};
use std::rc::Rc;

/// How long the controllers take to notice. A guess: their latency has no bound upstream.
const LATENCY_MS: Millis = 20;

/// Queues the syncs that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    match change.of::<CustomResourceDefinition>() {
        Some(Changed { old, new: Some(new) }) => {
            let asked = |old: &Rc<CustomResourceDefinition>| {
                old.spec == new.spec && old.meta.is_terminating() == new.meta.is_terminating()
            };
            if !old.as_ref().is_some_and(asked) {
                enqueue(cluster, &new.meta.key);
            }
        }
        // Its names are free for others.
        Some(Changed { old: Some(_), new: None }) => enqueue_all(cluster),
        _ if change.kind().is_custom() && change.new.is_none() => enqueue_all(cluster),
        _ => {}
    }
}

fn enqueue_all(cluster: &mut Cluster) {
    let waits =
        |it: &&Rc<CustomResourceDefinition>| it.meta.is_terminating() || !it.is("NamesAccepted");
    let all = cluster.store.list::<CustomResourceDefinition>().filter(waits);
    let keys: Vec<Key> = all.map(|it| it.meta.key.clone()).collect();
    keys.iter().for_each(|key| enqueue(cluster, key));
}

fn enqueue(cluster: &mut Cluster, key: &Key) {
    let at = cluster.now.saturating_add(LATENCY_MS);
    cluster.queue.schedule(at, Work::Sync(CustomResourceDefinition::KIND, key.clone()));
}

/// Looks at one definition.
#[inline(never)]
pub fn sync(cluster: &mut Cluster, key: &Key) {
    let found = cluster.store.get::<CustomResourceDefinition>(key).cloned();
    match found {
        Some(own) if own.meta.is_terminating() => clean_up(cluster, &own),
        Some(own) => serve(cluster, &own),
        None => {}
    }
}

/// Accepts its names, and serves its kind from then on.
fn serve(cluster: &mut Cluster, own: &CustomResourceDefinition) {
    let (accepted, conditions) = naming::names(&cluster.store, own, cluster.now);
    cluster.store.update::<CustomResourceDefinition>(&own.meta.key, |it| {
        it.accepted = Rc::new(accepted);
        it.conditions = conditions.into();
    });
    let found = cluster.store.get::<CustomResourceDefinition>(&own.meta.key);
    let defined = found.filter(|it| it.is("Established")).and_then(|it| defined(it));
    cluster.store.serve(own.served, defined);
    cluster.store.update::<CustomResourceDefinition>(&own.meta.key, |it| it.served = defined);
}

/// The kind that it defines, by the names that are accepted.
fn defined(own: &CustomResourceDefinition) -> Option<Kind> {
    let mut spec: Value = (*own.spec).clone();
    spec["names"] = (*own.accepted).clone();
    custom::kind_of(&json!({"spec": spec}))
}

/// Deletes the objects of its kind; when none is left it goes itself.
fn clean_up(cluster: &mut Cluster, own: &CustomResourceDefinition) {
    let now = cluster.now;
    let key = &own.meta.key;
    if let Some(kind) = own.served {
        cluster.store.close(kind);
        for record in cluster.store.records(kind) {
            if !record.metadata().is_terminating() {
                delete::mark(&mut cluster.store, record, None, Some(Cascade::Background), now);
            }
        }
        if !cluster.store.records(kind).is_empty() {
            let why = ("InstanceDeletionInProgress", "CustomResource deletion is in progress");
            let condition = naming::condition(own, ("Terminating", true), why, now);
            cluster.store.update::<CustomResourceDefinition>(key, |it| {
                let known = it.conditions.iter().filter(|it| it["type"] != "Terminating");
                it.conditions = known.cloned().chain([condition]).collect();
            });
            return;
        }
        cluster.store.serve(Some(kind), None);
    }
    cluster.store.update::<CustomResourceDefinition>(key, |it| {
        it.served = None;
        it.meta.finalizers.retain(|finalizer| **finalizer != *CLEANUP);
    });
}
