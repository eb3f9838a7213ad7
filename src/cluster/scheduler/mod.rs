//! The scheduler: which node a pod goes to, or why it has to wait.
//!
//! Upstream: `pkg/scheduler/schedule_one.go`; the plugins below `pkg/scheduler/framework/plugins` in
//! the order of the default profile; `pkg/scheduler/backend/queue`.
//!
//! Simplified: priorities do not count, and nothing is preempted. Among the nodes that fit the
//! preferred one is taken, of several the one with the fewest pods.

mod fit;
pub mod memory;
mod neighbours;
mod queue;
#[cfg(test)]
mod tests;
mod volumes;

pub use memory::{Because, Unschedulable, Usage};
pub use queue::observe;

use super::event::{Event, EventType, Regarding};
use super::meta::{Key, Kind};
use super::pod::{Condition, ConditionStatus, Pod};
use super::state::Cluster;
use super::time::Millis;
use std::rc::Rc;

/// From the appearance of a pod to the scheduler's look at it.
pub const SCHEDULE_MS: Millis = 50;

/// Looks at one pod.
pub fn handle(cluster: &mut Cluster, key: &Key) {
    let pod = cluster.store.get::<Pod>(key).cloned();
    let Some(pod) = pod.filter(|pod| pod.node.is_none() && !pod.is_terminating()) else {
        return queue::forget(cluster, key);
    };
    match fit::decide(cluster, &pod) {
        Ok(fit::Choice { node, claims }) if claims.is_empty() => bind(cluster, &pod, &node),
        Ok(fit::Choice { node, claims }) => {
            for claim in &claims {
                super::volumes::choose(cluster, claim, &node);
            }
            queue::reserve(cluster, &pod, &node);
        }
        Err(refusal) => refuse(cluster, &pod, refusal),
    }
}

/// Why a pod has not been scheduled, if the scheduler could not.
pub fn refusal<'a>(cluster: &'a Cluster, key: &Key) -> Option<&'a Unschedulable> {
    cluster.scheduler.refusal(key)
}

/// Binds a pod to a node.
///
/// Upstream: `pkg/registry/core/pod/storage/storage.go`, setPodHostAndAnnotations.
fn bind(cluster: &mut Cluster, pod: &Pod, node: &Rc<str>) {
    let now = cluster.now;
    let key = &pod.meta.key;
    queue::forget(cluster, key);
    cluster.store.update::<Pod>(key, |pod| {
        pod.node = Some(Rc::clone(node));
        pod.status.conditions.scheduled = Some(Condition::new(ConditionStatus::True, now));
    });
    let message = format!("Successfully assigned {key} to {node}");
    report(cluster, pod, EventType::Normal, "Scheduled", &message);
}

/// Notes that a pod cannot be scheduled, and why.
fn refuse(cluster: &mut Cluster, pod: &Pod, refusal: Unschedulable) {
    let now = cluster.now;
    let key = &pod.meta.key;
    let message: Rc<str> = Rc::clone(&refusal.message);
    cluster.store.update::<Pod>(key, |pod| {
        let old = pod.status.conditions.scheduled.as_ref();
        let since = old.filter(|old| old.status == ConditionStatus::False);
        pod.status.conditions.scheduled = Some(Condition {
            status: ConditionStatus::False,
            since: since.map_or(now, |old| old.since),
            reason: "Unschedulable".into(),
            message: Rc::clone(&message),
        });
    });
    report(cluster, pod, EventType::Warning, "FailedScheduling", &message);
    queue::park(cluster, pod, refusal);
}

fn report(cluster: &mut Cluster, pod: &Pod, type_: EventType, reason: &str, message: &str) {
    let regarding = Regarding::object(Kind::Pod, &pod.meta);
    let (event, now) = ((type_, reason, message), cluster.now);
    cluster.store.report(Event::new(regarding, event, "default-scheduler", now));
}
