//! Which existing volume a claim gets.
//!
//! Upstream: `pkg/controller/volume/persistentvolume/index.go`, findByClaim;
//! `staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go`, FindMatchingVolume.

use crate::api::Tree;
use crate::cluster::node::Node;
use crate::cluster::storage::{Claim, Volume, VolumePhase};
use crate::cluster::store::Store;
use serde_json::Value;
use std::rc::Rc;

/// The volume kept for the claim, else of those that would do the one with the fewest access modes
/// and then the smallest. `node`: it is to be reached from there. `only_kept`: no other counts.
pub fn find<'a>(
    store: &'a Store,
    claim: &Claim,
    node: Option<&Node>,
    only_kept: bool,
) -> Option<&'a Rc<Volume>> {
    let key = &claim.meta.key;
    let is_kept = |volume: &&Rc<Volume>| {
        let kept = volume.claim.as_ref();
        kept.is_some_and(|(other, uid)| other == key && (uid.0 == 0 || *uid == claim.meta.uid))
    };
    let fits = |volume: &Volume| {
        attributes(&claim.spec) == attributes(&volume.spec) && mismatch(claim, volume).is_none()
    };
    let kept = store.list::<Volume>().filter(is_kept).find(|volume| fits(volume));
    if kept.is_some() || only_kept {
        return kept;
    }
    let is_free = |volume: &&Rc<Volume>| {
        volume.claim.is_none()
            && volume.phase == VolumePhase::Available
            && fits(volume)
            && claim.selector.as_ref().is_none_or(|it| it.matches(&volume.meta.labels))
            && node.is_none_or(|node| can_reach(volume, node))
    };
    let free = store.list::<Volume>().filter(is_free);
    free.min_by_key(|volume| (volume.access_modes.len(), volume.capacity_bytes))
}

/// The attributes class that a spec of a claim or volume names; empty if it names none.
pub fn attributes(spec: &Value) -> &str {
    spec.text("volumeAttributesClassName")
}

/// Whether pods on a node can use a volume.
pub fn can_reach(volume: &Volume, node: &Node) -> bool {
    volume.nodes.as_ref().is_none_or(|rule| rule.accepts(node))
}

/// Why a volume will not do for a claim, in the controller's words.
///
/// Upstream: `pv_controller.go`, checkVolumeSatisfyClaim.
pub fn mismatch(claim: &Claim, volume: &Volume) -> Option<String> {
    let has_modes = claim.access_modes.iter().all(|mode| volume.access_modes.contains(mode));
    if volume.meta.is_terminating() {
        return Some(format!("the volume is marked for deletion \"{}\"", volume.meta.name()));
    }
    let checks = [
        (volume.capacity_bytes < claim.request_bytes, "requested PV is too small"),
        (
            claim.storage_class.as_deref().unwrap_or_default() != &*volume.storage_class,
            "storageClassName does not match",
        ),
        (claim.is_block != volume.is_block, "incompatible volumeMode"),
        (!has_modes, "incompatible accessMode"),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, why)| why.to_owned())
}
