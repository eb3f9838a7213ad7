//! Some recordings of a real kubelet 1.36, played by the simulated one.
//!
//! Compared are the states that last longer than a second, as subsequences in both directions; the
//! attempts of probes, one by one; and which events were reported. Times are compared where the real
//! kubelet's are exact: the attempts of the first instance.

use super::harness::Lab;
use crate::api::Version;
use crate::cluster::kubelet::script::{ImageScript, Reply, ReplyContent, Run};
use crate::cluster::pod::{Condition, ConditionStatus, ContainerState, ContainerStatus, Pod};
use crate::cluster::step::{Change, Changed};
use crate::cluster::time::Millis;
use crate::ordered::Map;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;

const RECORDINGS: &[u8] = include_bytes!("../../../../tests/conformance/kubelet/spot.jsonl.gz");

/// States that last at most this long may be missing: the real kubelet skips states.
const LASTING_MS: Millis = 1_100;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn number(value: &Value, key: &str) -> Option<u64> {
    value[key].as_u64()
}

fn replies(prefix: &str, endpoints: &Value) -> Vec<(String, Vec<Reply>)> {
    let content = |step: &Value| match step {
        _ if step["closed"] == true => ReplyContent::Closed,
        _ if step["serving"] == false => ReplyContent::NotServing,
        _ if step["status"].is_u64() => {
            ReplyContent::Status(u16::try_from(step["status"].as_u64().unwrap()).unwrap())
        }
        _ if step["exit"].is_u64() => ReplyContent::Exit {
            code: i32::try_from(step["exit"].as_u64().unwrap()).unwrap(),
            output: text(step, "out").into(),
        },
        _ => ReplyContent::Fine,
    };
    let reply = |step: &Value| Reply {
        since_ms: number(step, "t").unwrap_or(0),
        took_ms: number(step, "sleep").unwrap_or(0),
        content: content(step),
    };
    let all = endpoints.as_object().into_iter().flatten();
    all.map(|(name, steps)| {
        (format!("{prefix}{name}"), steps.as_array().unwrap().iter().map(reply).collect())
    })
    .collect()
}

fn run(value: &Value) -> Run {
    let code = |key: &str, default| value[key].as_i64().map_or(default, |code| code as i32);
    let mut endpoints = Map::new();
    for (prefix, key) in [("exec:probe ", "exec"), ("http:", "http"), ("tcp:", "tcp")] {
        for (name, steps) in replies(prefix, &value[key]) {
            endpoints.insert(name.as_str().into(), steps);
        }
    }
    let ignores_term = value["ignore_term"] == true;
    Run {
        run_ms: number(value, "run_ms"),
        exit_code: code("code", 0),
        reason: value["reason"].as_str().map(Into::into),
        term_ms: (!ignores_term).then(|| number(value, "term_ms").unwrap_or(0)),
        term_code: code("term_code", 143),
        create_ms: number(value, "create_ms").unwrap_or(3),
        start_ms: number(value, "start_ms").unwrap_or(0),
        endpoints,
        ..Run::default()
    }
}

/// Plays a recording; the clock stands where the recording's did within its second.
fn play(recording: &Value) -> (Lab, Millis) {
    let mut lab = Lab::new(Version::V1_36).instant();
    let zero = 1_000 + number(recording, "t0_phase_ms").unwrap();
    lab.cluster.now = zero;
    let script = &recording["script"];
    lab.script(|lab| {
        lab.others = run(&Value::Null);
        lab.sandbox_ms = 5;
        for (name, runs) in script["containers"].as_object().into_iter().flatten() {
            let runs = runs.as_array().unwrap().iter().map(run).collect();
            lab.containers.insert(name.as_str().into(), runs);
        }
        for (image, pulls) in script["images"].as_object().into_iter().flatten() {
            let failures = pulls["fail"].as_i64().map_or(Some(0), |count| count.try_into().ok());
            let pull_ms = number(pulls, "ms").unwrap_or(0);
            let pulls = ImageScript { pull_ms, failures, error: None };
            lab.images.insert(image.as_str().into(), pulls);
        }
        for container in recording["pod"]["spec"]["containers"].as_array().unwrap() {
            let image = text(container, "image");
            if image.starts_with("registry.test/") {
                lab.images
                    .entry(image.into())
                    .or_insert_with(|| ImageScript { failures: Some(0), ..ImageScript::default() });
            }
        }
    });
    lab.pod("pod", &serde_json::json!({"spec": recording["pod"]["spec"]}).to_string(), "minikube");
    for action in recording["actions"].as_array().unwrap() {
        lab.run_until(zero + number(action, "ms").unwrap());
        let grace = action["args"].as_array().and_then(|args| args.first()?.as_u64());
        assert_eq!(text(action, "do"), "delete");
        lab.delete_pod("pod", grace.map(|seconds| seconds * 1_000));
    }
    lab.run_until(zero + number(recording, "watched_ms").unwrap());
    (lab, zero)
}

