//! Plays sessions and recordings and says what came of each as one number, natively and, built for
//! wasm32, in node. `scripts/digest` compares the two worlds.
//!
//! The players are those of the tests: in both worlds a recording is compared with what happens here.

#[path = "../../tests/controller"]
mod controller {
    mod manifest;
    pub mod play;
    pub mod recording;
    mod state;
    mod world;
}
#[path = "../../tests/kubelet"]
mod kubelet {
    mod ceilings;
    mod compare;
    mod e2e;
    pub mod play;
    pub mod recording;
    pub mod scripted;
    mod timeline;
}
#[path = "../../tests/invariants/sessions.rs"]
mod sessions;

use sessions::Watch;
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::step::Step;
use statefulset_playground::cluster::time::MINUTE;
use statefulset_playground::cluster::{Cluster, ClusterConfig, Input};
use statefulset_playground::manifest::{Manifest, examples::EXAMPLES};
use std::fmt::{self, Debug, Write};
use std::{env, fs};
use wasm_bindgen::prelude::wasm_bindgen;

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

    fn see(&mut self, step: &dyn Debug) {
        self.steps += 1;
        write!(self, "{step:?}").expect("a digest takes every text");
    }

    fn line(&self, kind: &str, name: &str) -> Line {
        let text = format!(
            r#""kind":"{kind}","name":"{name}","steps":{},"digest":"{:016x}""#,
            self.steps, self.sum
        );
        Line(text)
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

/// The fields of a line of JSON.
struct Line(String);

impl Line {
    /// Says besides whether what happened is as it has to be.
    fn judged(self, is_right: bool) -> Self {
        Self(format!(r#"{},"right":{is_right}"#, self.0))
    }

    fn end(self) -> String {
        format!("{{{}}}", self.0)
    }
}

/// A line of JSON for the random session of this seed: its name, steps and digest.
#[wasm_bindgen]
pub fn random_session(seed: u32) -> String {
    let mut digest = Digest::new();
    sessions::play(u64::from(seed), &mut digest);
    digest.line("random session", &seed.to_string()).end()
}

/// The same for the example at this place; none beyond the last.
#[wasm_bindgen]
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
    Some(digest.line("example", example.id).end())
}

/// The same for the scripted session at this place, and whether it shows what it should.
#[wasm_bindgen]
pub fn scripted_session(place: u32) -> Option<String> {
    let session = kubelet::scripted::SESSIONS.get(usize::try_from(place).ok()?)?;
    let lab = session.play();
    let mut digest = Digest::new();
    lab.steps().iter().for_each(|step| digest.see(step));
    lab.calls().iter().for_each(|call| digest.see(call));
    let line = digest.line("scripted session", session.name);
    Some(line.judged(session.is_shown(&lab)).end())
}

/// A line for each recording in a file of the controller's, and whether we do what was recorded.
#[wasm_bindgen]
pub fn controller_recordings(bytes: &[u8]) -> Vec<String> {
    let lines = controller::recording::scenarios(bytes).map(|scenario| {
        let mut digest = Digest::new();
        let difference = controller::play::play(&scenario, &mut |step| digest.see(step));
        let name = format!("{} {}", scenario.name, scenario.setting());
        digest.line("controller recording", &name).judged(difference.is_none()).end()
    });
    lines.collect()
}

/// The same for a file of the kubelet's, of this category. Each is right if its file has no more
/// differences than the native test allows.
#[wasm_bindgen]
pub fn kubelet_recordings(category: &str, bytes: &[u8]) -> Vec<String> {
    use kubelet::play::{Tally, play, version};

    let scenarios = kubelet::recording::scenarios(bytes);
    let Some(first) = scenarios.first() else { return Vec::new() };
    let file = format!("{category} {}", version(&first[0]).label());
    let mut tally = Tally::default();
    let mut lines = Vec::new();
    for runs in &scenarios {
        let mut digest = Digest::new();
        let played = play(category, runs, &mut |step| digest.see(step));
        tally.add(&played);
        let differences = [&played.found.order, &played.found.times, &played.found.words];
        differences.into_iter().for_each(|each| digest.see(each));
        lines.push(digest.line("kubelet recording", &format!("{file} {}", played.name)));
    }
    let is_right = tally.is_within_the_ceilings(&file);
    lines.into_iter().map(|line| line.judged(is_right).end()).collect()
}

/// Prints a line for each example and scripted session, for so many random sessions, and for each
/// recording in files whose category stands before them: `digest 200 controller a.gz crash b.gz`.
/// WebAssembly, which has no arguments, does nothing here.
fn main() {
    let mut words = env::args().skip(1);
    let Some(sessions) = words.next() else { return };
    let sessions = sessions.parse().expect("a number of random sessions");
    (0..).map_while(example).for_each(|line| println!("{line}"));
    (0..).map_while(scripted_session).for_each(|line| println!("{line}"));
    (0..sessions).for_each(|seed| println!("{}", random_session(seed)));
    while let (Some(category), Some(file)) = (words.next(), words.next()) {
        let bytes = fs::read(file).expect("a file of recordings");
        let lines = match &*category {
            "controller" => controller_recordings(&bytes),
            _ => kubelet_recordings(&category, &bytes),
        };
        lines.iter().for_each(|line| println!("{line}"));
    }
}
