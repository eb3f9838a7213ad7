//! Plays every recorded scenario of the real StatefulSet controller and compares step by step.
//!
//! `CONFORMANCE_DIR=<folder>` plays the recordings of another folder instead.

mod manifest;
mod recording;
mod state;
mod world;

use recording::{Scenario, Step};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use world::World;

/// How many differing scenarios of one setting are shown.
const SHOWN: usize = 8;

/// How one setting of one file did.
#[derive(Default)]
struct Tally {
    scenarios: usize,
    steps: usize,
    differences: usize,
}

#[test]
fn does_what_the_real_controller_did() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/controller");
    let folder = env::var_os("CONFORMANCE_DIR").map_or(own, PathBuf::from);
    let mut differences = 0;
    let files = recording::files(&folder);
    assert!(!files.is_empty(), "no recordings in {}", folder.display());
    for file in files {
        let stem = file.file_name().unwrap().to_string_lossy().replace(".jsonl.gz", "");
        for (setting, tally) in play_file(&file) {
            let Tally { scenarios, steps, differences: differing } = tally;
            println!(
                "{stem} {setting}: scenarios {scenarios} steps {steps} differences {differing}"
            );
            differences += differing;
        }
    }
    assert_eq!(differences, 0, "scenarios differ");
}

fn play_file(file: &Path) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for scenario in recording::scenarios(file) {
        let tally = tallies.entry(scenario.setting()).or_default();
        tally.scenarios += 1;
        tally.steps += scenario.steps.len();
        if let Some(difference) = play(&scenario) {
            tally.differences += 1;
            if tally.differences <= SHOWN {
                println!("{} ({}): {difference}", scenario.name, scenario.setting());
            }
        }
    }
    tallies
}

/// Plays a scenario. Returns its first difference.
fn play(scenario: &Scenario) -> Option<String> {
    let mut world = World::new(scenario);
    scenario.steps.iter().enumerate().find_map(|(number, step)| {
        let (expected, actual) = (expected(step), actual(&mut world, step));
        let mut lines = Vec::new();
        differences("", &expected, &actual, &mut lines);
        (!lines.is_empty()).then(|| {
            let input = format!("step {number} {:?}", step.input);
            lines.iter().fold(input, |text, line| format!("{text}\n    {line}"))
        })
    })
}

fn expected(step: &Step) -> Value {
    json!({
        "looked": !step.triggers.is_empty(),
        "rejected": step.rejected.is_some(),
        "livelock": step.livelock,
        "syncs": step.syncs,
        "events": step.events,
        "after": step.after,
    })
}

fn actual(world: &mut World, step: &Step) -> Value {
    let outcome = world.step(&step.input);
    let reported = world.store.take_reported();
    let mut events: Vec<String> =
        reported.iter().filter_map(|event| state::event_line(event)).collect();
    events.sort();
    events.dedup();
    json!({
        "looked": outcome.looked,
        "rejected": outcome.rejected.is_some(),
        "livelock": outcome.livelock,
        "syncs": outcome.syncs,
        "events": events,
        "after": world.names.state(&world.store, &world.set),
    })
}

/// Where two values differ, as deep as objects go.
fn differences(path: &str, expected: &Value, actual: &Value, lines: &mut Vec<String>) {
    if let (Value::Object(expected), Value::Object(actual)) = (expected, actual) {
        for key in expected.keys().chain(actual.keys().filter(|key| !expected.contains_key(*key))) {
            let (expected, actual) = (&expected.get(key), &actual.get(key));
            let null = Value::Null;
            let (expected, actual) = (expected.unwrap_or(&null), actual.unwrap_or(&null));
            differences(&format!("{path}.{key}"), expected, actual, lines);
        }
    } else if expected != actual {
        lines.push(format!("{path}\n      expected {expected}\n      actual   {actual}"));
    }
}