fn recorded_state(state: &Value) -> String {
    if state["deleted"] == true {
        return "gone".into();
    }
    let mut line = text(state, "phase").to_string();
    for condition in state["conditions"].as_array().into_iter().flatten() {
        let _ = write!(
            line,
            " {}={}:{}:{}",
            text(condition, "type"),
            text(condition, "status"),
            text(condition, "reason"),
            text(condition, "message")
        );
    }
    let inits = state["init"].as_array().into_iter().flatten();
    for each in inits.chain(state["containers"].as_array().into_iter().flatten()) {
        let (kind, content) = each["state"].as_object().unwrap().iter().next().unwrap();
        let last = each["lastState"]["terminated"]["exitCode"].as_i64();
        let _ = write!(
            line,
            " | {} {kind} {} {:?} last={last:?} {} {} {}",
            text(each, "name"),
            text(content, "reason"),
            content["exitCode"].as_i64(),
            each["ready"],
            each["started"] == true,
            each["restartCount"]
        );
    }
    if state["deletion"].is_object() {
        line += " deleted";
    }
    line
}

fn simulated_state(pod: &Pod) -> String {
    let conditions = &pod.status.conditions;
    let mut line = pod.status.phase.name().to_string();
    let mut write_condition = |name: &str, condition: &Option<Condition>| {
        let Some(condition) = condition else { return };
        let is_true = condition.status == ConditionStatus::True;
        let status = if is_true { "True" } else { "False" };
        let _ = write!(line, " {name}={status}:{}:{}", condition.reason, condition.message);
    };
    write_condition("PodReadyToStartContainers", &conditions.ready_to_start_containers);
    write_condition("Initialized", &conditions.initialized);
    write_condition("Ready", &conditions.ready);
    write_condition("ContainersReady", &conditions.containers_ready);
    write_condition("PodScheduled", &conditions.scheduled);
    for each in pod.status.init_containers.iter().chain(&pod.status.containers) {
        let _ = write!(line, " | {}", simulated_container(each));
    }
    if pod.is_terminating() {
        line += " deleted";
    }
    line
}

fn simulated_container(each: &ContainerStatus) -> String {
    let (kind, reason, code) = match &each.state {
        ContainerState::Waiting { reason, .. } => ("waiting", &**reason, None),
        ContainerState::Running { .. } => ("running", "", None),
        ContainerState::Terminated(exit) => ("terminated", &*exit.reason, Some(exit.exit_code)),
    };
    let last = each.last_state.as_ref().map(|exit| exit.exit_code);
    format!(
        "{} {kind} {reason} {code:?} last={last:?} {} {} {}",
        each.name, each.ready, each.started, each.restart_count
    )
}

/// States with the times at which they began, without repetitions.
type States = Vec<(Millis, String)>;

fn states(all: impl Iterator<Item = (Millis, String)>) -> States {
    let mut states: States = Vec::new();
    for (at, state) in all {
        if states.last().is_none_or(|(_, last)| *last != state) {
            states.push((at, state));
        }
    }
    states
}

fn recorded_states(recording: &Value) -> States {
    let all = recording["status"].as_array().unwrap().iter();
    states(all.map(|state| (number(state, "ms").unwrap_or(0), recorded_state(state))))
}

fn simulated_states(lab: &Lab, zero: Millis) -> States {
    let all = lab.steps.iter().flat_map(|step| step.changes.iter().map(move |each| (step, each)));
    states(all.filter_map(|(step, change)| match change {
        Change::Pod(Changed { new: Some(pod), .. }) => Some((step.at - zero, simulated_state(pod))),
        Change::Pod(_) => Some((step.at - zero, "gone".into())),
        _ => None,
    }))
}

/// The first lasting state of `some` that `others` lacks, in order.
fn missing<'a>(some: &'a States, others: &States, end: Millis) -> Option<&'a (Millis, String)> {
    let mut place = 0;
    for (index, state) in some.iter().enumerate() {
        let until = some.get(index + 1).map_or(end, |(at, _)| *at);
        if until.saturating_sub(state.0) <= LASTING_MS {
            continue;
        }
        match others[place..].iter().position(|(_, other)| *other == state.1) {
            Some(found) => place += found,
            None => return Some(state),
        }
    }
    None
}

