//! The conditions of a pod.
//!
//! Upstream: `pkg/kubelet/status/generate.go`.

use super::compute::was_initialized;
use super::worker::PodWorker;
use crate::cluster::Cluster;
use crate::cluster::pod::{
    Condition, ConditionStatus, ContainerStatus, PodConditions, PodPhase, PodStatus,
};
use crate::cluster::time::Millis;
use std::rc::Rc;

/// A condition as it is from `now` on: its time stays while its status does.
pub fn at(
    now: Millis,
    old: Option<&Condition>,
    is_true: bool,
    reason: &str,
    message: &str,
) -> Condition {
    let status = if is_true { ConditionStatus::True } else { ConditionStatus::False };
    let since = old.filter(|old| old.status == status).map_or(now, |old| old.since);
    Condition { status, since, reason: reason.into(), message: message.into() }
}

/// Writes all conditions. `is_final`: all containers have stopped for good.
pub fn write(status: &mut PodStatus, cluster: &Cluster, worker: &PodWorker, is_final: bool) {
    let now = cluster.now;
    let sandbox = worker.pod_ip.is_some() && !is_final;
    let told = status.conditions.ready_to_start_containers.as_ref();
    let reason = match !sandbox && cluster.kubernetes().explains_missing_sandbox() {
        true => "PodSandboxNotReady",
        false => "",
    };
    let started = at(now, told, sandbox, reason, "");
    status.conditions.ready_to_start_containers = Some(started);
    write_initialized(status, worker, now);
    write_ready(status, worker, now);
    let scheduled = status.conditions.scheduled.as_ref();
    if scheduled.is_none_or(|scheduled| scheduled.status != ConditionStatus::True) {
        status.conditions.scheduled = Some(at(now, scheduled, true, "", ""));
    }
}

fn write_initialized(status: &mut PodStatus, worker: &PodWorker, now: Millis) {
    let inits = status.init_containers.iter().enumerate();
    let incomplete = inits.filter(|(index, each)| match worker.is_sidecar(*index) {
        true => !each.started,
        false => !each.ready,
    });
    let names = names(incomplete.map(|(_, each)| each));
    let old = status.conditions.initialized.as_ref();
    let condition = if status.phase == PodPhase::Succeeded {
        at(now, old, true, "PodCompleted", "")
    } else if names.is_empty() || was_initialized(worker) {
        at(now, old, true, "", "")
    } else {
        let message = format!("containers with incomplete status: [{names}]");
        at(now, old, false, "ContainersNotInitialized", &message)
    };
    status.conditions.initialized = Some(condition);
}

/// What is said of the readiness gates whose condition is not True; empty if all are.
fn missing_gates(worker: &PodWorker, conditions: &PodConditions) -> String {
    let gate = |gate: &Rc<str>| match conditions.others.iter().find(|(type_, _)| type_ == gate) {
        Some((_, ConditionStatus::True)) => None,
        Some((_, status)) => {
            let status = if *status == ConditionStatus::False { "False" } else { "Unknown" };
            Some(format!(
                "the status of pod readiness gate \"{gate}\" is not \"True\", but {status}"
            ))
        }
        None => Some(format!(
            "corresponding condition of pod readiness gate \"{gate}\" does not exist."
        )),
    };
    worker.template.readiness_gates.iter().filter_map(gate).collect::<Vec<_>>().join(", ")
}

/// Writes `ContainersReady` and `Ready`, which are the same without readiness gates.
pub fn write_ready(status: &mut PodStatus, worker: &PodWorker, now: Millis) {
    let inits = status.init_containers.iter().enumerate();
    let sidecars = inits.filter(|(index, _)| worker.is_sidecar(*index)).map(|(_, each)| each);
    let unready = names(sidecars.chain(&status.containers).filter(|each| !each.ready));
    let (is_true, reason, message) = match status.phase {
        PodPhase::Succeeded => (false, "PodCompleted", String::new()),
        PodPhase::Failed => (false, "PodFailed", String::new()),
        _ if unready.is_empty() => (true, "", String::new()),
        _ => (false, "ContainersNotReady", format!("containers with unready status: [{unready}]")),
    };
    let conditions = &mut status.conditions;
    let held = conditions.containers_ready.as_ref();
    conditions.containers_ready = Some(at(now, held, is_true, reason, &message));
    let held = conditions.ready.as_ref();
    let gates = missing_gates(worker, conditions);
    conditions.ready = Some(match is_true && !gates.is_empty() {
        true => at(now, held, false, "ReadinessGatesNotReady", &gates),
        false => at(now, held, is_true, reason, &message),
    });
}

fn names<'a>(statuses: impl Iterator<Item = &'a ContainerStatus>) -> String {
    statuses.map(|each| &*each.name).collect::<Vec<_>>().join(" ")
}
