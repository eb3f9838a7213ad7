//! A recorded cluster as commands see it, and how outputs are compared.

use crate::transcript::{Command, Transcript};
use crate::server::Server;
use statefulset_playground::api::timestamp;
use statefulset_playground::terminal::kubectl::{self, Context, Files, Progress};
use statefulset_playground::terminal::output::Output;
use std::collections::BTreeMap;
use std::path::Path;

/// The cluster of a command: the objects of its state, at its moment.
pub fn world(transcript: &Transcript, command: &Command) -> Server {
    let Some((state, now)) = &command.state else { return Server::new(Vec::new(), 0) };
    Server::new(transcript.objects(*state), timestamp::parse(now).unwrap())
}

/// The files of a transcript, and the texts that the page serves.
struct Recordings<'a>(&'a BTreeMap<String, String>);

impl Files for Recordings<'_> {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        (path == ".").then(|| self.0.keys().cloned().collect())
    }

    fn text(&self, name: &str) -> Option<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        std::fs::read_to_string(folder.join(name)).ok()
    }
}

/// Seconds that a command is given before it is interrupted.
const PATIENCE: u32 = 5;

/// Runs a command line until it ends; one that waits is stopped.
pub fn run(line: &str, world: &mut Server, files: &BTreeMap<String, String>) -> (String, i32) {
    let words = words(line);
    let mut out = Output::default();
    let files = Recordings(files);
    let mut context = Context { world, files: &files, stdin: None, out: &mut out };
    let status = match kubectl::run(&words[1..], &mut context) {
        Progress::Done(status) => status,
        Progress::Waiting(mut job) => {
            let mut status = None;
            for _ in 0..PATIENCE {
                world.pass(1_000);
                status = status.or_else(|| job.poll(world, &mut out));
            }
            status.unwrap_or(0)
        }
    };
    (out.text(), status)
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether an output is the recorded one, ages apart by one unit.
pub fn is_same(ours: &(String, i32), command: &Command) -> bool {
    let (left, right) = (tokens(&ours.0), tokens(&command.output));
    ours.1 == command.exit
        && left.len() == right.len()
        && left.iter().zip(&right).all(|(left, right)| is_same_token(left, right))
}

/// Words and the gaps between them. A gap's width may depend on an age.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut is_gap = false;
    for c in text.chars() {
        let gap = c == ' ';
        match tokens.last_mut() {
            Some(last) if gap == is_gap && c != '\n' && !last.ends_with('\n') => last.push(c),
            _ => tokens.push(c.into()),
        }
        is_gap = gap;
    }
    tokens
}

fn is_same_token(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let (Some(a), Some(b)) = (age(left), age(right)) else {
        // Gaps of at least two blanks may be one wider beside an age of another width.
        let is_gap = |text: &str| text.len() > 1 && text.bytes().all(|byte| byte == b' ');
        return is_gap(left) && is_gap(right) && left.len().abs_diff(right.len()) <= 2;
    };
    let unit = if a.min(b) < 600 { 1 } else { 60 };
    a.abs_diff(b) <= unit
}

/// The seconds of an age such as `2m14s`.
fn age(text: &str) -> Option<u64> {
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let (mut seconds, mut digits) = (0, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        seconds += digits.parse::<u64>().ok()? * unit;
        digits.clear();
    }
    digits.is_empty().then_some(seconds)
}
