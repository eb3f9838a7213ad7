//! Whole sets under the real controller, scheduler and kubelet: the same pods in the same order, each
//! with the same states and events.

use super::compare::{Found, compare};
use super::play::version;
use super::recording::{items, number, script, text};
use super::timeline::{Entry, Timeline, event_words, gone, pod_state, recorded_state};
use serde_json::{Value, json};
use statefulset_playground::api::change::{Cascade, Change as Asked, FieldValidation, Request};
use statefulset_playground::api::{ApiObject, Tree};
use statefulset_playground::client::{Deed, Output, Seat};
use statefulset_playground::cluster::journal::Changed;
use statefulset_playground::cluster::kubelet::lab::Lab;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::{Cluster, Input, Millis, Outcome, Step};
use std::collections::BTreeMap;

/// What happened to each pod, by name and number among the pods of its set, and the order in which
/// pods came, were told to go, and went.
#[derive(Default)]
struct Story {
    pods: BTreeMap<(String, u64), Timeline>,
    order: Vec<Entry>,
}

impl Story {
    fn state(&mut self, pod: &str, instance: u64, entry: Entry) {
        let timeline = self.pods.entry((pod.into(), instance)).or_default();
        let is_gone = entry.kind == "gone";
        let is_leaving = entry.kind.ends_with("deleted");
        let was_leaving = timeline.states.last().is_some_and(|last| last.kind.ends_with("deleted"));
        let what = match (timeline.states.is_empty(), is_gone, is_leaving && !was_leaving) {
            (true, ..) => Some("comes"),
            (_, true, _) => Some("is gone"),
            (_, _, true) => Some("is told to go"),
            _ => None,
        };
        if let Some(what) = what {
            let kind = format!("{pod}.{instance} {what}");
            self.order.push(Entry { at: entry.at, kind, words: String::new() });
        }
        timeline.states.push(entry);
    }
}

/// Plays a recording in calm times and in drawn ones; the closest counts.
pub fn play_scenario(recording: &Value, draws: u64, see: &mut dyn FnMut(&Step)) -> Found {
    let real = recorded(recording);
    let seeds = std::iter::once(None).chain((1..=draws).map(Some));
    let end = end_of(recording);
    let all = seeds.map(|seed| difference(&real, &simulated(recording, seed, see), end));
    all.min_by_key(Found::distance).expect("at least one")
}

fn end_of(recording: &Value) -> Millis {
    number(recording, "watched_ms").expect("an end")
}

fn difference(real: &Story, ours: &Story, end: Millis) -> Found {
    let mut found = Found::default();
    let none = Timeline::default();
    for (pod, timeline) in &real.pods {
        let theirs = ours.pods.get(pod).unwrap_or(&none);
        if theirs.states.is_empty() {
            found.order.push(format!("{pod:?} does not come"));
            continue;
        }
        let one = compare(timeline, theirs, end);
        let named = |text: String| format!("{}.{} {text}", pod.0, pod.1);
        found.entries += one.entries;
        found.order.extend(one.order.into_iter().map(named));
        found.times.extend(one.times.into_iter().map(named));
        found.words.extend(one.words.into_iter().map(named));
    }
    let (expected, actual) = (kinds(&real.order), kinds(&ours.order));
    for (index, expected) in expected.iter().enumerate() {
        found.entries += 1;
        if actual.get(index) != Some(expected) {
            let actual = actual.get(index);
            found.order.push(format!("{index}: {expected}, ours {actual:?}"));
            break;
        }
    }
    found
}

/// The kinds in order; what happens within two seconds, by name: pods that end in parallel are
/// noticed by rounds of a second.
fn kinds(order: &[Entry]) -> Vec<String> {
    let mut kinds = Vec::new();
    let gone = |pod: &str| order.iter().find(|it| it.kind == format!("{pod} is gone"));
    // A forced deletion shows both in the same instant, or only the end.
    let is_forced = |entry: &&Entry| {
        let pod = entry.kind.strip_suffix(" is told to go");
        pod.and_then(gone).is_some_and(|gone| gone.at <= entry.at + 20)
    };
    let order: Vec<Entry> = order.iter().filter(|entry| !is_forced(entry)).cloned().collect();
    let mut rest = &order[..];
    while let [first, ..] = rest {
        let what = |entry: &Entry| entry.kind.split_once(' ').map(|it| it.1.to_owned());
        let together = |entry: &&Entry| entry.at <= first.at + 2_000 && what(entry) == what(first);
        let count = rest.iter().take_while(together).count().max(1);
        let mut group: Vec<String> = rest[..count].iter().map(|it| it.kind.clone()).collect();
        group.sort();
        kinds.extend(group);
        rest = &rest[count..];
    }
    kinds
}

