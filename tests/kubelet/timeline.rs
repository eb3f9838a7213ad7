//! What happened to a pod, recorded or simulated, in one form: tracks of entries.

use super::recording::{items, number, text};
use serde_json::Value;
use statefulset_playground::cluster::journal::Changed;
use statefulset_playground::cluster::kubelet::lab::Lab;
use statefulset_playground::cluster::kubelet::memory::{Call, Traced};
use statefulset_playground::cluster::pod::{Condition, ConditionStatus, ContainerState, Pod};
use statefulset_playground::cluster::pod::{ContainerStatus, PodConditions};
use statefulset_playground::cluster::{Millis, Step};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The kind of an attempt whose answer came too late: what the answer was does not count.
pub const LATE: &str = "late";

/// Something at a time: its kind, and the words that belong to it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: Millis,
    pub kind: String,
    pub words: String,
}

/// What is compared.
#[derive(Default)]
pub struct Timeline {
    /// Written states, without repetitions.
    pub states: Vec<Entry>,
    /// Events by field path.
    pub events: BTreeMap<String, Vec<Entry>>,
    /// Attempts by container and probe.
    pub attempts: BTreeMap<String, Vec<Entry>>,
    /// Calls to the runtime.
    pub calls: Vec<Entry>,
}

impl Timeline {
    fn state(&mut self, entry: Entry) {
        let same = |last: &Entry| last.kind == entry.kind && last.words == entry.words;
        if !self.states.last().is_some_and(same) {
            self.states.push(entry);
        }
    }

    /// Repetitions count once: how often a refusal repeats hangs on the length of waits.
    pub fn event(&mut self, path: &str, entry: Entry) {
        let track = self.events.entry(path.to_string()).or_default();
        if track.last().is_none_or(|last| last.kind != entry.kind || last.words != entry.words) {
            track.push(entry);
        }
    }
}

pub fn recorded(recording: &Value) -> Timeline {
    let mut timeline = Timeline::default();
    for call in items(recording, "cri") {
        if let Some(kind) = recorded_call(call) {
            let at = number(call, "ms").unwrap_or(0);
            timeline.calls.push(Entry { at, kind, words: String::new() });
        }
    }
    for state in items(recording, "status") {
        timeline.state(recorded_state(state));
    }
    let pod = format!("pod {}_rec", text(&recording["pod"]["metadata"], "name"));
    let exits = exits(&timeline.calls);
    for event in items(recording, "events") {
        let kind = format!("{} {}", text(event, "type"), text(event, "reason"));
        let words = event_words(&text(event, "message").replace(&pod, "pod pod_default"));
        let at = number(event, "ms").unwrap_or(0);
        let entry = Entry { at, kind, words };
        if !is_race(&entry, &exits) {
            timeline.event(text(event, "path"), entry);
        }
    }
    for probe in items(recording, "probes").iter().filter(|each| each["result"] != "not running") {
        let timeout = number(probe, "timeout").unwrap_or(1) * 1_000;
        let late = number(probe, "took").unwrap_or(0) >= timeout;
        let result = &probe["result"];
        let redirects = *result == 302;
        let fine = *result == 0
            || *result == 200
            || redirects
            || *result == "accepted"
            || *result == "SERVING";
        let what = ["cmd", "path", "service"].map(|key| text(probe, key).trim_start_matches('/'));
        let what = what.into_iter().find(|what| !what.is_empty()).unwrap_or("ready");
        let at = number(probe, "ms").unwrap_or(0);
        let kind = match fine && !late {
            // What came of it is told by events and states.
            _ if redirects => LATE,
            true => "success",
            false => "failure",
        };
        let kind = kind.to_string();
        let track = format!("{} {what}", text(probe, "container"));
        let entry = Entry { at, kind, words: String::new() };
        let track = timeline.attempts.entry(track).or_default();
        // A redirect to the same place is followed ten times within one attempt.
        if !redirects || track.last().is_none_or(|last| last.at + 15 < at) {
            track.push(entry);
        }
    }
    timeline
}

