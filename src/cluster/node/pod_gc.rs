//! The pod garbage collector: pods of nodes that do not exist any more, and terminating pods of
//! nodes that a person declared out of service, are removed without their kubelet's word.
//!
//! Upstream: `pkg/controller/podgc/gc_controller.go`, gcOrphaned, gcTerminating.

use super::eviction;
use super::kind::{Node, OUT_OF_SERVICE};
use super::memory::NodeWork;
use crate::cluster::pod::{Pod, PodPhase};
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::work::Work;
use crate::cluster::{Cluster, apiserver};
use std::rc::Rc;

/// How often it goes round.
const PERIOD_MS: Millis = 20 * SECOND;

/// How long a node has to be missing.
const QUARANTINE_MS: Millis = 40 * SECOND;

/// Has it go round at its next turn.
pub fn schedule(cluster: &mut Cluster) {
    let at = next_turn(cluster.now);
    cluster.queue.schedule(at, Work::Node(NodeWork::CollectPods));
}

/// Has it go round when a node that was deleted now has been missing for long enough.
pub fn schedule_orphans(cluster: &mut Cluster) {
    let at = next_turn(cluster.now) + QUARANTINE_MS;
    cluster.queue.schedule(at, Work::Node(NodeWork::CollectPods));
}

fn next_turn(now: Millis) -> Millis {
    now - now % PERIOD_MS + PERIOD_MS
}

/// Whether a terminating pod is one that it removes.
pub fn concerns(cluster: &Cluster, pod: &Pod) -> bool {
    let node = pod.node.as_ref().and_then(|node| cluster.store.get::<Node>(&Node::key(node)));
    node.is_some_and(|node| !node.is_ready() && node.is_tainted(OUT_OF_SERVICE))
}

/// Goes round.
pub fn collect(cluster: &mut Cluster) {
    let pods: Vec<Rc<Pod>> = cluster.store.list::<Pod>().cloned().collect();
    for pod in pods {
        let key = &pod.meta.key;
        let Some(name) = &pod.node else { continue };
        let exists = cluster.store.get::<Node>(&Node::key(name)).is_some();
        if exists && !(pod.is_terminating() && concerns(cluster, &pod)) {
            continue;
        }
        if !exists {
            eviction::disrupt(cluster, key, "DeletionByPodGC", "PodGC: node no longer exists");
        }
        cluster.store.update::<Pod>(key, |pod| {
            if !pod.status.phase.is_terminal() {
                pod.status.phase = PodPhase::Failed;
            }
        });
        let now = cluster.now;
        let _gone = apiserver::pod::delete(&mut cluster.store, key, Some(0), now).is_err();
    }
}
