//! Plays the recorded scenarios of the real kubelet, and counts where they differ.

use super::ceilings::CEILINGS;
use super::compare::{Found, compare};
use super::e2e;
use super::recording::{self, items, number, text};
use super::timeline::{self, Timeline};
use serde_json::{Value, json};
use statefulset_playground::api::Version;
use statefulset_playground::cluster::Step;
use statefulset_playground::cluster::kubelet::lab::Lab;
use statefulset_playground::cluster::pod::ConditionStatus;
use std::env;

/// How one file did: scenarios, and those among them that differ in order, times and words.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    pub scenarios: usize,
    pub order: usize,
    pub times: usize,
    pub words: usize,
    pub entries: usize,
    /// Single differences in times and words.
    pub late: usize,
    pub reworded: usize,
}

impl Tally {
    /// Counts one more scenario.
    pub fn add(&mut self, Played { found, has_order, .. }: &Played) {
        self.scenarios += 1;
        self.order += usize::from(*has_order && !found.order.is_empty());
        self.times += usize::from(!found.times.is_empty());
        self.words += usize::from(!found.words.is_empty());
        self.entries += found.entries;
        self.late += found.times.len();
        self.reworded += found.words.len();
    }

    /// Whether no more scenarios of the file of this name differ than may.
    pub fn is_within_the_ceilings(&self, name: &str) -> bool {
        let ceiling = CEILINGS.iter().find(|(file, ..)| *file == name);
        let &(_, order, times, words) = ceiling.unwrap_or(&("", 0, 0, 0));
        self.order <= order && self.times <= times && self.words <= words
    }
}

/// What came of a scenario.
pub struct Played {
    pub name: String,
    /// The differences from the closest of the recorded runs.
    pub found: Found,
    /// Whether its own runs agree in order; one whose runs do not has no order to follow.
    pub has_order: bool,
}

/// Plays the scenario of a category that was recorded in these runs. Tells `see` every step of every
/// session.
pub fn play(category: &str, runs: &[Value], see: &mut dyn FnMut(&Step)) -> Played {
    let found = match category {
        "e2e" => e2e::play_scenario(&runs[0], DRAWS, see),
        _ => play_runs(runs, see),
    };
    let has_order = runs.iter().skip(1).all(|run| agree(&runs[0], run));
    Played { name: text(&runs[0], "name").into(), found, has_order }
}

/// The Kubernetes that was recorded.
pub fn version(recording: &Value) -> Version {
    let label = text(recording, "kubelet").trim_start_matches('v');
    let is_recorded = |version: &Version| label.starts_with(version.label());
    Version::ALL.into_iter().find(is_recorded).expect("a known version")
}

/// Whether two runs of the real kubelet agree in what happened and its order.
fn agree(one: &Value, other: &Value) -> bool {
    let end = number(one, "watched_ms").unwrap_or(0).min(number(other, "watched_ms").unwrap_or(0));
    compare(&timeline::recorded(one), &timeline::recorded(other), end).order.is_empty()
}

/// So many sessions are played for each run, besides the calm one. Where the real kubelet's times
/// vary, ours are drawn: the rounds in which it looks at what runs, and the jitter of its waits.
const DRAWS: u64 = 40;

/// Plays a scenario as each of its runs was; the closest counts.
fn play_runs(runs: &[Value], see: &mut dyn FnMut(&Step)) -> Found {
    let timings = || std::iter::once(None).chain((1..=DRAWS).map(Some));
    let all = runs.iter().flat_map(|run| timings().map(move |seed| (run, seed)));
    let found = all.map(|(run, seed)| play_run(run, seed, see));
    found.min_by_key(Found::distance).expect("at least one run")
}

/// Plays a recording; the clock stands where the recording's did within its second.
fn play_run(recording: &Value, seed: Option<u64>, see: &mut dyn FnMut(&Step)) -> Found {
    let zero = 1_000 + number(recording, "t0_phase_ms").expect("a phase");
    let mut lab = Lab::new(version(recording), recording::script(recording), zero, seed);
    lab.create_pod("pod", &json!({"spec": recording["pod"]["spec"]}));
    let end = number(recording, "watched_ms").expect("an end");
    for action in items(recording, "actions") {
        lab.run_until(zero + number(action, "ms").unwrap_or(0));
        let args = items(action, "args");
        let argument = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or_default();
        match text(action, "do") {
            "delete" => {
                let grace = args.first().and_then(Value::as_u64);
                lab.delete_pod("pod", grace.map(|seconds| seconds * 1_000));
            }
            "configmap" => lab.create_config_map(argument(0)),
            "image" => lab.set_image("pod", argument(0), argument(1)),
            "condition" => {
                let status = match argument(1) {
                    "True" => ConditionStatus::True,
                    "False" => ConditionStatus::False,
                    _ => ConditionStatus::Unknown,
                };
                lab.set_condition("pod", argument(0), status);
            }
            // What a lab cannot do is left out, and the scenario differs.
            _ => {}
        }
    }
    lab.run_until(zero + end);
    lab.steps().iter().for_each(see);
    let ours = timeline::simulated(&lab, zero);
    if seed.is_none() && env::var("KUBELET_DUMP").is_ok_and(|name| name == text(recording, "name"))
    {
        dump(&ours);
    }
    compare(&timeline::recorded(recording), &ours, end)
}

/// Prints what happened here.
fn dump(ours: &Timeline) {
    for state in &ours.states {
        println!("ours {} {}", state.at, state.kind);
    }
    for (path, events) in &ours.events {
        for event in events {
            println!("ours {path} {} {} {}", event.at, event.kind, event.words);
        }
    }
    for (path, events) in &ours.attempts {
        for event in events {
            println!("ours {path} {} {}", event.at, event.kind);
        }
    }
}
