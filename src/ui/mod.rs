//! Drawing and input. Decides nothing about Kubernetes.
//!
//! Architecture invariant: `browser` is the only place that touches the browser's own interfaces.

mod app;
pub mod browser;
mod cluster;
mod editor;
mod faults;
mod form;
mod format;
mod header;
mod icons;
mod keep;
mod late;
mod lesson;
mod notice;
#[cfg(test)]
mod render;
mod stage;
mod state;
mod tables;
mod terminal;
mod timeline;
mod transport;
mod views;
mod visits;
mod why;
mod widgets;
mod workspaces;

pub use app::{App, Props};
pub use keep::{Found, resume};
