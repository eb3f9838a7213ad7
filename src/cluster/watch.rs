//! Who hears of a write: every control loop gets every change and queues its own work.

use super::{Change, Cluster};
use super::{attach, claim_protection, garbage, kinds, kubelet, node, scheduler, volumes};

/// Tells every control loop of a change: the controllers of kinds, then those that look after several.
pub fn notify(cluster: &mut Cluster, change: &Change) {
    kinds::observe(cluster, change);
    scheduler::observe(cluster, change);
    kubelet::observe(cluster, change);
    volumes::observe(cluster, change);
    attach::observe(cluster, change);
    garbage::observe(cluster, change);
    claim_protection::observe(cluster, change);
    node::observe(cluster, change);
}
