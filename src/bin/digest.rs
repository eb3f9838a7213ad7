//! Plays sessions and says what came of each as one number, natively and, built for wasm32, in node.
//! `scripts/digest` compares the two worlds.

#[path = "../../tests/invariants/sessions.rs"]
mod sessions;

use sessions::Watch;
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::step::Step;
use statefulset_playground::cluster::time::MINUTE;
use statefulset_playground::cluster::{Cluster, ClusterConfig, Input};
use statefulset_playground::manifest::{Manifest, examples::EXAMPLES};
use std::fmt::{self, Write};

/// How long an example is played.
const EXAMPLE_MS: u64 = 5 * MINUTE;

/// FNV-1a over everything that happens, as text: the same on machines of 32 and of 64 bits.
struct Digest {
    sum: u64,
    steps: usize,
}

impl Digest {
    fn new() -> Self {
        Self { sum: 0xcbf2_9ce4_8422_2325, steps: 0 }
    }

    fn see(&mut self, step: &Step) {
        self.steps += 1;
        write!(self, "{step:?}").expect("a digest takes every text");
    }

    fn line(&self, name: &str) -> String {
        format!(r#"{{"name":"{name}","steps":{},"digest":"{:016x}"}}"#, self.steps, self.sum)
    }
}

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.sum = (self.sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

impl Watch for Digest {
    fn input(&mut self, _: &Input) {}

    fn step(&mut self, _: &Cluster, step: &Step) {
        self.see(step);
    }
}

/// A line of JSON for the random session of this seed: its name, steps and digest.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn random_session(seed: u32) -> String {
    let mut digest = Digest::new();
    sessions::play(u64::from(seed), &mut digest);
    digest.line(&format!("random-{seed}"))
}

/// The same for the example at this place; none beyond the last.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn example(place: u32) -> Option<String> {
    let example = EXAMPLES.get(usize::try_from(place).ok()?)?;
    let mut cluster = Cluster::new(ClusterConfig::default());
    let mut digest = Digest::new();
    let objects = Manifest::parse(example.text()).objects();
    let mut seat = Aside::new(&mut cluster, 0);
    Deed::Apply { objects }.carry_out(&mut seat, &mut Output::default());
    seat.done.iter().for_each(|(_, step)| digest.see(step));
    while cluster.next_at().is_some_and(|at| at <= EXAMPLE_MS) {
        digest.see(&cluster.step().expect("something is due"));
    }
    Some(digest.line(example.id))
}

/// Prints a line for each example and for so many random sessions.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let sessions = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    (0..).map_while(example).for_each(|line| println!("{line}"));
    (0..sessions).for_each(|seed| println!("{}", random_session(seed)));
}

#[cfg(target_arch = "wasm32")]
fn main() {}
