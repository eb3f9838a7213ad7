//! kubectl's recorded transcripts, each command against its recorded objects and moment.
//!
//! Set `SHOW=<part of a command or transcript>` to see what differs (`SHOW=` shows all), and
//! `CONFORMANCE_DIR=<folder>` to play the transcripts of another folder.

#[path = "kubectl/play.rs"]
mod play;
#[path = "kubectl/recorded.rs"]
mod recorded;
#[path = "kubectl/server.rs"]
mod server;
#[path = "kubectl/transcript.rs"]
mod transcript;

use std::collections::BTreeMap;
use transcript::{Command, Transcript};

/// Transcripts and reasons why a command of them is expected to differ.
const DIFFERING: &str = include_str!("kubectl/differing.txt");

#[test]
fn prints_what_kubectl_printed() {
    let mut tally = Tally::default();
    for transcript in transcript::all() {
        let known = DIFFERING.lines().filter_map(|line| line.split_once(": "));
        let known: Vec<&str> =
            known.filter(|(name, _)| *name == transcript.name).map(|(_, rest)| rest).collect();
        for command in &transcript.commands {
            let ours = played(&transcript, command);
            let is_same = recorded::is_same(&ours, command);
            let verb: Vec<&str> = command.line.split_whitespace().take(2).collect();
            tally.count(&verb.join(" "), is_same);
            if !is_same {
                let is_known = known.iter().any(|line| line.starts_with(&command.line));
                tally.unexplained.extend((!is_known).then(|| command.line.clone()));
                show(&transcript, command, &ours);
            }
        }
    }
    tally.finish();
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
    for at in 0..left.len().max(right.len()) {
        let (left, right) = (left.get(at), right.get(at));
        if left != right {
            println!("{at}- {}\n{at}+ {}", left.unwrap_or(&"(end)"), right.unwrap_or(&"(end)"));
        }
    }
}

#[derive(Default)]
struct Tally {
    verbs: BTreeMap<String, (usize, usize)>,
    unexplained: Vec<String>,
}

impl Tally {
    fn count(&mut self, verb: &str, is_same: bool) {
        let (all, same) = self.verbs.entry(verb.into()).or_default();
        *all += 1;
        *same += usize::from(is_same);
    }

    fn finish(self) {
        for (verb, (all, same)) in self.verbs.iter().filter(|(_, (all, same))| all != same) {
            println!("{verb}: {same} of {all}");
        }
        let (all, same) =
            self.verbs.values().fold((0, 0), |(all, same), (more, own)| (all + more, same + own));
        println!("kubectl: commands {all}, identical {same}, differs {}", all - same);
    }
}
