//! kubectl's recorded transcripts, each command against its recorded objects and moment.
//!
//! Set `SHOW=<part of a command or transcript>` to see what differs (`SHOW=` shows all), and
//! `CONFORMANCE_DIR=<folder>` to play the transcripts of another folder.

pub mod play;
pub mod recorded;
pub mod server;
pub mod transcript;

use std::collections::BTreeMap;
use transcript::{Command, Transcript};

/// The commands that differ, each with its transcript and the reason.
const DIFFERING: &str = include_str!("kubectl/differing.txt");

#[test]
fn prints_what_kubectl_printed() {
    let mut tally = Tally::default();
    for transcript in transcript::all_of("kubectl") {
        for command in &transcript.commands {
            let ours = played(&transcript, command);
            let is_same = match follows(command) {
                true => begins_same(&ours.0, command),
                false => is_same(&ours, command),
            };
            tally.count(&transcript, command, is_same);
            if !is_same {
                show(&transcript, command, &ours);
            }
        }
    }
    tally.finish();
}

#[test]
fn prints_what_kubectl_printed_of_odd_objects_and_command_lines() {
    if std::env::var_os("CONFORMANCE_DIR").is_some() {
        return;
    }
    let mut count = 0;
    let mut differing = Vec::new();
    for transcript in transcript::all_of("kubectl-more") {
        for command in &transcript.commands {
            let ours = played(&transcript, command);
            count += 1;
            if !is_same(&ours, command) {
                show(&transcript, command, &ours);
                differing.push(format!("{} $ {}", transcript.name, command.line));
            }
        }
    }
    println!(
        "kubectl, odd objects and command lines: commands {count}, differs {}",
        differing.len()
    );
    assert!(count > 1_400);
    assert_eq!(differing, Vec::<String>::new());
}

fn played(transcript: &Transcript, command: &Command) -> (String, i32) {
    let mut world = recorded::world(transcript, command);
    let (out, status) = play::run(&command.line, &mut world, &transcript.files);
    (out.text(), status)
}

fn show(transcript: &Transcript, command: &Command, ours: &(String, i32)) {
    let Ok(part) = std::env::var("SHOW") else { return };
    if !command.line.contains(&part) && !transcript.name.contains(&part) {
        return;
    }
    println!("==== {} $ {}", transcript.name, command.line);
    let (theirs, own) = (&command.output, &ours.0);
    if theirs.lines().count() < 4 {
        println!("theirs ({}): {theirs}ours ({}): {own}", command.exit, ours.1);
        return;
    }
    let (left, right): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), own.lines().collect());
    print_differences(&left, &right);
}

/// Prints the lines that only one of two texts has, and goes on where they next agree.
fn print_differences(mut left: &[&str], mut right: &[&str]) {
    while !(left.is_empty() && right.is_empty()) {
        let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
        (left, right) = (&left[same..], &right[same..]);
        let (gone, new) = next_agreement(left, right);
        left[..gone].iter().for_each(|line| println!("- {line}"));
        right[..new].iter().for_each(|line| println!("+ {line}"));
        (left, right) = (&left[gone..], &right[new..]);
    }
}

/// How many lines to leave out of either text until their next lines are the same.
fn next_agreement(left: &[&str], right: &[&str]) -> (usize, usize) {
    let most = left.len() + right.len();
    let pairs = (0..=most).flat_map(|sum| (0..=sum).map(move |gone| (gone, sum - gone)));
    let agrees =
        |&(gone, new): &(usize, usize)| left.get(gone).is_some_and(|it| right.get(new) == Some(it));
    pairs.take(100_000).find(agrees).unwrap_or((left.len(), right.len()))
}

/// Whether an output is the recorded one, ages apart by one unit.
fn is_same(ours: &(String, i32), command: &Command) -> bool {
    ours.1 == command.exit && recorded::is_same_text(&ours.0, &command.output)
}

/// Whether the output is the beginning of the recorded one.
fn begins_same(ours: &str, command: &Command) -> bool {
    let count = ours.lines().count();
    let theirs: String =
        command.output.lines().take(count).map(|line| format!("{line}\n")).collect();
    recorded::is_same_text(ours, &theirs)
}

/// Whether it prints what happens after its recorded moment: a watch, or a roll-out that goes on.
fn follows(command: &Command) -> bool {
    let is_rollout = command.line.starts_with("kubectl rollout status")
        && !command.line.contains(" --")
        && command.output.lines().count() > 1;
    command.is_watch || is_rollout
}

#[derive(Default)]
struct Tally {
    /// Of each verb, how many commands there are and how many print the same.
    verbs: BTreeMap<String, (usize, usize)>,
    /// Of the commands that follow a cluster while it changes.
    following: (usize, usize),
    differing: Vec<String>,
}

impl Tally {
    fn count(&mut self, transcript: &Transcript, command: &Command, is_same: bool) {
        let verb: Vec<&str> = command.line.split_whitespace().take(2).collect();
        let (all, same) = match follows(command) {
            true => &mut self.following,
            false => self.verbs.entry(verb.join(" ")).or_default(),
        };
        *all += 1;
        *same += usize::from(is_same);
        if !is_same {
            self.differing.push(format!("{} $ {}", transcript.name, command.line));
        }
    }

    fn finish(self) {
        for (verb, (all, same)) in self.verbs.iter().filter(|(_, (all, same))| all != same) {
            println!("{verb}: {same} of {all}");
        }
        let sum =
            |(all, same): (usize, usize), (more, own): &(usize, usize)| (all + more, same + own);
        let (all, same) = self.verbs.values().fold((0, 0), sum);
        println!("kubectl: commands {all}, identical {same}, differs {}", all - same);
        let (following, begin) = self.following;
        println!(
            "kubectl: {following} more follow a cluster while it changes, of which its state at the \
             beginning is recorded; {begin} begin identically"
        );
        if std::env::var_os("CONFORMANCE_DIR").is_some() {
            return;
        }
        assert!(all > 600 && same * 100 >= all * 97, "less than 97 % are identical");
        let entries = DIFFERING.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut known: Vec<&str> = entries
            .map(|line| line.split_once(" # ").expect("a reason behind each command").0)
            .collect();
        let mut differing: Vec<&str> = self.differing.iter().map(String::as_str).collect();
        known.sort_unstable();
        differing.sort_unstable();
        assert_eq!(differing, known, "tests/kubectl/differing.txt lists what differs");
    }
}
