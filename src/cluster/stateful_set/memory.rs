//! What the StatefulSet controller remembers between syncs.

use crate::cluster::meta::Key;
use crate::cluster::queue::Ticket;
use crate::cluster::time::Millis;
use crate::ordered::Map;

/// What the controller remembers between syncs, by set.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) sets: Map<Key, SetMemory>,
}

/// What the controller remembers of one set.
#[derive(Clone, Debug, Default)]
pub(super) struct SetMemory {
    /// The set is in the queue.
    pub(super) queued: Option<Ticket>,
    /// When to look again, for a retry or for pods that become available.
    pub(super) timer: Timer,
    pub(super) timer_ticket: Option<Ticket>,
    /// Failed syncs in a row.
    pub(super) failures: u32,
    /// How often in a row the controller was seen to undo its own work.
    pub(super) livelocks: u32,
    /// The instant of the last sync, how many it saw, and what they left behind.
    pub(super) instant: Millis,
    pub(super) syncs: u32,
    pub(super) livelock: Livelock,
    /// Nothing wakes the set at this instant any more: it is left to the timer.
    pub(super) exhausted: bool,
}

/// What the syncs of one set left behind, since the last thing that came from outside.
#[derive(Clone, Debug, Default)]
pub struct Livelock {
    pub(super) seen: Map<u64, u32>,
}

/// When the control loop is to look again: one instant per set. A later one never replaces an
/// earlier one.
///
/// Upstream: `staging/src/k8s.io/client-go/util/workqueue/delaying_queue.go`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    at: Option<Millis>,
}

impl Timer {
    /// When it fires.
    pub fn at(&self) -> Option<Millis> {
        self.at
    }

    /// Sets the timer to `at` unless it fires before. Returns whether it did.
    pub fn set(&mut self, at: Millis) -> bool {
        let is_earlier = self.at.is_none_or(|known| at < known);
        if is_earlier {
            self.at = Some(at);
        }
        is_earlier
    }

    /// Takes the timer out if it is due.
    pub fn take_due(&mut self, now: Millis) -> bool {
        let is_due = self.at.is_some_and(|at| at <= now);
        if is_due {
            self.at = None;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_earliest_time() {
        let mut timer = Timer::default();
        assert!(timer.set(10));
        assert!(!timer.set(12));
        assert!(timer.set(7));
        assert!(!timer.take_due(6));
        assert!(timer.take_due(7));
        assert_eq!(timer.at(), None);
    }
}
