//! What takes longer than one slice: where the playhead is to be, and what waits until it is there.

use super::action::Action;
use super::patience::Patience;
use crate::cluster::Millis;

/// The most actions that wait for the end of an errand.
const MOST_WAITING: usize = 200;

/// Where the playhead is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// At this instant.
    Reach(Millis),
    /// At this instant of a session that is played again from its start. Nothing may be done to the
    /// cluster before: it would take the place of what was done later.
    PlayAgain(Millis),
    /// At the next thing that happens, if it does by then.
    FindNext(Millis),
}

/// How far work has come, in milliseconds of simulated time, or in thousandths of what there is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: Millis,
    /// What there is to do, at least 1. More may turn up.
    pub of: Millis,
}

impl Progress {
    pub(super) fn new(done: Millis, of: Millis) -> Self {
        let of = of.max(1);
        Self { done: done.min(of), of }
    }

    /// In percent.
    pub fn percent(self) -> u64 {
        self.done.saturating_mul(100) / self.of
    }

    /// As a part, from so many to so many thousandths, of something that has more to do.
    pub(super) fn within(self, from: u64, to: u64) -> Self {
        let share = u128::from(self.done) * u128::from(to - from) / u128::from(self.of);
        // It is less than what it was multiplied by.
        Self { done: from + u64::try_from(share).unwrap_or(0), of: 1_000 }
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        self.done == self.of
    }
}

/// What is left to do of what was asked for.
#[derive(Clone, Default)]
pub(super) struct Unfinished {
    /// How long a slice may take.
    pub(super) patience: Patience,
    pub(super) errand: Option<Errand>,
    /// Where the playhead stood when the errand began.
    pub(super) since: Millis,
    /// What is to be seen has not been played, or drawn, as far as it goes.
    pub(super) is_short: bool,
    /// A command has more to do at the instant of the playhead.
    pub(super) is_held: bool,
    /// What the line has changed that was entered last can be taken back.
    pub(super) is_noted: bool,
    /// What was done in the meantime, to be done at the end of the errand.
    pub(super) waiting: Vec<Action>,
}

impl Unfinished {
    /// Nothing, with this patience.
    pub(super) fn none(patience: Patience) -> Self {
        Self { patience, ..Self::default() }
    }

    /// Keeps an action for later.
    pub(super) fn wait(&mut self, action: Action) {
        if self.waiting.len() < MOST_WAITING && self.waiting.last() != Some(&action) {
            self.waiting.push(action);
        }
    }
}
