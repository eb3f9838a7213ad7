//! Deleting objects that own others: `--cascade`.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go`, Delete,
//! deletionFinalizersForGarbageCollection.

use crate::api::Status;
use crate::api::change::Cascade;
use crate::cluster::meta::{Deletion, Key};
use crate::cluster::store::{Store, Stored};
use crate::cluster::time::Millis;

/// Keeps an object until its dependents are gone (`--cascade=foreground`).
pub const FOREGROUND_FINALIZER: &str = "foregroundDeletion";
/// Keeps an object until its dependents are orphaned (`--cascade=orphan`).
pub const ORPHAN_FINALIZER: &str = "orphan";

/// Deletes an object: at once, or once the garbage collector has dealt with its dependents.
///
/// # Errors
/// `NotFound`.
pub fn delete<T: Stored>(
    store: &mut Store,
    key: &Key,
    cascade: Cascade,
    now: Millis,
) -> Result<(), Status> {
    let Some(stored) = store.get::<T>(key).cloned() else {
        return Err(Status::not_found(T::KIND, &key.name));
    };
    let meta = stored.meta();
    let finalizer = match cascade {
        Cascade::Background if meta.finalizers.is_empty() => {
            store.remove::<T>(key);
            return Ok(());
        }
        Cascade::Background => return Ok(()),
        Cascade::Foreground => FOREGROUND_FINALIZER,
        Cascade::Orphan => ORPHAN_FINALIZER,
    };
    if !meta.is_terminating() {
        store.update::<T>(key, |object| {
            let meta = object.meta_mut();
            meta.deletion = Some(Deletion { timestamp: now, grace_ms: 0 });
            meta.finalizers.push(finalizer.into());
            meta.generation += 1;
        });
    }
    Ok(())
}
