//! When the controllers of Deployments and ReplicaSets look.
//!
//! Upstream: `pkg/controller/deployment/deployment_controller.go` and
//! `pkg/controller/replicaset/replica_set.go`, their event handlers.

use super::kind::{Deployment, ReplicaSet};
use super::replica_set::{self, deployment_of};
use super::rollout;
use crate::cluster::journal::Changed;
use crate::cluster::meta::{Key, Kind, Meta};
use crate::cluster::pod::Pod;
use crate::cluster::queue::retry_delay_ms;
use crate::cluster::time::Millis;
use crate::cluster::work::Work;
use crate::cluster::{Change, Cluster};
use std::rc::Rc;

/// Queues the syncs that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    if change.kind() == Kind::Deployment {
        enqueue_deployment(cluster, &change.meta().key);
    } else if let Some(Changed { old, new }) = change.of::<ReplicaSet>() {
        if let Some(set) = &new {
            enqueue_set(cluster, &set.meta.key);
        }
        let deployment = new.or(old).and_then(|set| deployment_of(&cluster.store, &set));
        if let Some(deployment) = deployment {
            enqueue_deployment(cluster, &deployment);
        }
    } else if let Some(Changed { old, new }) = change.of::<Pod>() {
        for pod in [&old, &new].into_iter().flatten() {
            wake_owner(cluster, &pod.meta, new.is_none());
        }
    }
}

/// Wakes the ReplicaSet of a pod; or those that may take it in; and the Deployment that waits for
/// the pods of old templates to go.
fn wake_owner(cluster: &mut Cluster, pod: &Meta, is_gone: bool) {
    let store = &cluster.store;
    let Some(owner) = pod.controller() else {
        let sets = store.list_in::<ReplicaSet>(&pod.key.namespace);
        let matching = sets.filter(|set| set.selector.matches(&pod.labels));
        let keys: Vec<Key> = matching.map(|set| set.meta.key.clone()).collect();
        keys.iter().for_each(|key| enqueue_set(cluster, key));
        return;
    };
    let key = pod.key.sibling(&owner.name);
    let is_set = *owner.kind == *Kind::ReplicaSet.name();
    let Some(set) = store.get::<ReplicaSet>(&key).filter(|_| is_set).cloned() else { return };
    enqueue_set(cluster, &key);
    if is_gone && let Some(deployment) = deployment_of(&cluster.store, &set) {
        enqueue_deployment(cluster, &deployment);
    }
}

fn enqueue_set(cluster: &mut Cluster, key: &Key) {
    if cluster.deployments.queued_sets.insert(key.clone()) {
        cluster.queue.schedule(cluster.now, Work::Sync(Kind::ReplicaSet, key.clone()));
    }
}

fn enqueue_deployment(cluster: &mut Cluster, key: &Key) {
    if cluster.deployments.queued_deployments.insert(key.clone()) {
        cluster.queue.schedule(cluster.now, Work::Sync(Kind::Deployment, key.clone()));
    }
}

/// Sets a timer; an earlier one stays.
fn look_again(cluster: &mut Cluster, kind: Kind, key: &Key, at: Millis) {
    let at = at.max(cluster.now + 1);
    let timer = (kind, key.clone());
    let known = cluster.deployments.timers.get(&timer).copied();
    if known.is_some_and(|known| known > cluster.now && known <= at) {
        return;
    }
    cluster.deployments.timers.insert(timer, at);
    cluster.queue.schedule(at, Work::Sync(kind, key.clone()));
}

/// One sync of a ReplicaSet.
pub fn handle_set(cluster: &mut Cluster, key: &Key) {
    cluster.deployments.queued_sets.remove(key);
    let left = replica_set::sync(cluster, key);
    let failures = match left.has_failed {
        true => cluster.deployments.failures.get(key).copied().unwrap_or(0) + 1,
        false => 0,
    };
    match failures {
        0 => drop(cluster.deployments.failures.remove(key)),
        failures => {
            cluster.deployments.failures.insert(key.clone(), failures);
            let after = cluster.now.saturating_add(retry_delay_ms(failures));
            look_again(cluster, Kind::ReplicaSet, key, after);
        }
    }
    if let Some(at) = left.available_at {
        look_again(cluster, Kind::ReplicaSet, key, at);
    }
}

/// One sync of a Deployment.
pub fn handle_deployment(cluster: &mut Cluster, key: &Key) {
    cluster.deployments.queued_deployments.remove(key);
    rollout::sync(cluster, key);
    let deployment = cluster.store.get::<Deployment>(key).map(Rc::clone);
    let deadline = deployment.and_then(|it| it.status.deadline(&it));
    if let Some(at) = deadline.filter(|at| *at > cluster.now) {
        look_again(cluster, Kind::Deployment, key, at);
    }
}
