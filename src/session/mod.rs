//! What the person did, and every instant that follows from it.
//!
//! A [`Session`] is all there is to keep or share: what was fixed at the start and the inputs with
//! their times. [`History`] replays it; a [`Replay`] is a place in a history, as a value.

mod happened;
pub mod history;
mod inputs;
pub mod read;
mod replay;

use crate::cluster::input::Input;
use crate::cluster::{ClusterConfig, Millis};
use serde::Serialize;
use std::rc::Rc;

pub use happened::{Happened, Seen, Turn};
pub use history::{Cursor, History};
pub use inputs::{Held, Inputs, Like};
pub use replay::Replay;

/// One input with its time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimedInput {
    /// Simulated time. Everything that was due up to and at this instant comes first.
    pub at: Millis,
    /// What was done.
    pub input: Input,
    /// The command of the page that did it, with those that follow; empty if it was done by
    /// something else.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub command: Rc<str>,
    /// Whether it belongs to the same deed as the input before it.
    #[serde(skip_serializing_if = "is_false")]
    pub follows: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl TimedInput {
    /// An input that is a deed by itself.
    pub fn new(at: Millis, input: Input) -> Self {
        Self { at, input, command: "".into(), follows: false }
    }
}

/// A session: the same session gives the same steps, everywhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Session {
    /// Seed, version, nodes.
    pub config: ClusterConfig,
    /// What was done, in the order of time.
    pub inputs: Inputs,
}

impl Session {
    /// Whether the input of this number, as [`Cause::Input`](crate::cluster::Cause) counts them, goes
    /// on with the deed of the one before.
    pub fn follows(&self, input: usize) -> bool {
        self.inputs.get(input).is_some_and(|input| input.follows)
    }
}
