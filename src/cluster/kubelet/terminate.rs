//! Taking a pod down: SIGTERM, SIGKILL, the final status, the end of the object.
//!
//! Upstream: `pkg/kubelet/kubelet.go`, SyncTerminatingPod, SyncTerminatedPod;
//! `pkg/kubelet/kuberuntime/kuberuntime_termination_order.go`.

use super::memory::Call;
use super::trace;
use super::worker::{Blocked, Op, PodWorker, Stage};
use super::{KubeletWork, latency, pod_of, probe, report, runtime, status, timing};
use crate::cluster::time::Millis;
use crate::cluster::{Cluster, apiserver};

/// Has the kubelet look at a pod at `at` because it is being deleted. A wait for volumes is broken
/// off; a pull or the creation of a sandbox or container is finished first.
pub fn interrupt(cluster: &mut Cluster, worker: &mut PodWorker, at: Millis) {
    let mounting = matches!(worker.plan.front(), Some(Op::Mount | Op::Compute));
    if let (true, Some(Blocked::Until(_, ticket))) = (mounting, worker.blocked) {
        cluster.queue.cancel(ticket);
        worker.plan.clear();
        worker.blocked = None;
        worker.syncing = false;
    }
    worker.fresh_at = worker.fresh_at.min(at);
    worker.request_sync(cluster, at);
}

/// Begins to stop the containers, because of a deletion or because the pod has ended by itself. At
/// a forced deletion the object is gone, and they get two seconds.
pub fn begin(cluster: &mut Cluster, worker: &mut PodWorker) {
    let pod = pod_of(cluster, worker);
    let deletion = pod.as_ref().and_then(|pod| pod.meta.deletion);
    let own_ms = pod.as_ref().map_or(0, |pod| pod.template.termination_grace_ms);
    let grace_ms = deletion.map_or(own_ms, |deletion| deletion.grace_ms);
    let grace_ms = grace_ms.max(latency::MINIMUM_GRACE_MS);
    worker.stage = Stage::Terminating { until: cluster.now + grace_ms };
    worker.plan.clear();
    for (_, ticket) in [worker.next_sync.take(), worker.requeued.take()].into_iter().flatten() {
        cluster.queue.cancel(ticket);
    }
    worker.seen_sandbox = worker.pod_ip.is_some();
    for record in &mut worker.containers {
        record.seen = record.instance.clone();
        record.failure = record.failure.take().filter(|_| worker.past_deadline);
    }
    probe::end_for_deletion(cluster, worker);
    if let Some(pod) = pod {
        status::write(cluster, worker, &pod);
    }
    for container in 0..worker.containers.len() {
        if worker.containers[container].instance.is_running() {
            let message = format!("Stopping container {}", worker.spec(container).name);
            report::normal(cluster, worker, container, "Killing", &message);
        }
    }
    probe::trigger(cluster, worker);
    for container in 0..worker.containers.len() {
        match worker.is_sidecar(container) {
            true => runtime::begin_pre_stop(cluster, worker, container),
            false => runtime::stop(cluster, worker, container, grace_ms),
        }
    }
    exited(cluster, worker);
}

/// Goes on when a container has stopped: sidecars follow the app containers, in reverse order, each
/// with what is left of the grace period.
pub fn exited(cluster: &mut Cluster, worker: &mut PodWorker) {
    let Stage::Terminating { until } = worker.stage else { return };
    let running = |worker: &PodWorker, each: &usize| worker.containers[*each].instance.is_running();
    let all = 0..worker.containers.len();
    if all.clone().any(|each| !worker.is_sidecar(each) && running(worker, &each)) {
        return;
    }
    if let Some(sidecar) = all.rev().find(|each| running(worker, each)) {
        let left = until.saturating_sub(cluster.now);
        return runtime::stop(cluster, worker, sidecar, left);
    }
    worker.stage = Stage::Terminated;
    probe::end_all(cluster, worker);
    if worker.pod_ip.is_some() {
        trace::of_pod(cluster, Call::StopPodSandbox);
    }
    let now = cluster.now;
    if pod_of(cluster, worker).is_some_and(|pod| !pod.is_terminating()) {
        // An ended pod stays until it is deleted. Its end is noticed by the next but one relist.
        let relist = timing::next_relist(cluster);
        let at = match worker.past_deadline {
            true => now + latency::FINAL_STATUS_MS,
            false => relist + (relist - now).max(latency::RELIST_MS),
        };
        worker.schedule(cluster, at, KubeletWork::Finalize);
        return;
    }
    worker.schedule(cluster, now + latency::FINAL_STATUS_MS, KubeletWork::Finalize);
    let at = timing::next_relist(cluster).max(now + 2 * latency::FINAL_STATUS_MS);
    worker.schedule(cluster, at, KubeletWork::Remove);
}

/// Writes the final status.
pub fn finalize(cluster: &mut Cluster, worker: &mut PodWorker) {
    if let Some(pod) = pod_of(cluster, worker) {
        if !pod.is_terminating() && !cluster.kubernetes().relists_on_demand() {
            // Earlier instances have been removed by then, and earlier kubelets have noticed it.
            worker.containers.iter_mut().for_each(|record| record.instance.previous = None);
        }
        status::write_final(cluster, worker, &pod);
    }
}

/// Takes the object away, if it is still there and nobody else holds it.
pub fn remove(cluster: &mut Cluster, worker: &mut PodWorker) {
    if pod_of(cluster, worker).is_some() {
        let now = cluster.now;
        let _gone = apiserver::pod::delete(&mut cluster.store, &worker.key, Some(0), now).is_err();
    }
    worker.stage = Stage::Done;
}
