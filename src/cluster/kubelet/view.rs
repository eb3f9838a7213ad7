//! What a picture of the kubelet's work shows: probes and waits, as plain values.

use super::probe_worker::{ProbeResult, ProbeWorker};
use super::whole_seconds;
use super::worker::{Blocked, Op, PodWorker, Process, Stage};
use crate::cluster::Cluster;
use crate::cluster::pod::{ConditionStatus, Pod};
use crate::cluster::storage::{Claim, ClaimPhase};
use crate::cluster::template::ProbeKind;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Where one probe of a pod stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeView {
    /// The container.
    pub container: Rc<str>,
    /// Which probe.
    pub kind: ProbeKind,
    /// When it asks next; `None` while it has nothing to ask: the container does not run, waits for
    /// its startup probe, or is about to be restarted.
    pub next_at: Option<Millis>,
    /// Its last result; `None` before the first.
    pub last_success: Option<bool>,
    /// Results like the last one in a row.
    pub run: u32,
    /// How many in a row change what the kubelet thinks: of successes if the last one was a
    /// success, else of failures.
    pub threshold: u32,
    /// What the kubelet thinks of the running instance.
    pub result: ProbeResult,
    /// Whether a person made fail what it asks.
    pub is_made_to_fail: bool,
}

/// What the kubelet, or whoever comes before it, waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// No node takes the pod: the scheduler's message.
    Node { message: Rc<str> },
    /// A claim is not bound.
    Claim { claim: Rc<str> },
    /// The volumes are being mounted.
    Volumes { until: Millis },
    /// The sandbox is being made.
    Sandbox { until: Millis },
    /// An image is being pulled.
    Pull { container: Rc<str>, until: Millis },
    /// An image could not be pulled: the next try.
    PullBackOff { container: Rc<str>, until: Millis },
    /// A container ended too soon: the next start.
    CrashBackOff { container: Rc<str>, until: Millis },
    /// A container is being stopped because of a probe: SIGKILL comes at the given time.
    Restart { container: Rc<str>, killed_at: Millis },
    /// The pod is being stopped: SIGKILL comes at the given time.
    Grace { killed_at: Millis },
}

/// Where the probes of a pod stand, in the order of its containers.
pub fn probe_views(cluster: &Cluster, pod: &Pod) -> Vec<ProbeView> {
    let worker = cluster.kubelets.workers.get(&pod.meta.uid);
    let views = worker.map(|worker| worker.probes.iter().map(|probe| probe_view(worker, probe)));
    views.into_iter().flatten().collect()
}

fn probe_view(worker: &PodWorker, probe: &ProbeWorker) -> ProbeView {
    let spec = worker.spec(probe.container);
    let (success_threshold, failure_threshold) = spec
        .probe(probe.kind)
        .map_or((1, 1), |spec| (spec.success_threshold, spec.failure_threshold));
    let record = &worker.containers[probe.container];
    let published = probe.published.filter(|(attempt, _)| *attempt == record.reported.attempt);
    ProbeView {
        container: spec.name.clone(),
        kind: probe.kind,
        next_at: next_at(worker, probe),
        last_success: probe.last_result,
        run: probe.run,
        threshold: match probe.last_result {
            Some(true) => success_threshold,
            _ => failure_threshold,
        },
        result: published.map_or(ProbeResult::Unknown, |(_, result)| result),
        is_made_to_fail: record.failing.contains(&probe.kind),
    }
}

/// The first tick that is not in vain.
fn next_at(worker: &PodWorker, probe: &ProbeWorker) -> Option<Millis> {
    let (tick, _) = probe.next?;
    let record = &worker.containers[probe.container];
    let Process::Running { started_at } = record.reported.process else { return None };
    let gated = record.reported_started == (probe.kind == ProbeKind::Startup);
    let on_hold = probe.on_hold && probe.attempt == Some(record.reported.attempt);
    if gated || on_hold {
        return None;
    }
    let spec = worker.spec(probe.container).probe(probe.kind)?;
    let earliest = whole_seconds(started_at) + spec.initial_delay_ms;
    Some(tick + earliest.saturating_sub(tick).div_ceil(spec.period_ms) * spec.period_ms)
}

