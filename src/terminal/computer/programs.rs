//! The programs of the person's own computer, in one table.

use super::desk::Desk;
use super::devices::Devices;
use super::tree;
use super::workspace::Workspace;
use crate::shell::host::{Host, Program, Started, Trouble};
use crate::shell::session::Session;
use crate::shell::words::is_name;
use crate::shell::{builtins, filters};
use crate::terminal::editor::Editor;
use crate::terminal::job::{Job, Progress};
use crate::terminal::kubectl::{self, Context};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use crate::terminal::{helm, minikube};
use std::any::Any;
use std::rc::Rc;

/// How many aliases there may be.
const ALIASES: usize = 200;

/// The person's own computer beside a cluster.
pub struct Computer<'a> {
    /// The shell's memory.
    pub session: &'a mut Session,
    /// What the person works it with.
    pub devices: &'a Devices,
    /// Its files.
    pub files: &'a mut Workspace,
    /// Lines that were entered before.
    pub history: &'a [String],
    /// The cluster.
    pub world: &'a mut dyn World,
}

/// A program: it is given its words without its name.
type Command = fn(&mut Computer, &[String], Option<&str>, &mut Output) -> Started;

/// The programs by their names, sorted. Further ones stand here.
const PROGRAMS: [(&str, Command); 28] = [
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

    fn may_go_on(&self) -> bool {
        self.world.may_go_on()
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
    ) -> Option<Started> {
        let (name, rest) = words.split_first()?;
        let (_, program) = PROGRAMS.iter().find(|(own, _)| own == name)?;
        Some(program(self, rest, stdin, out))
    }

    fn poll(&mut self, program: &mut dyn Program, out: &mut Output) -> Option<i32> {
        let program: &mut dyn Any = program;
        // Nothing else is started here.
        program.downcast_mut().map_or(Some(1), |job: &mut Box<dyn Job>| job.poll(self.world, out))
    }
}

/// All that goes on here is a job.
impl Program for Box<dyn Job> {}

impl From<Progress> for Started {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Done(status) => Self::Done(status),
            Progress::Waiting(job) => Self::Running(Box::new(job)),
        }
    }
}

fn kubectl(at: &mut Computer, words: &[String], stdin: Option<&str>, out: &mut Output) -> Started {
    at.session.count_more(KUBECTL);
    let (desk, may_pause) = (Desk::of(at), at.session.may_wait());
    let mut context =
        Context { files: &desk, stdin, may_pause, ..Context::later(&mut *at.world, out) };
    let progress = kubectl::run(words, &mut context);
    *at.files = desk.into_files();
    progress.into()
}

fn helm(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Started {
    at.session.count_more(HELM);
    let desk = Desk::of(at);
    let mut context = helm::Context { world: &mut *at.world, files: &desk, out };
    let progress = helm::run(words, &mut context);
    *at.files = desk.into_files();
    progress.into()
}

fn minikube(at: &mut Computer, words: &[String], stdin: Option<&str>, out: &mut Output) -> Started {
    if let Some(words) = minikube::kubectl_words(words) {
        return kubectl(at, words, stdin, out);
    }
    let network = at.devices.network.clone();
    let mut context = minikube::Context { world: &mut *at.world, network: &network, out };
    minikube::run(words, &mut context).into()
}

fn clear(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    out.print("\u{1b}[H\u{1b}[2J");
    Started::Done(0)
}

fn hostname(_: &mut Computer, _: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    out.line("playground");
    Started::Done(0)
}

fn whoami(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    out.line("user");
    Started::Done(0)
}

fn history(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Started {
    let most = words.first().and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let skip = at.history.len().saturating_sub(most);
    for (number, line) in at.history.iter().enumerate().skip(skip) {
        out.line(&format!("{:5}  {line}", number + 1));
    }
    Started::Done(0)
}

fn alias(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
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
                    return Started::Done(1);
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
    Started::Done(status)
}

fn unalias(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    let mut status = 0;
    for word in words {
        if word == "-a" {
            at.session.aliases = Rc::default();
        } else if Rc::make_mut(&mut at.session.aliases).remove(word).is_none() {
            out.error(&format!("bash: unalias: {word}: not found"));
            status = 1;
        }
    }
    Started::Done(status)
}

fn which(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
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
    Started::Done(status)
}

fn help(_: &mut Computer, _words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    out.line("Commands that this terminal has:\n");
    for chunk in names().chunks(9) {
        out.line(&format!("  {}", chunk.join(" ")));
    }
    out.line("\nThey can be joined by |, ;, && and ||, and write to files with > and >>.");
    out.line("Tab completes, the arrow keys go through what was entered, Ctrl+C stops.");
    Started::Done(0)
}

/// Opens a file in the editor of the page, and waits until it is closed.
fn edit(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Started {
    let Some(path) = words.iter().find(|word| !word.starts_with(['-', '+'])) else {
        out.error("Name the file that is to be edited.");
        return Started::Done(1);
    };
    if at.files.is_folder(path) {
        out.error(&format!("\"{path}\" is a directory"));
        return Started::Done(1);
    }
    let text = at.files.get(path).unwrap_or_default().to_owned();
    at.devices.editor.open(path, &text, Some(&at.files.whole(path)));
    Progress::Waiting(Box::new(Edited(at.devices.editor.clone()))).into()
}

/// A file while it is edited.
#[derive(Clone)]
struct Edited(Editor);

impl Job for Edited {
    fn poll(&mut self, _world: &mut dyn World, _out: &mut Output) -> Option<i32> {
        self.0.answer().map(|_| 0)
    }
}

fn refuse_network(_: &mut Computer, _: &[String], _: Option<&str>, out: &mut Output) -> Started {
    out.error("This computer has no network: request from inside of a pod (kubectl exec).");
    Started::Done(6)
}

fn refuse_install(_: &mut Computer, _: &[String], _: Option<&str>, out: &mut Output) -> Started {
    out.error("Nothing can be installed here; `help` lists what there is.");
    Started::Done(1)
}
