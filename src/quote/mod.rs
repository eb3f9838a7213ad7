//! How a text of somebody else is written in a language so that it stays a text: a file for each.
//!
//! YAML has its own, [`emit`](crate::manifest), which is what manifests are written with.

pub mod markdown;
pub mod shell;
pub mod visible;
pub mod xml;
