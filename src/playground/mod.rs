//! The whole application state: what was done, what it leads to, what is shown.
//!
//! Architecture invariant: nothing here touches the browser.

pub mod action;
pub mod notice;

pub use action::{Action, Effect};
pub use notice::{Notice, Remedy, Tone};