/// A call to the runtime; none if it is the removal of something dead, which the garbage collectors
/// of the kubelet do at their own times.
fn recorded_call(call: &Value) -> Option<String> {
    let name = text(call, "call");
    let what = match name {
        "StopContainer" => format!(" timeout {}", call["timeout"]),
        "exit" => format!(" code {}", call["code"]),
        "RunPodSandbox" | "StopPodSandbox" | "PullImage" => return Some(name.into()),
        "CreateContainer" | "StartContainer" | "exec" => String::new(),
        _ => return None,
    };
    Some(format!("{name} {} {}{what}", text(call, "container"), call["attempt"]))
}

fn simulated_call(traced: &Traced) -> String {
    let container = traced.container.as_ref();
    let of = container.map(|(name, attempt)| format!(" {name} {attempt}")).unwrap_or_default();
    match &traced.call {
        Call::PullImage => "PullImage".into(),
        Call::StopContainer(timeout) => format!("StopContainer{of} timeout {timeout}"),
        Call::Exit(code) => format!("exit{of} code {code}"),
        Call::Exec => format!("exec{of}"),
        call => format!("{call:?}{of}"),
    }
}

pub fn simulated(lab: &Lab, zero: Millis) -> Timeline {
    let mut timeline = Timeline::default();
    let call = |traced: &Traced| Entry {
        at: traced.at - zero,
        kind: simulated_call(traced),
        words: String::new(),
    };
    timeline.calls = lab.calls().iter().map(call).collect();
    timeline.calls.sort_by_key(|call| call.at);
    let exits = exits(&timeline.calls);
    for step in lab.steps() {
        simulated_step(&mut timeline, step, step.at - zero, &exits);
    }
    timeline
}

fn simulated_step(timeline: &mut Timeline, step: &Step, at: Millis, exits: &[Millis]) {
    for change in &step.changes {
        if let Some(Changed { new, .. }) = change.of::<Pod>() {
            timeline.state(new.map_or_else(|| gone(at), |pod| pod_state(&pod, at)));
        }
    }
    for event in &step.events {
        let kind = format!("{:?} {}", event.type_, event.reason);
        let message = event.message.replace(&event.regarding.uid.to_string(), "<uid>");
        let words = event_words(&message.replace("10.244.0.2", "<podIP>"));
        let entry = Entry { at, kind, words };
        if !is_race(&entry, exits) {
            timeline.event(&event.regarding.field_path, entry);
        }
    }
    for probe in &step.probes {
        let what = match probe.probe.name() {
            "Readiness" => "ready",
            "Liveness" => "live",
            _ => "start",
        };
        if !probe.reached {
            continue;
        }
        let waited = step.at - probe.asked_at;
        let kind = match probe.success {
            true => "success",
            false if waited >= 1_000 => LATE,
            false => "failure",
        };
        let at = probe.asked_at.saturating_sub(step.at - at);
        let track = format!("{} {what}", probe.container);
        let entry = Entry { at, kind: kind.into(), words: String::new() };
        timeline.attempts.entry(track).or_default().push(entry);
    }
}

/// When processes ended.
fn exits(calls: &[Entry]) -> Vec<Millis> {
    calls.iter().filter(|call| call.kind.starts_with("exit")).map(|call| call.at).collect()
}

/// Whether an event tells of a probe that met a process at its end: one that asks within that
/// second, before the kubelet knows, may meet it or not.
fn is_race(event: &Entry, exits: &[Millis]) -> bool {
    let met_an_end = ["CONTAINER_EXITED", "EOF", "connection refused"];
    event.kind.ends_with("Unhealthy")
        && met_an_end.iter().any(|words| event.words.contains(words))
        && exits.iter().any(|exit| (*exit..=*exit + 1_100).contains(&event.at))
}

/// The words of an event without what is measured or random.
pub fn event_words(message: &str) -> String {
    let message = &*message.replace("ConfigMap rec/", "ConfigMap default/");
    match message {
        _ if message.starts_with("Successfully pulled") => "Successfully pulled".into(),
        _ if message.contains("CONTAINER_EXITED") => "CONTAINER_EXITED".into(),
        _ => message.into(),
    }
}

