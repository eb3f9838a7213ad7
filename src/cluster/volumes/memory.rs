//! What the volume controllers remember.

use crate::cluster::meta::{Key, Uid};
use crate::cluster::queue::Ticket;
use crate::cluster::time::Millis;
use crate::ordered::{Map, Set};

/// What the volume controllers remember.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) users: Map<Key, Set<Key>>,
    pub(super) queued: Map<Key, (Millis, Ticket)>,
    pub(super) provisioning: Map<Key, Attempt>,
    pub(super) growing: Map<Key, Millis>,
}

impl Memory {
    /// The pods that name this claim, by name.
    pub fn users(&self, claim: &Key) -> impl Iterator<Item = &Key> {
        self.users.get(claim).into_iter().flat_map(Set::iter)
    }
}

/// A volume that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// For this claim.
    pub(super) uid: Uid,
    /// When the provisioner is through with it, or tries again.
    pub(super) until: Millis,
    /// How often it has failed.
    pub(super) failures: u32,
    /// Whether it works on it, rather than waits.
    pub(super) works: bool,
}
