//! The node lifecycle controller: a node that stops posting becomes Unknown, its pods become not
//! ready, and it is tainted so that its pods are evicted.
//!
//! Upstream: `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, monitorNodeHealth,
//! processNoScheduleTaint, doNoExecuteTaintingPass, handleDisruption;
//! `pkg/controller/util/node/controller_utils.go`, MarkPodsNotReady, RecordNodeStatusChange.
//!
//! Simplified: heartbeats are not stored; when the last one was is computed.

use super::kind::{Effect, Node, OUT_OF_SERVICE, Taint, UNREACHABLE, name_of};
use super::memory::NodeWork;
use super::{eviction, pod_gc, register};
use crate::cluster::event::{Event, EventType, Regarding};
use crate::cluster::journal::Changed;
use crate::cluster::kubelet::KubeletWork;
use crate::cluster::meta::{Key, Kind, Uid};
use crate::cluster::pod::{Condition, ConditionStatus, Pod};
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::work::Work;
use crate::cluster::{Change, Cluster};
use std::rc::Rc;

/// How often a kubelet renews its lease.
///
/// Upstream: `pkg/kubelet/kubelet.go`, nodeLeaseRenewIntervalFraction of 40 s.
const LEASE_MS: Millis = 10 * SECOND;

/// How often the controller looks at the nodes: `--node-monitor-period`.
const MONITOR_MS: Millis = 5 * SECOND;

/// How long a node may be silent: `--node-monitor-grace-period` since 1.32.
const GRACE_MS: Millis = 50 * SECOND;

/// From one node to the next that is tainted NoExecute: 0.1 nodes a second.
const TAINT_INTERVAL_MS: Millis = 10 * SECOND;

/// Puts off what a kubelet would do for a pod on a node that cannot be reached. Returns whether it
/// was put off.
pub fn defer(cluster: &mut Cluster, key: &Key, uid: Uid, work: &KubeletWork) -> bool {
    if cluster.machines.lost.is_empty() {
        return false;
    }
    let Some(worker) = cluster.kubelets.workers.get(&uid) else { return false };
    let node = Rc::clone(&worker.node);
    let is_lost = cluster.machines.lost.contains_key(&node);
    if is_lost {
        cluster.machines.deferred.push((node, key.clone(), uid, work.clone()));
    }
    is_lost
}

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    match change.of::<Node>() {
        Some(Changed { old: Some(old), new: Some(new) })
            if old.taints != new.taints || old.unschedulable != new.unschedulable =>
        {
            changed(cluster, &new);
        }
        Some(Changed { old: Some(_), new: None }) => {
            pod_gc::schedule_orphans(cluster);
        }
        _ => {}
    }
    match change.of::<Pod>() {
        Some(Changed { old, new: Some(pod) }) => {
            let bound = old.as_ref().is_none_or(|old| old.node.is_none()) && pod.node.is_some();
            let terminates =
                pod.is_terminating() && old.as_ref().is_none_or(|old| !old.is_terminating());
            if bound {
                eviction::consider(cluster, &pod);
            }
            if terminates && pod_gc::concerns(cluster, &pod) {
                pod_gc::schedule(cluster);
            }
        }
        Some(Changed { old: Some(pod), new: None }) => eviction::forget(cluster, pod.meta.uid),
        _ => {}
    }
}

/// Does one piece of work.
#[inline(never)]
pub fn handle(cluster: &mut Cluster, work: NodeWork) {
    match work {
        NodeWork::Monitor => monitor(cluster),
        NodeWork::Taint(node) => taint_no_execute(cluster, &node),
        NodeWork::Evict(pod, uid) => eviction::evict(cluster, &pod, uid),
        NodeWork::CollectPods => pod_gc::collect(cluster),
    }
}

/// The taints of a node were changed, or whether pods are placed there.
#[inline(never)]
fn changed(cluster: &mut Cluster, node: &Node) {
    let name = node.meta.name();
    eviction::consider_all(cluster, name);
    if node.is_tainted(OUT_OF_SERVICE) {
        pod_gc::schedule(cluster);
    }
}

/// From now on the node cannot be reached.
pub fn lose(cluster: &mut Cluster, node: &str) {
    let now = cluster.now;
    if cluster.machines.lost.contains_key(node) {
        return;
    }
    cluster.machines.lost.insert(node.into(), now);
    cluster.queue.schedule(silent_at(now), Work::Node(NodeWork::Monitor));
}

/// When the controller finds a node silent that was lost at `lost`: it saw the last renewal when it
/// looked next, and then waits for the whole grace period.
fn silent_at(lost: Millis) -> Millis {
    lost - lost % LEASE_MS + MONITOR_MS + GRACE_MS
}

