//! The kubelets: they run the containers of the pods on their node.
//!
//! One [`PodWorker`](worker::PodWorker) per pod. [`lifecycle`] looks at the pod, compares it with
//! what should be and carries out a plan; [`runtime`] starts and ends processes; [`probe`] asks on
//! its own schedule; [`status`] writes down what was seen; [`terminate`] takes a pod down.

pub mod address;
pub mod answer;
mod asking;
pub mod backoff;
pub mod compute;
mod conditions;
mod config;
pub mod faults;
pub mod files;
pub mod lab;
pub mod latency;
pub mod lifecycle;
pub mod memory;
pub mod probe;
mod probe_worker;
pub mod pull;
mod report;
pub mod runtime;
pub mod script;
pub mod status;
pub mod terminate;
#[cfg(test)]
mod tests;
pub mod timing;
pub mod trace;
mod versions;
pub mod view;
pub mod worker;

pub use faults::submit;
pub use memory::{KubeletWork, Kubelets};
pub use worker::PodWorker;

use super::journal::Changed;
use super::meta::{Key, Uid};
use super::pod::Pod;
use super::time::Millis;
use super::{Change, Cluster};
use std::rc::Rc;
use worker::Stage;

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    let Some(changed) = change.of::<Pod>() else { return };
    match changed {
        Changed { old, new: Some(pod) } => {
            let was_bound = old.as_ref().is_some_and(|old| old.node.is_some());
            let was_terminating = old.as_ref().is_some_and(|old| old.is_terminating());
            match &pod.node {
                Some(node) if !was_bound => take_up(cluster, &pod, node),
                Some(_) if pod.is_terminating() && !was_terminating => wake(cluster, pod.meta.uid),
                Some(_) => changed_in_place(cluster, old.as_deref(), &pod),
                _ => {}
            }
        }
        Changed { old: Some(pod), new: None } => wake(cluster, pod.meta.uid),
        Changed { old: None, new: None } => {}
    }
}

/// Begins to handle a pod that was bound to a node.
fn take_up(cluster: &mut Cluster, pod: &Rc<Pod>, node: &Rc<str>) {
    let kubelets = &cluster.kubelets;
    let script = kubelets.scripts.get(&pod.meta.key).unwrap_or(&kubelets.script);
    let mut worker = PodWorker::new(pod, node, Rc::clone(script));
    worker.relists_on_demand = cluster.kubernetes().relists_on_demand();
    let at = cluster.now + latency::SEE_POD_MS;
    worker.request_sync(cluster, at);
    cluster.kubelets.workers.insert(worker.uid, Rc::new(worker));
}

/// Has a kubelet look at a pod whose spec or foreign conditions were changed.
fn changed_in_place(cluster: &mut Cluster, old: Option<&Pod>, pod: &Pod) {
    let Some(old) = old else { return };
    let other_template = old.template != pod.template;
    if other_template || old.status.conditions.others != pod.status.conditions.others {
        with_worker(cluster, pod.meta.uid, |cluster, worker| {
            let old_deadline_ms = worker.template.active_deadline_ms;
            worker.take_template(&pod.template);
            if worker.template.active_deadline_ms != old_deadline_ms {
                lifecycle::schedule_deadline(cluster, worker);
            }
            worker.fresh_at = cluster.now;
            worker.request_sync(cluster, cluster.now + latency::SEE_POD_MS);
        });
    }
}

/// Has a kubelet look at a pod whose deletion was requested or whose object is gone.
fn wake(cluster: &mut Cluster, uid: Uid) {
    with_worker(cluster, uid, |cluster, worker| {
        if !worker.is_terminating() {
            let at = cluster.now + latency::SEE_DELETION_MS;
            terminate::interrupt(cluster, worker, at);
        } else if worker.stage == Stage::Terminated {
            // The pod had ended before.
            let at = timing::next_relist(cluster);
            worker.schedule(cluster, at, KubeletWork::Remove);
        }
    });
}

/// Has the kubelet of a node that can be reached again write the status of its pods anew.
///
/// Upstream: `pkg/kubelet/status/status_manager.go`, needsReconcile.
pub fn report_again(cluster: &mut Cluster, node: &str) {
    let on_node = |worker: &&Rc<PodWorker>| *worker.node == *node;
    let uids: Vec<_> = cluster.kubelets.workers.values().filter(on_node).map(|it| it.uid).collect();
    for uid in uids {
        with_worker(cluster, uid, |cluster, worker| {
            let at = cluster.now + latency::SEE_POD_MS;
            worker.request_sync(cluster, at);
        });
    }
}

/// Does one piece of work on one pod.
pub fn handle(cluster: &mut Cluster, _key: &Key, uid: Uid, work: KubeletWork) {
    with_worker(cluster, uid, |cluster, worker| match work {
        KubeletWork::Sync => {
            worker.next_sync = None;
            lifecycle::sync(cluster, worker);
        }
        KubeletWork::Requeued => {
            worker.requeued = None;
            lifecycle::sync(cluster, worker);
        }
        KubeletWork::Proceed => lifecycle::proceed(cluster, worker),
        KubeletWork::Relist => lifecycle::relist(cluster, worker),
        KubeletWork::Exit { container, attempt, exit_code } => {
            runtime::exit(cluster, worker, container, attempt, exit_code);
        }
        KubeletWork::Probe { probe } => probe::tick(cluster, worker, probe),
        KubeletWork::ProbeAnswer { probe, attempt, outcome } => {
            probe::answered(cluster, worker, probe, attempt, outcome);
        }
        KubeletWork::LoseSandbox => runtime::lose_sandbox(cluster, worker),
        KubeletWork::Deadline => lifecycle::deadline(cluster, worker),
        KubeletWork::Finalize => terminate::finalize(cluster, worker),
        KubeletWork::Remove => terminate::remove(cluster, worker),
    });
}

/// Runs `act` on a worker; forgets the worker if nothing is left to do. Returns `None` if there is
/// no such worker.
fn with_worker<R>(
    cluster: &mut Cluster,
    uid: Uid,
    act: impl FnOnce(&mut Cluster, &mut PodWorker) -> R,
) -> Option<R> {
    let mut worker = cluster.kubelets.workers.remove(&uid)?;
    let result = act(cluster, Rc::make_mut(&mut worker));
    if worker.stage == Stage::Done {
        forget(cluster, &worker);
    } else {
        cluster.kubelets.workers.insert(uid, worker);
    }
    Some(result)
}

/// Takes back what a pod that is gone has used.
fn forget(cluster: &mut Cluster, worker: &PodWorker) {
    for (_, ticket) in [worker.next_sync, worker.requeued, worker.relist].into_iter().flatten() {
        cluster.queue.cancel(ticket);
    }
    for probe in &worker.probes {
        probe.cancel(cluster);
    }
    if let (Some(address), Some(addresses)) =
        (worker.pod_ip, cluster.kubelets.addresses.get_mut(&worker.node))
    {
        addresses.release(address);
    }
}

/// The pod that a worker is for, if its object still exists.
fn pod_of(cluster: &Cluster, worker: &PodWorker) -> Option<Rc<Pod>> {
    let pod = cluster.store.get::<Pod>(&worker.key)?;
    (pod.meta.uid == worker.uid).then(|| Rc::clone(pod))
}

/// When a millisecond count of seconds began: times that the API server keeps are whole seconds.
fn whole_seconds(at: Millis) -> Millis {
    at - at % super::time::SECOND
}
