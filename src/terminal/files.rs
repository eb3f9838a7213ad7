//! The computer that commands run on, as they see it: its files, and what a person works it with.

use super::editor::Editor;
use super::keyboard::Keyboard;
use super::network::Network;
use std::rc::Rc;

/// Files that commands read.
pub trait Files {
    /// The text of a file; none if there is no such file.
    fn read(&self, path: &str) -> Option<String>;
    /// The names in a directory, sorted, directories among them; none if there is no such directory.
    fn list(&self, path: &str) -> Option<Vec<String>>;
    /// A text of the page that is fetched when it is needed, such as a help text.
    fn text(&self, name: &str) -> Option<String>;

    /// The files as they are now, for a command that goes on later; none if it cannot.
    fn copy(&self) -> Option<Rc<dyn Files>> {
        None
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn write(&self, path: &str, _text: &str) -> Result<(), String> {
        Err(format!("open {path}: read-only file system"))
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// It is there, or cannot be made.
    fn add_folder(&self, path: &str) -> Result<(), String> {
        Err(format!("mkdir {path}: read-only file system"))
    }

    /// What is typed into a program that is attached; none where nobody types.
    fn keyboard(&self) -> Option<Keyboard> {
        None
    }

    /// The network of the computer that the command runs on.
    fn network(&self) -> Network {
        Network::default()
    }

    /// The editor of the page; none where there is no page.
    fn editor(&self) -> Option<Editor> {
        None
    }

    /// What an editor that is a command makes of a text, or why it makes nothing of it; none if the
    /// person has named none.
    fn edit(&self, _text: &str) -> Option<Result<String, String>> {
        None
    }
}

/// A path from the root, of one that may begin in a directory.
pub fn whole(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let begin = if path.starts_with('/') { "" } else { folder };
    for part in begin.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// No files at all.
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &str) -> Option<String> {
        None
    }

    fn list(&self, _path: &str) -> Option<Vec<String>> {
        None
    }

    fn text(&self, _name: &str) -> Option<String> {
        None
    }
}
