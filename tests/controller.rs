//! Plays every recorded scenario of the real StatefulSet controller and compares step by step.
//!
//! `CONFORMANCE_DIR=<folder>` plays the recordings of another folder instead.

mod manifest;
mod play;
mod recording;
mod state;
mod world;

use play::play;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

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
    let files = files(&folder);
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
    let bytes = fs::read(file).expect("a recording");
    for scenario in recording::scenarios(&bytes) {
        let tally = tallies.entry(scenario.setting()).or_default();
        tally.scenarios += 1;
        tally.steps += scenario.steps.len();
        if let Some(difference) = play(&scenario, &mut |_| {}) {
            tally.differences += 1;
            if tally.differences <= SHOWN {
                println!("{} ({}): {difference}", scenario.name, scenario.setting());
            }
        }
    }
    tallies
}

/// The recordings in a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of recordings");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.to_string_lossy().ends_with(".jsonl.gz"))
        .collect();
    files.sort();
    files
}
