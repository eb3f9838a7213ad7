//! Programs inside of containers, as BusyBox has them.
//!
//! They run on a [`Container`], and share the language and the filters of the
//! [`shell`](crate::terminal::shell).
//!
//! Source: github.com/mirror/busybox, `libbb/`, `coreutils/`, `networking/`.

pub mod container;
mod files;
pub mod interactive;
mod network;
mod system;
#[cfg(test)]
mod tests;

pub use network::print_lookup;

use super::kubectl::Job;
use super::output::Output;
use super::shell::host::{Host, Process, Trouble};
use super::shell::run::Code;
use super::shell::session::Session;
use super::shell::syntax::{Command, Joint, List, Node, Part, Pipeline};
use super::shell::{builtins, filters};
use container::Container;
use std::rc::Rc;

/// A program of a container that runs.
#[derive(Clone)]
pub struct Run {
    session: Session,
    code: Code,
    folder: String,
}

/// A program: it is given its words without its name.
type Program = fn(&mut Inside, &[String], &mut Output) -> i32;

/// The programs by their names, sorted.
const PROGRAMS: [(&str, Program); 22] = [
    ("cd", files::cd),
    ("cp", files::cp),
    ("curl", network::curl),
    ("df", system::df),
    ("free", system::free),
    ("hostname", system::hostname),
    ("id", system::id),
    ("kill", system::kill),
    ("ls", files::ls),
    ("mkdir", files::mkdir),
    ("mount", system::mount),
    ("mv", files::mv),
    ("nslookup", network::nslookup),
    ("ping", network::ping),
    ("ps", system::ps),
    ("pwd", files::pwd),
    ("rm", files::rm),
    ("touch", files::touch),
    ("uname", system::uname),
    ("wget", network::wget),
    ("which", system::which),
    ("whoami", system::whoami),
];

/// Whether a container has a program.
pub fn is_known(name: &str) -> bool {
    let name = name.strip_prefix("/bin/").or(name.strip_prefix("/usr/bin/")).unwrap_or(name);
    let is_filter = filters::NAMES.contains(&name) && name != "jq";
    PROGRAMS.iter().any(|(own, _)| *own == name)
        || is_filter
        || (builtins::NAMES.contains(&name) && !matches!(name, "bash" | "[["))
}

/// A shell's memory with the environment of a container.
fn session(container: &dyn Container) -> Session {
    let mut session = Session::default();
    for (name, value) in container.environment() {
        session.variables.set(&name, value);
        session.exported.push(name);
    }
    session.arguments.push("sh".into());
    session
}

/// Starts a program with its words, and what it reads.
pub fn start(words: &[String], stdin: Option<String>, container: &dyn Container) -> Run {
    let session = session(container);
    let words = words.iter().map(|word| vec![Part::Quoted(word.clone())]).collect();
    let node = Node::Simple { assignments: Vec::new(), words };
    let command = Rc::new(Command { node, redirects: Vec::new() });
    let pipeline = Pipeline { is_negated: false, commands: vec![command] };
    let list = List(vec![(Joint::Always, pipeline)]);
    // A program without input reads nothing, rather than the terminal.
    let code = Code::new(&list).reading(Some(stdin.unwrap_or_default()));
    Run { session, code, folder: container.folder() }
}

impl Run {
    /// Runs on; to be called when the cluster has changed or time has passed. Returns the exit
    /// status when it has ended.
    pub fn poll(&mut self, container: &mut dyn Container, out: &mut Output) -> Option<i32> {
        let mut inside = Inside { session: &mut self.session, folder: &mut self.folder, container };
        self.code.poll(&mut inside, out)
    }
}

/// The inside of a container while a program runs.
struct Inside<'a> {
    session: &'a mut Session,
    folder: &'a mut String,
    container: &'a mut dyn Container,
}

impl Inside<'_> {
    /// A path from the root.
    fn whole(&self, path: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let begin = if path.starts_with('/') { "" } else { self.folder.as_str() };
        for part in begin.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }
}

impl Host for Inside<'_> {
    fn session(&mut self) -> &mut Session {
        self.session
    }

    fn now(&self) -> i64 {
        self.container.now()
    }

    fn is_busybox(&self) -> bool {
        true
    }

    fn read(&self, path: &str) -> Result<String, Trouble> {
        self.container.read(&self.whole(path))
    }

    fn write(&mut self, path: &str, text: &str, adds: bool) -> Result<(), Trouble> {
        let whole = self.whole(path);
        let before = match adds {
            true => self.container.read(&whole).unwrap_or_default(),
            false => String::new(),
        };
        self.container.write(&whole, &format!("{before}{text}"))
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        self.container.list(&self.whole(folder))
    }

    fn start(&mut self, words: &[String], _: Option<&str>, out: &mut Output) -> Option<Process> {
        let (name, rest) = words.split_first()?;
        let (_, program) = PROGRAMS.iter().find(|(own, _)| own == name)?;
        Some(Process::Done(program(self, rest, out)))
    }

    fn poll(&mut self, _job: &mut dyn Job, _out: &mut Output) -> Option<i32> {
        Some(1)
    }
}

/// Letters of options, and what is no option.
fn options(words: &[String]) -> (String, Vec<&str>) {
    let is_option = |word: &&String| word.len() > 1 && word.starts_with('-');
    let letters = words.iter().filter(is_option).flat_map(|word| word.chars().skip(1)).collect();
    let rest = words.iter().filter(|word| !is_option(word)).map(String::as_str).collect();
    (letters, rest)
}
