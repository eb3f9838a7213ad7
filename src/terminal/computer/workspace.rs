//! The files of the person: a small tree held in memory.

use crate::shell::host::{MISSING, Trouble};
use crate::shell::session::Table;
use crate::terminal::files::{self, Files};
use std::rc::Rc;

/// The person's home directory.
pub const HOME: &str = "/home/user";
/// How large a file may be.
const FILE: usize = 256 << 10;
/// How large all files together may be.
const ALL: usize = 2 << 20;
/// How many files and directories there may be.
const COUNT: usize = 500;
/// How long a path may be.
const PATH: usize = 512;

/// Texts that the page serves, by their names.
pub type Texts = Rc<dyn Fn(&str) -> Option<String>>;

/// A tree of files.
#[derive(Clone)]
pub struct Workspace {
    files: Table,
    /// Directories, sorted.
    folders: Vec<String>,
    folder: String,
    texts: Option<Texts>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            files: Table::default(),
            folders: ["/home", HOME, "/tmp"].map(str::to_owned).to_vec(),
            folder: HOME.into(),
            texts: None,
        }
    }
}

impl Workspace {
    /// Gives commands the texts that the page serves.
    pub fn serve(&mut self, texts: Texts) {
        self.texts = Some(texts);
    }

    /// Every file with its path from the root, sorted.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter()
    }

    /// Puts a file that was kept in its place, with the directories above it.
    pub fn put_back(&mut self, path: &str, text: &str) {
        let ends = path.char_indices().filter(|(at, c)| *c == '/' && *at > 0).map(|(at, _)| at);
        for end in ends {
            let _there = self.make_folder(path.get(..end).unwrap_or_default());
        }
        let _full = self.set(path, text);
    }

    /// The directory that paths begin in.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// A path from the root.
    pub fn whole(&self, path: &str) -> String {
        files::whole(&self.folder, path)
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(&self.whole(path))
    }

    /// Whether a path is a directory.
    pub fn is_folder(&self, path: &str) -> bool {
        let path = self.whole(path);
        path == "/" || self.folders.binary_search(&path).is_ok()
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Its directory is not there, or there is no more room.
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        let whole = self.whole(path);
        if self.is_folder(&whole) {
            return Err("Is a directory".into());
        }
        if path.ends_with('/') {
            return Err("Not a directory".into());
        }
        let before = self.files.get(&whole).map_or(0, str::len);
        self.check(&whole)?;
        if text.len() > FILE {
            return Err(format!("File too large (at most {} KiB)", FILE >> 10));
        }
        let size: usize = self.files.iter().map(|(_, text)| text.len()).sum();
        if size.saturating_sub(before) + text.len() > ALL {
            return Err(format!("No space left on device (at most {} KiB)", ALL >> 10));
        }
        self.files.set(&whole, text);
        Ok(())
    }

    /// Whether something may be written at a path.
    fn check(&self, whole: &str) -> Result<(), Trouble> {
        let parent = whole.rsplit_once('/').map_or("", |(parent, _)| parent);
        if self.files.get(parent).is_some() {
            return Err("Not a directory".into());
        }
        if !self.is_folder(parent) {
            return Err(MISSING.into());
        }
        if whole.len() > PATH {
            return Err("File name too long".into());
        }
        if self.files.iter().count() + self.folders.len() > COUNT {
            return Err(format!("No space left on device (at most {COUNT} files)"));
        }
        Ok(())
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// It is there, or cannot be made.
    pub fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        let whole = self.whole(path);
        if self.is_folder(&whole) || self.files.get(&whole).is_some() {
            return Err("File exists".into());
        }
        self.check(&whole)?;
        if let Err(at) = self.folders.binary_search(&whole) {
            self.folders.insert(at, whole);
        }
        Ok(())
    }

    /// Removes a file, or a directory and all that is in it. Returns whether it was there.
    pub fn remove(&mut self, path: &str) -> bool {
        let whole = self.whole(path);
        if self.files.remove(&whole).is_some() {
            return true;
        }
        if !self.is_folder(&whole) || self.folder.starts_with(&whole) {
            return false;
        }
        let prefix = format!("{whole}/");
        self.folders.retain(|folder| *folder != whole && !folder.starts_with(&prefix));
        let inside: Vec<String> = self.files.iter().map(|(name, _)| name.to_owned()).collect();
        for name in inside.iter().filter(|name| name.starts_with(&prefix)) {
            self.files.remove(name);
        }
        true
    }

    /// The names in a directory, sorted; those of directories are among them.
    pub fn list(&self, path: &str) -> Option<Vec<String>> {
        let whole = self.whole(path);
        if !self.is_folder(&whole) {
            return None;
        }
        let prefix = if whole == "/" { whole } else { format!("{whole}/") };
        let paths = self.files.iter().map(|(name, _)| name);
        let paths = paths.chain(self.folders.iter().map(String::as_str));
        let mut names: Vec<String> = paths
            .filter_map(|name| name.strip_prefix(&prefix))
            .filter(|name| !name.is_empty() && !name.contains('/'))
            .map(str::to_owned)
            .collect();
        names.sort();
        Some(names)
    }

    /// Goes to a directory. Returns whether it is one.
    pub fn enter(&mut self, path: &str) -> bool {
        let is_folder = self.is_folder(path);
        if is_folder {
            self.folder = self.whole(path);
        }
        is_folder
    }

    /// The text of a file, or why there is none.
    ///
    /// # Errors
    /// It is not there, or is a directory.
    pub fn open(&self, path: &str) -> Result<String, Trouble> {
        match self.get(path) {
            Some(_) if path.ends_with('/') => Err("Not a directory".into()),
            Some(text) => Ok(text.into()),
            None if self.is_folder(path) => Err("Is a directory".into()),
            None => Err(MISSING.into()),
        }
    }
}

impl Files for Workspace {
    fn read(&self, path: &str) -> Option<String> {
        self.get(path).map(str::to_owned)
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        Self::list(self, path)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.texts.as_ref().and_then(|texts| texts(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_files_and_says_when_it_is_full() {
        let mut files = Workspace::default();
        assert_eq!(files.set("web.yaml", "a: 1\n"), Ok(()));
        assert_eq!(files.get("/home/user/web.yaml"), Some("a: 1\n"));
        assert_eq!(files.get("./x/../web.yaml"), Some("a: 1\n"));
        assert_eq!(files.set("x/y", ""), Err(MISSING.into()));
        assert_eq!(files.make_folder("x"), Ok(()));
        assert_eq!(files.make_folder("x"), Err("File exists".into()));
        assert_eq!(files.set("x/y", "b"), Ok(()));
        assert_eq!(files.set("x", "b"), Err("Is a directory".into()));
        assert_eq!(files.set("web.yaml/y", "b"), Err("Not a directory".into()));
        assert_eq!(files.list("."), Some(vec!["web.yaml".into(), "x".into()]));
        assert!(files.enter("x") && !files.enter("nope"));
        assert_eq!(files.open("y"), Ok("b".into()));
        assert_eq!(files.open(".."), Err("Is a directory".into()));
        assert!(!files.remove("."));
        assert!(files.enter("..") && files.remove("x") && !files.remove("x"));
        assert!(files.set("big", &"x".repeat(FILE + 1)).is_err());
        let filled = (0..COUNT + 1).map(|number| files.set(&number.to_string(), ""));
        assert!(filled.last().is_some_and(|last| last.is_err()));
    }
}
