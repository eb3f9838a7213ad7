//! What programs in a container work on.

use crate::shell::session::Session;
use crate::terminal::container::Container;
use crate::terminal::files;

/// The inside of a container while a program runs.
pub struct Inside<'a> {
    /// The memory of the shell that it was started from.
    pub session: &'a mut Session,
    /// The directory that paths begin in.
    pub folder: &'a mut String,
    /// What it reaches.
    pub container: &'a mut dyn Container,
}

impl Inside<'_> {
    /// A path from the root.
    pub fn whole(&self, path: &str) -> String {
        files::whole(self.folder, path)
    }
}

/// Letters of options, and what is no option.
pub fn options(words: &[String]) -> (String, Vec<&str>) {
    let is_option = |word: &&String| word.len() > 1 && word.starts_with('-');
    let letters = words.iter().filter(is_option).flat_map(|word| word.chars().skip(1)).collect();
    let rest = words.iter().filter(|word| !is_option(word)).map(String::as_str).collect();
    (letters, rest)
}
