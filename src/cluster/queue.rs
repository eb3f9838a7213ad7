//! What is due when: work ordered by time, ties broken by the order of scheduling.

use super::time::{Millis, SECOND};
use crate::ordered::Map;
use std::cmp::Reverse;

/// A queue of work by simulated time. Work that is due at the same time keeps its order.
///
/// What is due next stands last, where it is quick to take.
#[derive(Clone, Debug)]
pub struct Queue<W> {
    due: Map<Reverse<(Millis, u64)>, W>,
    next_sequence: u64,
}

impl<W> Default for Queue<W> {
    fn default() -> Self {
        Self { due: Map::new(), next_sequence: 0 }
    }
}

/// Names a piece of queued work, to cancel it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(Millis, u64);

impl<W> Queue<W> {
    /// Schedules `work` for the instant `at`.
    pub fn schedule(&mut self, at: Millis, work: W) -> Ticket {
        let ticket = Ticket(at, self.next_sequence);
        self.next_sequence += 1;
        self.due.insert(Reverse((ticket.0, ticket.1)), work);
        ticket
    }

    /// Takes scheduled work out again; does nothing if it has run.
    pub fn cancel(&mut self, ticket: Ticket) {
        self.due.remove(&Reverse((ticket.0, ticket.1)));
    }

    /// When the next work is due.
    pub fn next_at(&self) -> Option<Millis> {
        self.due.last().map(|(Reverse((at, _)), _)| *at)
    }

    /// Takes the next work with its time.
    pub fn pop(&mut self) -> Option<(Millis, W)> {
        let next = self.due.last()?.0.0;
        self.due.remove(&Reverse(next)).map(|work| (next.0, work))
    }

    /// The scheduled work with its times, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Millis, &W)> {
        self.due.iter().rev().map(|(Reverse((at, _)), work)| (*at, work))
    }

    /// How much work is scheduled.
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Whether nothing is scheduled.
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

/// How long the controller waits before it tries again after so many failures in a row.
///
/// Upstream: `staging/src/k8s.io/client-go/util/workqueue/default_rate_limiters.go`.
pub fn retry_delay_ms(failures: u32) -> Millis {
    const FIRST_MS: Millis = 5;
    const LONGEST_MS: Millis = 1_000 * SECOND;
    let doublings = failures.saturating_sub(1).min(30);
    (FIRST_MS << doublings).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_the_delay_of_a_retry() {
        let delays: Vec<Millis> = [1, 2, 3, 10, 18, 19, 1_000].map(retry_delay_ms).to_vec();
        assert_eq!(delays, [5, 10, 20, 2_560, 655_360, 1_000_000, 1_000_000]);
    }
}
