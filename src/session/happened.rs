//! What is remembered of a step: what the timeline, lessons and the playhead ask of it later.
//!
//! A step itself holds every object that it changed, whole; a session of an hour would hold each
//! version of each of them.

use crate::cluster::event::Event;
use crate::cluster::journal::Change;
use crate::cluster::meta::{Key, Kind, Uid};
use crate::cluster::pod::Glance;
use crate::cluster::step::ProbeAttempt;
use crate::cluster::{Cause, Millis, Step};
use std::rc::Rc;

/// An object, as far as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its identity.
    pub uid: Uid,
    /// Whether its deletion was requested.
    pub is_terminating: bool,
    /// More of a pod.
    pub pod: Option<Glance>,
}

/// What became of one object: absent before means created, absent after means removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub key: Key,
    /// As it was.
    pub old: Option<Seen>,
    /// As it is.
    pub new: Option<Seen>,
}

/// What one step did.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Simulated time.
    pub at: Millis,
    /// Who acted.
    pub cause: Cause,
    /// What became of objects, in the order of the writes.
    pub turns: Vec<Turn>,
    /// What was reported.
    pub events: Vec<Rc<Event>>,
    /// Attempts of probes.
    pub probes: Vec<ProbeAttempt>,
}

impl From<Step> for Happened {
    fn from(step: Step) -> Self {
        let turns = step.changes.iter().map(turn).collect();
        let Step { at, cause, events, probes, .. } = step;
        Self { at, cause, turns, events, probes }
    }
}

fn turn(change: &Change) -> Turn {
    let pods = change.of();
    let glance = |pod: Option<Rc<crate::cluster::pod::Pod>>| pod.map(|pod| Glance::of(&pod));
    let (old, new) = pods.map_or((None, None), |pod| (glance(pod.old), glance(pod.new)));
    let seen = |object: &Option<Rc<dyn crate::cluster::record::Record>>, pod| {
        object.as_ref().map(|object| {
            let meta = object.metadata();
            Seen { uid: meta.uid, is_terminating: meta.is_terminating(), pod }
        })
    };
    Turn {
        kind: change.kind(),
        key: change.meta().key.clone(),
        old: seen(&change.old, old),
        new: seen(&change.new, new),
    }
}