/// The node can be reached again: its kubelet posts at once and does what it could not do.
pub fn regain(cluster: &mut Cluster, node: &str) {
    let now = cluster.now;
    if cluster.machines.lost.remove(node).is_none() {
        return;
    }
    if let Some(index) = (0..cluster.config.nodes.max(1)).find(|it| name_of(*it) == node) {
        register::create(cluster, index);
    }
    let key = Node::key(node);
    if cluster.store.update::<Node>(&key, |node| node.unknown_since = None) {
        report_node(cluster, node, "NodeReady", "kubelet");
    }
    let deferred = std::mem::take(&mut cluster.machines.deferred);
    for (of, key, uid, work) in deferred {
        if *of == *node {
            cluster.queue.schedule(now, Work::Kubelet(key, uid, work));
        } else {
            cluster.machines.deferred.push((of, key, uid, work));
        }
    }
    crate::cluster::kubelet::report_again(cluster, node);
    let at = now - now % MONITOR_MS + MONITOR_MS;
    cluster.queue.schedule(at, Work::Node(NodeWork::Monitor));
}

/// Looks at all nodes.
fn monitor(cluster: &mut Cluster) {
    let now = cluster.now;
    let nodes: Vec<Rc<Node>> = cluster.store.list::<Node>().cloned().collect();
    for node in &nodes {
        let name = &node.meta.key.name;
        match cluster.machines.lost_since(name) {
            Some(lost) if node.is_ready() && silent_at(lost) <= now => {
                become_unknown(cluster, node)
            }
            None if node.is_ready() && node.is_tainted(UNREACHABLE) => {
                cluster.store.update::<Node>(&node.meta.key, |node| {
                    node.taints.retain(|taint| *taint.key != *UNREACHABLE);
                });
                eviction::consider_all(cluster, name);
            }
            _ => {}
        }
    }
    handle_disruption(cluster);
}

/// When no node is left, nothing is evicted: more likely the controller is cut off.
fn handle_disruption(cluster: &mut Cluster) {
    if cluster.store.list::<Node>().any(|node| node.is_ready()) {
        return;
    }
    let is_no_execute =
        |taint: &Taint| *taint.key == *UNREACHABLE && taint.effect == Effect::NoExecute;
    let nodes: Vec<Rc<Node>> = cluster.store.list::<Node>().cloned().collect();
    for node in nodes {
        cluster
            .store
            .update::<Node>(&node.meta.key, |node| node.taints.retain(|it| !is_no_execute(it)));
        eviction::consider_all(cluster, &node.meta.key.name);
    }
}

fn become_unknown(cluster: &mut Cluster, node: &Node) {
    let now = cluster.now;
    let name = &node.meta.key.name;
    cluster.store.update::<Node>(&node.meta.key, |node| {
        node.unknown_since = Some(now);
        node.taints.push(Taint {
            key: UNREACHABLE.into(),
            value: "".into(),
            effect: Effect::NoSchedule,
            since: now,
        });
    });
    report_node(cluster, name, "NodeNotReady", "node-controller");
    for pod in pods_on(cluster, name) {
        let marked = cluster.store.update::<Pod>(&pod.meta.key, |pod| {
            if let Some(ready) = &mut pod.status.conditions.ready
                && ready.status != ConditionStatus::False
            {
                *ready = Condition { status: ConditionStatus::False, since: now, ..ready.clone() };
            }
        });
        if marked {
            let event = (EventType::Warning, "NodeNotReady", "Node is not ready");
            report_pod(cluster, &pod, event, "node-controller");
        }
    }
    let at = cluster.machines.next_taint_at.max(now);
    cluster.machines.next_taint_at = at + TAINT_INTERVAL_MS;
    cluster.queue.schedule(at, Work::Node(NodeWork::Taint(Rc::clone(name))));
}

fn taint_no_execute(cluster: &mut Cluster, name: &Rc<str>) {
    let now = cluster.now;
    if !cluster.store.list::<Node>().any(|node| node.is_ready()) {
        return;
    }
    let tainted = cluster.store.update::<Node>(&Node::key(name), |node| {
        let has = node
            .taints
            .iter()
            .any(|taint| *taint.key == *UNREACHABLE && taint.effect == Effect::NoExecute);
        if !node.is_ready() && !has {
            node.taints.push(Taint {
                key: UNREACHABLE.into(),
                value: "".into(),
                effect: Effect::NoExecute,
                since: now,
            });
        }
    });
    if tainted {
        eviction::consider_all(cluster, name);
    }
}

/// The pods of a node.
pub(super) fn pods_on(cluster: &Cluster, node: &str) -> Vec<Rc<Pod>> {
    let is_here = |pod: &&Rc<Pod>| pod.node.as_deref() == Some(node);
    cluster.store.list::<Pod>().filter(is_here).cloned().collect()
}

fn report_node(cluster: &mut Cluster, name: &str, reason: &str, component: &str) {
    let Some(node) = cluster.store.get::<Node>(&Node::key(name)) else { return };
    let regarding = Regarding::object(Kind::Node, &node.meta);
    let message = format!("Node {name} status is now: {reason}");
    let event = (EventType::Normal, reason, &*message);
    let now = cluster.now;
    cluster.store.report(Event::new(regarding, event, component, now));
}

/// Reports an event about a pod: its type, reason and message.
pub(super) fn report_pod(
    cluster: &mut Cluster,
    pod: &Pod,
    event: (EventType, &str, &str),
    component: &str,
) {
    let regarding = Regarding::object(Kind::Pod, &pod.meta);
    let now = cluster.now;
    cluster.store.report(Event::new(regarding, event, component, now));
}
