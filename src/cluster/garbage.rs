//! The garbage collector: what goes when its owners are gone, whatever its kind.
//!
//! Upstream: `pkg/controller/garbagecollector/garbagecollector.go`, attemptToDeleteItem,
//! attemptToOrphan.

use super::apiserver::delete::{self, FOREGROUND_FINALIZER, ORPHAN_FINALIZER};
use super::meta::{Key, Kind, Meta, OwnerReference, Uid};
use super::pod::Pod;
use super::record::Record;
use super::storage::Claim;
use super::store::Store;
use super::time::Millis;
use super::work::Work;
use super::{Change, Cluster};
use crate::api::change::Cascade;
use std::rc::Rc;

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
    let meta = change.meta();
    if change.new.is_some() {
        return waits(meta)
            || meta.owners.iter().any(|owner| !exists(store, meta, owner))
            || has_terminating_owner(store, meta);
    }
    has_terminating_owner(store, meta)
        || match change.kind() {
            // There are many of them, and they own nothing that a controller made.
            Kind::EndpointSlice | Kind::ControllerRevision | Kind::PersistentVolumeClaim => false,
            Kind::Pod => change
                .of::<Pod>()
                .and_then(|it| it.old)
                .is_some_and(|pod| owns_a_claim(store, &pod)),
            _ => store.kinds().any(|kind| !owned(store, kind, meta.uid).is_empty()),
        }
}

/// Whether an object is being deleted and waits for this controller.
fn waits(meta: &Meta) -> bool {
    let is_own = |it: &Rc<str>| **it == *FOREGROUND_FINALIZER || **it == *ORPHAN_FINALIZER;
    meta.is_terminating() && meta.finalizers.iter().any(is_own)
}

fn owns_a_claim(store: &Store, pod: &Pod) -> bool {
    pod.claims.iter().any(|volume| {
        let claim = store.get::<Claim>(&pod.meta.key.sibling(&volume.claim));
        claim.is_some_and(|claim| is_owned_by(&claim.meta, pod.meta.uid))
    })
}

/// The owner that a reference names; none if it is gone.
///
/// The owner of an object in a namespace is in that namespace, or of the whole cluster.
fn owner(store: &Store, meta: &Meta, reference: &OwnerReference) -> Option<Rc<dyn Record>> {
    let kind = store.served(&reference.kind, &reference.api_version)?;
    let namespace = if kind.is_namespaced() { &*meta.key.namespace } else { "" };
    let record = store.record(kind, &Key::new(namespace, &reference.name))?;
    (record.metadata().uid == reference.uid).then_some(record)
}

/// Whether an owner exists. One of a kind that is not served always does, and so does one that is named
/// without its UID, which a real server refuses and saved work of earlier formats has.
fn exists(store: &Store, meta: &Meta, reference: &OwnerReference) -> bool {
    reference.uid == Uid::default()
        || store.served(&reference.kind, &reference.api_version).is_none()
        || owner(store, meta, reference).is_some()
}

fn has_terminating_owner(store: &Store, meta: &Meta) -> bool {
    let owners = meta.owners.iter().filter_map(|reference| owner(store, meta, reference));
    owners.into_iter().any(|owner| owner.metadata().is_terminating())
}

/// One round over everything. Returns whether it changed anything.
pub fn collect(store: &mut Store, now: Millis) -> bool {
    let before = store.resource_version();
    for kind in kinds(store) {
        for record in store.records(kind) {
            if waits(record.metadata()) {
                collect_owner(store, &*record, now);
            }
        }
    }
    for kind in kinds(store) {
        for record in store.records(kind) {
            collect_dependent(store, record, now);
        }
    }
    store.resource_version() != before
}

/// The kinds in the order in which their objects go. What a controller would make again comes last.
fn kinds(store: &Store) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = store.kinds().collect();
    kinds.sort_by_key(|kind| *kind == Kind::ControllerRevision);
    kinds
}

/// Deals with the dependents of an owner that is being deleted.
#[inline(never)]
fn collect_owner(store: &mut Store, record: &dyn Record, now: Millis) {
    let (kind, meta) = (record.kind(), record.metadata());
    let orphans = meta.finalizers.iter().any(|it| **it == *ORPHAN_FINALIZER);
    if orphans {
        orphan_dependents(store, meta.uid);
        release(store, kind, &meta.key, ORPHAN_FINALIZER);
    } else if delete_dependents(store, meta, now) {
        release(store, kind, &meta.key, FOREGROUND_FINALIZER);
    }
}

/// Takes a finalizer off an object.
fn release(store: &mut Store, kind: Kind, key: &Key, finalizer: &str) {
    let Some(record) = store.record(kind, key) else { return };
    let mut meta = record.metadata().clone();
    meta.finalizers.retain(|it| **it != *finalizer);
    let released = record.with(meta);
    store.replace(record, released);
}

/// An object whose owners are all gone goes; one of whose owners some are left forgets the others.
fn collect_dependent(store: &mut Store, record: Rc<dyn Record>, now: Millis) {
    let meta = record.metadata();
    if meta.owners.iter().all(|owner| exists(store, meta, owner)) {
        return;
    }
    let left: Vec<OwnerReference> =
        meta.owners.iter().filter(|owner| exists(store, meta, owner)).cloned().collect();
    if left.is_empty() {
        if !meta.is_terminating() {
            delete::mark(store, record, None, Some(Cascade::Background), now);
        }
        return;
    }
    let corrected = record.with(Meta { owners: left, ..meta.clone() });
    store.replace(record, corrected);
}

/// `--cascade=orphan`: the owner is taken out of the owners of everything.
fn orphan_dependents(store: &mut Store, owner: Uid) {
    for kind in kinds(store) {
        for record in owned(store, kind, owner) {
            let mut meta = record.metadata().clone();
            meta.owners.retain(|it| it.uid != owner);
            let orphaned = record.with(meta);
            store.replace(record, orphaned);
        }
    }
}

/// `--cascade=foreground`: the dependents go first, and revisions last. Returns whether all are gone.
fn delete_dependents(store: &mut Store, owner: &Meta, now: Millis) -> bool {
    let (last, first): (Vec<Kind>, Vec<Kind>) =
        kinds(store).into_iter().partition(|kind| *kind == Kind::ControllerRevision);
    let of = |store: &Store, kinds: &[Kind]| -> Vec<Rc<dyn Record>> {
        kinds.iter().flat_map(|kind| owned(store, *kind, owner.uid)).collect()
    };
    let waited_for = of(store, &first);
    if waited_for.is_empty() {
        for revision in of(store, &last) {
            delete::mark(store, revision, None, Some(Cascade::Background), now);
        }
        return true;
    }
    for dependent in waited_for {
        if dependent.metadata().is_terminating() {
            continue;
        }
        let uid = dependent.metadata().uid;
        let has_dependents = store.kinds().any(|kind| !owned(store, kind, uid).is_empty());
        let cascade = if has_dependents { Cascade::Foreground } else { Cascade::Background };
        delete::mark(store, dependent, None, Some(cascade), now);
    }
    false
}

fn owned(store: &Store, kind: Kind, owner: Uid) -> Vec<Rc<dyn Record>> {
    let mut records = store.records(kind);
    records.retain(|record| is_owned_by(record.metadata(), owner));
    records
}

fn is_owned_by(meta: &Meta, owner: Uid) -> bool {
    meta.owners.iter().any(|it| it.uid == owner)
}
