//! The folder `chart` among the terminal's files: the Helm chart of the manifest, until the person
//! edits it.

use crate::manifest::Manifest;
use crate::manifest::export;
use crate::terminal::computer::workspace::{HOME, Workspace};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What was written of the chart: paths and texts, and the manifest that they were made of.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    manifest: Rc<str>,
    files: BTreeMap<String, String>,
}

impl Exported {
    /// Whether a file is as it was written.
    pub fn is_ours(&self, path: &str, text: &str) -> bool {
        self.files.get(path).is_some_and(|own| own == text)
    }

    /// Whether every file is as it was written.
    pub fn is_whole(&self, files: &Workspace) -> bool {
        !self.files.is_empty()
            && self.files.iter().all(|(path, text)| files.get(path) == Some(text.as_str()))
    }

    /// Writes the chart of a manifest, unless somebody has changed what was written before.
    pub fn refresh(&mut self, manifest: &Manifest, files: &mut Workspace) {
        if self.manifest == manifest.text {
            return;
        }
        let folder = format!("{HOME}/chart/");
        let below = files.all().filter(|(path, _)| path.starts_with(&folder));
        let is_changed = below.into_iter().any(|(path, text)| !self.is_ours(path, text));
        if is_changed || manifest.has_errors() {
            return;
        }
        for path in self.files.keys() {
            files.remove(path);
        }
        self.manifest = Rc::clone(&manifest.text);
        let path = |path: &str| {
            let own = path.split_once('/').map_or(path, |(_, own)| own);
            format!("{folder}{own}")
        };
        let all = export::chart(manifest).into_iter();
        self.files = all.map(|file| (path(&file.path), file.text)).collect();
        for (path, text) in &self.files {
            files.put_back(path, text);
        }
    }
}
