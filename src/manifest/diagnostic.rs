//! What is wrong with a manifest, and where.

use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot be applied.
    Error,
    /// It can be applied, but is hardly meant.
    Warning,
    /// Worth knowing.
    Hint,
}

/// One complaint about a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Place in the text, in bytes.
    pub range: Range<usize>,
    /// Path of the field in its object, as Kubernetes prints it; empty if there is none.
    pub path: String,
    /// What is wrong, in the words of Kubernetes or kubectl where they have any.
    pub message: String,
}

/// Where lines begin, to turn byte offsets into lines and columns.
#[derive(Clone, Debug)]
pub(super) struct LineIndex(Vec<usize>);

impl LineIndex {
    pub(super) fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// Line of a byte offset, from 0.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Where a line, from 0, begins; the last line if there are fewer.
    pub(super) fn start(&self, line: usize) -> usize {
        self.0[line.min(self.0.len() - 1)]
    }

    /// A complaint about a range.
    pub(super) fn diagnostic(
        &self,
        text: &str,
        severity: Severity,
        range: Range<usize>,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        let line = self.line(range.start);
        let column = text[self.start(line)..range.start].chars().count() + 1;
        Diagnostic {
            severity,
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            range,
            path: path.into(),
            message: message.into(),
        }
    }
}
