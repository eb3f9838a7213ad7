//! `kubectl drain`: evicts the pods of a node, and tries again every five seconds where a
//! PodDisruptionBudget refuses.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/drain.go`, evictPods;
//! `pkg/registry/core/pod/storage/eviction.go`, Create.

use super::eviction;
use super::lifecycle::{NodeWork, pods_on};
use crate::cluster::budget::{self, Objection};
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::Pod;
use crate::cluster::queue::Ticket;
use crate::cluster::run::Work;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::{Cluster, apiserver};
use std::rc::Rc;

/// From a refused eviction to the next try.
const RETRY_MS: Millis = 5 * SECOND;

/// A drain that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drain {
    /// Since when.
    pub since: Millis,
    /// When it tries again.
    pub next_at: Millis,
    /// Pods that were not let go, and why.
    pub refused: Vec<(Key, Uid, Objection)>,
    ticket: Ticket,
}

/// The drain of a node that goes on, if one does.
pub fn drain_of<'a>(cluster: &'a Cluster, node: &str) -> Option<&'a Drain> {
    cluster.machines.drains.get(node)
}

/// Begins to drain a node; adds what kubectl prints.
pub fn begin(cluster: &mut Cluster, node: &str, lines: &mut Vec<String>) {
    stop(cluster, node);
    let pods = pods_on(cluster, node).into_iter().filter(|pod| !pod.is_terminating());
    let pods = pods.map(|pod| (pod.meta.key.clone(), pod.meta.uid)).collect();
    let since = cluster.now;
    evict_all(cluster, node, pods, since, lines);
}

/// Ends a drain; what is being evicted goes on its way.
pub fn stop(cluster: &mut Cluster, node: &str) {
    if let Some(drain) = cluster.machines.drains.remove(node) {
        cluster.queue.cancel(drain.ticket);
    }
}

/// Tries again.
pub fn go_on(cluster: &mut Cluster, node: &Rc<str>) {
    let Some(drain) = cluster.machines.drains.remove(node) else { return };
    let pods = drain.refused.into_iter().map(|(key, uid, _)| (key, uid)).collect();
    evict_all(cluster, node, pods, drain.since, &mut Vec::new());
}

fn evict_all(
    cluster: &mut Cluster,
    node: &str,
    pods: Vec<(Key, Uid)>,
    since: Millis,
    lines: &mut Vec<String>,
) {
    let mut refused = Vec::new();
    for (key, uid) in pods {
        let pod = cluster.store.get::<Pod>(&key).filter(|pod| pod.meta.uid == uid).cloned();
        let Some(pod) = pod.filter(|pod| !pod.is_terminating()) else { continue };
        lines.push(format!("evicting pod {key}"));
        if let Some(objection) = budget::objection(&cluster.store, &pod) {
            lines.push(format!(
                "error when evicting pods/\"{}\" -n \"{}\" (will retry after 5s): {}",
                key.name, key.namespace, objection.message
            ));
            refused.push((key, uid, objection));
            continue;
        }
        eviction::disrupt(cluster, &key, "EvictionByEvictionAPI", "Eviction API: evicting");
        let now = cluster.now;
        // It was there a moment ago.
        let _gone = apiserver::pod::delete(&mut cluster.store, &key, None, now);
    }
    if refused.is_empty() {
        return;
    }
    let node: Rc<str> = node.into();
    let next_at = cluster.now + RETRY_MS;
    let ticket = cluster.queue.schedule(next_at, Work::Node(NodeWork::Drain(Rc::clone(&node))));
    cluster.machines.drains.insert(node, Drain { since, next_at, refused, ticket });
}
