//! When the StatefulSet controller looks at a set: its queue, its timers, its retries.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set.go`, enqueueStatefulSet, enqueueSSAfter,
//! processNextWorkItem.

use super::StatefulSet;
use super::memory::Livelock;
use super::sync::{Sync, sync};
use super::wake;
use crate::cluster::hold::{Awaited, Hold};
use crate::cluster::meta::{Key, Kind};
use crate::cluster::queue::retry_delay_ms;
use crate::cluster::time::Millis;
use crate::cluster::work::Work;
use crate::cluster::{Change, Cluster};

/// How many syncs of one set at one instant are nothing unusual. From then on the controller is
/// watched for undoing its own work.
const SYNCS_PER_INSTANT: u32 = 12;

/// How many syncs of one set one instant can hold, whatever they do: the next one comes a
/// retry's delay later, so that time goes on.
const MAX_SYNCS_PER_INSTANT: u32 = 200;

/// Puts the sets that a change concerns into the controller's queue.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    for wake in wake::woken_by(&cluster.store, change, cluster.config.kubernetes) {
        if let Some(after) = wake.again_after {
            look_again(cluster, &wake.set, after);
        }
        enqueue(cluster, &wake.set);
    }
}

fn enqueue(cluster: &mut Cluster, set: &Key) {
    let now = cluster.now;
    let memory = cluster.controller.sets.entry(set.clone()).or_default();
    let is_left_to_timer = memory.exhausted && memory.instant == now;
    if memory.queued.is_none() && !is_left_to_timer {
        memory.queued =
            Some(cluster.queue.schedule(now, Work::Sync(Kind::StatefulSet, set.clone())));
    }
}

/// Sets the timer of a set; an earlier time stays.
fn look_again(cluster: &mut Cluster, set: &Key, after: Millis) {
    let at = cluster.now.saturating_add(after);
    let memory = cluster.controller.sets.entry(set.clone()).or_default();
    if memory.timer.set(at) {
        if let Some(ticket) = memory.timer_ticket.take() {
            cluster.queue.cancel(ticket);
        }
        let work = Work::Sync(Kind::StatefulSet, set.clone());
        memory.timer_ticket = Some(cluster.queue.schedule(at, work));
    }
}

/// One sync of the set named by `key`.
pub fn handle(cluster: &mut Cluster, key: &Key) {
    begin(cluster, key);
    let sync = sync(&mut cluster.store, key, cluster.config.kubernetes, cluster.now);
    if cluster.store.get::<StatefulSet>(key).is_none() {
        forget(cluster, key);
        return;
    }
    let retry = retry_after(cluster, key, &sync);
    for after in [retry, sync.look_again_after].into_iter().flatten() {
        look_again(cluster, key, after);
    }
    remember_hold(cluster, key, sync.hold);
}

/// Takes what is due out of the queue: one sync answers everything that woke the set.
fn begin(cluster: &mut Cluster, key: &Key) {
    let now = cluster.now;
    let memory = cluster.controller.sets.entry(key.clone()).or_default();
    if let Some(ticket) = memory.queued.take() {
        cluster.queue.cancel(ticket);
    }
    if memory.timer.take_due(now)
        && let Some(ticket) = memory.timer_ticket.take()
    {
        cluster.queue.cancel(ticket);
    }
    if memory.instant != now || memory.syncs == 0 {
        (memory.instant, memory.syncs, memory.exhausted) = (now, 0, false);
        memory.livelock = Livelock::default();
    }
    memory.syncs += 1;
}

/// How long to wait before a retry, if the sync failed or the controller goes in circles.
fn retry_after(cluster: &mut Cluster, key: &Key, sync: &Sync) -> Option<Millis> {
    let memory = cluster.controller.sets.entry(key.clone()).or_default();
    let is_livelock =
        memory.syncs > SYNCS_PER_INSTANT && memory.livelock.note(&cluster.store, key, &sync.report);
    if is_livelock || memory.syncs >= MAX_SYNCS_PER_INSTANT {
        memory.exhausted = true;
        memory.livelocks += u32::from(is_livelock);
        return Some(retry_delay_ms(memory.livelocks.max(1)));
    }
    if sync.report.written.is_empty() {
        memory.livelocks = 0;
    }
    memory.failures = if sync.has_failed() { memory.failures + 1 } else { 0 };
    sync.has_failed().then(|| retry_delay_ms(memory.failures))
}

