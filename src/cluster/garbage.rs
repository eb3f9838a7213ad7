//! The garbage collector: what goes when its owners are gone.
//!
//! Upstream: `pkg/controller/garbagecollector/garbagecollector.go`, attemptToDeleteItem,
//! attemptToOrphan.

use super::apiserver::cascade::{self, FOREGROUND_FINALIZER, ORPHAN_FINALIZER};
use super::deployment::{Deployment, ReplicaSet};
use super::meta::{Key, Kind, Meta, OwnerReference, Uid};
use super::pod::Pod;
use super::run::Work;
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::step::Changed;
use super::storage::Claim;
use super::store::{Store, Stored};
use super::time::Millis;
use super::{Change, Cluster, apiserver};
use crate::api::change::Cascade;

/// How long the garbage collector takes to notice. A guess: its latency has no bound upstream.
const LATENCY_MS: Millis = 20;

/// Queues a round if the change can have left something without an owner.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    if concerns(&cluster.store, change) && !cluster.garbage_queued {
        cluster.garbage_queued = true;
        cluster.queue.schedule(cluster.now.saturating_add(LATENCY_MS), Work::Garbage);
    }
}

/// One round; another follows if it changed what it looks at.
#[inline(never)]
pub fn handle(cluster: &mut Cluster) {
    cluster.garbage_queued = false;
    collect(&mut cluster.store, cluster.now);
}

fn concerns(store: &Store, change: &Change) -> bool {
    match change {
        Change::StatefulSet(Changed { new: Some(new), .. }) => new.meta.is_terminating(),
        Change::Deployment(Changed { new: Some(new), .. }) => new.meta.is_terminating(),
        Change::StatefulSet(_) | Change::Deployment(_) => true,
        Change::ReplicaSet(Changed { new: None, .. }) => true,
        Change::ReplicaSet(Changed { new: Some(new), .. }) if new.meta.is_terminating() => true,
        Change::Pod(Changed { old: Some(old), new: None }) => {
            owns_a_claim(store, old) || has_terminating_owner(store, &old.meta)
        }
        Change::Pod(_)
        | Change::Claim(_)
        | Change::ControllerRevision(_)
        | Change::ReplicaSet(_) => {
            let meta = change.meta();
            let is_dangling = meta.owners.iter().any(|owner| !exists(store, meta, owner));
            is_dangling || has_terminating_owner(store, meta)
        }
        _ => false,
    }
}

fn owns_a_claim(store: &Store, pod: &Pod) -> bool {
    pod.claims.iter().any(|volume| {
        let claim = store.get::<Claim>(&pod.meta.key.sibling(&volume.claim));
        claim.is_some_and(|claim| is_owned_by(&claim.meta, pod.meta.uid))
    })
}

fn has_terminating_owner(store: &Store, meta: &Meta) -> bool {
    fn is_it<T: Stored>(store: &Store, meta: &Meta, owner: &OwnerReference) -> bool {
        let object = store.get::<T>(&meta.key.sibling(&owner.name));
        object.is_some_and(|it| it.meta().uid == owner.uid && it.meta().is_terminating())
    }
    meta.owners.iter().any(|owner| match &*owner.kind {
        "Deployment" => is_it::<Deployment>(store, meta, owner),
        "ReplicaSet" => is_it::<ReplicaSet>(store, meta, owner),
        _ => is_it::<StatefulSet>(store, meta, owner),
    })
}

/// One round over everything. Returns whether it changed anything.
pub fn collect(store: &mut Store, now: Millis) -> bool {
    let before = store.resource_version();
    collect_owners::<StatefulSet>(store, now);
    collect_owners::<Deployment>(store, now);
    collect_owners::<ReplicaSet>(store, now);
    for (key, meta) in dependents::<ReplicaSet>(store) {
        if !disown::<ReplicaSet>(store, &key, &meta) && !meta.is_terminating() {
            store.remove::<ReplicaSet>(&key);
        }
    }
    for (key, meta) in dependents::<Pod>(store) {
        if !disown::<Pod>(store, &key, &meta) && !meta.is_terminating() {
            delete_pod(store, &key, now);
        }
    }
    for (key, meta) in dependents::<Claim>(store) {
        if !disown::<Claim>(store, &key, &meta) && !meta.is_terminating() {
            delete_claim(store, &key, now);
        }
    }
    for (key, meta) in dependents::<ControllerRevision>(store) {
        if !disown::<ControllerRevision>(store, &key, &meta) {
            store.remove::<ControllerRevision>(&key);
        }
    }
    store.resource_version() != before
}

