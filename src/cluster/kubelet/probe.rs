//! The prober: when each probe asks, and when its answers count.
//!
//! Upstream: `pkg/kubelet/prober/worker.go`, run, doProbe; `prober_manager.go`, AddPod,
//! UpdatePodStatus.

use super::answer;
use super::memory::Outcome;
use super::probe_worker::{Missed, ProbeResult, ProbeWorker};
use super::worker::{PodWorker, Process, Stage};
use super::{KubeletWork, lifecycle, pod_of, report, status, timing, whole_seconds};
use crate::cluster::Cluster;
use crate::cluster::step::ProbeAttempt;
use crate::cluster::template::{ProbeHandler, ProbeKind};

/// Creates the workers of all probes of app containers and sidecars; they tick from `now` on.
pub fn create_workers(cluster: &mut Cluster, worker: &mut PodWorker) {
    for container in 0..worker.containers.len() {
        if worker.is_regular_init(container) {
            continue;
        }
        for kind in [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness] {
            let Some(period_ms) = worker.spec(container).probe(kind).map(|probe| probe.period_ms)
            else {
                continue;
            };
            let at = cluster.now + period_ms;
            let work = KubeletWork::Probe { probe: worker.probes.len() };
            let ticket = worker.schedule(cluster, at, work);
            worker.probes.push(ProbeWorker {
                container,
                kind,
                next: Some((at, ticket)),
                attempt: None,
                on_hold: false,
                asking: false,
                asked: (0, false),
                missed: None,
                last_result: None,
                run: 0,
                published: None,
            });
        }
    }
}

/// One tick of a probe's clock.
pub fn tick(cluster: &mut Cluster, worker: &mut PodWorker, probe: usize) {
    plan_tick(cluster, worker, probe);
    if worker.probes[probe].asking {
        worker.probes[probe].missed.get_or_insert(Missed::Tick);
    } else {
        ask(cluster, worker, probe);
    }
}

/// The next tick is one period from now.
fn plan_tick(cluster: &mut Cluster, worker: &mut PodWorker, probe: usize) {
    let Some(period_ms) = worker.spec_of(probe).map(|spec| spec.period_ms) else { return };
    let at = cluster.now + period_ms;
    let ticket = worker.schedule(cluster, at, KubeletWork::Probe { probe });
    worker.probes[probe].next = Some((at, ticket));
}

/// After a status was written: readiness probes of containers that are started and not ready ask at
/// once, and their clocks start again.
pub fn trigger(cluster: &mut Cluster, worker: &mut PodWorker) {
    for probe in 0..worker.probes.len() {
        if !is_waiting(worker, probe) || worker.probes[probe].next.is_none() {
            continue;
        }
        if worker.probes[probe].asking {
            worker.probes[probe].missed = Some(Missed::Trigger);
        } else {
            worker.probes[probe].cancel(cluster);
            match timing::trigger_takes(cluster) {
                0 => tick(cluster, worker, probe),
                delay => {
                    let at = cluster.now + delay;
                    let ticket = worker.schedule(cluster, at, KubeletWork::Probe { probe });
                    worker.probes[probe].next = Some((at, ticket));
                }
            }
        }
    }
}

/// Whether some container is started and not ready.
pub fn waits_for_readiness(worker: &PodWorker) -> bool {
    (0..worker.probes.len()).any(|probe| is_waiting(worker, probe))
}

fn is_waiting(worker: &PodWorker, probe: usize) -> bool {
    let probe = &worker.probes[probe];
    let record = &worker.containers[probe.container];
    probe.kind == ProbeKind::Readiness
        && record.reported_started
        && !worker.has_passed(probe.container, probe.kind, record.reported.attempt)
}

/// Ends the liveness and startup probes of app containers: the pod is being deleted.
pub fn end_for_deletion(cluster: &mut Cluster, worker: &mut PodWorker) {
    let init_count = worker.init_count();
    for probe in &mut worker.probes {
        if probe.kind != ProbeKind::Readiness && probe.container >= init_count {
            probe.end(cluster);
        }
    }
}

/// Ends all probes.
pub fn end_all(cluster: &mut Cluster, worker: &mut PodWorker) {
    for probe in &mut worker.probes {
        probe.end(cluster);
    }
}

