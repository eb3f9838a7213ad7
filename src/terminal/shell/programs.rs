//! The programs of the person's own computer, in one table.

use super::builtins;
use super::desk::Desk;
use super::filters;
use super::host::{Host, Process, Trouble};
use super::session::Session;
use super::tree;
use super::words::is_name;
use super::workspace::Workspace;
use crate::terminal::editor::Editor;
use crate::terminal::kubectl::{self, Context, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use crate::terminal::{helm, minikube};
use std::rc::Rc;

/// How many aliases there may be.
const ALIASES: usize = 200;

/// The person's own computer beside a cluster.
pub struct Computer<'a> {
    /// The shell's memory.
    pub session: &'a mut Session,
    /// Its files.
    pub files: &'a mut Workspace,
    /// Lines that were entered before.
    pub history: &'a [String],
    /// The cluster.
    pub world: &'a mut dyn World,
}

/// A program: it is given its words without its name.
type Program = fn(&mut Computer, &[String], Option<&str>, &mut Output) -> Process;

/// The programs by their names, sorted. Further ones stand here.
const PROGRAMS: [(&str, Program); 28] = [
    ("alias", alias),
    ("apt", refuse_install),
    ("brew", refuse_install),
    ("cd", tree::cd),
    ("clear", clear),
    ("cp", tree::cp),
    ("curl", refuse_network),
    ("emacs", edit),
    ("find", tree::find),
    ("helm", helm),
    ("help", help),
    ("history", history),
    ("hostname", hostname),
    ("kubectl", kubectl),
    ("ls", tree::ls),
    ("minikube", minikube),
    ("mkdir", tree::mkdir),
    ("mv", tree::mv),
    ("nano", edit),
    ("pwd", tree::pwd),
    ("rm", tree::rm),
    ("touch", tree::touch),
    ("unalias", unalias),
    ("vi", edit),
    ("vim", edit),
    ("wget", refuse_network),
    ("which", which),
    ("whoami", whoami),
];

/// The names of all commands, sorted.
pub fn names() -> Vec<&'static str> {
    let own = PROGRAMS.iter().map(|(name, _)| *name);
    let all = own.chain(builtins::NAMES).chain(filters::NAMES);
    let mut names: Vec<&str> =
        all.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    names.sort_unstable();
    names
}

/// As how many more commands one of kubectl counts: it does as much.
const KUBECTL: usize = 3;
/// As how many more commands one of Helm counts.
const HELM: usize = 24;

impl Host for Computer<'_> {
    fn session(&mut self) -> &mut Session {
        self.session
    }

    fn now(&self) -> i64 {
        self.world.now()
    }

    fn is_busybox(&self) -> bool {
        false
    }

    fn read(&self, path: &str) -> Result<String, Trouble> {
        self.files.open(path)
    }

    fn write(&mut self, path: &str, text: &str, adds: bool) -> Result<(), Trouble> {
        let before = self.files.get(path).filter(|_| adds).unwrap_or_default();
        let whole = format!("{before}{text}");
        self.files.set(path, &whole)
    }

    fn names(&self, folder: &str) -> Option<Vec<String>> {
        self.files.list(folder)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.files.is_folder(path)
    }

    fn start(
        &mut self,
        words: &[String],
        stdin: Option<&str>,
        out: &mut Output,
    ) -> Option<Process> {
        let (name, rest) = words.split_first()?;
        let (_, program) = PROGRAMS.iter().find(|(own, _)| own == name)?;
        Some(program(self, rest, stdin, out))
    }

    fn poll(&mut self, job: &mut dyn Job, out: &mut Output) -> Option<i32> {
        job.poll(self.world, out)
    }
}

fn kubectl(at: &mut Computer, words: &[String], stdin: Option<&str>, out: &mut Output) -> Process {
    at.session.count_more(KUBECTL);
    let desk = Desk::of(at);
    let mut context =
        Context { world: &mut *at.world, files: &desk, stdin, out, manager: String::new() };
    let progress = kubectl::run(words, &mut context);
    *at.files = desk.into_files();
    match progress {
        Progress::Done(status) => Process::Done(status),
        Progress::Waiting(job) => Process::Job(job),
    }
}

