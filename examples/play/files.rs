//! What lies beside a file of command lines.

use statefulset_playground::playground::transcript::{Outside, Source};
use std::path::Path;

/// Paths begin at a folder, and the transcript is handed on.
pub struct Beside<'a> {
    pub folder: &'a Path,
    pub print: &'a mut dyn FnMut(&str),
}

impl Outside for Beside<'_> {
    fn sources(&mut self, path: &str) -> Result<Vec<Source>, String> {
        let mut sources = Vec::new();
        collect(&self.folder.join(path), "", &mut sources).map_err(|why| why.to_string())?;
        Ok(sources)
    }

    fn print(&mut self, text: &str) {
        (self.print)(text);
    }
}

/// The file at a path, or all below the folder there, in the order of their names.
fn collect(path: &Path, within: &str, sources: &mut Vec<Source>) -> std::io::Result<()> {
    if !path.is_dir() {
        let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        sources.push((within.to_owned(), text));
        return Ok(());
    }
    let mut entries: Vec<_> = std::fs::read_dir(path)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let below = if within.is_empty() { name } else { format!("{within}/{name}") };
        collect(&entry.path(), &below, sources)?;
    }
    Ok(())
}
