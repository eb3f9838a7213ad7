//! Programs inside of containers, as BusyBox has them.
//!
//! They run on a [`Container`], and share the language and the filters of the
//! [`shell`](crate::shell).
//!
//! Source: github.com/mirror/busybox, `libbb/`, `coreutils/`, `networking/`.

mod files;
mod inside;
pub mod interactive;
mod network;
mod system;
#[cfg(test)]
mod tests;

pub use network::print_lookup;

use super::container::Container;
use super::output::Output;
use crate::shell::host::{Host, Program, Started, Trouble};
use crate::shell::run::Code;
use crate::shell::session::Session;
use crate::shell::syntax::Pipeline;
use crate::shell::{builtins, filters};
use inside::Inside;

/// A program of a container that runs.
#[derive(Clone)]
pub struct Run {
    session: Session,
    code: Code,
    folder: String,
}

/// A program: it is given its words without its name.
type Command = fn(&mut Inside, &[String], &mut Output) -> i32;

/// The programs by their names, sorted.
const PROGRAMS: [(&str, Command); 22] = [
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
    let mut session = Session::new("sh");
    for (name, value) in container.environment() {
        session.variables.set(&name, value);
        session.export(&name);
    }
    session
}

/// Starts a program with its words, and what it reads.
pub fn start(words: &[String], stdin: Option<String>, container: &dyn Container) -> Run {
    let session = session(container);
    let list = Pipeline::of_words(words.iter().cloned()).into();
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

impl Host for Inside<'_> {
    fn session(&mut self) -> &mut Session {
        self.session
    }

    fn now(&self) -> i64 {
        self.container.now()
    }

    fn may_go_on(&self) -> bool {
        self.container.may_go_on()
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

    fn start(&mut self, words: &[String], _: Option<&str>, out: &mut Output) -> Option<Started> {
        let (name, rest) = words.split_first()?;
        let (_, program) = PROGRAMS.iter().find(|(own, _)| own == name)?;
        Some(Started::Done(program(self, rest, out)))
    }

    fn poll(&mut self, _program: &mut dyn Program, _out: &mut Output) -> Option<i32> {
        Some(1)
    }
}