/// The first container of a pod being stopped whose preStop hook was begun: its name, until when the
/// hook would go on, and when SIGKILL comes.
pub fn pre_stop(cluster: &Cluster, pod: &Pod) -> Option<(Rc<str>, Millis, Millis)> {
    let worker = cluster.kubelets.workers.get(&pod.meta.uid)?;
    (0..worker.containers.len()).find_map(|container| {
        let record = &worker.containers[container];
        let ending = record.ending.filter(|_| record.instance.is_running())?;
        let spec = worker.spec(container);
        spec.pre_stop.as_ref()?;
        Some((spec.name.clone(), ending.hook_until, ending.killed_at?))
    })
}

/// What keeps a pod from going on, if anything does.
pub fn waiting(cluster: &Cluster, pod: &Pod) -> Option<Waiting> {
    let Some(worker) = cluster.kubelets.workers.get(&pod.meta.uid) else {
        return waiting_for_node(cluster, pod);
    };
    if let Stage::Terminating { until } = worker.stage {
        return Some(Waiting::Grace { killed_at: until });
    }
    if let Some(blocked) = worker.blocked {
        return blocked_by(cluster, worker, blocked);
    }
    (0..worker.containers.len()).find_map(|container| backed_off(worker, container))
}

fn waiting_for_node(cluster: &Cluster, pod: &Pod) -> Option<Waiting> {
    if pod.node.is_some() {
        return None;
    }
    let unbound = unbound_claim(cluster, pod.claims.iter().map(|each| &each.claim), pod);
    if let Some(claim) = unbound {
        return Some(Waiting::Claim { claim });
    }
    let scheduled = pod.status.conditions.scheduled.as_ref();
    let refused = scheduled.filter(|condition| condition.status == ConditionStatus::False)?;
    Some(Waiting::Node { message: refused.message.clone() })
}

fn unbound_claim<'a>(
    cluster: &Cluster,
    mut claims: impl Iterator<Item = &'a Rc<str>>,
    pod: &Pod,
) -> Option<Rc<str>> {
    let is_bound = |claim: &Rc<str>| {
        let claim = cluster.store.get::<Claim>(&pod.meta.key.sibling(claim));
        claim.is_some_and(|claim| claim.phase == ClaimPhase::Bound)
    };
    claims.find(|claim| !is_bound(claim)).cloned()
}

fn blocked_by(cluster: &Cluster, worker: &PodWorker, blocked: Blocked) -> Option<Waiting> {
    let name = |container: usize| worker.spec(container).name.clone();
    let until = match blocked {
        Blocked::Exit(container) => {
            let killed_at = worker.containers[container].ending?.killed_at?;
            return Some(Waiting::Restart { container: name(container), killed_at });
        }
        Blocked::Until(until, _) => until,
    };
    match worker.plan.front()? {
        Op::Mount => {
            let pod = cluster.store.get::<Pod>(&worker.key)?;
            let claims = worker.claims.iter().map(|each| &each.claim);
            unbound_claim(cluster, claims, pod).map(|claim| Waiting::Claim { claim })
        }
        Op::Compute => Some(Waiting::Volumes { until }),
        Op::SandboxReady => Some(Waiting::Sandbox { until }),
        Op::Pulled { container, .. } => Some(Waiting::Pull { container: name(*container), until }),
        _ => None,
    }
}

/// The back-off that keeps a container from being started.
fn backed_off(worker: &PodWorker, container: usize) -> Option<Waiting> {
    let record = &worker.containers[container];
    let reason = &record.failure.as_ref()?.reason;
    let name = worker.spec(container).name.clone();
    let next_look = worker.requeued.map_or(0, |(at, _)| at);
    if &**reason == "CrashLoopBackOff" {
        let finished_at = record.instance.last_exit()?.finished_at;
        let until = record.back_off.until(finished_at)?.max(next_look);
        return Some(Waiting::CrashBackOff { container: name, until });
    }
    let until = record.pull_back_off.until_since_update()?.max(next_look);
    Some(Waiting::PullBackOff { container: name, until })
}
