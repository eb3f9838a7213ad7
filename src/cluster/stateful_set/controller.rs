//! When the StatefulSet controller looks at a set, and what it then does.

use crate::cluster::meta::Key;
use crate::cluster::{Change, Cluster};

/// Puts the sets that a change concerns into the controller's queue.
pub fn observe(_cluster: &mut Cluster, _change: &Change) {}

/// One sync of the set named by `key`.
pub fn handle(_cluster: &mut Cluster, _key: &Key) {}

/// What the controller remembers between syncs: which sets are queued, and timers.
#[derive(Clone, Debug, Default)]
pub struct Memory {}
