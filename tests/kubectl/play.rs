//! Running command lines against a server.

use crate::server::Server;
use statefulset_playground::terminal::kubectl::{self, Context, Files, Progress};
use statefulset_playground::terminal::output::Output;
use std::collections::BTreeMap;
use std::path::Path;

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
pub fn run(line: &str, world: &mut Server, files: &BTreeMap<String, String>) -> (Output, i32) {
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
    (out, status)
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
