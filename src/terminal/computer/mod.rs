//! The person's computer: a terminal that takes lines, runs them over a cluster, remembers them.

pub mod complete;
mod desk;
mod devices;
pub mod history;
mod programs;
#[cfg(test)]
mod tests;
mod tree;
pub mod workspace;

use super::editor::Shown;
use super::network;
use super::output::{Output, Stream};
use super::world::World;
use crate::shell::host::Trouble;
use crate::shell::parser;
use crate::shell::run::{Code, INTERRUPTED};
use crate::shell::session::{Session, Table};
use crate::shell::syntax::Wrong;
use complete::Completion;
use devices::{Devices, Shared};
use history::History;
use programs::Computer;
use std::rc::Rc;
use workspace::{HOME, Workspace};

/// How long a line may be.
const LINE: usize = 64 << 10;

/// A terminal with a shell in it.
#[derive(Clone)]
pub struct Terminal {
    /// The person's files.
    pub files: Workspace,
    /// Lines that were entered.
    pub history: History,
    /// Variables, aliases, the last exit status.
    pub session: Session,
    /// Lines that want more.
    pending: String,
    running: Option<Code>,
    out: Output,
    devices: Devices,
    shared: Shared,
}

impl Default for Terminal {
    fn default() -> Self {
        let variables = [("HOME", HOME), ("USER", "user"), ("SHELL", "/bin/bash"), ("PWD", HOME)];
        let mut session = Session::new("bash");
        for (name, value) in variables {
            session.variables.set(name, value);
            session.export(name);
        }
        Self {
            files: Workspace::default(),
            history: History::default(),
            session,
            pending: String::new(),
            running: None,
            out: Output::default(),
            devices: Devices::default(),
            shared: Shared::default(),
        }
    }
}

impl Terminal {
    /// What stands before the line that is entered: `$ `, or `> ` if the last one wants more.
    pub fn prompt(&self) -> &'static str {
        if self.pending.is_empty() { "$ " } else { "> " }
    }

    /// Whether a command waits.
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// The exit status of the last command.
    pub fn status(&self) -> i32 {
        self.session.status
    }

    /// What a program that is attached shows before the line that is typed into it.
    pub fn attached(&self) -> Option<String> {
        self.shared.keyboard.prompt().filter(|_| self.is_busy())
    }

    /// What a command has opened in the editor.
    pub fn edited(&self) -> Option<Rc<Shown>> {
        self.shared.editor.shown()
    }

    /// The network of the computer.
    pub fn network(&mut self) -> &mut network::State {
        &mut self.shared.network
    }

    /// Works with what programs share.
    fn work<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.exchange();
        let done = act(self);
        self.exchange();
        done
    }

    fn exchange(&mut self) {
        self.devices.exchange(&mut self.shared);
    }

    /// Whether more lines are wanted.
    pub fn wants_more(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The lines that want more; empty if none do.
    pub fn pending(&self) -> &str {
        &self.pending
    }

    /// The line whose command has the editor open, if it does nothing else and so can be entered again;
    /// none otherwise.
    pub fn editing(&self) -> Option<String> {
        self.edited()?;
        let line = self.history.lines().last()?;
        let is_plain = !line.contains([';', '&', '|', '>', '<', '$', '`', '(', '\n']);
        let mut words = line.split_whitespace();
        let opens = match words.next()? {
            "kubectl" => words.any(|word| word == "edit"),
            program => desk::EDITORS.contains(&program),
        };
        (is_plain && opens).then(|| line.clone())
    }

    /// Takes a line, and runs it as far as it gets.
    pub fn submit(&mut self, line: &str, world: &mut dyn World) {
        self.work(|it| it.take_line(line, world));
    }

    fn take_line(&mut self, line: &str, world: &mut dyn World) {
        if self.is_busy() && self.devices.keyboard.prompt().is_some() {
            self.devices.keyboard.enter(line);
            return self.go_on(world);
        }
        if self.is_busy() {
            return;
        }
        if self.pending.len() + line.len() > LINE {
            self.pending.clear();
            self.out.error("bash: line too long");
            self.session.status = 2;
            return;
        }
        let mut text = std::mem::take(&mut self.pending);
        text.push_str(line);
        match parser::parse(&text, &self.session.aliases) {
            Ok(list) => {
                self.history.add(&text);
                if list.0.is_empty() {
                    return;
                }
                self.session.renew();
                self.running = Some(Code::new(&list));
                self.go_on(world);
            }
            Err(Wrong::Incomplete) => {
                text.push('\n');
                self.pending = text;
            }
            Err(Wrong::Error(why)) => {
                self.history.add(&text);
                self.out.error(&why);
                self.session.status = 2;
            }
        }
    }

    /// The person closes the editor, with a text or without saving it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn close_editor(&mut self, saved: Option<String>) -> Result<(), Trouble> {
        let file = self.edited().and_then(|shown| shown.file.clone());
        if let (Some(file), Some(text)) = (file, &saved) {
            self.files.set(&file, text)?;
        }
        self.work(|it| it.devices.editor.close(saved));
        Ok(())
    }

    /// Goes on with what waits; to be called when the cluster has changed or time has passed.
    pub fn poll(&mut self, world: &mut dyn World) {
        self.work(|it| it.go_on(world));
    }

    fn go_on(&mut self, world: &mut dyn World) {
        let Some(mut code) = self.running.take() else { return };
        let mut computer = Computer {
            session: &mut self.session,
            devices: &self.devices,
            files: &mut self.files,
            history: self.history.lines(),
            world,
        };
        match code.poll(&mut computer, &mut self.out) {
            Some(status) => {
                self.session.status = status;
                self.session.exit = None;
            }
            None => self.running = Some(code),
        }
        let folder = self.files.folder().to_owned();
        self.session.variables.set("PWD", folder);
    }

    /// Ctrl+C: stops what runs, or forgets the lines that want more.
    pub fn interrupt(&mut self) {
        self.work(|it| {
            it.devices.keyboard.detach();
            it.devices.editor.drop_it();
            it.running = None;
        });
        self.pending.clear();
        self.out.push(Stream::Out, "^C\n");
        self.session.status = INTERRUPTED;
        self.session.level = 0;
        self.session.arguments = vec!["bash".into()];
    }

    /// Takes what was printed since the last time.
    pub fn take_output(&mut self) -> Vec<(Stream, String)> {
        self.out.take()
    }

    /// What the word at the cursor (a place in bytes) may become.
    pub fn complete(&self, line: &str, cursor: usize, world: &dyn World) -> Completion {
        complete::complete(line, cursor, &self.session, &self.files, world)
    }

    /// The aliases, for a page that keeps them.
    pub fn aliases(&self) -> Rc<Table> {
        Rc::clone(&self.session.aliases)
    }
}
