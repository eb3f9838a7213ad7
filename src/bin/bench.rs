//! Times one workload natively and, built for wasm32, in node. `make bench` runs both.

/// The workloads: how many pods, and whether all at once.
#[cfg(not(target_arch = "wasm32"))]
const CASES: [(u32, bool); 4] = [(10, false), (10, true), (1000, false), (1000, true)];

/// Plays one roll-out and returns how many steps it took. Pure: no clock, no output.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn run(replicas: u32, parallel: bool) -> u32 {
    use std::collections::BTreeMap;

    // A queue of due times, as a simulator has: each pod is created, then becomes ready.
    let mut queue = BTreeMap::new();
    let mut steps = 0;
    let mut created = 0;
    let mut sequence = 0;
    let mut now = 0;
    let batch = if parallel { replicas } else { 1 };
    while created < replicas || !queue.is_empty() {
        if queue.is_empty() {
            for _ in 0..batch.min(replicas - created) {
                queue.insert((now + 1000, sequence), format!("web-{created}"));
                sequence += 1;
                created += 1;
            }
        }
        if let Some(((at, _), _)) = queue.pop_first() {
            now = at;
            steps += 1;
        }
    }
    steps
}

/// Prints one line of JSON per workload: the best of several runs.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::{Duration, Instant};

    for (replicas, parallel) in CASES {
        let mut best = Duration::MAX;
        let mut steps = 0;
        let mut runs = 0;
        let began = Instant::now();
        while runs < 5 || began.elapsed() < Duration::from_secs(1) {
            let start = Instant::now();
            steps = std::hint::black_box(run(replicas, parallel));
            best = best.min(start.elapsed());
            runs += 1;
        }
        let milliseconds = best.as_secs_f64() * 1000.0;
        println!(
            r#"{{"world":"native","replicas":{replicas},"parallel":{parallel},"steps":{steps},"runs":{runs},"best_ms":{milliseconds:.4}}}"#
        );
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
