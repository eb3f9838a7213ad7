//! One thing that happened: its cause, what it changed, what was reported, why nothing more follows.

use super::event::Event;
use super::hold::Hold;
use super::journal::Change;
use super::meta::{Key, Kind, Uid};
use super::template::ProbeKind;
use super::time::Millis;
use std::rc::Rc;

/// How one attempt of a probe went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeAttempt {
    /// The pod.
    pub pod: Key,
    /// Its UID.
    pub uid: Uid,
    /// The container.
    pub container: Rc<str>,
    /// Which probe.
    pub probe: ProbeKind,
    /// When it was asked; the step's time is that of the answer.
    pub asked_at: Millis,
    /// Whether somebody was there to be asked: a refused connection reaches nobody.
    pub reached: bool,
    /// Whether it succeeded.
    pub success: bool,
    /// Results of this kind in a row, this one included.
    pub run: u32,
    /// The threshold that this count is held against.
    pub threshold: u32,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A person: the number of the input in the session.
    Input(usize),
    /// The controller of a kind looked at this object.
    Controller(Kind, Key),
    /// The scheduler looked at this pod.
    Scheduler(Key),
    /// The kubelet worked on this pod.
    Kubelet(Key),
    /// The volume controllers looked at this claim or volume.
    Volumes(Key),
    /// The garbage collector went round.
    GarbageCollector,
    /// A controller of nodes acted: node lifecycle, taint eviction, pod garbage collection.
    Nodes,
    /// The DNS server forgot answers.
    Dns,
}

/// One handled piece of work.
#[derive(Clone, Debug)]
pub struct Step {
    /// Simulated time.
    pub at: Millis,
    /// Who acted.
    pub cause: Cause,
    /// What became of objects, in the order of the writes.
    pub changes: Vec<Change>,
    /// What was reported.
    pub events: Vec<Rc<Event>>,
    /// Attempts of probes.
    pub probes: Vec<ProbeAttempt>,
    /// Why the StatefulSet controller waits, if this was its sync and it does.
    pub hold: Option<Hold>,
}

impl Step {
    /// Whether nothing visible happened.
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.events.is_empty() && self.probes.is_empty()
    }
}
