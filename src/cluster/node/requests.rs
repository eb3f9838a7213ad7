//! What a person does to nodes: placing pods there or not, removing one, cutting one off.
//!
//! Upstream: `pkg/registry/core/node/strategy.go`.

use super::lifecycle::{lose, regain};
use super::{Effect, Node, OUT_OF_SERVICE, Taint, UNSCHEDULABLE, eviction, pod_gc};
use crate::cluster::Cluster;
use crate::cluster::input::MachineAction;

/// Something happens to the machine behind a node.
pub fn act_on_machine(cluster: &mut Cluster, node: &str, action: MachineAction) {
    match action {
        MachineAction::Lose => lose(cluster, node),
        MachineAction::Regain => regain(cluster, node),
    }
}

/// A request has changed the taints of a node, and says whether new pods are placed on it.
pub fn set_unschedulable(cluster: &mut Cluster, name: &str, on: bool) {
    let since = cluster.now;
    cluster.store.update::<Node>(&Node::key(name), |node| {
        if node.unschedulable != on {
            node.unschedulable = on;
            node.taints.retain(|taint| *taint.key != *UNSCHEDULABLE);
            if on {
                let effect = Effect::NoSchedule;
                let (key, value) = (UNSCHEDULABLE.into(), "".into());
                node.taints.push(Taint { key, value, effect, since });
            }
        }
    });
    eviction::consider_all(cluster, name);
    let node = cluster.store.get::<Node>(&Node::key(name));
    if node.is_some_and(|node| node.is_tainted(OUT_OF_SERVICE)) {
        pod_gc::schedule(cluster);
    }
}

/// Removes a node.
pub fn remove(cluster: &mut Cluster, name: &str) {
    cluster.store.remove::<Node>(&Node::key(name));
    pod_gc::schedule_orphans(cluster);
}
