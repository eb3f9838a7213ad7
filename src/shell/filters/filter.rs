//! What a filter is.

use crate::shell::output::Output;

/// How long a line may become.
pub const LINE: usize = 256 << 10;

/// A program that takes lines.
pub trait Filter: Forked {
    /// Begins an input: the name of a file, or nothing of what a pipe gives.
    fn open(&mut self, _name: &str, _is_one_of_many: bool, _out: &mut Output) {}
    /// Takes a line with its end; the last one may lack it.
    fn line(&mut self, line: &str, out: &mut Output);
    /// How many steps a line of so many bytes takes, about: some millions keep a page busy for as long
    /// as it may be.
    fn effort(&self, length: usize) -> usize {
        length
    }
    /// Ends an input.
    fn close(&mut self, _out: &mut Output) {}
    /// Ends. Returns the exit status.
    fn finish(&mut self, out: &mut Output) -> i32;
    /// Whether it wants no more lines.
    fn is_done(&self) -> bool {
        false
    }
    /// The files that it writes what it was given to, and whether it adds to them.
    fn writes(&mut self) -> Option<(Vec<String>, String, bool)> {
        None
    }
}

/// What can be copied as it stands, whatever it is.
pub trait Forked {
    /// A copy.
    fn forked(&self) -> Box<dyn Filter>;
}

impl<F: Filter + Clone + 'static> Forked for F {
    fn forked(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Filter> {
    fn clone(&self) -> Self {
        (**self).forked()
    }
}

/// What a command line comes to: the filter and its files.
pub type Made = Result<(Box<dyn Filter>, Vec<String>), String>;
