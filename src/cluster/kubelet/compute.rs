//! What is to be done for a pod: which containers to kill, which to start.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, computePodActions, and
//! `kuberuntime_container.go`, computeInitContainerActions.

use super::worker::{Op, PodWorker, Process};
use crate::cluster::template::ProbeKind;

/// Plans what the pod needs, in the order in which it is done.
pub fn plan(worker: &PodWorker) -> Vec<Op> {
    let mut kills = Vec::new();
    let mut starts = Vec::new();
    let blocked = if has_initialized(worker) {
        for container in (0..worker.init_count()).filter(|each| worker.is_sidecar(*each)) {
            consider(worker, container, &mut kills, &mut starts);
        }
        false
    } else {
        consider_init(worker, &mut kills, &mut starts)
    };
    if !blocked {
        for container in worker.init_count()..worker.containers.len() {
            consider(worker, container, &mut kills, &mut starts);
        }
    }
    let mut ops = Vec::new();
    if worker.pod_ip.is_none() {
        ops.extend([Op::CreateSandbox, Op::SandboxReady]);
    }
    ops.extend(kills);
    for container in starts {
        ops.extend([Op::CheckBackOff { container }, Op::Pull { container }]);
        ops.extend([Op::Create { container }, Op::Start { container }, Op::Started { container }]);
        if worker.spec(container).post_start.is_some() {
            ops.push(Op::Hooked { container });
        }
    }
    ops
}

/// Whether an app container was ever created, so that regular init containers are history.
pub fn has_initialized(worker: &PodWorker) -> bool {
    let apps = &worker.containers[worker.init_count()..];
    apps.iter().any(|record| record.seen.exists() && !record.stale)
}

/// Whether an app container was ever created, in any sandbox.
pub fn was_initialized(worker: &PodWorker) -> bool {
    worker.containers[worker.init_count()..].iter().any(|record| record.seen.exists())
}

/// Whether a container has ended and is not started again.
pub fn is_over(worker: &PodWorker, container: usize) -> bool {
    let restarts = &worker.spec(container).restarts;
    let process = &worker.containers[container].seen.process;
    matches!(process, Process::Exited(exit) if !restarts.follow(exit.exit_code))
}

/// Whether a regular init container has failed and is not tried again.
fn init_has_failed(worker: &PodWorker, container: usize) -> bool {
    let process = &worker.containers[container].seen.process;
    let failed = matches!(process, Process::Exited(exit) if exit.exit_code != 0);
    failed && worker.is_regular_init(container) && is_over(worker, container)
}

/// Whether the pod can never start its app containers.
pub fn has_failed_to_initialize(worker: &PodWorker) -> bool {
    (0..worker.init_count()).any(|container| init_has_failed(worker, container))
}

/// Whether the pod has ended by itself: no app container runs or will.
///
/// Upstream: `pkg/kubelet/kubelet_pods.go`, getPhase.
pub fn has_ended(worker: &PodWorker) -> bool {
    let mut apps = worker.init_count()..worker.containers.len();
    has_failed_to_initialize(worker)
        || (!apps.is_empty() && apps.all(|container| is_over(worker, container)))
}

/// Goes through the init containers in order; returns whether the app containers have to wait.
fn consider_init(worker: &PodWorker, kills: &mut Vec<Op>, starts: &mut Vec<usize>) -> bool {
    for container in 0..worker.init_count() {
        if worker.is_sidecar(container) {
            consider(worker, container, kills, starts);
            let runs = worker.containers[container].seen.is_running();
            let started = runs && worker.is_started(container, &worker.containers[container].seen);
            // What follows a sidecar starts at the next look, and not while its startup probe has not
            // passed; one that crashes holds nothing up.
            let has_run = worker.containers[container].seen.exists();
            if !started && (runs || !has_run || worker.spec(container).startup.is_some()) {
                return true;
            }
            continue;
        }
        match &worker.containers[container].seen.process {
            Process::Exited(exit) if exit.exit_code == 0 && !worker.containers[container].stale => {
            }
            Process::Running { .. } => return true,
            Process::Absent | Process::Exited(_) => {
                if !init_has_failed(worker, container) {
                    starts.push(container);
                }
                return true;
            }
        }
    }
    false
}

/// Restarts a container that failed a probe, starts one that does not run.
fn consider(worker: &PodWorker, container: usize, kills: &mut Vec<Op>, starts: &mut Vec<usize>) {
    let seen = &worker.containers[container].seen;
    if !seen.is_running() {
        if !is_over(worker, container) {
            starts.push(container);
        }
        return;
    }
    let failed = |probe: &ProbeKind| worker.has_failed(container, *probe, seen.attempt);
    let probe = [ProbeKind::Liveness, ProbeKind::Startup].into_iter().find(failed);
    if probe.is_some() || worker.containers[container].changed {
        kills.push(Op::Kill { container, probe });
        starts.push(container);
    }
}
