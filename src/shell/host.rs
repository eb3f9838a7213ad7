//! What a shell runs on: a computer with files, programs and a clock.

use super::output::Output;
use super::session::Session;
use std::any::Any;

/// Why a file cannot be read or written, such as `No such file or directory`.
pub type Trouble = String;

/// The trouble with a file that is not there.
pub const MISSING: &str = "No such file or directory";

/// A computer.
pub trait Host {
    /// The shell's memory: its variables, some of which are the environment of programs.
    fn session(&mut self) -> &mut Session;
    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;
    /// Whether a script may go on with its next command without time passing. If not, it waits and is
    /// polled again at the same instant.
    fn may_go_on(&self) -> bool {
        true
    }
    /// Whether its programs are BusyBox's.
    fn is_busybox(&self) -> bool;
    /// The text of a file.
    ///
    /// # Errors
    /// It is not there, or is a directory.
    fn read(&self, path: &str) -> Result<String, Trouble>;
    /// Writes a file, or adds to it.
    ///
    /// # Errors
    /// It cannot be written.
    fn write(&mut self, path: &str, text: &str, adds: bool) -> Result<(), Trouble>;
    /// The names in a directory, sorted.
    fn names(&self, folder: &str) -> Option<Vec<String>>;
    /// Whether a path is a directory.
    fn is_folder(&self, path: &str) -> bool {
        self.names(path).is_some()
    }
    /// Starts a program of its own with its words, and what it reads; none if it has no such program.
    fn start(&mut self, words: &[String], stdin: Option<&str>, out: &mut Output)
    -> Option<Started>;
    /// Goes on with a program that it has started. Returns the exit status when it has ended.
    fn poll(&mut self, program: &mut dyn Program, out: &mut Output) -> Option<i32>;
}

/// What has become of a program that a host has started.
pub enum Started {
    /// It has ended with this exit status.
    Done(i32),
    /// It goes on; dropping it stops it.
    Running(Box<dyn Program>),
}

/// A program of a host that has not ended. What it is, the host alone knows.
pub trait Program: Any + Forked {}

/// What can be copied as it stands, whatever it is.
pub trait Forked {
    /// A copy.
    fn forked(&self) -> Box<dyn Program>;
}

impl<P: Program + Clone> Forked for P {
    fn forked(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Program> {
    fn clone(&self) -> Self {
        (**self).forked()
    }
}

/// Stops the shell if there is a reason.
pub fn stop(host: &mut dyn Host, reason: Option<String>, out: &mut Output) -> bool {
    let Some(reason) = reason else { return true };
    if host.session().exit.is_none() {
        out.error(&reason);
        host.session().exit = Some(1);
        host.session().is_stopped = true;
    }
    false
}
