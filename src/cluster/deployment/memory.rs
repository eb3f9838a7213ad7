//! What the controllers of Deployments and ReplicaSets remember between syncs.

use crate::cluster::meta::{Key, Kind};
use crate::cluster::time::Millis;
use crate::ordered::{Map, Set};

/// What the controllers remember between syncs.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) queued_sets: Set<Key>,
    pub(super) queued_deployments: Set<Key>,
    /// When they look again by themselves; an earlier time stays.
    pub(super) timers: Map<(Kind, Key), Millis>,
    /// Failed syncs of a ReplicaSet in a row.
    pub(super) failures: Map<Key, u32>,
}