/// Keeps since when the controller has waited, as long as it is the same wait.
fn remember_hold(cluster: &mut Cluster, key: &Key, hold: Option<Hold>) {
    let memory = cluster.controller.sets.entry(key.clone()).or_default();
    let Some(mut hold) = hold else {
        cluster.holds.remove(key);
        return;
    };
    if memory.exhausted && memory.livelocks > 0 {
        hold.awaited = Awaited::Livelock;
    }
    hold.looks_again_at = memory.timer.at();
    if let Some(known) = cluster.holds.get(key).filter(|known| known.is_same_wait(&hold)) {
        hold.since = known.since;
    }
    cluster.holds.insert(key.clone(), hold);
}

/// The set is gone; what stays is a timer that is still to fire.
fn forget(cluster: &mut Cluster, key: &Key) {
    cluster.holds.remove(key);
    if let Some(memory) = cluster.controller.sets.get_mut(key) {
        (memory.failures, memory.livelocks) = (0, 0);
        if memory.timer.at().is_none() {
            cluster.controller.sets.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ApiObject, Kubernetes, Tree};
    use crate::cluster::ClusterConfig;
    use crate::cluster::apiserver;
    use crate::cluster::time::SECOND;
    use serde_json::{Value, json};

    fn cluster_with(config: ClusterConfig, spec: Value) -> (Cluster, Key) {
        let mut set = json!({
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": {"name": "web"},
            "spec": {
                "serviceName": "web",
                "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "metadata": {"labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "web", "image": "app:1"}]}
                }
            }
        });
        for (key, value) in spec.as_object().unwrap() {
            set["spec"][key] = value.clone();
        }
        let mut cluster = Cluster::new(config);
        let set = ApiObject::from_tree(set).unwrap();
        let kubernetes = Kubernetes::default();
        apiserver::stateful_set::create(&mut cluster.store, &set, &kubernetes, 0).unwrap();
        let key = Key::new("default", "web");
        enqueue(&mut cluster, &key);
        (cluster, key)
    }

    /// Runs the cluster until an instant. Returns how many syncs there were.
    fn run_until(cluster: &mut Cluster, end: Millis) -> usize {
        let mut syncs = 0;
        while cluster.next_at().is_some_and(|at| at <= end) {
            let step = cluster.step().unwrap();
            syncs += usize::from(matches!(
                step.cause,
                crate::cluster::Cause::Controller(Kind::StatefulSet, _)
            ));
        }
        syncs
    }

    #[test]
    fn tries_again_with_growing_delays() {
        let (mut cluster, key) = cluster_with(ClusterConfig::default(), json!({"replicas": 1}));
        cluster.store.set_pod_policy(Some("denied by policy"));
        let syncs = run_until(&mut cluster, 100 * SECOND);
        assert!((14..=20).contains(&syncs), "{syncs} syncs");
        let hold = cluster.hold(&key).unwrap();
        assert!(matches!(hold.awaited, Awaited::Accepted { .. }), "{hold:?}");
        assert_eq!(hold.since, 0);
        assert!(hold.looks_again_at.is_some_and(|at| at > 100 * SECOND), "{hold:?}");
    }

    /// Parallel, no `rollingUpdate` object, no room for any pod, and fewer replicas than there were
    /// pods of the current revision: a missing pod is made from it and deleted at once.
    #[test]
    fn a_controller_that_undoes_its_own_work_does_not_stop_the_clock() {
        let config = ClusterConfig { pods_per_node: 0, ..ClusterConfig::default() };
        let (mut cluster, key) = cluster_with(
            config,
            json!({
                "replicas": 3,
                "podManagementPolicy": "Parallel",
                "updateStrategy": {"type": "RollingUpdate"}
            }),
        );
        run_until(&mut cluster, SECOND);
        let stored = apiserver::stateful_set::get(&cluster.store, &key).unwrap();
        let mut set = apiserver::stateful_set::to_api(&stored);
        let spec = set.spec_mut();
        spec.put("replicas", 1);
        spec["template"]["spec"]["containers"][0]["image"] = "app:2".into();
        let kubernetes = cluster.config.kubernetes;
        apiserver::stateful_set::update(&mut cluster.store, &key, &set, &kubernetes).unwrap();
        enqueue(&mut cluster, &key);
        let syncs = run_until(&mut cluster, 60 * SECOND);
        assert!((30..600).contains(&syncs), "{syncs} syncs");
        let hold = cluster.hold(&key).unwrap();
        assert_eq!(hold.awaited, Awaited::Livelock);
        assert!(hold.looks_again_at.is_some_and(|at| at > 60 * SECOND), "{hold:?}");
    }
}
