//! What the person did, and every instant that follows from it.
//!
//! A [`Session`] is all there is to keep or share: what was fixed at the start and the inputs with
//! their times. [`History`] replays it.

pub mod history;
pub mod read;

use crate::cluster::input::Input;
use crate::cluster::{ClusterConfig, Millis};
use serde::Serialize;

pub use history::{Cursor, History};

/// One input with its time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimedInput {
    /// Simulated time. Everything that was due up to and at this instant comes first.
    pub at: Millis,
    /// What was done.
    pub input: Input,
}

/// A session: the same session gives the same steps, everywhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Session {
    /// Seed, version, nodes.
    pub config: ClusterConfig,
    /// What was done, in the order of time.
    pub inputs: Vec<TimedInput>,
}
