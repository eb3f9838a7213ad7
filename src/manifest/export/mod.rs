//! What a person takes away: a Helm chart, a kustomization, and the archive that they come in.
//!
//! All of them hold the manifest's own text: what is exported is what is on the screen.

mod archive;
mod chart;
mod kustomization;
mod values;

pub use archive::tar_gz;
pub use chart::chart;
pub use kustomization::kustomization;

use super::Manifest;
use std::ops::Range;

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// A part of the text that becomes a file: a document, or a `List` of them.
struct Part {
    range: Range<usize>,
    /// Its file's name, without a folder.
    file: String,
}

/// The parts of a manifest, in order.
fn parts(manifest: &Manifest) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for document in &manifest.documents {
        if parts.iter().any(|part| part.range == document.range) {
            continue;
        }
        let name = match document.is_item {
            true => "list".to_owned(),
            false => format!("{}-{}", document.kind.to_ascii_lowercase(), document.name),
        };
        let base = word(&name);
        let taken = |file: &str| parts.iter().any(|part| part.file == file);
        let names =
            (1..).map(|n| if n == 1 { format!("{base}.yaml") } else { format!("{base}-{n}.yaml") });
        let file = names.into_iter().find(|file| !taken(file)).unwrap_or_default();
        parts.push(Part { range: document.range.clone(), file });
    }
    parts
}

/// A name made of small letters, digits and dashes, at most 40 of them; `manifest` if nothing is left.
fn word(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let text: String = text.chars().map(plain).take(40).collect();
    match text.trim_matches('-') {
        "" => "manifest".into(),
        word => word.into(),
    }
}

/// What the whole is called: the name of its set, or of its first object.
fn title(manifest: &Manifest) -> String {
    let sets = manifest.sets();
    let first = manifest.documents.first().map(|document| document.name.clone());
    let name = word(&sets.into_iter().find(|name| !name.is_empty()).or(first).unwrap_or_default());
    // A chart's name begins with a letter.
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("set-{name}") } else { name }
}

/// The text of a part as it is written, without what stands before and after it.
fn text_of<'a>(manifest: &'a Manifest, range: &Range<usize>) -> &'a str {
    manifest.text[range.clone()].trim_start_matches('\u{feff}')
}