fn recorded(recording: &Value) -> Story {
    let mut story = Story::default();
    for state in items(recording, "pods") {
        let instance = number(state, "instance").unwrap_or(1);
        story.state(text(state, "pod"), instance, recorded_state(state));
    }
    for event in items(recording, "events") {
        let Some(pod) = text(event, "object").strip_prefix("Pod/") else { continue };
        let instance = number(event, "instance").unwrap_or(1);
        let kind = format!("{} {}", text(event, "type"), text(event, "reason"));
        let numbered = format!("<uid {instance}>");
        let words = event_words(&text(event, "message").replace(&numbered, "<uid>"));
        let at = number(event, "ms").unwrap_or(0);
        let Some(timeline) = story.pods.get_mut(&(pod.into(), instance)) else { continue };
        timeline.event(track(&kind), Entry { at, kind, words });
    }
    story
}

/// Scheduler and kubelet write their events independently of each other.
fn track(kind: &str) -> &'static str {
    if kind.ends_with(" Scheduled") { "scheduler" } else { "kubelet" }
}

/// The lab as the client's server.
struct Desk<'a>(&'a mut Lab);

impl Desk<'_> {
    fn server_request(&mut self, kind: &str, name: &str, change: Asked) {
        self.submit(Input::Request(Box::new(Request {
            kind: kind.into(),
            api_version: "v1".into(),
            namespace: String::new(),
            name: name.into(),
            change,
            dry_run: false,
            field_validation: FieldValidation::Strict,
            field_manager: String::new(),
        })));
    }
}

impl Seat for Desk<'_> {
    fn at(&self) -> u64 {
        self.0.cluster().now()
    }

    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.0.cluster())
    }

    fn submit(&mut self, input: Input) -> Outcome {
        self.0.submit(&input)
    }
}

fn simulated(recording: &Value, seed: Option<u64>, see: &mut dyn FnMut(&Step)) -> Story {
    let played = json!({"script": recording["object"]["script"]});
    let zero = 1_000;
    let mut lab = Lab::new(version(recording), script(&played), zero, seed);
    let mut object = recording["object"].clone();
    object.as_object_mut().expect("an object").remove("script");
    let name = text(&object["metadata"], "name").to_owned();
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "e2e"}});
    Desk(&mut lab).server_request("Namespace", "e2e", Asked::Create(namespace));
    let apply = |object: &Value| Deed::Apply {
        objects: vec![ApiObject::from_tree(object.clone()).expect("a set")],
    };
    apply(&object).carry_out(&mut Desk(&mut lab), &mut Output::default());
    for action in items(recording, "actions") {
        lab.run_until(zero + number(action, "ms").unwrap_or(0));
        let argument = &action["args"][0];
        let delete = |grace_period_seconds| Deed::DeletePod {
            namespace: "e2e".into(),
            name: argument.as_str().unwrap_or_default().into(),
            grace_period_seconds,
        };
        let deed = match text(action, "do") {
            "image" => {
                let spec = object.open("spec").open("template").open("spec");
                spec.items_mut("containers")[0].put("image", argument.clone());
                apply(&object)
            }
            "partition" => {
                let strategy = object.open("spec").open("updateStrategy");
                strategy.open("rollingUpdate").put("partition", argument.clone());
                apply(&object)
            }
            "scale" => {
                object.open("spec").put("replicas", argument.clone());
                apply(&object)
            }
            "delete" => delete(None),
            "force" => delete(Some(0)),
            "delete-set" => Deed::DeleteStatefulSet {
                namespace: "e2e".into(),
                name: name.clone(),
                cascade: Cascade::Background,
            },
            other => panic!("unknown action {other}"),
        };
        deed.carry_out(&mut Desk(&mut lab), &mut Output::default());
    }
    lab.run_until(zero + end_of(recording));
    let mut story = Story::default();
    let mut uids = Vec::new();
    for step in lab.steps() {
        see(step);
        tell(&mut story, &mut uids, step, zero);
    }
    story
}

fn tell(story: &mut Story, uids: &mut Vec<String>, step: &Step, zero: Millis) {
    let at = step.at - zero;
    let mut instance_of = |uid: String| {
        if !uids.contains(&uid) {
            uids.push(uid.clone());
        }
        uids.iter().zip(1..).find(|(known, _)| **known == uid).map_or(0, |(_, number)| number)
    };
    for change in &step.changes {
        let Some(Changed { old, new }) = change.of::<Pod>() else { continue };
        let Some(pod) = new.as_ref().or(old.as_ref()) else { continue };
        let instance = instance_of(pod.meta.uid.to_string());
        let entry = new.as_ref().map_or_else(|| gone(at), |pod| pod_state(pod, at));
        story.state(pod.meta.name(), instance, entry);
    }
    for event in step.events.iter().filter(|event| event.regarding.kind.name() == "Pod") {
        let name = &event.regarding.key.name;
        let uid = event.regarding.uid.to_string();
        let instance = instance_of(uid.clone());
        let kind = format!("{:?} {}", event.type_, event.reason);
        let message = event.message.replace(&uid, "<uid>").replace("minikube", "node-1");
        let Some(timeline) = story.pods.get_mut(&(name.to_string(), instance)) else { continue };
        timeline.event(track(&kind), Entry { at, kind, words: event_words(&message) });
    }
}
