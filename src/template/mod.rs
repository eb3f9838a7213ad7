//! Go's text templates: what `helm` and `kubectl -o go-template` fill in.
//!
//! Each floor uses those before it:
//!
//! 1. A [`Value`], the nodes of a template ([`ast`]), and how values are printed ([`format`]).
//! 2. The [`machine`] that functions run on: what they may ask of their surroundings ([`Extra`]), and
//!    how much they may still do.
//! 3. Functions, in tables: Go's own ([`builtins`]) and those that charts use ([`sprig`]); and all of
//!    them by name ([`functions`]).
//! 4. Texts become nodes ([`parse`]) in a [`Set`].
//! 5. Nodes are carried out over a value ([`exec`]).
//!
//! Source: <https://pkg.go.dev/text/template>, <https://masterminds.github.io/sprig/>.

mod arguments;
mod ast;
mod bounds;
mod builtins;
mod exec;
pub mod format;
mod functions;
mod lex;
mod machine;
mod number;
mod parse;
mod set;
mod sprig;
pub mod value;

pub use exec::Engine;
pub use machine::{Dialect, Extra, Failure};
pub use set::Set;
pub use sprig::helm::MARKS;
pub use value::Value;

/// A value as YAML without its last line end: Helm's `toYaml`.
pub fn yaml_text(value: &Value) -> String {
    sprig::helm::yaml(value)
}

/// A value as JSON on one line, as Go writes it.
pub fn json_text(value: &serde_json::Value) -> String {
    sprig::json_text(&value.to_string())
}
