//! Whether the control loop undoes its own work for ever.

use super::identity::revision_of;
use super::kind::{ControllerRevision, StatefulSet};
use super::memory::Livelock;
use super::write::{Report, Written};
use crate::cluster::meta::{Key, Meta, OwnerReference};
use crate::cluster::pod::Pod;
use crate::cluster::storage::Claim;
use crate::cluster::store::Store;
use crate::ordered::sort_by;
use std::hash::{Hash, Hasher};

/// How often a sync must leave the same state with the same writes.
const REPEATS: u32 = 3;

impl Livelock {
    /// Takes note of a sync. Returns whether it left the same state with the same writes for the
    /// third time, UIDs and times apart.
    pub fn note(&mut self, store: &Store, set: &Key, report: &Report) -> bool {
        if report.written.is_empty() {
            return false;
        }
        let mut digest = Digest::default();
        hash_all(&mut digest, store, set, report);
        let count = self.seen.entry(digest.0).or_default();
        *count += 1;
        *count >= REPEATS
    }
}

/// FNV-1a.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn hash_all(digest: &mut Digest, store: &Store, set: &Key, report: &Report) {
    for pod in store.list_in::<Pod>(&set.namespace) {
        hash_meta(digest, &pod.meta);
        (pod.status.phase, pod.is_ready(), revision_of(pod), &pod.node).hash(digest);
    }
    for claim in store.list_in::<Claim>(&set.namespace) {
        hash_meta(digest, &claim.meta);
    }
    for revision in store.list_in::<ControllerRevision>(&set.namespace) {
        hash_meta(digest, &revision.meta);
        revision.revision.hash(digest);
    }
    if let Some(set) = store.get::<StatefulSet>(set) {
        set.status.hash(digest);
    }
    let mut written: Vec<&Written> = report.written.iter().collect();
    sort_by(&mut written, |one, other| one < other);
    for each in written {
        match each {
            Written::UpdatedClaim { claim, owners } => {
                claim.hash(digest);
                hash_owners(digest, owners);
            }
            other => other.hash(digest),
        }
    }
    report.errors.hash(digest);
}

fn hash_meta(digest: &mut Digest, meta: &Meta) {
    (&meta.key.name, meta.is_terminating()).hash(digest);
    hash_owners(digest, &meta.owners);
}

/// Without UIDs, which differ from time to time.
fn hash_owners(digest: &mut Digest, owners: &[OwnerReference]) {
    for owner in owners {
        (&owner.kind, &owner.name).hash(digest);
    }
}
