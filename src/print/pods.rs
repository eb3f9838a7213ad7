//! The cells of a pod.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printPod.

use super::cell::Cell;
use super::texts::{age, name, or_none};
use crate::api::{Kubernetes, Tree, Version, timestamp};
use serde_json::Value;

/// The cells of a pod.
pub fn cells(pod: &Value, kubernetes: Kubernetes) -> Vec<Cell> {
    let status_of = pod.at("status");
    let (ready, all) = ready(pod);
    let address = match status_of.items("podIPs").first() {
        Some(first) => first.text("ip"),
        None => status_of.text("podIP"),
    };
    vec![
        name(pod),
        format!("{ready}/{all}").into(),
        status(pod, kubernetes.version).into(),
        restarts(pod),
        age(pod),
        or_none(address).into(),
        or_none(pod.at("spec").text("nodeName")).into(),
        or_none(status_of.text("nominatedNodeName")).into(),
        readiness_gates(pod).into(),
    ]
}

fn readiness_gates(pod: &Value) -> String {
    let gates = pod.at("spec").items("readinessGates");
    if gates.is_empty() {
        return "<none>".into();
    }
    let is_true = |gate: &&Value| {
        let conditions = pod.at("status").items("conditions");
        conditions.iter().any(|condition| {
            condition.text("type") == gate.text("conditionType")
                && condition.text("status") == "True"
        })
    };
    format!("{}/{}", gates.iter().filter(is_true).count(), gates.len())
}

/// Whether the init container of a status is a sidecar.
fn is_sidecar(pod: &Value, name: &str) -> bool {
    let containers = pod.at("spec").items("initContainers");
    containers.iter().any(|it| it.text("name") == name && it.text("restartPolicy") == "Always")
}

/// How far the init containers have come: the index of the first that is not through, and its word.
fn initializing(pod: &Value) -> Option<(usize, Option<String>)> {
    let statuses = pod.at("status").items("initContainerStatuses");
    for (index, status) in statuses.iter().enumerate() {
        let state = status.at("state");
        if let Some(terminated) = state.set("terminated") {
            if terminated.int("exitCode") == 0 {
                continue;
            }
            return Some((index, Some(format!("Init:{}", ended(terminated)))));
        }
        if is_sidecar(pod, status.text("name")) && status.flag("started") {
            continue;
        }
        let reason = state.at("waiting").text("reason");
        let word =
            (!reason.is_empty() && reason != "PodInitializing").then(|| format!("Init:{reason}"));
        return Some((index, word));
    }
    None
}

/// How a container ended, in a word.
fn ended(terminated: &Value) -> String {
    match (terminated.text("reason"), terminated.int("signal")) {
        ("", 0) => format!("ExitCode:{}", terminated.int("exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.into(),
    }
}

/// How many containers are ready, and how many there are.
fn ready(pod: &Value) -> (usize, usize) {
    let spec = pod.at("spec");
    let sidecars = spec.items("initContainers").iter();
    let sidecars = sidecars.filter(|it| it.text("restartPolicy") == "Always").count();
    let started = pod.at("status").items("initContainerStatuses").iter();
    let started = started
        .filter(|status| is_sidecar(pod, status.text("name")))
        .filter(|status| status.flag("ready") && status.at("state").set("running").is_some())
        .count();
    let statuses = pod.at("status").items("containerStatuses").iter();
    let running = statuses
        .filter(|status| status.flag("ready") && status.at("state").set("running").is_some())
        .count();
    let counts = initializing(pod).is_none() || is_initialized(pod);
    let ready = started + if counts { running } else { 0 };
    (ready, spec.items("containers").len() + sidecars)
}

fn condition<'a>(pod: &'a Value, kind: &str) -> &'a str {
    let conditions = pod.at("status").items("conditions").iter();
    let mut own = conditions.filter(|condition| condition.text("type") == kind);
    own.next().map(|condition| condition.text("status")).unwrap_or_default()
}

fn is_initialized(pod: &Value) -> bool {
    condition(pod, "Initialized") == "True"
}

/// The word of column STATUS.
pub fn status(pod: &Value, version: Version) -> String {
    let status = pod.at("status");
    let mut word = status.text("phase").to_owned();
    if !status.text("reason").is_empty() {
        word = status.text("reason").into();
    }
    let scheduled = status.items("conditions").iter();
    let mut scheduled = scheduled.filter(|it| it.text("type") == "PodScheduled");
    if scheduled.any(|it| it.text("reason") == "SchedulingGated") {
        word = "SchedulingGated".into();
    }
    let initializing = initializing(pod);
    if let Some((index, own)) = &initializing {
        let all = pod.at("spec").items("initContainers").len();
        word = own.clone().unwrap_or_else(|| format!("Init:{index}/{all}"));
    }
    if initializing.is_none() || is_initialized(pod) {
        word = of_containers(pod, word, version);
    }
    if !pod.at("metadata").text("deletionTimestamp").is_empty() {
        if status.text("reason") == "NodeLost" {
            return "Unknown".into();
        }
        if !matches!(status.text("phase"), "Succeeded" | "Failed") {
            return "Terminating".into();
        }
    }
    word
}

fn of_containers(pod: &Value, mut word: String, version: Version) -> String {
    let (mut is_running, mut failed) = (false, None);
    for status in pod.at("status").items("containerStatuses").iter().rev() {
        let state = status.at("state");
        let waiting = state.at("waiting").text("reason");
        if !waiting.is_empty() {
            word = waiting.into();
        } else if let Some(terminated) = state.set("terminated") {
            word = ended(terminated);
            if terminated.int("exitCode") != 0 {
                failed = Some(word.clone());
            }
        } else if status.flag("ready") && state.set("running").is_some() {
            is_running = true;
        }
    }
    if word == "Completed" {
        let is_ready = is_running && condition(pod, "Ready") == "True";
        if let (Some(failed), false) = (failed, is_ready)
            && version >= Version::V1_35
        {
            return failed;
        }
        if is_running {
            let is_ready = condition(pod, "Ready") == "True";
            return if is_ready { "Running" } else { "NotReady" }.into();
        }
    }
    word
}

/// The cell RESTARTS, such as `3 (38s ago)`.
fn restarts(pod: &Value) -> Cell {
    let status = pod.at("status");
    let sum = |statuses: &mut dyn Iterator<Item = &Value>| {
        statuses.fold((0, None), |(count, last): (i64, Option<i64>), status| {
            let ended = status.at("lastState").at("terminated").text("finishedAt");
            (count + status.int("restartCount"), last.max(timestamp::parse(ended)))
        })
    };
    let init = status.items("initContainerStatuses").iter();
    let own = status.items("containerStatuses").iter();
    let (count, last) = match initializing(pod).is_some() && !is_initialized(pod) {
        true => sum(&mut init.into_iter()),
        false => sum(&mut init.filter(|it| is_sidecar(pod, it.text("name"))).chain(own)),
    };
    match last {
        Some(last) if count > 0 => Cell::Counted(count, last),
        _ => count.into(),
    }
}
