//! Processes: starting them, stopping them, their end.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, doBackOff;
//! `kuberuntime_container.go`, startContainer, killContainer.

use super::backoff::go_duration;
use super::lifecycle::{self, Flow};
use super::memory::Call;
use super::report;
use super::script::Run;
use super::trace;
use super::worker::{Blocked, Ending, Instance, PodWorker, Process, StartFailure};
use super::{KubeletWork, answer, files, latency, terminate, timing};
use crate::cluster::pod::Terminated;
use crate::cluster::template::{Hook, ProbeKind};
use crate::cluster::time::Millis;
use crate::cluster::{Cluster, application};
use std::rc::Rc;

impl PodWorker {
    /// What the next instance of a container does, or the one that is there.
    pub fn run(&self, container: usize) -> &Run {
        let record = &self.containers[container];
        let attempt = match record.instance.process {
            Process::Absent | Process::Running { .. } => record.instance.attempt,
            Process::Exited(_) => record.instance.attempt + 1,
        };
        let is_init = self.is_regular_init(container);
        self.script.run(&self.spec(container).name, attempt, is_init)
    }
}

/// Refuses to start a container whose last instance ended too recently.
pub fn check_back_off(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) -> Flow {
    let now = cluster.now;
    let record = &mut worker.containers[container];
    if record.stale {
        return Flow::Next;
    }
    let Some(exit) = record.seen.last_exit() else { return Flow::Next };
    let finished_at = exit.finished_at;
    let until = record.back_off.until(finished_at).filter(|until| now < *until);
    let Some(until) = until else {
        record.back_off.next(finished_at, now);
        return Flow::Next;
    };
    let name = worker.spec(container).name.clone();
    let pod = format!("{}_{}({})", worker.key.name, worker.key.namespace, worker.uid);
    let wait = go_duration(worker.containers[container].back_off.wait_ms());
    let message = format!("back-off {wait} restarting failed container={name} pod={pod}");
    let failure = StartFailure { reason: "CrashLoopBackOff".into(), message: message.into() };
    worker.containers[container].failure = Some(failure);
    let found = &mut worker.findings.backed_off_until;
    *found = Some(found.map_or(until, |earlier| earlier.min(until)));
    let message = format!("Back-off restarting failed container {name} in pod {pod}");
    report::warning(cluster, worker, container, "BackOff", &message);
    Flow::Failed(container)
}

/// The container exists: starts it.
pub fn start(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) -> Flow {
    let (attempt, now) = ((container, worker.next_attempt(container)), cluster.now);
    trace::of_container(cluster, worker, attempt, now, Call::StartContainer);
    let message = match cluster.kubernetes().names_container_in_events() {
        true => format!("Created container: {}", worker.spec(container).name),
        false => "Container created".into(),
    };
    report::normal(cluster, worker, container, "Created", &message);
    Flow::After(worker.run(container).start_ms)
}

/// The process runs.
pub fn started(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) -> Flow {
    let now = cluster.now;
    let record = &mut worker.containers[container];
    let old = std::mem::take(&mut record.instance);
    let (attempt, previous) = match old.process {
        Process::Exited(exit) => (old.attempt + 1, Some(exit)),
        _ => (0, None),
    };
    record.instance = Instance { attempt, process: Process::Absent, previous };
    record.failure = None;
    (record.stale, record.changed) = (false, false);
    record.pre_stop_at = None;
    worker.findings.acted = true;
    if let Some(error) = worker.run(container).start_error.clone() {
        return refuse(cluster, worker, container, error);
    }
    let process = Process::Running { started_at: now };
    worker.containers[container].instance.process = process;
    let regular_init = worker.is_regular_init(container);
    let run = worker.run(container);
    let (run_ms, exit_code) = (run.run_ms, run.exit_code);
    if let Some(run_ms) = run_ms.or(regular_init.then_some(latency::INIT_RUN_MS)) {
        let work = KubeletWork::Exit { container, attempt, exit_code };
        let ticket = worker.schedule(cluster, now + run_ms, work);
        worker.containers[container].ending =
            Some(Ending { at: now + run_ms, ticket, killed_at: None, hook_until: 0 });
    }
    let message = match cluster.kubernetes().names_container_in_events() {
        true => format!("Started container {}", worker.spec(container).name),
        false => "Container started".into(),
    };
    report::normal(cluster, worker, container, "Started", &message);
    let is_app = container >= worker.init_count();
    if let Some(claim) = worker.first_claim(container).filter(|_| is_app) {
        files::note_boot(cluster, &claim, &worker.key.name);
    }
    let name = worker.spec(container).name.clone();
    application::started(cluster, &worker.key, &name, attempt);
    let hook = worker.spec(container).post_start.as_ref();
    let hook_ms = answer::hook(worker, container, hook, now).0;
    if hook.is_some_and(Hook::is_command) {
        trace::of_container(cluster, worker, (container, attempt), now, Call::Exec);
    }
    Flow::After(hook_ms)
}

