//! Eviction by taints: a pod that does not tolerate a NoExecute taint of its node is deleted, at
//! once or when its tolerationSeconds are over.
//!
//! Upstream: `pkg/controller/tainteviction/taint_eviction.go`, processPodOnNode,
//! addConditionAndDeletePod, getMinTolerationTime.

use super::kind::{Effect, Node, Taint};
use super::lifecycle::{pods_on, report_pod};
use super::memory::NodeWork;
use crate::cluster::Cluster;
use crate::cluster::apiserver;
use crate::cluster::event::EventType;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::{Condition, ConditionStatus, Pod};
use crate::cluster::template::PodTemplate;
use crate::cluster::time::{LONGEST_MS, Millis};
use crate::cluster::work::Work;

const COMPONENT: &str = "taint-eviction-controller";

/// When a pod will be evicted because of its node's taints, if it will.
pub fn evicts_at(cluster: &Cluster, pod: Uid) -> Option<Millis> {
    cluster.machines.evictions.get(&pod).map(|(_, at, _)| *at)
}

/// Looks at all pods of a node whose taints changed.
pub fn consider_all(cluster: &mut Cluster, node: &str) {
    for pod in pods_on(cluster, node) {
        consider(cluster, &pod);
    }
}

/// Plans the eviction of a pod, or calls it off.
pub fn consider(cluster: &mut Cluster, pod: &Pod) {
    let Some(node) = pod.node.as_ref().and_then(|node| cluster.store.get::<Node>(&Node::key(node)))
    else {
        return;
    };
    let uid = pod.meta.uid;
    let no_execute = node.taints.iter().filter(|taint| taint.effect == Effect::NoExecute);
    let planned = cluster.machines.evictions.get(&uid).map(|(_, at, _)| *at);
    let at = no_execute.filter_map(|taint| leaves_at(&pod.template, taint)).min();
    match (planned, at) {
        (Some(_), None) => {
            forget(cluster, uid);
            if !pod.is_terminating() {
                let message = format!("Cancelling deletion of Pod {}", pod.meta.key);
                let event = (EventType::Normal, "TaintManagerEviction", &*message);
                report_pod(cluster, pod, event, COMPONENT);
            }
        }
        (planned, Some(at)) if !pod.is_terminating() && planned != Some(at) => {
            forget(cluster, uid);
            let key = pod.meta.key.clone();
            let work = Work::Node(NodeWork::Evict(key.clone(), uid));
            let ticket = cluster.queue.schedule(at.max(cluster.now), work);
            cluster.machines.evictions.insert(uid, (key, at, ticket));
        }
        _ => {}
    }
}

/// Calls off the eviction of a pod that is gone.
pub fn forget(cluster: &mut Cluster, pod: Uid) {
    if let Some((_, _, ticket)) = cluster.machines.evictions.remove(&pod) {
        cluster.queue.cancel(ticket);
    }
}

/// Evicts a pod whose time has come.
pub fn evict(cluster: &mut Cluster, key: &Key, uid: Uid) {
    cluster.machines.evictions.remove(&uid);
    let Some(pod) = cluster.store.get::<Pod>(key).filter(|pod| pod.meta.uid == uid).cloned() else {
        return;
    };
    let message = format!("Marking for deletion Pod {key}");
    let event = (EventType::Normal, "TaintManagerEviction", &*message);
    report_pod(cluster, &pod, event, COMPONENT);
    disrupt(
        cluster,
        key,
        "DeletionByTaintManager",
        "Taint manager: deleting due to NoExecute taint",
    );
    let now = cluster.now;
    // It was there a moment ago.
    let _gone = apiserver::pod::delete(&mut cluster.store, key, None, now);
}

/// Writes condition DisruptionTarget.
pub fn disrupt(cluster: &mut Cluster, key: &Key, reason: &str, message: &str) {
    let since = cluster.now;
    cluster.store.update::<Pod>(key, |pod| {
        pod.status.conditions.disruption_target = Some(Condition {
            status: ConditionStatus::True,
            since,
            reason: reason.into(),
            message: message.into(),
        });
    });
}

/// When a pod of this template leaves a node with this taint; `None`: never.
fn leaves_at(template: &PodTemplate, taint: &Taint) -> Option<Millis> {
    let mut tolerations = template.tolerations.iter().filter(|it| it.tolerates(taint)).peekable();
    if tolerations.peek().is_none() {
        return Some(taint.since);
    }
    let seconds = tolerations.filter_map(|it| it.seconds).min()?;
    let seconds = Millis::try_from(seconds).unwrap_or(0);
    Some(taint.since.saturating_add(seconds.saturating_mul(1_000).min(LONGEST_MS)))
}
