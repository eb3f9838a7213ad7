//! What the kubelet writes of a pod: container states, phase, conditions.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go`, convertToAPIContainerStatuses, getPhase;
//! `pkg/kubelet/status/generate.go`; `pkg/kubelet/prober/prober_manager.go`, UpdatePodStatus.

use super::compute::{has_ended, has_failed_to_initialize, has_initialized, is_over};
use super::lifecycle::PAST_DEADLINE;
use super::worker::{Instance, PodWorker, Process};
use super::{conditions, pod_of, whole_seconds};
use crate::cluster::Cluster;
use crate::cluster::pod::{ContainerState, ContainerStatus, Pod, PodPhase, PodStatus, Terminated};
use crate::cluster::template::ProbeKind;

/// Writes the status as the kubelet sees the pod.
pub fn write(cluster: &mut Cluster, worker: &mut PodWorker, pod: &Pod) {
    let status = generate(cluster, worker, &pod.status, false);
    for container in 0..worker.containers.len() {
        let started = statuses(&status, worker, container).started;
        let record = &mut worker.containers[container];
        record.reported = record.seen.clone();
        record.reported_started = started;
    }
    cluster.store.update::<Pod>(&worker.key, |pod| pod.status = status);
}

/// Writes that the sandbox exists, ahead of the rest.
pub fn write_sandbox_ready(cluster: &mut Cluster, worker: &PodWorker) {
    let now = cluster.now;
    if pod_of(cluster, worker).is_none() {
        return;
    }
    cluster.store.update::<Pod>(&worker.key, |pod| {
        let held = &mut pod.status.conditions.ready_to_start_containers;
        *held = Some(conditions::at(now, held.as_ref(), true, "", ""));
    });
}

/// Writes that a readiness probe has changed its mind.
///
/// Upstream: `pkg/kubelet/status/status_manager.go`, SetContainerReadiness.
pub fn write_readiness(
    cluster: &mut Cluster,
    worker: &PodWorker,
    container: usize,
    attempt: u32,
    ready: bool,
) {
    let now = cluster.now;
    let record = &worker.containers[container];
    let shown = record.reported.exists() && record.reported.attempt == attempt;
    if !shown || pod_of(cluster, worker).is_none() {
        return;
    }
    let init_count = worker.init_count();
    cluster.store.update::<Pod>(&worker.key, |pod| {
        let status = &mut pod.status;
        let each = match container.checked_sub(init_count) {
            Some(app) => status.containers.get_mut(app),
            None => status.init_containers.get_mut(container),
        };
        if let Some(each) = each {
            each.ready = ready && record.reported.is_running();
        }
        conditions::write_ready(status, worker, now);
    });
}

/// Writes the last status: whatever did not start counts as lost, and the phase is terminal.
///
/// Upstream: `pkg/kubelet/status/status_manager.go`, TerminatePod.
pub fn write_final(cluster: &mut Cluster, worker: &mut PodWorker, pod: &Pod) {
    for record in &mut worker.containers {
        record.seen = record.instance.clone();
        record.failure = record.failure.take().filter(|_| worker.past_deadline);
    }
    let mut status = generate(cluster, worker, &pod.status, true);
    let mut lost = false;
    for each in status.init_containers.iter_mut().chain(&mut status.containers) {
        if let ContainerState::Waiting { .. } = each.state {
            each.state = ContainerState::Terminated(Terminated {
                exit_code: 137,
                reason: "ContainerStatusUnknown".into(),
                message: "The container could not be located when the pod was terminated".into(),
                started_at: None,
                finished_at: cluster.now,
            });
            lost = true;
        }
    }
    if lost {
        status.phase = PodPhase::Failed;
    }
    cluster.store.update::<Pod>(&worker.key, |pod| pod.status = status);
}

/// The status of a pod as the kubelet sees it. `is_final`: all containers have stopped for good.
fn generate(cluster: &Cluster, worker: &PodWorker, old: &PodStatus, is_final: bool) -> PodStatus {
    let all: Vec<_> = (0..worker.containers.len()).map(|each| container(worker, each)).collect();
    let (inits, apps) = all.split_at(worker.init_count());
    let has_ended = has_ended(worker);
    let mut status = PodStatus {
        phase: phase(worker, inits, apps, is_final || has_ended),
        reason: old.reason.clone(),
        message: old.message.clone(),
        conditions: old.conditions.clone(),
        pod_ip: worker.pod_ip.filter(|_| worker.seen_sandbox),
        start_time: old.start_time.or(Some(whole_seconds(cluster.now))),
        containers: apps.to_vec(),
        init_containers: inits.to_vec(),
    };
    if worker.past_deadline {
        status.phase = PodPhase::Failed;
    }
    if old.phase.is_terminal() {
        status.phase = old.phase;
    }
    conditions::write(&mut status, cluster, worker, is_final);
    // Upstream: `pkg/kubelet/kubelet.go`, SyncPod: the phase is terminal once all has stopped.
    if (has_ended || worker.past_deadline) && !is_final {
        status.phase = old.phase;
    } else if worker.past_deadline {
        status.reason = "DeadlineExceeded".into();
        status.message = PAST_DEADLINE.into();
    }
    status
}

