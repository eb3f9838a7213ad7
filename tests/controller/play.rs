//! Plays one recorded scenario and says where it first differs.

use super::recording::{Scenario, Step};
use super::state;
use super::world::World;
use serde_json::{Value, json};

/// Plays a scenario, tells `see` what each of its steps did, and returns the first difference from what
/// was recorded.
pub fn play(scenario: &Scenario, see: &mut dyn FnMut(&Value)) -> Option<String> {
    let mut world = World::new(scenario);
    scenario.steps.iter().enumerate().find_map(|(number, step)| {
        let (expected, actual) = (expected(step), actual(&mut world, step));
        see(&actual);
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
