//! Which pods wait for the scheduler, when it looks at them again, and what runs where.

use super::SCHEDULE_MS;
use super::memory::{Because, Pending, Unschedulable, Usage};
use crate::cluster::journal::Changed;
use crate::cluster::meta::{Key, Kind};
use crate::cluster::pod::Pod;
use crate::cluster::storage::Volume;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::work::Work;
use crate::cluster::{Change, Cluster};
use std::rc::Rc;

/// The longest wait before an unschedulable pod is tried again after something changed; it begins
/// with one second and doubles. Upstream: `pkg/scheduler/backend/queue`,
/// DefaultPodMaxBackoffDuration.
pub const MAX_BACK_OFF_MS: Millis = 10 * SECOND;

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    if let Some(changed) = change.of::<Pod>() {
        observe_pod(cluster, &changed);
    } else if change.kind() == Kind::PersistentVolumeClaim {
        let pods = cluster.scheduler.by_claim.get(&change.meta().key).cloned();
        for pod in pods.into_iter().flatten() {
            enqueue(cluster, &pod);
        }
    } else if change.kind() == Kind::Node {
        wake_those_without_room(cluster);
    } else if let Some(Changed { new: Some(volume), .. }) = change.of::<Volume>()
        && volume.claim.is_none()
    {
        wake_those_without_room(cluster);
    }
}

fn observe_pod(cluster: &mut Cluster, changed: &Changed<Pod>) {
    let node_of = |pod: &Option<Rc<Pod>>| {
        let pod = pod.as_ref().filter(|pod| !pod.status.phase.is_terminal())?;
        pod.node.clone()
    };
    let (before, after) = (node_of(&changed.old), node_of(&changed.new));
    if before != after {
        if let (Some(node), Some(pod)) = (&before, &changed.old) {
            cluster.scheduler.count(node, Usage::of(&pod.template), -1);
            wake_those_without_room(cluster);
        }
        if let (Some(node), Some(pod)) = (&after, &changed.new) {
            cluster.scheduler.count(node, Usage::of(&pod.template), 1);
            wake_those_who_look_at_pods(cluster);
        }
    }
    let keeps_away = |pod: &Option<Rc<Pod>>| {
        let placement = pod.as_ref().and_then(|pod| pod.template.placement.as_ref());
        u32::from(placement.is_some_and(|it| !it.anti_affinity.is_empty()))
    };
    let count = cluster.scheduler.anti_affine + keeps_away(&changed.new);
    cluster.scheduler.anti_affine = count.saturating_sub(keeps_away(&changed.old));
    match changed {
        Changed { old: None, new: Some(pod) } if pod.node.is_none() => add(cluster, pod),
        Changed { old: Some(pod), new: None } if pod.node.is_none() => {
            forget(cluster, &pod.meta.key);
        }
        _ => {}
    }
}

fn add(cluster: &mut Cluster, pod: &Pod) {
    let key = &pod.meta.key;
    let claims: Vec<_> = pod.claims.iter().map(|volume| key.sibling(&volume.claim)).collect();
    for claim in &claims {
        let pods = cluster.scheduler.by_claim.entry(claim.clone()).or_default();
        pods.insert(key.clone());
    }
    let pending =
        Pending { attempts: 0, tried_at: 0, queued: None, refusal: None, reserved: None, claims };
    cluster.scheduler.pending.insert(key.clone(), pending);
    enqueue(cluster, key);
}

/// Has the scheduler look at a pod again, as soon as its back-off allows.
fn enqueue(cluster: &mut Cluster, key: &Key) {
    let Some(pending) = cluster.scheduler.pending.get_mut(key) else { return };
    if pending.queued.is_some() {
        return;
    }
    let doubled = SECOND << pending.attempts.saturating_sub(1).min(4);
    let waits = pending.attempts > 0 && pending.reserved.is_none();
    let back_off = if waits { doubled.min(MAX_BACK_OFF_MS) } else { 0 };
    let at = (cluster.now + SCHEDULE_MS).max(pending.tried_at + back_off);
    let ticket = cluster.queue.schedule(at, Work::Schedule(key.clone()));
    pending.queued = Some((at, ticket));
    cluster.scheduler.without_room.remove(key);
}

fn wake_those_without_room(cluster: &mut Cluster) {
    for key in std::mem::take(&mut cluster.scheduler.without_room) {
        enqueue(cluster, &key);
    }
}

/// A pod has come to a node: those may fit now that are to be near it or spread with it.
fn wake_those_who_look_at_pods(cluster: &mut Cluster) {
    let looks = |key: &&Key| {
        let pod = cluster.store.get::<Pod>(key);
        let placement = pod.and_then(|pod| pod.template.placement.as_ref());
        placement.is_some_and(|it| it.looks_at_pods())
    };
    let keys: Vec<_> = cluster.scheduler.without_room.iter().filter(looks).cloned().collect();
    for key in keys {
        enqueue(cluster, &key);
    }
}

/// Forgets a pod: it is bound or gone.
pub fn forget(cluster: &mut Cluster, key: &Key) {
    let Some(pending) = cluster.scheduler.pending.remove(key) else { return };
    if let Some((_, ticket)) = pending.queued {
        cluster.queue.cancel(ticket);
    }
    if let Some((node, usage)) = &pending.reserved {
        cluster.scheduler.count(node, *usage, -1);
    }
    cluster.scheduler.without_room.remove(key);
    for claim in &pending.claims {
        if let Some(pods) = cluster.scheduler.by_claim.get_mut(claim) {
            pods.remove(key);
            if pods.is_empty() {
                cluster.scheduler.by_claim.remove(claim);
            }
        }
    }
}

/// Notes that a pod could not be scheduled.
pub fn park(cluster: &mut Cluster, pod: &Pod, refusal: Unschedulable) {
    let now = cluster.now;
    let key = &pod.meta.key;
    if refusal.because == Because::Nodes {
        cluster.scheduler.without_room.insert(key.clone());
    }
    let Some(pending) = cluster.scheduler.pending.get_mut(key) else { return };
    pending.attempts += 1;
    pending.tried_at = now;
    pending.queued = None;
    pending.refusal = Some(refusal);
}

/// Keeps a place on `node` for a pod whose claims have to be bound first.
pub fn reserve(cluster: &mut Cluster, pod: &Pod, node: &Rc<str>) {
    let Some(pending) = cluster.scheduler.pending.get_mut(&pod.meta.key) else { return };
    pending.queued = None;
    pending.refusal = None;
    if pending.reserved.is_none() {
        let usage = Usage::of(&pod.template);
        pending.reserved = Some((Rc::clone(node), usage));
        cluster.scheduler.count(node, usage, 1);
    }
}
