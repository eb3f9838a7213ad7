//! The cluster at the playhead, as commands and buttons reach it.

use super::inside::{self, Inside};
use super::patience::Patience;
use crate::api::{Status, StatusReason};
use crate::client::Seat;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::{Cluster, Input, Millis, Outcome};
use crate::session::history::MAX_STEPS;
use crate::session::{Replay, TimedInput};
use crate::terminal::container::Container;
use crate::terminal::world::World;
use std::cell::Cell;
use std::rc::Rc;

/// The refusal of what would be done at the end of a history that is full.
fn full() -> Status {
    Status {
        reason: StatusReason::Unknown,
        message: format!(
            "the playground holds at most {MAX_STEPS} steps of a session, and this one has as many: \
             nothing more happens in it. Start over, or go back in time, to continue"
        ),
        kind: String::new(),
        name: String::new(),
        causes: Vec::new(),
    }
}

/// The cluster at an instant. What is done to it is one deed of the session there.
pub struct Live<'a> {
    replay: &'a mut Replay,
    at: Millis,
    command: Rc<str>,
    has_begun: bool,
    patience: Patience,
    is_held: Cell<bool>,
}

impl<'a> Live<'a> {
    /// The cluster of a session at an instant, which is that of the replay. `command` is what a button
    /// stands for; empty for what is done in another way.
    pub fn new(replay: &'a mut Replay, at: Millis, command: &str) -> Self {
        Self {
            replay,
            at,
            command: command.into(),
            has_begun: false,
            patience: Patience::endless(),
            is_held: Cell::new(false),
        }
    }

    /// With so much patience for what takes long.
    #[must_use]
    pub fn patiently(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Whether a script has stopped because the patience was over.
    pub fn is_held(&self) -> bool {
        self.is_held.get()
    }

    /// Whether the history has no room for what would be done here.
    fn is_over(&self) -> bool {
        let history = self.replay.history();
        history.is_full() && history.position_at(self.at) >= history.steps().len()
    }

    /// A number that is another one after each input and at each instant.
    pub fn turn(&self) -> u64 {
        let inputs = self.replay.history().session().inputs.len();
        self.at.wrapping_mul(31) ^ u64::try_from(inputs).unwrap_or(0)
    }
}

impl Seat for Live<'_> {
    fn at(&self) -> Millis {
        self.at
    }

    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.replay.cluster())
    }

    fn submit(&mut self, input: Input) -> Outcome {
        if self.is_over() {
            return Outcome::Refused(full());
        }
        let follows = std::mem::replace(&mut self.has_begun, true);
        let command = if follows { "".into() } else { Rc::clone(&self.command) };
        self.replay.submit(TimedInput { at: self.at, input, command, follows })
    }
}

impl World for Live<'_> {
    fn may_go_on(&self) -> bool {
        let lasts = self.patience.lasts();
        self.is_held.set(self.is_held.get() || !lasts);
        lasts
    }

    fn container<'c>(
        &'c mut self,
        pod: (&str, &str),
        name: &str,
    ) -> Option<Box<dyn Container + 'c>> {
        Inside::of(self, pod, name).map(|inside| Box::new(inside) as Box<dyn Container + 'c>)
    }

    fn logs(
        &self,
        (namespace, pod): (&str, &str),
        container: &str,
        previous: bool,
    ) -> Option<Vec<(i64, String)>> {
        self.with(|cluster| {
            let key = Key::new(namespace, pod);
            let pod = cluster.store().get::<Pod>(&key)?;
            Some(inside::logs(pod, container, previous))
        })
    }
}
