//! What verbs rest on: what they work with, what they come to, and the namespace that they mean.

use crate::client::{Client, Failure, Mode};
use crate::terminal::files::Files;
use crate::terminal::job::Progress;
use crate::terminal::output::Output;
use crate::terminal::world::World;

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
}

impl Context<'_> {
    /// The client that changes objects in this way.
    pub fn client(&mut self, mode: Mode) -> Client<'_> {
        Client { server: self.world, out: self.out, mode, manager: &self.manager }
    }
}

/// What a verb comes to.
pub type Done = Result<Progress, Failure>;
