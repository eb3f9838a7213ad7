//! What a shell runs on: a computer with files and programs.

use super::filters::Lines;
use super::run::{Code, Watch};
use super::session::Session;
use crate::terminal::kubectl::Job;
use crate::terminal::output::Output;

/// Why a file cannot be read or written, such as `No such file or directory`.
pub type Trouble = String;

/// The trouble with a file that is not there.
pub const MISSING: &str = "No such file or directory";

/// A computer.
pub trait Host {
    /// The shell's memory.
    fn session(&mut self) -> &mut Session;
    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;
    /// Whether its programs are busybox's.
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
    /// Starts a program of its own; none if it has no such program.
    fn start(&mut self, words: &[String], stdin: Option<&str>, out: &mut Output)
    -> Option<Process>;
    /// Goes on with a job that waits.
    fn poll(&mut self, job: &mut dyn Job, out: &mut Output) -> Option<i32>;
}

/// A program that runs.
#[derive(Clone)]
pub enum Process {
    /// It has ended with this exit status.
    Done(i32),
    /// It waits for the cluster.
    Job(Box<dyn Job>),
    /// It ends at a moment.
    Sleep(i64),
    /// It takes lines as they come.
    Filter(Box<Lines>),
    /// It is a script.
    Code(Box<Code>),
    /// It runs a command again and again.
    Watch(Box<Watch>),
    /// Its time is taken from a moment on.
    Timed(i64, Box<Process>),
    /// It begins when all that it reads is there: its words, and what is there.
    Collect(Vec<String>, String),
}
