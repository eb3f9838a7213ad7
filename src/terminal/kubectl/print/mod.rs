//! What `get` prints of objects where it is not a table of the server's columns.

pub mod custom;
mod go_syntax;
pub mod go_template;

pub use go_syntax::go_syntax;
