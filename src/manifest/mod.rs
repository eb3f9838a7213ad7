//! Text to objects and back: parse, source map, smallest text patch.
//!
//! Each floor uses those before it:
//!
//! 1. The nodes of a text ([`tree`]) and their places ([`place`]); how values are written ([`emit`]);
//!    what is wrong with a text ([`diagnostic`]).
//! 2. YAML, by its tokens ([`yaml`]) and their grammar ([`parse`]); [`json`]; which of the two a part
//!    of a text is ([`split`]).
//! 3. A [`Document`], and what is wrong with it ([`check`]).
//! 4. A [`Manifest`]: what a text says.
//! 5. How it is read ([`read`]), what need not be read [`again`], how its text is changed ([`edit`]);
//!    [`hints`], and the [`Refusal`] of kubectl.
//! 6. What is made of it: quick fixes ([`fix`]), the [`form`], an [`export`].
//!
//! Architecture invariant: nothing here knows the simulator.

mod again;
pub mod assist;
mod check;
mod contents;
mod decimal;
mod diagnostic;
mod document;
mod edit;
pub mod emit;
pub mod examples;
pub mod export;
mod fix;
pub mod form;
mod hints;
pub mod import;
mod json;
pub mod kyaml;
mod parse;
mod place;
mod read;
mod refusal;
mod scalar;
mod split;
mod syntax;
mod tree;
mod yaml;

pub use crate::diff::{Patch, diff_lines};
pub use contents::Manifest;
pub use diagnostic::{Diagnostic, Severity};
pub use document::Document;
pub use edit::{EditError, Edited};
pub use fix::Fix;
pub use read::{MAX_DOCUMENTS, MAX_TEXT, Reading, read_yaml};
pub use refusal::Refusal;
pub use tree::{Content, Node};
