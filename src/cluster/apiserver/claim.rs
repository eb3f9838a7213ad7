//! Creating and deleting claims.
//!
//! Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
//! `plugin/pkg/admission/storage/storageobjectinuseprotection`.

use crate::api::Status;
use crate::cluster::meta::{Deletion, Key, Kind};
use crate::cluster::storage::{Claim, admit_claim};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Creates a claim: it gets the default class if it names none, and the protecting finalizer.
///
/// # Errors
/// `AlreadyExists` if the name is taken.
pub fn create(store: &mut Store, mut claim: Claim, now: Millis) -> Result<Rc<Claim>, Status> {
    admit_claim(store, &mut claim);
    store.create(claim, now)
}

/// Deletes a claim. It goes once its finalizers are off.
///
/// # Errors
/// `NotFound`.
pub fn delete(store: &mut Store, key: &Key, now: Millis) -> Result<(), Status> {
    let Some(claim) = store.get::<Claim>(key) else {
        return Err(Status::not_found(Kind::PersistentVolumeClaim, &key.name));
    };
    if claim.meta.finalizers.is_empty() {
        store.remove::<Claim>(key);
    } else if !claim.meta.is_terminating() {
        let deletion = Deletion { timestamp: now, grace_ms: 0 };
        store.update::<Claim>(key, |claim| claim.meta.deletion = Some(deletion));
    }
    Ok(())
}