/// Deals with the dependents of owners that are being deleted.
fn collect_owners<T: Stored>(store: &mut Store, now: Millis) {
    let metas = store.list::<T>().map(|object| object.meta());
    let terminating: Vec<Meta> = metas.filter(|meta| meta.is_terminating()).cloned().collect();
    for meta in terminating {
        let has = |finalizer: &str| meta.finalizers.iter().any(|it| **it == *finalizer);
        if has(ORPHAN_FINALIZER) {
            orphan_dependents(store, meta.uid);
            store.remove::<T>(&meta.key);
        } else if has(FOREGROUND_FINALIZER) && delete_dependents(store, &meta, now) {
            store.remove::<T>(&meta.key);
        }
    }
}

/// The objects of a kind that name an owner that does not exist.
fn dependents<T: Stored>(store: &Store) -> Vec<(Key, Meta)> {
    let objects = store.list::<T>().map(|object| object.meta());
    let is_dangling = |meta: &&Meta| meta.owners.iter().any(|owner| !exists(store, meta, owner));
    objects.filter(is_dangling).map(|meta| (meta.key.clone(), meta.clone())).collect()
}

/// Takes out the owners that are gone if others are left. Returns whether others are.
fn disown<T: Stored>(store: &mut Store, key: &Key, meta: &Meta) -> bool {
    let left: Vec<OwnerReference> =
        meta.owners.iter().filter(|owner| exists(store, meta, owner)).cloned().collect();
    if left.is_empty() {
        return false;
    }
    store.update::<T>(key, |object| object.meta_mut().owners = left);
    true
}

/// Whether an owner exists. One of a kind that the simulator does not store always does.
fn exists(store: &Store, meta: &Meta, owner: &OwnerReference) -> bool {
    let key = Key { namespace: meta.key.namespace.clone(), name: owner.name.clone() };
    match &*owner.kind {
        kind if kind == Kind::StatefulSet.name() => store.has::<StatefulSet>(&key, owner.uid),
        kind if kind == Kind::Deployment.name() => store.has::<Deployment>(&key, owner.uid),
        kind if kind == Kind::ReplicaSet.name() => store.has::<ReplicaSet>(&key, owner.uid),
        kind if kind == Kind::Pod.name() => store.has::<Pod>(&key, owner.uid),
        _ => true,
    }
}

/// `--cascade=orphan`: the owner is taken out of the owners of everything.
fn orphan_dependents(store: &mut Store, set: Uid) {
    orphan::<ReplicaSet>(store, set);
    orphan::<Pod>(store, set);
    orphan::<Claim>(store, set);
    orphan::<ControllerRevision>(store, set);
}

fn orphan<T: Stored>(store: &mut Store, set: Uid) {
    for key in owned::<T>(store, set) {
        store.update::<T>(&key, |it| it.meta_mut().owners.retain(|owner| owner.uid != set));
    }
}

/// `--cascade=foreground`: pods, claims and ReplicaSets go first, then the revisions. Returns whether
/// all are gone.
fn delete_dependents(store: &mut Store, owner: &Meta, now: Millis) -> bool {
    let (pods, claims) = (owned::<Pod>(store, owner.uid), owned::<Claim>(store, owner.uid));
    let sets = owned::<ReplicaSet>(store, owner.uid);
    if pods.is_empty() && claims.is_empty() && sets.is_empty() {
        for key in owned::<ControllerRevision>(store, owner.uid) {
            store.remove::<ControllerRevision>(&key);
        }
        return true;
    }
    for key in sets {
        let _gone = cascade::delete::<ReplicaSet>(store, &key, Cascade::Foreground, now).is_err();
    }
    for key in pods {
        if store.get::<Pod>(&key).is_some_and(|pod| !pod.is_terminating()) {
            delete_pod(store, &key, now);
        }
    }
    for key in claims {
        if store.get::<Claim>(&key).is_some_and(|claim| !claim.meta.is_terminating()) {
            delete_claim(store, &key, now);
        }
    }
    false
}

fn owned<T: Stored>(store: &Store, owner: Uid) -> Vec<Key> {
    let objects = store.list::<T>().map(|object| object.meta());
    objects.filter(|meta| is_owned_by(meta, owner)).map(|meta| meta.key.clone()).collect()
}

fn is_owned_by(meta: &Meta, owner: Uid) -> bool {
    meta.owners.iter().any(|it| it.uid == owner)
}

/// The object was listed a moment ago; should it be gone, that is as well.
fn delete_pod(store: &mut Store, key: &Key, now: Millis) {
    let _gone_already = apiserver::pod::delete(store, key, None, now).is_err();
}

fn delete_claim(store: &mut Store, key: &Key, now: Millis) {
    let _gone_already = apiserver::claim::delete(store, key, now).is_err();
}
