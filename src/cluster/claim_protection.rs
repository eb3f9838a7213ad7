//! Claims that are in use are not removed: the finalizer `kubernetes.io/pvc-protection`.
//!
//! Upstream: `pkg/controller/volume/pvcprotection/pvc_protection_controller.go`.

use super::journal::Changed;
use super::meta::Key;
use super::pod::Pod;
use super::storage::{CLAIM_PROTECTION, Claim};
use super::store::Store;
use super::work::Work;
use super::{Change, Cluster};

/// Queues the claims that the change may have left unused.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    let mut keys: Vec<Key> = Vec::new();
    if let Some(Changed { new: Some(claim), .. }) = change.of::<Claim>() {
        keys.push(claim.meta.key.clone());
    } else if let Some(Changed { old: Some(pod), new: None }) = change.of::<Pod>() {
        keys.extend(pod.claims.iter().map(|volume| pod.meta.key.sibling(&volume.claim)));
    }
    for key in keys {
        let claim = cluster.store.get::<Claim>(&key);
        if claim.is_some_and(|claim| claim.meta.is_terminating()) {
            cluster.queue.schedule(cluster.now, Work::ClaimProtection(key));
        }
    }
}

/// Lets one claim go if it may.
#[inline(never)]
pub fn handle(cluster: &mut Cluster, key: &Key) {
    release(&mut cluster.store, key);
}

/// Lets every claim go that may. Returns whether one went.
pub fn release_all(store: &mut Store) -> bool {
    let terminating = store.list::<Claim>().filter(|claim| claim.meta.is_terminating());
    let keys: Vec<Key> = terminating.map(|claim| claim.meta.key.clone()).collect();
    keys.iter().filter(|key| release(store, key)).count() > 0
}

/// Takes the finalizer off a claim that is being deleted and that no pod with a node mounts, which
/// removes it. Returns whether it did.
fn release(store: &mut Store, key: &Key) -> bool {
    let Some(claim) = store.get::<Claim>(key) else { return false };
    if !claim.meta.is_terminating() || is_in_use(store, key) {
        return false;
    }
    let others: Vec<_> =
        claim.meta.finalizers.iter().filter(|it| ***it != *CLAIM_PROTECTION).cloned().collect();
    store.update::<Claim>(key, |claim| claim.meta.finalizers = others)
}

/// A pod with a node counts whatever its phase.
fn is_in_use(store: &Store, claim: &Key) -> bool {
    let mounts = |pod: &Pod| pod.claims.iter().any(|volume| volume.claim == claim.name);
    store.list_in::<Pod>(&claim.namespace).any(|pod| pod.node.is_some() && mounts(pod))
}