fn helm(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Process {
    at.session.count_more(HELM);
    let desk = Desk::of(at);
    let mut context = helm::Context { world: &mut *at.world, files: &desk, out };
    let progress = helm::run(words, &mut context);
    *at.files = desk.into_files();
    match progress {
        Progress::Done(status) => Process::Done(status),
        Progress::Waiting(job) => Process::Job(job),
    }
}

fn minikube(at: &mut Computer, words: &[String], stdin: Option<&str>, out: &mut Output) -> Process {
    if let Some(words) = minikube::kubectl_words(words) {
        return kubectl(at, words, stdin, out);
    }
    let network = at.session.network.clone();
    let mut context = minikube::Context { world: &mut *at.world, network: &network, out };
    match minikube::run(words, &mut context) {
        Progress::Done(status) => Process::Done(status),
        Progress::Waiting(job) => Process::Job(job),
    }
}

fn clear(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    out.print("\u{1b}[H\u{1b}[2J");
    Process::Done(0)
}

fn hostname(_: &mut Computer, _: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    out.line("playground");
    Process::Done(0)
}

fn whoami(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    out.line("user");
    Process::Done(0)
}

fn history(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Process {
    let most = words.first().and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let skip = at.history.len().saturating_sub(most);
    for (number, line) in at.history.iter().enumerate().skip(skip) {
        out.line(&format!("{:5}  {line}", number + 1));
    }
    Process::Done(0)
}

fn alias(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    let shown = |name: &str, text: &str| format!("alias {name}='{}'", text.replace('\'', "'\\''"));
    let mut status = 0;
    if words.is_empty() {
        at.session.aliases.iter().for_each(|(name, text)| out.line(&shown(name, text)));
    }
    for word in words.iter().filter(|word| *word != "-p") {
        match word.split_once('=') {
            Some((name, text)) if !name.is_empty() => {
                if at.session.aliases.iter().count() >= ALIASES {
                    out.error(&format!("bash: alias: more than {ALIASES} aliases"));
                    return Process::Done(1);
                }
                Rc::make_mut(&mut at.session.aliases).set(name, text);
            }
            _ => match at.session.aliases.get(word) {
                Some(text) => out.line(&shown(word, text)),
                None => {
                    out.error(&format!("bash: alias: {word}: not found"));
                    status = 1;
                }
            },
        }
    }
    Process::Done(status)
}

fn unalias(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    let mut status = 0;
    for word in words {
        if word == "-a" {
            at.session.aliases = Rc::default();
        } else if Rc::make_mut(&mut at.session.aliases).remove(word).is_none() {
            out.error(&format!("bash: unalias: {word}: not found"));
            status = 1;
        }
    }
    Process::Done(status)
}

fn which(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    let mut status = 0;
    for word in words {
        if names().contains(&word.as_str()) {
            out.line(&format!("/usr/bin/{word}"));
        } else if is_name(word) && at.session.aliases.get(word).is_some() {
            out.line(&format!("{word}: an alias"));
        } else {
            status = 1;
        }
    }
    Process::Done(status)
}

fn help(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Process {
    out.line("Commands that this terminal has:\n");
    for chunk in names().chunks(9) {
        out.line(&format!("  {}", chunk.join(" ")));
    }
    out.line("\nThey can be joined by |, ;, && and ||, and write to files with > and >>.");
    out.line("Tab completes, the arrow keys go through what was entered, Ctrl+C stops.");
    Process::Done(0)
}

/// Opens a file in the editor of the page, and waits until it is closed.
fn edit(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Process {
    let Some(path) = words.iter().find(|word| !word.starts_with(['-', '+'])) else {
        out.error("Name the file that is to be edited.");
        return Process::Done(1);
    };
    if at.files.is_folder(path) {
        out.error(&format!("\"{path}\" is a directory"));
        return Process::Done(1);
    }
    let text = at.files.get(path).unwrap_or_default().to_owned();
    at.session.editor.open(path, &text, Some(&at.files.whole(path)));
    Process::Job(Box::new(Edited(at.session.editor.clone())))
}

/// A file while it is edited.
#[derive(Clone)]
struct Edited(Editor);

impl Job for Edited {
    fn poll(&mut self, _world: &mut dyn World, _out: &mut Output) -> Option<i32> {
        self.0.answer().map(|_| 0)
    }
}

fn refuse_network(_: &mut Computer, _: &[String], _: Option<&str>, out: &mut Output) -> Process {
    out.error("This computer has no network: request from inside of a pod (kubectl exec).");
    Process::Done(6)
}

fn refuse_install(_: &mut Computer, _: &[String], _: Option<&str>, out: &mut Output) -> Process {
    out.error("Nothing can be installed here; `help` lists what there is.");
    Process::Done(1)
}
