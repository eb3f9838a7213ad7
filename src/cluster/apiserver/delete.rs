//! Deleting an object: at once, or when nothing keeps it any longer.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go`, Delete,
//! deletionFinalizersForGarbageCollection, markAsDeleting;
//! `staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go`, BeforeDelete.

use crate::api::Status;
use crate::api::change::Cascade;
use crate::cluster::meta::{Deletion, Key, Kind};
use crate::cluster::record::Record;
use crate::cluster::store::{Store, Stored};
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Keeps an object until its dependents are gone (`--cascade=foreground`).
pub const FOREGROUND_FINALIZER: &str = "foregroundDeletion";
/// Keeps an object until its dependents are orphaned (`--cascade=orphan`).
pub const ORPHAN_FINALIZER: &str = "orphan";

/// Deletes an object of a type.
///
/// # Errors
/// `NotFound`.
pub fn delete<T: Stored>(
    store: &mut Store,
    key: &Key,
    cascade: Cascade,
    now: Millis,
) -> Result<(), Status> {
    delete_any(store, T::KIND, key, (None, Some(cascade)), now)
}

/// Deletes an object of any kind: with a grace period in seconds (`None`: its own), and what becomes
/// of its dependents (`None`: as was said before, else they go after it).
///
/// # Errors
/// `NotFound`, `Forbidden`.
#[inline(never)]
pub fn delete_any(
    store: &mut Store,
    kind: Kind,
    key: &Key,
    (grace_seconds, cascade): (Option<i64>, Option<Cascade>),
    now: Millis,
) -> Result<(), Status> {
    let Some(object) = store.record(kind, key) else {
        return Err(Status::not_found(kind, &key.name));
    };
    if let Some(refusal) = object.refuses_deletion() {
        return Err(refusal);
    }
    mark(store, object, grace_seconds, cascade, now);
    Ok(())
}

/// Marks an object as deleted, or removes it if nothing keeps it. A deletion that was asked for
/// before can only become quicker.
#[inline(never)]
pub fn mark(
    store: &mut Store,
    object: Rc<dyn Record>,
    grace_seconds: Option<i64>,
    cascade: Option<Cascade>,
    now: Millis,
) {
    let mut meta = object.metadata().clone();
    if let Some(cascade) = cascade {
        let is_other = |it: &Rc<str>| **it != *FOREGROUND_FINALIZER && **it != *ORPHAN_FINALIZER;
        meta.finalizers.retain(is_other);
        match cascade {
            Cascade::Background => {}
            Cascade::Foreground => meta.finalizers.push(FOREGROUND_FINALIZER.into()),
            Cascade::Orphan => meta.finalizers.push(ORPHAN_FINALIZER.into()),
        }
    }
    let grace_ms = object.grace(grace_seconds);
    let wanted = Deletion { timestamp: now.saturating_add(grace_ms), grace_ms };
    match meta.deletion {
        None => {
            meta.deletion = Some(wanted);
            meta.generation += i64::from(!object.kind().row().deletes_by_itself);
            meta.finalizers.extend(object.finalizer().map(Rc::from));
        }
        Some(known) if grace_seconds.is_some() && grace_ms < known.grace_ms => {
            meta.deletion = Some(wanted);
        }
        Some(_) => {}
    }
    let marked = object.with(meta);
    if marked.is_released() {
        store.drop_record(object.kind(), &object.metadata().key);
    } else {
        store.replace(object, marked);
    }
}
