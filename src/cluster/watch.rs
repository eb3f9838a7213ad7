//! Who hears of a write: every control loop gets every change and queues its own work.

use super::{Change, Cluster};
use super::{
    attach, claim_protection, deployment, endpoints, garbage, kubelet, node, scheduler,
    stateful_set, volumes,
};

/// Tells every control loop of a change.
pub fn notify(cluster: &mut Cluster, change: &Change) {
    stateful_set::controller::observe(cluster, change);
    deployment::controller::observe(cluster, change);
    scheduler::observe(cluster, change);
    kubelet::observe(cluster, change);
    volumes::observe(cluster, change);
    attach::observe(cluster, change);
    endpoints::observe(cluster, change);
    garbage::observe(cluster, change);
    claim_protection::observe(cluster, change);
    node::observe(cluster, change);
}