/// What a probe asks, such as `ready`, with its attempts: time, success, attempt of the container.
fn recorded_attempts(recording: &Value) -> BTreeMap<String, Vec<(Millis, bool, u64)>> {
    let mut attempts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for probe in recording["probes"].as_array().unwrap() {
        let timed_out = number(probe, "took").unwrap_or(0) >= 1_000;
        let success = (probe["result"] == 0 || probe["result"] == 200) && !timed_out;
        if probe["result"] == "not running" {
            continue;
        }
        let name = match text(probe, "cmd") {
            "" => "ready",
            command => command,
        };
        let attempt =
            (number(probe, "ms").unwrap_or(0), success, number(probe, "attempt").unwrap());
        attempts.entry(name.to_string()).or_default().push(attempt);
    }
    attempts
}

fn simulated_attempts(lab: &Lab, zero: Millis) -> BTreeMap<String, Vec<(Millis, bool)>> {
    let mut attempts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for step in &lab.steps {
        for probe in &step.probes {
            let name = match probe.probe.name() {
                "Readiness" => "ready",
                "Liveness" => "live",
                _ => "start",
            };
            attempts.entry(name.to_string()).or_default().push((step.at - zero, probe.success));
        }
    }
    attempts
}

fn event_names(recording: &Value) -> BTreeSet<String> {
    let all = recording["events"].as_array().unwrap().iter();
    all.filter(|event| !text(event, "message").starts_with("Successfully pulled"))
        .filter(|event| !text(event, "message").contains("CONTAINER_EXITED"))
        .map(|event| {
            let pod = text(&recording["pod"]["metadata"], "name");
            let message =
                text(event, "message").replace(&format!("pod {pod}_rec"), "pod pod_default");
            format!(
                "{} {} {message} {}",
                text(event, "type"),
                text(event, "reason"),
                text(event, "path")
            )
        })
        .collect()
}

fn simulated_events(lab: &Lab) -> BTreeSet<String> {
    let all = lab.steps.iter().flat_map(|step| &step.events);
    all.filter(|event| !event.message.starts_with("Successfully pulled"))
        .filter(|event| !event.message.contains("CONTAINER_EXITED"))
        .map(|event| {
            let message = event.message.replace(&event.regarding.uid.to_string(), "<uid>");
            let message = message.replace("10.244.0.2", "<podIP>");
            let (type_, path) = (event.type_, &event.regarding.field_path);
            format!("{type_:?} {} {message} {path}", event.reason)
        })
        .collect()
}

/// Everything in which the simulated kubelet differs from a recording.
fn differences(recording: &Value) -> String {
    let (lab, zero) = play(recording);
    let mut found = String::new();
    let end = number(recording, "watched_ms").unwrap();
    let (real, ours) = (recorded_states(recording), simulated_states(&lab, zero));
    if let Some((at, state)) = missing(&real, &ours, end) {
        let _ = writeln!(found, "missing state at {at}: {state}");
    }
    let shown =
        ours.iter().rposition(|(_, state)| Some(state) == real.last().map(|(_, last)| last));
    let ours = ours[..=shown.unwrap_or(ours.len() - 1)].to_vec();
    if let Some((at, state)) = missing(&ours, &real, end) {
        let _ = writeln!(found, "invented state at {at}: {state}");
    }
    let attempts = simulated_attempts(&lab, zero);
    for (name, real) in recorded_attempts(recording) {
        let none = Vec::new();
        let ours = attempts.get(&name).unwrap_or(&none);
        for (index, (at, success, attempt)) in real.iter().enumerate() {
            let tolerance = if name == "ready" { 1_100 } else { 60 };
            let same = ours.get(index).is_some_and(|(ours, result)| {
                result == success && (*attempt > 0 || ours.abs_diff(*at) <= tolerance)
            });
            let ours = ours.get(index);
            let cut_off = ours.is_none() && index + 1 == real.len();
            if !same && !cut_off && *at + 2_500 < end {
                let _ = writeln!(found, "{name} attempt {index} at {at} {success}: ours {ours:?}");
                break;
            }
        }
    }
    let (real, ours) = (event_names(recording), simulated_events(&lab));
    for event in real.symmetric_difference(&ours) {
        let whose = if real.contains(event) { "missing" } else { "invented" };
        let _ = writeln!(found, "{whose} event {event}");
    }
    found
}

#[test]
fn does_what_the_real_kubelet_was_recorded_to_do() {
    let mut found = String::new();
    let mut recordings = String::new();
    GzDecoder::new(RECORDINGS).read_to_string(&mut recordings).unwrap();
    for line in recordings.lines() {
        let recording: Value = serde_json::from_str(line).unwrap();
        for difference in differences(&recording).lines() {
            let _ = writeln!(found, "{}: {difference}", text(&recording, "name"));
        }
    }
    assert!(found.is_empty(), "{found}");
}
