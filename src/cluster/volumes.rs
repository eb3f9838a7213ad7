//! volumes.

use super::meta::Key;
use super::{Change, Cluster};

/// Queues the work that a change causes.
pub fn observe(_cluster: &mut Cluster, _change: &Change) {}

/// Looks at one claim.
pub fn handle(_cluster: &mut Cluster, _key: &Key) {}