/// Asks, if it is time to.
fn ask(cluster: &mut Cluster, worker: &mut PodWorker, probe: usize) {
    let (container, kind) = (worker.probes[probe].container, worker.probes[probe].kind);
    let record = &worker.containers[container];
    let (attempt, started) = (record.reported.attempt, record.reported_started);
    let process = record.reported.process.clone();
    if process == Process::Absent {
        return;
    }
    if worker.probes[probe].attempt != Some(attempt) {
        worker.probes[probe].attempt = Some(attempt);
        worker.probes[probe].on_hold = false;
        let initial = match kind {
            ProbeKind::Readiness => ProbeResult::Failure,
            ProbeKind::Liveness => ProbeResult::Success,
            ProbeKind::Startup => ProbeResult::Unknown,
        };
        publish(cluster, worker, probe, initial);
    }
    if worker.probes[probe].on_hold {
        return;
    }
    let Process::Running { started_at } = process else {
        return publish(cluster, worker, probe, ProbeResult::Failure);
    };
    let Some(spec) = worker.spec_of(probe) else { return };
    let age = cluster.now - whole_seconds(started_at);
    let gated = started == (kind == ProbeKind::Startup);
    if age < spec.initial_delay_ms || gated {
        return;
    }
    let is_exec = matches!(spec.handler, ProbeHandler::Exec { .. });
    let cancelled = worker.is_terminating()
        && is_exec
        && container >= worker.init_count()
        && cluster.kubernetes().cancels_exec_probes_of_terminating_pods();
    if cancelled {
        let error = "rpc error: code = Canceled desc = context canceled";
        return conclude(cluster, worker, probe, Outcome::Error(error.into()));
    }
    let answer = answer::ask(worker, container, kind, cluster.now);
    worker.probes[probe].asked = (cluster.now, answer.reached);
    if answer.took_ms == 0 {
        return conclude(cluster, worker, probe, answer.outcome);
    }
    worker.probes[probe].asking = true;
    let work = KubeletWork::ProbeAnswer { probe, attempt, outcome: answer.outcome };
    worker.schedule(cluster, cluster.now + answer.took_ms, work);
}

/// The answer that a probe waited for has come.
pub fn answered(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    probe: usize,
    attempt: u32,
    outcome: Outcome,
) {
    worker.probes[probe].asking = false;
    if worker.probes[probe].attempt == Some(attempt) && worker.probes[probe].next.is_some() {
        conclude(cluster, worker, probe, outcome);
    }
    match worker.probes[probe].missed.take() {
        Some(_) if worker.probes[probe].next.is_none() => {}
        Some(Missed::Tick) => ask(cluster, worker, probe),
        Some(Missed::Trigger) => {
            worker.probes[probe].cancel(cluster);
            tick(cluster, worker, probe);
        }
        None => {}
    }
}

/// Counts a result and publishes it if its threshold is reached.
fn conclude(cluster: &mut Cluster, worker: &mut PodWorker, probe: usize, outcome: Outcome) {
    let (container, kind) = (worker.probes[probe].container, worker.probes[probe].kind);
    let success = match &outcome {
        Outcome::Error(error) => {
            let message =
                format!("{} probe errored and resulted in unknown state: {error}", kind.name());
            report::warning(cluster, worker, container, "Unhealthy", &message);
            return;
        }
        Outcome::Failure(output) => {
            let message = format!("{} probe failed: {output}", kind.name());
            report::warning(cluster, worker, container, "Unhealthy", &message);
            false
        }
        Outcome::Warning(output) => {
            let message = format!("{} probe warning: {output}", kind.name());
            report::warning(cluster, worker, container, "ProbeWarning", &message);
            true
        }
        Outcome::Success => true,
    };
    let Some(spec) = worker.spec_of(probe) else { return };
    let threshold = if success { spec.success_threshold } else { spec.failure_threshold };
    let state = &mut worker.probes[probe];
    state.run = if state.last_result == Some(success) { state.run.saturating_add(1) } else { 1 };
    state.last_result = Some(success);
    let (run, (asked_at, reached)) = (state.run, state.asked);
    let name = worker.spec(container).name.clone();
    cluster.attempts.push(ProbeAttempt {
        pod: worker.key.clone(),
        uid: worker.uid,
        container: name,
        probe: kind,
        asked_at,
        reached,
        success,
        run,
        threshold,
    });
    if run < threshold {
        return;
    }
    let result = if success { ProbeResult::Success } else { ProbeResult::Failure };
    publish(cluster, worker, probe, result);
    if kind == ProbeKind::Startup || (kind == ProbeKind::Liveness && !success) {
        worker.probes[probe].on_hold = true;
        worker.probes[probe].run = 0;
    }
}

/// Publishes a result; a changed one is acted on at once.
///
/// Upstream: `pkg/kubelet/kubelet.go`, syncLoopIteration.
fn publish(cluster: &mut Cluster, worker: &mut PodWorker, probe: usize, result: ProbeResult) {
    let state = &mut worker.probes[probe];
    let Some(attempt) = state.attempt else { return };
    if state.published == Some((attempt, result)) {
        return;
    }
    state.published = Some((attempt, result));
    let (container, kind) = (state.container, state.kind);
    if kind == ProbeKind::Readiness {
        let ready = result == ProbeResult::Success;
        status::write_readiness(cluster, worker, container, attempt, ready);
    }
    let wakes = kind != ProbeKind::Liveness || result == ProbeResult::Failure;
    if wakes && !worker.is_terminating() && pod_of(cluster, worker).is_some() {
        let kills = kind != ProbeKind::Readiness && result == ProbeResult::Failure;
        if kills && cluster.now >= worker.fresh_at && worker.stage == Stage::Running {
            // Whatever else is due at this instant comes after.
            return lifecycle::sync(cluster, worker);
        }
        worker.request_another_sync(cluster);
    }
}