pub fn gone(at: Millis) -> Entry {
    Entry { at, kind: "gone".into(), words: String::new() }
}

pub fn recorded_state(state: &Value) -> Entry {
    let at = number(state, "ms").unwrap_or(0);
    if state["deleted"] == true {
        return gone(at);
    }
    let mut kind = text(state, "phase").to_string() + " " + text(state, "reason");
    let mut words = text(state, "message").to_string();
    for condition in items(state, "conditions") {
        let [type_, status, reason] = ["type", "status", "reason"].map(|key| text(condition, key));
        let _ = write!(kind, " {type_}={status}:{reason}");
        let _ = write!(words, " {}", text(condition, "message"));
    }
    for each in items(state, "init").iter().chain(items(state, "containers")) {
        let Some((name, content)) = each["state"].as_object().and_then(|it| it.iter().next())
        else {
            continue;
        };
        let last = each["lastState"]["terminated"]["exitCode"].as_i64();
        let _ = write!(
            kind,
            " | {} {name} {} {:?} last={last:?} {} {} {}",
            text(each, "name"),
            text(content, "reason"),
            content["exitCode"].as_i64(),
            each["ready"],
            each["started"] == true,
            each["restartCount"]
        );
        let _ = write!(words, " | {}", event_words(text(content, "message")));
    }
    if state["deletion"].is_object() {
        kind += " deleted";
    }
    Entry { at, kind, words: strip_pod(&words) }
}

/// Messages of back-offs name the pod.
fn strip_pod(words: &str) -> String {
    let place = words.split_once(" pod=").or_else(|| words.split_once(" in Pod "));
    let Some((before, rest)) = place else { return words.into() };
    let rest = rest.split_once(')').map_or("", |(_, rest)| rest);
    format!("{before}{}", strip_pod(rest))
}

pub fn pod_state(pod: &Pod, at: Millis) -> Entry {
    let status = &pod.status;
    let mut kind = format!("{} {}", status.phase.name(), status.reason);
    let mut words = status.message.to_string();
    for (type_, status) in &status.conditions.others {
        let _ = write!(kind, " {type_}={status:?}:");
        words.push(' ');
    }
    for (name, condition) in conditions(&status.conditions) {
        let Some(condition) = condition else { continue };
        let is_true = condition.status == ConditionStatus::True;
        let text = if is_true { "True" } else { "False" };
        let _ = write!(kind, " {name}={text}:{}", condition.reason);
        let _ = write!(words, " {}", condition.message);
    }
    for each in status.init_containers.iter().chain(&status.containers) {
        write_container(&mut kind, &mut words, each);
    }
    if pod.is_terminating() {
        kind += " deleted";
    }
    Entry { at, kind, words: strip_pod(&words.replace("10.244.0.2", "<podIP>")) }
}

fn conditions(all: &PodConditions) -> [(&str, &Option<Condition>); 5] {
    [
        ("PodReadyToStartContainers", &all.ready_to_start_containers),
        ("Initialized", &all.initialized),
        ("Ready", &all.ready),
        ("ContainersReady", &all.containers_ready),
        ("PodScheduled", &all.scheduled),
    ]
}

fn write_container(kind: &mut String, words: &mut String, each: &ContainerStatus) {
    let (name, reason, message, code) = match &each.state {
        ContainerState::Waiting { reason, message } => ("waiting", &**reason, &**message, None),
        ContainerState::Running { .. } => ("running", "", "", None),
        ContainerState::Terminated(exit) => {
            ("terminated", &*exit.reason, &*exit.message, Some(exit.exit_code))
        }
    };
    let last = each.last_state.as_ref().map(|exit| exit.exit_code);
    let _ = write!(
        kind,
        " | {} {name} {reason} {code:?} last={last:?} {} {} {}",
        each.name, each.ready, each.started, each.restart_count
    );
    let _ = write!(words, " | {}", self::event_words(message));
}
