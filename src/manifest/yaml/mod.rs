//! YAML as kubectl reads it: the same texts are taken, and the others refused in the same words.
//!
//! What the libraries for Rust read is another language: YAML 1.2, or what libyaml made of 1.1
//! before go-yaml went its own ways. And none of them takes every text without a panic.
//!
//! `cursor` knows characters, `scan` makes tokens of them (`scalars` and `tags` those with a value),
//! and the grammar of the tokens is in [`super::parse`].
//!
//! Upstream: `go.yaml.in/yaml/v2` (2.4), which `sigs.k8s.io/yaml` uses.

mod cursor;
mod scalars;
mod scan;
mod tags;

pub(super) use cursor::Mark;
pub(super) use scan::Scanner;

/// The characters that end a line.
pub(super) const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A piece of YAML, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `%YAML`, and whether it is the version that is read.
    Version(bool),
    /// `%TAG` with a handle and what it stands for.
    TagDirective(String, String),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    StreamEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    /// `[`
    FlowSequenceStart,
    /// `]`
    FlowSequenceEnd,
    /// `{`
    FlowMappingStart,
    /// `}`
    FlowMappingEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// A key begins, with `?` or without.
    Key,
    /// `:`
    Value,
    /// `*` and a name.
    Alias(String),
    /// `&` and a name.
    Anchor(String),
    /// `!` with a handle, which may be empty, and what follows it.
    Tag(String, String),
    /// A value as text.
    Scalar(String, Style),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// Why a text is no YAML.
#[derive(Clone, Copy, Debug)]
pub(super) struct Problem {
    pub(super) words: &'static str,
    /// Where; none for a character that no text may have.
    pub(super) mark: Mark,
    /// The line, from 0, where what it is part of begins; 0 if there is nothing.
    pub(super) context: usize,
    /// Whether the tokens are wrong, not what they come to.
    pub(super) is_scanners: bool,
    /// Whether the words stand without a line.
    pub(super) is_readers: bool,
}

impl Problem {
    /// The words as kubectl says them.
    ///
    /// Upstream: `go.yaml.in/yaml/v2/decode.go`, `(*parser).fail`.
    pub(super) fn told(&self) -> String {
        let line = match self.mark.line {
            _ if self.is_readers => 0,
            0 => self.context,
            line => line + usize::from(self.is_scanners),
        };
        match line {
            0 => format!("yaml: {}", self.words),
            line => format!("yaml: line {line}: {}", self.words),
        }
    }
}
