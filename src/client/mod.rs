//! The client of the API server: what commands and buttons ask of it, and what they print of it.
//!
//! A verb of kubectl reads its flags and calls a function here; a button is a [`Deed`], which calls
//! the same functions as the command that the page shows with it. What is printed comes from the
//! replies.
//!
//! Architecture invariant: everything here reads and changes objects of a [`Server`] and knows no
//! simulator's types but in [`seat`], where a simulated cluster becomes such a server.

pub mod admit;
pub mod apply;
pub mod command;
pub mod deed;
pub mod delete;
pub mod discovery;
pub mod documents;
pub mod failure;
pub mod migrate;
pub mod nodes;
pub use crate::shell::output;
pub mod patch;
pub mod read;
#[cfg(test)]
mod recorded;
pub mod said;
pub mod scale;
pub mod seat;
pub mod send;
pub mod server;
pub mod server_side;
#[cfg(test)]
mod tests;

pub use deed::{Deed, Done};
pub use failure::{Failure, tell};
pub use output::Output;
pub use seat::{Aside, Seat};
pub use send::{Client, Found, Mode, Report};
pub use server::Server;
