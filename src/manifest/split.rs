//! Where a text falls into documents, as kubectl splits it.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go`, `YAMLReader`.

use std::ops::Range;

/// A part of the text with one document, or a separator that kubectl does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// The bytes between two separators.
    Document(Range<usize>),
    /// A separator with something behind it: its bytes, and what stands there.
    BadSeparator(Range<usize>, String),
}

/// The chunks of a text, in order; empty ones included.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = line.strip_prefix("---") {
            found.push(Chunk::Document(start..at));
            start = end;
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                let length = line.trim_end().len();
                found.push(Chunk::BadSeparator(at..at + length, rest.into()));
            }
        }
        at = end;
    }
    found.push(Chunk::Document(start..text.len()));
    found
}
