//! What a table prints of an object: its columns, the cells below them, ages, and the layout.
//!
//! The page's tables and cards and `kubectl get` print by these functions, over the objects that the
//! API server shows, so that both say the same at an instant.

mod cell;
mod columns;
mod controllers;
mod custom;
mod events;
pub mod jsonpath;
mod network;
mod nodes;
mod others;
pub mod pods;
mod storage;
pub mod table;
mod texts;

pub use cell::Cell;
pub use columns::{Columns, Printing};
pub use nodes::roles;
pub use storage::access_modes;
pub use texts::{labels, or_none, since};
