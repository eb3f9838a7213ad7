//! Whether the control loop undoes its own work for ever.

use super::identity::revision_of;
use super::write::{Report, Written};
use super::{ControllerRevision, StatefulSet};
use crate::cluster::meta::{Key, Meta};
use crate::cluster::ordered::{Map, sort_by};
use crate::cluster::pod::Pod;
use crate::cluster::storage::Claim;
use crate::cluster::store::Store;
use std::fmt::{self, Write};

/// How often a sync must leave the same state with the same writes.
const REPEATS: u32 = 3;

/// What the syncs of one set left behind, since the last thing that came from outside.
#[derive(Clone, Debug, Default)]
pub struct Livelock {
    seen: Map<u64, u32>,
}

impl Livelock {
    /// Takes note of a sync. Returns whether it left the same state with the same writes for the
    /// third time, UIDs and times apart.
    pub fn note(&mut self, store: &Store, set: &Key, report: &Report) -> bool {
        if report.written.is_empty() {
            return false;
        }
        let mut digest = Digest::default();
        write_digest(&mut digest, store, set, report).expect("a digest takes every text");
        let count = self.seen.entry(digest.0).or_default();
        *count += 1;
        *count >= REPEATS
    }
}

/// FNV-1a over text, without building the text.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

fn write_digest(digest: &mut Digest, store: &Store, set: &Key, report: &Report) -> fmt::Result {
    for pod in store.list_in::<Pod>(&set.namespace) {
        write_meta(digest, &pod.meta)?;
        let (phase, ready) = (pod.status.phase, pod.is_ready());
        write!(digest, "{phase:?} {ready} {} {:?};", revision_of(pod), pod.node)?;
    }
    for claim in store.list_in::<Claim>(&set.namespace) {
        write_meta(digest, &claim.meta)?;
    }
    for revision in store.list_in::<ControllerRevision>(&set.namespace) {
        write_meta(digest, &revision.meta)?;
        write!(digest, "{};", revision.revision)?;
    }
    if let Some(set) = store.get::<StatefulSet>(set) {
        write!(digest, "{:?}", set.status)?;
    }
    let mut written: Vec<&Written> = report.written.iter().collect();
    sort_by(&mut written, |one, other| one < other);
    for each in written {
        match each {
            Written::UpdatedClaim { claim, owners } => {
                write!(digest, "{claim}")?;
                owners.iter().try_for_each(|it| write!(digest, " {} {}", it.kind, it.name))?;
            }
            other => write!(digest, "{other:?}")?,
        }
    }
    report.errors.iter().try_for_each(|error| write!(digest, "{error};"))
}

fn write_meta(digest: &mut Digest, meta: &Meta) -> fmt::Result {
    write!(digest, "{} {}", meta.key.name, meta.is_terminating())?;
    meta.owners.iter().try_for_each(|owner| write!(digest, " {} {}", owner.kind, owner.name))
}
