//! Entering a transcript's commands in one terminal, and comparing what they print.

use crate::kubectl::recorded;
use crate::kubectl::server::Server;
use crate::kubectl::transcript::{Command, Transcript};
use regex_lite::Regex;
use serde_json::Value;
use statefulset_playground::terminal::computer::Terminal;
use statefulset_playground::terminal::output::Output;
use std::path::Path;
use std::rc::Rc;

/// Seconds that a command is given at the state after it.
const PATIENCE: u32 = 5;

/// What each command of a transcript prints, and its exit status.
pub fn transcript(transcript: &Transcript) -> Vec<(&Command, (String, i32))> {
    let mut terminal = Terminal::default();
    for (path, text) in &transcript.files {
        terminal.files.put_back(&format!("/home/user/{path}"), text);
    }
    terminal.files.serve(Rc::new(served));
    let mut kept: Vec<Rc<Value>> = Vec::new();
    let mut all = Vec::new();
    for (number, command) in transcript.commands.iter().enumerate() {
        let mut world = world(transcript, command, &kept);
        terminal.submit(&command.line, &mut world);
        if terminal.is_busy()
            && let Some(next) = transcript.commands.get(number + 1)
        {
            kept = releases(&world);
            world = self::world(transcript, next, &kept);
            terminal.poll(&mut world);
        }
        for _ in 0..PATIENCE {
            if terminal.is_busy() {
                world.pass(1_000);
                terminal.poll(&mut world);
            }
        }
        if terminal.is_busy() {
            terminal.interrupt();
        }
        kept = releases(&world);
        let mut out = Output::default();
        terminal.take_output().iter().for_each(|(stream, text)| out.push(*stream, text));
        all.push((command, (out.text(), terminal.status())));
    }
    all
}

fn world(transcript: &Transcript, command: &Command, kept: &[Rc<Value>]) -> Server {
    let mut world = recorded::world(transcript, command);
    world.objects.extend(kept.iter().cloned());
    world
}

/// The Secrets in which Helm keeps releases.
fn releases(world: &Server) -> Vec<Rc<Value>> {
    let is_release = |object: &&Rc<Value>| object["type"] == "helm.sh/release.v1";
    world.objects.iter().filter(is_release).cloned().collect()
}

/// The texts that the page serves.
fn served(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    std::fs::read_to_string(folder.join(name)).ok()
}

/// Whether an output is the recorded one, moments of releases apart.
pub fn is_same(ours: &(String, i32), command: &Command) -> bool {
    let (own, theirs) = (masked(&ours.0), masked(&command.output));
    ours.1 == command.exit && recorded::is_same_text(&own, &theirs)
}

fn masked(text: &str) -> String {
    let short =
        Regex::new(r"(Sun|Mon|Tue|Wed|Thu|Fri|Sat) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}");
    let long = Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC");
    let text = short.unwrap().replace_all(text, "<moment>").into_owned();
    long.unwrap().replace_all(&text, "<long moment>").into_owned()
}