/// The runtime cannot start the container: it counts as ended.
fn refuse(cluster: &mut Cluster, worker: &mut PodWorker, container: usize, error: Rc<str>) -> Flow {
    report::warning(cluster, worker, container, "Failed", &format!("Error: {error}"));
    worker.findings.failed = true;
    let record = &mut worker.containers[container];
    record.instance.process = Process::Exited(Terminated {
        exit_code: 128,
        reason: "StartError".into(),
        message: Rc::clone(&error),
        started_at: None,
        finished_at: cluster.now,
    });
    record.failure = Some(StartFailure { reason: "RunContainerError".into(), message: error });
    Flow::Failed(container)
}

/// The sandbox is gone, and with it all processes.
pub fn lose_sandbox(cluster: &mut Cluster, worker: &mut PodWorker) {
    worker.lost_sandbox = true;
    worker.pod_ip = None;
    for container in 0..worker.containers.len() {
        let record = &mut worker.containers[container];
        record.stale = record.instance.exists();
        let Process::Running { started_at } = record.instance.process else { continue };
        if let Some(ending) = record.ending.take() {
            cluster.queue.cancel(ending.ticket);
        }
        record.instance.process = Process::Exited(Terminated {
            exit_code: 255,
            reason: "Unknown".into(),
            message: "".into(),
            started_at: Some(started_at),
            finished_at: cluster.now,
        });
        let attempt = (container, record.instance.attempt);
        let now = cluster.now;
        trace::of_container(cluster, worker, attempt, now, Call::Exit(255));
    }
    let at = timing::next_relist(cluster);
    worker.request_relist(cluster, at);
}

/// The postStart hook is over: a failed one ends the container.
pub fn hooked(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) -> Flow {
    let hook = worker.spec(container).post_start.as_ref();
    let (_, failure) = answer::hook(worker, container, hook, cluster.now);
    let Some(message) = failure else { return Flow::Next };
    report::warning(cluster, worker, container, "FailedPostStartHook", "PostStartHook failed");
    worker.findings.failed = true;
    let reason: Rc<str> = "PostStartHookError".into();
    worker.containers[container].failure = Some(StartFailure { reason, message: message.into() });
    if !worker.containers[container].instance.is_running() {
        return Flow::Next;
    }
    report::normal(cluster, worker, container, "Killing", "FailedPostStartHook");
    stop(cluster, worker, container, worker.template.termination_grace_ms);
    Flow::AfterExit(container)
}

/// Stops a container because of a probe.
pub fn kill(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    probe: Option<ProbeKind>,
) -> Flow {
    worker.findings.acted = true;
    let spec = worker.spec(container);
    let name = spec.name.clone();
    let kind = probe.map(|probe| probe.name().to_ascii_lowercase());
    let own = probe.and_then(|probe| spec.probe(probe)?.termination_grace_ms);
    let grace = own.unwrap_or(worker.template.termination_grace_ms);
    let message = match (kind, worker.is_sidecar(container)) {
        (None, _) => format!("Container {name} definition changed, will be restarted"),
        (Some(kind), true) => format!("Init container {name} failed {kind} probe"),
        (Some(kind), false) => format!("Container {name} failed {kind} probe, will be restarted"),
    };
    report::normal(cluster, worker, container, "Killing", &message);
    stop(cluster, worker, container, grace);
    match worker.containers[container].instance.is_running() {
        true => Flow::AfterExit(container),
        false => Flow::Next,
    }
}

/// The exit code of a process that SIGTERM has ended.
const SIGTERM_CODE: i32 = 128 + 15;

