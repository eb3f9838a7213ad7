//! Helm's recorded transcripts, each command against its recorded objects and moment.
//!
//! Set `SHOW=<part of a command or transcript>` to see what differs (`SHOW=` shows all), and
//! `CONFORMANCE_DIR=<folder>` to play the transcripts of another folder. Releases are not among the
//! recorded objects: what a command keeps of them is there for the next. The moments at which they
//! were deployed are masked: they are those of the recording's own clock while a command ran.

use crate::kubectl::transcript;

mod play;
mod templates;

/// The commands that differ, each with its transcript and the reason.
const DIFFERING: &str = include_str!("helm/differing.txt");

#[test]
fn prints_what_helm_printed() {
    let (mut all, mut differing) = (0, Vec::new());
    for transcript in transcript::all_of("helm") {
        for (command, ours) in play::transcript(&transcript) {
            let is_same = play::is_same(&ours, command);
            all += 1;
            if !is_same {
                show(&transcript.name, command, &ours);
                differing.push(format!("{} $ {}", transcript.name, command.line));
            }
        }
    }
    let same = all - differing.len();
    println!("helm: commands {all}, identical {same}, differs {}", differing.len());
    if std::env::var_os("CONFORMANCE_DIR").is_some() {
        return;
    }
    assert!(all > 90 && same * 100 >= all * 97, "less than 97 % are identical");
    let entries = DIFFERING.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut known: Vec<&str> = entries
        .map(|line| line.split_once(" # ").expect("a reason behind each command").0)
        .collect();
    let mut differing: Vec<&str> = differing.iter().map(String::as_str).collect();
    known.sort_unstable();
    differing.sort_unstable();
    assert_eq!(differing, known, "tests/helm/differing.txt lists what differs");
}

fn show(name: &str, command: &transcript::Command, ours: &(String, i32)) {
    let Ok(part) = std::env::var("SHOW") else { return };
    if command.line.contains(&part) || name.contains(&part) {
        println!("==== {name} $ {}", command.line);
        println!("theirs ({}):\n{}\nours ({}):\n{}", command.exit, command.output, ours.1, ours.0);
    }
}
