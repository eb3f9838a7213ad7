//! What a kubelet remembers of one probe.

use super::worker::PodWorker;
use crate::cluster::queue::Ticket;
use crate::cluster::template::{Probe, ProbeKind};
use crate::cluster::time::Millis;

/// What a probe has published about an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeResult {
    /// Nothing is known yet (startup probes only).
    Unknown,
    /// The threshold of successes was reached.
    Success,
    /// The threshold of failures was reached.
    Failure,
}

/// What a probe has missed while it waited for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// A tick of its clock.
    Tick,
    /// A trigger, which starts its clock again.
    Trigger,
}

/// What the kubelet remembers of one probe.
#[derive(Clone, Debug)]
pub struct ProbeWorker {
    /// The container.
    pub container: usize,
    /// Which probe.
    pub kind: ProbeKind,
    /// The next tick; `None` once the worker has ended.
    pub next: Option<(Millis, Ticket)>,
    /// The instance that it asks.
    pub attempt: Option<u32>,
    /// Whether it waits for the next instance.
    pub on_hold: bool,
    /// Whether it waits for an answer.
    pub asking: bool,
    /// When it asked last, and whether that reached anybody.
    pub asked: (Millis, bool),
    /// What came while it waited and is made up for when the answer is there.
    pub missed: Option<Missed>,
    /// The last result that counted.
    pub last_result: Option<bool>,
    /// Results of this kind in a row.
    pub run: u32,
    /// What it published last, and about which instance.
    pub published: Option<(u32, ProbeResult)>,
}

impl PodWorker {
    /// The worker of a container's probe.
    pub fn probe(&self, container: usize, kind: ProbeKind) -> Option<&ProbeWorker> {
        self.probes.iter().find(|each| each.container == container && each.kind == kind)
    }

    /// Whether a probe has published a success of this instance.
    pub fn has_passed(&self, container: usize, kind: ProbeKind, attempt: u32) -> bool {
        self.probe(container, kind)
            .is_some_and(|probe| probe.published == Some((attempt, ProbeResult::Success)))
    }

    /// Whether a probe has published a failure of this instance.
    pub fn has_failed(&self, container: usize, kind: ProbeKind, attempt: u32) -> bool {
        self.probe(container, kind)
            .is_some_and(|probe| probe.published == Some((attempt, ProbeResult::Failure)))
    }

    pub(super) fn spec_of(&self, probe: usize) -> Option<&Probe> {
        let worker = &self.probes[probe];
        self.spec(worker.container).probe(worker.kind)
    }
}
