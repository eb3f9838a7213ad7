//! Work that was saved in earlier formats opens, and shows the same cluster at the same instants.

pub mod projection;

use serde_json::Value;
use statefulset_playground::playground::{Action, Playground};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Saved work of format 1, a line each, with what its cluster came to at some instants: 200 random
/// sessions, the examples, and lessons that were solved.
const FORMAT_1: &str = "tests/fixtures/sessions-1.jsonl.gz";

/// The sessions that show something else since. In the first a volume that is being deleted, and out
/// of which a person takes the claim, is released and goes, as in a real cluster. It stayed for ever.
/// In the others a person takes the claim out of a volume that is bound: it is Available until the
/// claim is looked at again, as recorded in `tests/conformance/around`, pv-retain. It stayed Bound.
const CORRECTED: [usize; 13] = [100, 6, 62, 71, 90, 93, 102, 114, 117, 130, 148, 151, 169];

fn lines(path: &str) -> Vec<Value> {
    let file = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// FNV-1a of these lines.
fn digest(lines: &[String]) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in lines.iter().flat_map(|line| line.bytes().chain([b'\n'])) {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{sum:016x}")
}

#[test]
fn sessions_of_format_1_show_the_same_cluster_at_the_same_instants() {
    let mut seen = 0;
    let mut differ = Vec::new();
    let sessions = lines(FORMAT_1);
    for (number, each) in sessions.iter().enumerate() {
        let mut playground = Playground::restore(&each["saved"].to_string()).unwrap();
        for instant in each["seen"].as_array().unwrap() {
            let at = instant[0].as_u64().unwrap();
            playground.update(Action::Seek(at));
            let lines = playground.with_cluster(projection::lines);
            seen += 1;
            if digest(&lines) != instant[1] {
                differ.push((number, at));
                break;
            }
        }
    }
    println!("saved work: sessions {}, instants {seen}, differ {}", sessions.len(), differ.len());
    let others: Vec<_> = differ.iter().filter(|(number, _)| !CORRECTED.contains(number)).collect();
    assert!(others.is_empty(), "session and instant of the first difference: {others:?}");
}
