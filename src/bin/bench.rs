//! Times initial roll-outs natively and, built for wasm32, in node. `make bench` runs both.

use statefulset_playground::api::{ApiObject, Kind, Tree};
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::stateful_set::StatefulSet;
use statefulset_playground::cluster::{Cluster, ClusterConfig};
use statefulset_playground::manifest::{Manifest, examples::EXAMPLES};
use std::time::{Duration, Instant};
use wasm_bindgen::prelude::wasm_bindgen;

/// The workloads: how many pods, and whether all at once.
const CASES: [(u32, bool); 6] =
    [(10, false), (10, true), (100, false), (100, true), (1000, false), (1000, true)];

/// Nodes of the cluster: enough that a thousand pods find addresses.
const NODES: u8 = 10;

/// Most steps for each pod; a roll-out that needs more does not end.
const MAX_STEPS_PER_POD: u32 = 1_000;

/// Plays the roll-out of the first example, reading its manifest included, and returns how many
/// steps it took until all of its pods were ready. Pure: no clock, no output.
///
/// # Panics
/// If the roll-out does not end: its time would mean nothing.
#[wasm_bindgen]
pub fn run(replicas: u32, parallel: bool) -> u32 {
    let replicas = i32::try_from(replicas).expect("the workloads are small");
    let (key, objects) = workload(replicas, parallel);
    let config = ClusterConfig { nodes: NODES, pods_per_node: 1000, ..ClusterConfig::default() };
    let mut cluster = Cluster::new(config);
    let mut seat = Aside::new(&mut cluster, 0);
    let done = Deed::Apply { objects }.carry_out(&mut seat, &mut Output::default());
    assert!(done.failures.is_empty(), "refused: {:?}", done.failures);
    let mut steps = 0;
    while ready(&cluster, &key) != Some(replicas) {
        assert!(steps < MAX_STEPS_PER_POD * replicas.unsigned_abs(), "the roll-out does not end");
        assert!(cluster.step().is_some(), "nothing is left to do, and not all pods are ready");
        steps += 1;
    }
    steps
}

/// The objects of the first example, with so many replicas, and the key of its set.
fn workload(replicas: i32, parallel: bool) -> (Key, Vec<ApiObject>) {
    let policy = if parallel { "Parallel" } else { "OrderedReady" };
    let mut objects = Manifest::parse(EXAMPLES[0].text()).objects();
    let set = objects.iter_mut().find(|object| object.kind == Kind::StatefulSet);
    let set = set.expect("the first example has a set");
    set.spec_mut().put("replicas", replicas);
    set.spec_mut().put("podManagementPolicy", policy);
    (Key::new(set.namespace(), set.name()), objects)
}

/// `status.readyReplicas`.
fn ready(cluster: &Cluster, key: &Key) -> Option<i32> {
    cluster.store().get::<StatefulSet>(key).map(|set| set.status.ready_replicas)
}

/// Prints one line of JSON per workload: the best of several runs, which take so many milliseconds at
/// least: `bench 1000`. WebAssembly, which has no arguments, does nothing here.
fn main() {
    let Some(least_ms) = std::env::args().nth(1) else { return };
    let least = Duration::from_millis(least_ms.parse().expect("a number of milliseconds"));
    for (replicas, parallel) in CASES {
        let mut best = Duration::MAX;
        let mut steps = 0;
        let mut runs = 0;
        let began = Instant::now();
        while runs < 5 || began.elapsed() < least {
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