fn statuses<'a>(
    status: &'a PodStatus,
    worker: &PodWorker,
    container: usize,
) -> &'a ContainerStatus {
    match container.checked_sub(worker.init_count()) {
        Some(app) => &status.containers[app],
        None => &status.init_containers[container],
    }
}

impl PodWorker {
    /// Whether this instance counts as started: it runs and has passed its startup probe.
    pub fn is_started(&self, container: usize, instance: &Instance) -> bool {
        let startup = self.spec(container).startup.is_some() && !self.is_regular_init(container);
        instance.is_running()
            && (!startup
                || self.has_passed(container, ProbeKind::Startup, instance.attempt)
                || self.was_started(container, instance))
    }

    /// Whether the instance before passed the startup probe, and that probe has not looked at this
    /// one yet. Kubelets that look at a restarted container at once take it for started until then.
    fn was_started(&self, container: usize, instance: &Instance) -> bool {
        let Some(before) = instance.attempt.checked_sub(1) else { return false };
        self.relists_on_demand && self.has_passed(container, ProbeKind::Startup, before)
    }

    /// Whether this instance counts as ready.
    fn is_ready(&self, container: usize, instance: &Instance) -> bool {
        if self.is_regular_init(container) {
            return matches!(&instance.process, Process::Exited(exit) if exit.exit_code == 0);
        }
        self.is_started(container, instance)
            && (self.spec(container).readiness.is_none()
                || self.has_passed(container, ProbeKind::Readiness, instance.attempt))
    }
}

fn container(worker: &PodWorker, container: usize) -> ContainerStatus {
    let (record, spec) = (&worker.containers[container], worker.spec(container));
    let seen = &record.seen;
    let (state, last_state) = state(worker, container);
    ContainerStatus {
        name: spec.name.clone(),
        image: spec.image.clone(),
        state,
        last_state,
        ready: worker.is_ready(container, seen),
        started: worker.is_started(container, seen),
        restart_count: seen.attempt,
    }
}

fn state(worker: &PodWorker, container: usize) -> (ContainerState, Option<Terminated>) {
    let record = &worker.containers[container];
    let previous = record.seen.previous.clone();
    let waiting = record.failure.as_ref().map(|failure| ContainerState::Waiting {
        reason: failure.reason.clone(),
        message: failure.message.clone(),
    });
    match &record.seen.process {
        Process::Absent => {
            let initializing = worker.init_count() > 0;
            let reason = if initializing { "PodInitializing" } else { "ContainerCreating" };
            let default = ContainerState::Waiting { reason: reason.into(), message: "".into() };
            (waiting.unwrap_or(default), previous)
        }
        Process::Running { started_at } => {
            (ContainerState::Running { started_at: *started_at }, previous)
        }
        Process::Exited(exit) => match waiting {
            Some(waiting)
                if !is_over(worker, container)
                    && (exit.exit_code != 0 || !worker.is_sidecar(container)) =>
            {
                (waiting, Some(exit.clone()))
            }
            _ => (ContainerState::Terminated(exit.clone()), previous),
        },
    }
}

fn phase(
    worker: &PodWorker,
    inits: &[ContainerStatus],
    apps: &[ContainerStatus],
    is_final: bool,
) -> PodPhase {
    let initialized = has_initialized(worker);
    let pending = |index: usize, each: &ContainerStatus| match worker.is_sidecar(index) {
        true => !initialized && !each.started,
        false => !each.ready,
    };
    let initializing = inits.iter().enumerate().any(|(index, each)| pending(index, each));
    let mut running = false;
    let mut fresh = false;
    let mut all_fine = true;
    for each in apps {
        let exit = match &each.state {
            ContainerState::Running { .. } => {
                running = true;
                continue;
            }
            ContainerState::Waiting { .. } => each.last_state.as_ref(),
            ContainerState::Terminated(exit) => Some(exit),
        };
        fresh |= exit.is_none();
        all_fine &= exit.is_some_and(|exit| exit.exit_code == 0);
    }
    match () {
        () if has_failed_to_initialize(worker) => PodPhase::Failed,
        () if initializing && !is_final => PodPhase::Pending,
        () if fresh => PodPhase::Pending,
        () if running || !is_final => PodPhase::Running,
        () if all_fine => PodPhase::Succeeded,
        () => PodPhase::Failed,
    }
}
