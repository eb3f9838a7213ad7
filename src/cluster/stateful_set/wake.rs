//! What wakes the control loop: which sets a change concerns, and when it looks again by itself.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set.go`, addPod, updatePod, deletePod,
//! getStatefulSetsForPod, syncStatefulSet.

use super::observe::Observed;
use super::{StatefulSet, StatefulSetStatus};
use crate::api::Kubernetes;
use crate::cluster::journal::{Change, Changed};
use crate::cluster::meta::{Key, Kind, OwnerReference};
use crate::cluster::pod::{ConditionStatus, Pod};
use crate::cluster::store::Store;
use crate::cluster::time::{Millis, SECOND};

/// A set that the control loop is to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The set.
    pub set: Key,
    /// Also look again after so long.
    pub again_after: Option<Millis>,
}

impl Wake {
    fn now(set: &Key) -> Self {
        Self { set: set.clone(), again_after: None }
    }
}

/// The sets that a change wakes.
pub fn woken_by(store: &Store, change: &Change, kubernetes: Kubernetes) -> Vec<Wake> {
    if change.kind() == Kind::StatefulSet {
        return vec![Wake::now(&change.meta().key)];
    }
    match change.of::<Pod>() {
        Some(Changed { old: None, new: Some(new) }) if new.is_terminating() => {
            owner(store, &new).into_iter().collect()
        }
        Some(Changed { old: None, new: Some(new) }) => added(store, &new),
        Some(Changed { old: Some(old), new: Some(new) }) => updated(store, &old, &new, kubernetes),
        Some(Changed { old: Some(old), new: None }) => owner(store, &old).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn added(store: &Store, pod: &Pod) -> Vec<Wake> {
    if pod.meta.controller().is_some() {
        return owner(store, pod).into_iter().collect();
    }
    matching(store, pod)
}

fn updated(store: &Store, old: &Pod, new: &Pod, kubernetes: Kubernetes) -> Vec<Wake> {
    let (owner_before, owner_after) = (old.meta.controller(), new.meta.controller());
    let has_other_owner = owner_before != owner_after;
    let mut woken: Vec<Wake> = Vec::new();
    if has_other_owner {
        woken.extend(owner(store, old));
    }
    if owner_after.is_some() {
        let after = owner(store, new).map(|wake| look_again(store, old, new, wake, kubernetes));
        woken.extend(after);
    } else if has_other_owner || old.meta.labels != new.meta.labels {
        woken.extend(matching(store, new));
    }
    woken
}

/// A pod that turns ready becomes available later, which is no change of anything.
fn look_again(store: &Store, old: &Pod, new: &Pod, wake: Wake, kubernetes: Kubernetes) -> Wake {
    let set = store.get::<StatefulSet>(&wake.set);
    let min_ready_ms = set.map_or(0, |set| set.spec.min_ready_ms());
    if old.is_ready() || !new.is_ready() || min_ready_ms == 0 {
        return wake;
    }
    let slack = if kubernetes.looks_again_when_a_pod_becomes_available() { 0 } else { SECOND };
    Wake { again_after: Some(min_ready_ms.saturating_add(slack)), ..wake }
}

/// The set that controls the pod, if it is that very set.
fn owner(store: &Store, pod: &Pod) -> Option<Wake> {
    let is_set = |owner: &&OwnerReference| *owner.kind == *Kind::StatefulSet.name();
    let owner = pod.meta.controller().filter(is_set)?;
    let key = Key { namespace: pod.meta.key.namespace.clone(), name: owner.name.clone() };
    store.has::<StatefulSet>(&key, owner.uid).then(|| Wake::now(&key))
}

/// The sets whose selector matches the pod's labels, whatever the pod's name.
fn matching(store: &Store, pod: &Pod) -> Vec<Wake> {
    store
        .list_in::<StatefulSet>(&pod.meta.key.namespace)
        .filter(|set| set.spec.selector.matches(&pod.meta.labels))
        .map(|set| Wake::now(&set.meta.key))
        .collect()
}

/// When to look again after a sync that succeeded, counted from then.
pub fn after_success(observed: &Observed, status: &StatefulSetStatus) -> Option<Millis> {
    let min_ready_ms = observed.set.spec.min_ready_ms();
    if min_ready_ms == 0 {
        return None;
    }
    if !observed.kubernetes.looks_again_when_a_pod_becomes_available() {
        let waits = status.available_replicas != observed.set.spec.replicas;
        return waits.then_some(min_ready_ms);
    }
    if status.ready_replicas == status.available_replicas {
        return None;
    }
    let remaining = observed.pods.iter().filter_map(|member| {
        let ready = member.pod.status.conditions.ready.as_ref()?;
        let available_at = ready.since.saturating_add(min_ready_ms);
        let waits = ready.status == ConditionStatus::True && available_at > observed.now;
        waits.then(|| available_at - observed.now)
    });
    Some(remaining.min().unwrap_or(min_ready_ms).min(min_ready_ms))
}
