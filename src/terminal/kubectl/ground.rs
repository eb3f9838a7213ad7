//! What verbs rest on: what they work with, what they come to, and the namespace that they mean.

use crate::client::{Client, Failure, Mode};
use crate::manifest::Manifest;
use crate::terminal::files::{Files, NoFiles};
use crate::terminal::job::Progress;
use crate::terminal::output::Output;
use crate::terminal::world::World;
use std::rc::Rc;

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
    /// Who owns the fields that it writes.
    pub manager: String,
    /// Whether it may be gone on with later, at the same instant.
    pub may_pause: bool,
    /// What has been read of its files.
    pub read: Vec<Rc<Manifest>>,
}

impl<'a> Context<'a> {
    /// What goes on of a command works with the cluster alone.
    pub fn later(world: &'a mut dyn World, out: &'a mut Output) -> Self {
        let (manager, read) = Default::default();
        Self { world, files: &NoFiles, stdin: None, out, manager, may_pause: false, read }
    }

    /// Whether the page can be kept waiting no longer. The command is then gone on with in the next slice.
    pub fn is_to_pause(&self) -> bool {
        self.may_pause && !self.world.may_go_on()
    }

    /// The client that changes objects in this way.
    pub fn client(&mut self, mode: Mode) -> Client<'_> {
        Client { server: self.world, out: self.out, mode, manager: &self.manager }
    }
}

/// What a verb comes to.
pub type Done = Result<Progress, Failure>;

/// Tells why a command has failed.
pub fn told(done: Done, context: &mut Context) -> Progress {
    match done {
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
