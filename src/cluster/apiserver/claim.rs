//! Admitting claims and volumes; creating and deleting claims.
//!
//! Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
//! `plugin/pkg/admission/storage/storageobjectinuseprotection`.

use crate::api::{ApiObject, Status, Tree, update_rules};
use crate::cluster::meta::{Deletion, Key, Kind};
use crate::cluster::state::{Acts, Cluster};
use crate::cluster::storage::{
    CLAIM_PROTECTION, Claim, StorageClass, VOLUME_PROTECTION, Volume, default_class,
};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

impl Acts for Claim {
    /// Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
    /// `plugin/pkg/admission/storage/storageobjectinuseprotection`,
    /// `plugin/pkg/admission/storage/persistentvolume/resize`.
    fn admit(
        cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        let store = &cluster.store;
        if let Some(old) = old {
            let class = old.spec().opt_text("storageClassName").unwrap_or_default();
            let class = store.get::<StorageClass>(&StorageClass::key(class));
            let can_expand = class.is_some_and(|class| class.allow_expansion);
            return update_rules::resize(object, old, can_expand).map_or(Ok(()), Err);
        }
        if object.spec().set("storageClassName").is_none()
            && let Some(class) = default_class(store)
        {
            let name = class.meta.name().to_owned();
            object.spec_mut().put("storageClassName", name);
        }
        protect(object, CLAIM_PROTECTION);
        Ok(())
    }
}

impl Acts for Volume {
    /// Upstream: `plugin/pkg/admission/storage/storageobjectinuseprotection`.
    fn admit(
        _cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        if old.is_none() {
            protect(object, VOLUME_PROTECTION);
        }
        Ok(())
    }
}

/// Adds a finalizer that admission gives to every object of a kind.
fn protect(object: &mut ApiObject, finalizer: &str) {
    let meta = object.tree.open("metadata");
    if !meta.texts("finalizers").any(|it| it == finalizer) {
        let mut all = meta.items("finalizers").to_vec();
        all.push(finalizer.into());
        meta.put("finalizers", all);
    }
}

/// What admission makes of a claim before it is stored: the default class and the protection.
///
/// Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
/// `plugin/pkg/admission/storage/storageobjectinuseprotection`.
pub fn admit_claim(store: &Store, claim: &mut Claim) {
    if claim.storage_class.is_none() {
        claim.storage_class = default_class(store).map(|class| class.meta.key.name.clone());
    }
    if !claim.meta.finalizers.iter().any(|finalizer| **finalizer == *CLAIM_PROTECTION) {
        claim.meta.finalizers.push(CLAIM_PROTECTION.into());
    }
}

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
