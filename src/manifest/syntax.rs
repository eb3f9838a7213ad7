//! How kubectl words a text that is not YAML.

use super::tree::{MOST_NODES, TreeError};
use std::ops::Range;

/// Why a chunk is not YAML: where in the chunk, and what kubectl says after the file's name.
pub(super) struct SyntaxError {
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// What is said of a text with more keys and values than are read.
pub(super) fn too_large() -> String {
    format!(
        "this playground reads at most {MOST_NODES} keys and values of a text; Kubernetes itself reads \
         more"
    )
}

/// kubectl's words for what is wrong with a chunk that begins at byte `base`.
pub(super) fn describe(chunk: &str, error: TreeError, base: usize) -> SyntaxError {
    let near = |at: usize| {
        let at = at.saturating_sub(base).min(chunk.len());
        at..at + chunk[at..].chars().next().map_or(0, char::len_utf8)
    };
    let (range, why) = match error {
        TreeError::TooManyNodes => (0..0, "yaml: document contains excessive aliasing".into()),
        TreeError::TooDeep(at) => {
            (near(at), "this playground reads at most 100 levels of nesting".into())
        }
        TreeError::TooLarge(at) => (near(at), too_large()),
        TreeError::Unusable(at, words) => (near(at), words),
        TreeError::UnknownAnchor(at, name) => {
            (near(at), format!("yaml: unknown anchor '{name}' referenced"))
        }
        TreeError::Syntax(at, why) => (near(at), why),
    };
    SyntaxError { range, message: format!("error converting YAML to JSON: {why}") }
}
