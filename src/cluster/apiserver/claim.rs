//! Creating and deleting claims.
//!
//! Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
//! `plugin/pkg/admission/storage/storageobjectinuseprotection`.

use crate::api::Status;
use crate::cluster::claim_protection::FINALIZER;
use crate::cluster::meta::{Deletion, Key, Kind};
use crate::cluster::storage::{Claim, StorageClass};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Creates a claim: it gets the default class if it names none, and the protecting finalizer.
///
/// # Errors
/// `AlreadyExists` if the name is taken.
pub fn create(store: &mut Store, mut claim: Claim, now: Millis) -> Result<Rc<Claim>, Status> {
    if claim.storage_class.is_none() {
        claim.storage_class = default_class(store);
    }
    claim.meta.finalizers.push(FINALIZER.into());
    store.create(claim, now)
}

/// The default class; of several the one created last, of these the first by name.
fn default_class(store: &Store) -> Option<Rc<str>> {
    let defaults = store.list::<StorageClass>().filter(|class| class.is_default);
    let newest = defaults.min_by_key(|class| std::cmp::Reverse(class.meta.created_at));
    newest.map(|class| Rc::clone(&class.meta.key.name))
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
