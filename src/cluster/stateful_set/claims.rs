//! Who is to own the claims of a pod, and what claims a pod gets.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, isClaimOwnerUpToDate,
//! updateClaimOwnerRefForSetAndPod, hasUnexpectedController, hasNonControllerOwner, hasStaleOwnerRef.

use super::identity::claim_name;
use super::{ClaimTemplate, Retention, StatefulSet};
use crate::cluster::meta::{Key, Kind, Labels, Meta, OwnerReference, Uid};
use crate::cluster::storage::Claim;
use std::rc::Rc;

/// The set and the pod whose claim is looked at.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// The set.
    pub set: &'a StatefulSet,
    /// The pod's name.
    pub pod: &'a Rc<str>,
    /// The pod's UID; the default for one that does not exist yet.
    pub pod_uid: Uid,
    /// The pod's ordinal.
    pub ordinal: i32,
}

impl Holder<'_> {
    fn is_set(&self, owner: &OwnerReference) -> bool {
        *owner.kind == *Kind::StatefulSet.name() && owner.name == self.set.meta.key.name
    }

    fn is_pod(&self, owner: &OwnerReference) -> bool {
        *owner.kind == *Kind::Pod.name() && owner.name == *self.pod
    }

    fn set_uid(&self) -> Uid {
        self.set.meta.uid
    }

    fn is_condemned(&self) -> bool {
        !self.set.spec.is_in_range(self.ordinal)
    }

    /// The owner that the retention policy asks for.
    fn wanted_owner(&self) -> Option<OwnerReference> {
        let spec = &self.set.spec;
        if spec.when_scaled == Retention::Delete && self.is_condemned() {
            return Some(OwnerReference {
                api_version: Kind::Pod.api_version().into(),
                kind: Kind::Pod.name().into(),
                name: Rc::clone(self.pod),
                uid: self.pod_uid,
                controller: true,
                block_owner_deletion: true,
            });
        }
        let owned = spec.when_deleted == Retention::Delete;
        owned.then(|| super::identity::controller_reference(self.set))
    }

    /// A reference to an earlier object of the pod's name.
    pub fn is_stale_pod(&self, owner: &OwnerReference) -> bool {
        self.is_pod(owner) && owner.uid != self.pod_uid
    }

    fn is_stale_set(&self, owner: &OwnerReference) -> bool {
        self.is_set(owner) && owner.uid != self.set_uid()
    }

    /// Whether something else manages the claim, so that the policy does not count.
    pub fn has_unexpected_controller(&self, owners: &[OwnerReference]) -> bool {
        if self.set.spec.retains_claims() {
            return false;
        }
        owners.iter().any(|owner| {
            if self.is_set(owner) || self.is_pod(owner) {
                self.is_stale_set(owner) || self.is_stale_pod(owner)
            } else {
                owner.controller
            }
        })
    }

    /// Whether the owners of a claim are as the retention policy asks.
    pub fn owners_match(&self, owners: &[OwnerReference]) -> bool {
        if owners.is_empty() {
            return self.wanted_owner_kind().is_none();
        }
        if owners.iter().any(|owner| self.is_stale_set(owner) || self.is_stale_pod(owner)) {
            return true;
        }
        let has = |uid: Uid| owners.iter().any(|owner| owner.uid == uid);
        let (of_set, of_pod) = (has(self.set_uid()), has(self.pod_uid));
        if self.has_unexpected_controller(owners) {
            return !of_set && !of_pod;
        }
        let is_ours = |uid: Uid| uid == self.set_uid() || uid == self.pod_uid;
        if owners.iter().any(|owner| is_ours(owner.uid) && !owner.controller) {
            return false;
        }
        let wanted = self.wanted_owner_kind();
        of_set == (wanted == Some(Kind::StatefulSet)) && of_pod == (wanted == Some(Kind::Pod))
    }

    fn wanted_owner_kind(&self) -> Option<Kind> {
        let spec = &self.set.spec;
        if spec.when_scaled == Retention::Delete && self.is_condemned() {
            return Some(Kind::Pod);
        }
        (spec.when_deleted == Retention::Delete).then_some(Kind::StatefulSet)
    }

    /// The owners that a claim is to have instead of `owners`.
    pub fn corrected_owners(&self, owners: &[OwnerReference]) -> Vec<OwnerReference> {
        let foreign = owners.iter().filter(|owner| !self.is_set(owner) && !self.is_pod(owner));
        let mut corrected: Vec<OwnerReference> = foreign.cloned().collect();
        if !self.has_unexpected_controller(owners) {
            corrected.extend(self.wanted_owner());
        }
        corrected
    }
}

/// The claim that a pod gets from a claim template.
///
/// Upstream: getPersistentVolumeClaims.
pub fn new_claim(set: &StatefulSet, template: &ClaimTemplate, ordinal: i32) -> Claim {
    let key = claim_key(set, template, ordinal);
    let mut labels = Labels::clone(&template.labels);
    labels.extend(set.spec.selector.exact_labels().iter().cloned());
    let mut meta = Meta::new(key);
    meta.labels = Rc::new(labels);
    meta.annotations = Rc::clone(&template.annotations);
    Claim {
        request_bytes: template.request_bytes,
        request: Rc::clone(&template.request),
        storage_class: template.storage_class.clone(),
        access_modes: Rc::clone(&template.access_modes),
        selector: template.selector.clone(),
        is_block: template.is_block,
        spec: template.spec.clone(),
        ..Claim::new(meta)
    }
}

/// Where the claim of a pod is kept.
pub fn claim_key(set: &StatefulSet, template: &ClaimTemplate, ordinal: i32) -> Key {
    let name = claim_name(&template.name, &set.meta.key.name, ordinal);
    Key { namespace: Rc::clone(&set.meta.key.namespace), name }
}