/// Runs the preStop hook, sends SIGTERM, and SIGKILL after the grace period, of which two seconds
/// are left for the process at least. Does nothing to a process that has ended or
/// was told to end before.
pub fn stop(cluster: &mut Cluster, worker: &mut PodWorker, container: usize, grace_ms: Millis) {
    let now = cluster.now;
    let grace_ms = grace_ms.max(latency::MINIMUM_GRACE_MS);
    let record = &worker.containers[container];
    let told = record.ending.is_some_and(|ending| ending.killed_at.is_some());
    if !record.instance.is_running() || told {
        return;
    }
    let attempt = record.instance.attempt;
    let hook = worker.spec(container).pre_stop.as_ref();
    let (hook_ms, hook_failure) = answer::hook(worker, container, hook, now);
    if hook_failure.is_some() {
        report::warning(cluster, worker, container, "FailedPreStopHook", "PreStopHook failed");
    }
    let began_at = worker.containers[container].pre_stop_at;
    if began_at.is_none() && hook.is_some_and(Hook::is_command) {
        trace::of_container(cluster, worker, (container, attempt), now, Call::Exec);
    }
    let record = &worker.containers[container];
    let hook_ms = (began_at.unwrap_or(now) + hook_ms).saturating_sub(now);
    let told_at = now + hook_ms.min(grace_ms);
    let killed_at = (now + grace_ms).max(told_at + latency::MINIMUM_GRACE_MS);
    let timeout = (killed_at - told_at).div_ceil(1_000);
    let call = Call::StopContainer(timeout);
    trace::of_container(cluster, worker, (container, attempt), told_at, call);
    let run = worker.run(container);
    let spec = worker.spec(container);
    // What a script says of a container goes before what its command tells.
    let is_stand_in = !worker.script.containers.contains_key(&spec.name);
    let term_code = if is_stand_in && spec.ends_by_signal { SIGTERM_CODE } else { run.term_code };
    let (mut at, mut exit_code) = match run.term_ms {
        Some(term_ms) if told_at + term_ms < killed_at => (told_at + term_ms, term_code),
        _ => (killed_at, 137),
    };
    if let Some(ending) = record.ending {
        cluster.queue.cancel(ending.ticket);
        if ending.at < at {
            (at, exit_code) = (ending.at, run.exit_code);
        }
    }
    let work = KubeletWork::Exit { container, attempt, exit_code };
    let ticket = worker.schedule(cluster, at, work);
    worker.containers[container].ending =
        Some(Ending { at, ticket, killed_at: Some(killed_at), hook_until: now + hook_ms });
}

/// Begins the preStop hook of a sidecar, which is told to end only after the app containers.
pub fn begin_pre_stop(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) {
    let now = cluster.now;
    let is_command = worker.spec(container).pre_stop.as_ref().is_some_and(Hook::is_command);
    let record = &mut worker.containers[container];
    if !record.instance.is_running() {
        return;
    }
    record.pre_stop_at = Some(now);
    let attempt = (container, record.instance.attempt);
    if is_command {
        trace::of_container(cluster, worker, attempt, now, Call::Exec);
    }
}

/// A process ends.
pub fn exit(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    attempt: u32,
    exit_code: i32,
) {
    let now = cluster.now;
    let own_end = worker.containers[container].ending.is_none_or(|end| end.killed_at.is_none());
    let reason = worker.run(container).reason.clone().filter(|_| own_end);
    let record = &mut worker.containers[container];
    let Process::Running { started_at } = record.instance.process else { return };
    if record.instance.attempt != attempt {
        return;
    }
    let ending = record.ending.take();
    if let Some(ending) = ending {
        cluster.queue.cancel(ending.ticket);
    }
    let by_code = if exit_code == 0 { "Completed" } else { "Error" };
    record.instance.process = Process::Exited(Terminated {
        exit_code,
        reason: reason.unwrap_or_else(|| by_code.into()),
        message: "".into(),
        started_at: Some(started_at),
        finished_at: now,
    });
    trace::of_container(cluster, worker, (container, attempt), now, Call::Exit(exit_code));
    if ending.is_some_and(|ending| ending.hook_until > now) {
        report::warning(cluster, worker, container, "FailedPreStopHook", "PreStopHook failed");
    }
    if worker.is_terminating() {
        terminate::exited(cluster, worker);
    } else if worker.blocked == Some(Blocked::Exit(container)) {
        lifecycle::proceed(cluster, worker);
    } else {
        let at = timing::next_relist(cluster);
        worker.request_relist(cluster, at);
    }
}
