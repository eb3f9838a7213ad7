//! kubectl: verbs, flags and what they print.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/`.

pub mod describe;
mod events;
mod explain;
mod files;
pub mod flags;
mod get;
mod go_sort;
mod print;
pub mod resources;
mod select;
mod selector;
mod suggest;
pub mod table;

use super::output::Output;
use super::world::World;
use crate::api::Status;
use flags::{Args, Verb};

/// The namespace that commands mean when they name none.
pub const NAMESPACE: &str = "default";

/// What a command works with.
pub struct Context<'a> {
    /// The cluster.
    pub world: &'a mut dyn World,
    /// Files and directories.
    pub files: &'a dyn Files,
    /// What a pipe or a here-document gives it to read.
    pub stdin: Option<&'a str>,
    /// What it prints.
    pub out: &'a mut Output,
}

/// Files that commands read.
pub trait Files {
    /// The text of a file; none if there is no such file.
    fn read(&self, path: &str) -> Option<String>;
    /// The names of the files in a directory, sorted; none if there is no such directory.
    fn list(&self, path: &str) -> Option<Vec<String>>;
    /// A text of the page that is fetched when it is needed, such as a help text.
    fn text(&self, name: &str) -> Option<String>;
}

/// What has become of a command.
pub enum Progress {
    /// It has ended with this exit status.
    Done(i32),
    /// It waits for the cluster.
    Waiting(Box<dyn Job>),
}

/// A command that waits.
pub trait Job {
    /// Looks at the cluster, which has changed or has grown older. Returns the exit status when it has
    /// ended.
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32>;
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// kubectl's own words; `error: ` is put before them.
    Error(String),
    /// The whole text, with nothing before it.
    Plain(String),
    /// The API server's refusal.
    Server(Status),
    /// It has been told already.
    Told,
}

impl Failure {
    /// kubectl's own words.
    pub fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into())
    }

    /// The words, and where to find help.
    pub fn usage(verb: &str, text: &str) -> Self {
        Self::Error(format!("{text}\nSee 'kubectl {verb} -h' for help and examples"))
    }

    /// As it is printed on standard error; empty if it has been told.
    pub fn text(&self) -> String {
        match self {
            Self::Error(text) => format!("error: {text}"),
            Self::Plain(text) => text.clone(),
            Self::Server(status) => status.kubectl(),
            Self::Told => String::new(),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Server(status)
    }
}

/// What a verb comes to.
pub type Done = Result<Progress, Failure>;

/// Runs a command line without its first word, `kubectl`.
pub fn run(words: &[String], context: &mut Context) -> Progress {
    match dispatch(words, context) {
        Ok(progress) => progress,
        Err(failure) => {
            let text = failure.text();
            if !text.is_empty() {
                context.out.error(&text);
            }
            Progress::Done(1)
        }
    }
}

fn dispatch(words: &[String], context: &mut Context) -> Done {
    // Global flags may stand before the verb.
    let at = verb_at(words)?;
    let names: Vec<&str> = words[at..].iter().map(String::as_str).collect();
    let Some((verb, count)) = Verb::named(&names) else {
        return Err(suggest::unknown_command(names.first().copied().unwrap_or_default()));
    };
    let rest: Vec<String> = words[..at].iter().chain(&words[at + count..]).cloned().collect();
    let args = Args::read(verb, &rest).map_err(Failure::Error)?;
    match verb.path() {
        "get" => get::run(&args, context),
        "describe" => describe::run(&args, context),
        "events" => events::run(&args, context),
        "explain" => explain::run(&args, context),
        _ => Err(Failure::error(format!("{} is not simulated", verb.words()))),
    }
}

/// Where the verb stands.
fn verb_at(words: &[String]) -> Result<usize, Failure> {
    let Some((root, _)) = Verb::named(&["options"]) else { return Ok(0) };
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
        let flag = root.flags().find(|flag| match word.starts_with("--") {
            true => flag.name == name,
            false => flag.shorthand.is_some_and(|letter| word[1..].starts_with(letter)),
        });
        let Some(flag) = flag else {
            return Err(match word.starts_with("--") {
                true if words.len() == at + 1 => {
                    Failure::error(format!("unknown flag: {word}\nSee 'kubectl --help' for usage."))
                }
                _ => Failure::Plain(format!(
                    "Error: flags cannot be placed before plugin name: {word}"
                )),
            });
        };
        let is_whole = word.contains('=')
            || flag.takes == flags::Takes::Nothing
            || (!word.starts_with("--") && word.len() > 2);
        at += if is_whole { 1 } else { 2 };
    }
    Ok(at.min(words.len()))
}
