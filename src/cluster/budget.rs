//! PodDisruptionBudgets: how many pods may be missing, and whether a pod may be evicted.
//!
//! Upstream: `pkg/controller/disruption/disruption.go`, getExpectedPodCount, countHealthyPods;
//! `pkg/registry/core/pod/storage/eviction.go`, Create, checkAndDecrement.
//!
//! Simplified: the status of a budget is worked out when it is needed; a real controller writes it
//! some milliseconds after the pods changed.

use super::deployment::ReplicaSet;
use super::meta::{Key, Kind, Meta, Shared};
use super::pod::{Pod, PodPhase};
use super::record::{Stored, View};
use super::stateful_set::StatefulSet;
use super::store::Store;
use crate::api::Tree;
use crate::api::selector::Selector;
use serde_json::{Value, json};
use std::rc::Rc;

/// A PodDisruptionBudget.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// Metadata.
    pub meta: Meta,
    /// Which pods it protects; `None`: no pod.
    selector: Option<Selector>,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
}

/// What a budget allows at an instant: its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// `expectedPods`.
    pub expected: i64,
    /// `currentHealthy`.
    pub healthy: i64,
    /// `desiredHealthy`.
    pub desired: i64,
}

impl Allowance {
    /// `disruptionsAllowed`.
    pub fn disruptions(&self) -> i64 {
        if self.expected <= 0 { 0 } else { (self.healthy - self.desired).max(0) }
    }
}

impl Budget {
    /// Whether it protects a pod.
    pub fn protects(&self, pod: &Pod) -> bool {
        let same = self.meta.key.namespace == pod.meta.key.namespace;
        same && self.selector.as_ref().is_some_and(|it| it.matches(&pod.meta.labels))
    }

    /// What it allows now.
    pub fn allowance(&self, store: &Store) -> Allowance {
        let pods = store.list_in::<Pod>(&self.meta.key.namespace).filter(|pod| self.protects(pod));
        let pods: Vec<_> = pods.collect();
        let is_healthy = |pod: &&&Rc<Pod>| pod.is_ready() && !pod.is_terminating();
        let healthy = pods.iter().filter(is_healthy).count() as i64;
        let spec = &self.spec;
        let (least, most) = (spec.at("minAvailable"), spec.at("maxUnavailable"));
        let (expected, desired) = match (least.is_null(), most.is_null()) {
            (_, false) => {
                let expected = scale(store, &pods);
                (expected, (expected - scaled(most, expected)).max(0))
            }
            (false, true) if least.is_string() => {
                let expected = scale(store, &pods);
                (expected, scaled(least, expected))
            }
            (false, true) => (pods.len() as i64, scaled(least, 0)),
            (true, true) => (pods.len() as i64, 0),
        };
        Allowance { expected, healthy, desired }
    }
}

impl Stored for Budget {
    const KIND: Kind = Kind::PodDisruptionBudget;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, _old: Option<&Self>) -> Self {
        Self {
            meta,
            selector: object.at("spec").set("selector").map(Selector::of),
            spec: Shared::new(object.at("spec").clone()),
        }
    }

    /// A budget, with the status that its controller gives it at once.
    fn body(&self, view: View<'_>) -> Value {
        let allowance = self.allowance(view.store);
        json!({
            "spec": &*self.spec,
            "status": {
                "observedGeneration": self.meta.generation,
                "disruptionsAllowed": allowance.disruptions(),
                "currentHealthy": allowance.healthy,
                "desiredHealthy": allowance.desired,
                "expectedPods": allowance.expected,
            },
        })
    }
}

/// A number, or a percentage of `whole`, rounded up.
fn scaled(amount: &Value, whole: i64) -> i64 {
    let percent = amount.as_str().and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    percent.map_or_else(|| amount.as_i64().unwrap_or(0), |percent| (percent * whole + 99) / 100)
}

/// How many pods their sets ask for.
fn scale(store: &Store, pods: &[&Rc<Pod>]) -> i64 {
    let owns =
        |set: &&Rc<StatefulSet>| pods.iter().any(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let of_sets = store.list::<StatefulSet>().filter(owns);
    let of_sets: i64 = of_sets.map(|set| i64::from(set.spec.replicas)).sum();
    let owns =
        |set: &&Rc<ReplicaSet>| pods.iter().any(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let of_others = store.list::<ReplicaSet>().filter(owns);
    of_sets + of_others.map(|set| i64::from(set.replicas)).sum::<i64>()
}

/// Why a pod may not be evicted now, in the API server's words; `None` if it may.
pub fn objection(store: &Store, pod: &Pod) -> Option<Objection> {
    let is_exempt = pod.is_terminating()
        || pod.status.phase.is_terminal()
        || pod.status.phase == PodPhase::Pending;
    if is_exempt {
        return None;
    }
    let mut protecting = store.list::<Budget>().filter(|budget| budget.protects(pod));
    let budget = protecting.next()?;
    let allowance = budget.allowance(store);
    if protecting.next().is_some() {
        let message = "This pod has more than one PodDisruptionBudget, which the eviction \
                       subresource does not support.";
        return Some(Objection { budget: budget.meta.key.clone(), allowance, message });
    }
    let always = budget.spec.text("unhealthyPodEvictionPolicy") == "AlwaysAllow";
    let enough = allowance.healthy >= allowance.desired && allowance.desired > 0;
    if !pod.is_ready() && (always || enough) {
        return None;
    }
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    let refused = allowance.disruptions() == 0;
    refused.then(|| Objection { budget: budget.meta.key.clone(), allowance, message })
}

/// A refused eviction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The budget.
    pub budget: Key,
    /// What it allows.
    pub allowance: Allowance,
    /// What the API server says.
    pub message: &'static str,
}
