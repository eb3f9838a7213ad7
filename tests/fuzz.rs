//! Random and damaged inputs to everything that reads what a person brings: no panic, no hang, no
//! memory that grows without an end, no refusal without a word.
//!
//! `make fuzz` runs a million of them; `FUZZ_INPUTS` says how many, `FUZZ_SEED` which, and
//! `FUZZ_READER` names the one reader that gets them all.

mod blocks;
mod damage;
mod inside;
mod lines;
mod long_lines;
mod templates;
mod terminal;
mod texts;
pub mod whole;

use crate::draws::Draws;
use crate::hostile_links;
use serde_json::Value;
use statefulset_playground::lesson::Lesson;
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::playground::{Playground, share, workspaces};
use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How many seconds an input may take, unless `FUZZ_SECONDS` says something else. Generous: the
/// machine may be busy, and the build without optimization.
const PATIENCE: usize = 20;

/// What the process may hold, in KiB.
const MEMORY: usize = 1 << 20;

/// From how many inputs on a reader's progress is told.
const LONG: usize = 10_000;

/// One of those that read what a person brings.
struct Reader {
    name: &'static str,
    /// What its inputs are made of.
    seeds: Vec<String>,
    /// Makes an input.
    make: fn(&mut Draws, &[String]) -> String,
    read: fn(&str, &mut Draws),
    /// How many of a hundred inputs it gets.
    share: usize,
}

fn damaged(draws: &mut Draws, seeds: &[String]) -> String {
    draws.input(seeds, &texts::PIECES)
}

fn readers() -> Vec<Reader> {
    let manifests: Vec<String> = EXAMPLES.iter().map(|example| example.text().to_owned()).collect();
    let saved = Playground::new().save();
    let parsed = manifests.iter().flat_map(|text| Manifest::parse(text).documents);
    let objects: Vec<String> = parsed.map(|document| document.value().to_string()).collect();
    let workspace = workspaces::Workspace { name: "Lab".into(), saved: saved.clone() };
    let link = share::fragment(&saved);
    let kept = vec![saved, workspaces::export(&[workspace])];
    let hostile = hostile_links::honest().iter().map(Value::to_string).collect();
    let reader = |name, share, seeds, make, read| Reader { name, seeds, make, read, share };
    vec![
        reader("parse", 8, manifests.clone(), damaged, texts::parse),
        reader("whole text", 12, texts::recorded(), texts::special, texts::whole),
        reader("patch", 10, manifests, damaged, texts::patch),
        reader("decode", 12, objects, damaged, texts::decode),
        reader("share link", 4, vec![link], damaged, texts::link),
        reader("saved state", 3, kept, damaged, texts::saved_state),
        reader("whole link", 6, inside::seeds(), inside::link, texts::link),
        reader("whole saved state", 6, inside::seeds(), inside::saved, texts::saved_state),
        reader("lessons", 3, lessons(), damaged, texts::lesson),
        reader("hostile links", 1, hostile, hostile_links::planted, texts::hostile_link),
        reader("page", 4, lines::seeds(), lines::input, terminal::page),
        reader("command lines", 15, lines::seeds(), lines::input, terminal::command),
        reader("templates", 16, templates::seeds(), templates::input, templates::template),
    ]
}

/// The lessons that the page serves, and one as it is shared.
fn lessons() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static/lessons");
    let files = std::fs::read_dir(folder).expect("the folder of the lessons");
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let mut texts: Vec<String> =
        paths.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    texts.sort();
    let shared = texts.iter().find_map(|text| Some(Lesson::read(text).ok()?.to_text()));
    texts.extend(shared);
    texts
}

/// The file that holds the input that is being read: what ends the process, such as a stack that
/// overflows, leaves no other trace.
fn trace(reader: &str) -> PathBuf {
    let (name, seed) = (reader.replace(' ', "-"), number("FUZZ_SEED", 1));
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}-{seed}.txt"))
}

/// Puts an input in place of the one before it.
fn note(trace: &mut File, input: &str) -> std::io::Result<()> {
    trace.rewind()?;
    trace.write_all(input.as_bytes())?;
    trace.set_len(input.len() as u64)
}

/// What the process holds, in KiB; 0 where the system does not tell.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

/// How long this thread has run, without the time that the machine gave to others; none where the
/// system does not tell.
fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// The number that a variable of the environment holds.
fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Brings inputs to a reader, and prints how it took them.
fn bring(reader: &Reader, count: usize, draws: &mut Draws) {
    let name = reader.name;
    let path = trace(name);
    let mut trace = File::create(&path).expect("the folder for temporary files can be written");
    let limit = Duration::from_secs(number("FUZZ_SECONDS", PATIENCE) as u64);
    let start = Instant::now();
    let (mut slowest, mut longest, mut most, mut told) = (Duration::ZERO, String::new(), 0, 0);
    for done in 0..count {
        let input = (reader.make)(draws, &reader.seeds);
        note(&mut trace, &input).expect("a file that was made can be written");
        let (began, before) = (Instant::now(), worked());
        let caught = catch_unwind(AssertUnwindSafe(|| (reader.read)(&input, draws)));
        assert!(caught.is_ok(), "{name} panics at {input:?}");
        let own = worked().zip(before).map(|(after, before)| after.saturating_sub(before));
        let took = own.unwrap_or_else(|| began.elapsed());
        assert!(took < limit, "{name} takes {took:?} for {input:?}");
        if took > slowest {
            (slowest, longest) = (took, input);
        }
        if done % 64 == 0 {
            most = most.max(memory());
            assert!(most < MEMORY, "{name} holds {most} KiB after {done} inputs: see {path:?}");
        }
        if count >= LONG && done * 10 / count > told {
            told = done * 10 / count;
            eprintln!("{name}: {done} of {count}");
        }
    }
    let shown: String = longest.chars().take(300).collect();
    println!(
        "{name}: inputs {count}, panics 0, slowest {slowest:?}, at most {} MiB, in {:?}\n  \
         slowest: {shown:?}",
        most >> 10,
        start.elapsed()
    );
}

#[test]
fn nothing_that_is_brought_panics_or_hangs() {
    let inputs = number("FUZZ_INPUTS", 8_000);
    let mut draws = Draws(number("FUZZ_SEED", 1) as u64);
    let readers = readers();
    let only = std::env::var("FUZZ_READER").ok().filter(|name| !name.is_empty());
    if let Some(name) = only {
        let names: Vec<&str> = readers.iter().map(|reader| reader.name).collect();
        let reader = readers.iter().find(|reader| reader.name == name);
        let reader = reader.unwrap_or_else(|| panic!("no reader {name:?}: {}", names.join(", ")));
        return bring(reader, inputs, &mut draws);
    }
    for reader in &readers {
        bring(reader, (inputs * reader.share).div_ceil(100), &mut draws);
    }
}
