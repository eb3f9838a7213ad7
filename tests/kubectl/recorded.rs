//! A recorded cluster as commands see it, and how outputs are compared.

use crate::transcript::{Command, Transcript};
use serde_json::Value;
use statefulset_playground::api::{Kubernetes, Status, timestamp};
use statefulset_playground::terminal::kubectl::resources::Resource;
use statefulset_playground::terminal::shell::Terminal;
use statefulset_playground::terminal::world::{Reply, Request, World, not_found};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

/// The objects of a state, and the moment.
pub struct Recorded {
    objects: Vec<Rc<Value>>,
    now: i64,
}

impl Recorded {
    pub fn of(transcript: &Transcript, command: &Command) -> Self {
        let Some((state, now)) = &command.state else {
            return Self { objects: Vec::new(), now: 0 };
        };
        let mut objects = transcript.objects(*state);
        let key = |object: &Value, field: &str| {
            object["metadata"][field].as_str().unwrap_or_default().to_owned()
        };
        objects.sort_by_key(|object| (key(object, "namespace"), key(object, "name")));
        Self { objects, now: timestamp::parse(now).unwrap() }
    }
}

impl World for Recorded {
    fn now(&self) -> i64 {
        self.now
    }

    fn kubernetes(&self) -> Kubernetes {
        Kubernetes::default()
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        let is_it = |object: &&Rc<Value>| {
            object["kind"] == resource.kind && object["apiVersion"] == resource.api_version
        };
        self.objects.iter().filter(is_it).cloned().collect()
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        let resource = Resource::of_kind(&request.kind, &request.api_version).unwrap();
        let object = self.get(&resource, &request.namespace, &request.name);
        let object = object.map_err(|_| not_found(&resource, &request.name))?;
        Ok(Reply { object: (*object).clone(), warnings: Vec::new() })
    }
}

/// A terminal with the files of a transcript, and the texts that the page serves.
fn terminal(files: &BTreeMap<String, String>) -> Terminal {
    let mut terminal = Terminal::default();
    for (path, text) in files {
        for (end, _) in path.match_indices('/') {
            let _ = terminal.files.make_folder(&path[..end]);
        }
        terminal.files.set(path, text).unwrap();
    }
    terminal.files.serve(Rc::new(|name| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        std::fs::read_to_string(folder.join(name)).ok()
    }));
    terminal
}

/// Runs a command line until it ends; one that waits is polled once more, and stopped.
pub fn run(line: &str, world: &mut Recorded, files: &BTreeMap<String, String>) -> (String, i32) {
    let mut terminal = terminal(files);
    terminal.submit(line, world);
    terminal.poll(world);
    let status = if terminal.is_busy() { 0 } else { terminal.status() };
    (terminal.take_output().into_iter().map(|(_, text)| text).collect(), status)
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
