//! What happened to each ordinal over time: bars by state, marks for probes and restarts, arrows
//! for what let what happen. Grows with every step, so that it costs nothing to draw.

use super::PodState;
use super::stage::ordinal_of;
use super::words::pod_state;
use crate::cluster::meta::{Key, Kind};
use crate::cluster::step::ProbeAttempt;
use crate::cluster::template::ProbeKind;
use crate::cluster::{Cause, Millis};
use crate::ordered::Map;
use crate::session::{Happened, Seen, Turn};
use std::rc::Rc;

/// Marks kept of one ordinal: about a day of one probe every ten seconds. The oldest go first.
const MAX_MARKS: usize = 10_000;

/// A stretch of time in which a pod was in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Identity of the pod.
    pub uid: Rc<str>,
    /// Start.
    pub from: Millis,
    /// End; `None` while it lasts.
    pub to: Option<Millis>,
    /// State.
    pub state: PodState,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    ProbeSucceeded(ProbeKind),
    ProbeFailed(ProbeKind),
    Restarted,
}

/// Something that happened at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: Millis,
    pub kind: MarkKind,
}

/// One ordinal's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub bars: Vec<Bar>,
    pub marks: Vec<Mark>,
}

/// What happened at one ordinal let something happen at another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    pub at: Millis,
    pub from: i64,
    pub to: i64,
    /// Such as `web-0 Ready let web-1 be created`.
    pub text: String,
}

/// The history of one set's pods.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Rows by ordinal.
    pub rows: Map<i64, Rc<Row>>,
    /// Arrows in the order of time.
    pub arrows: Vec<Arrow>,
    set: Key,
    /// The last thing at this very instant that a controller may answer to.
    trigger: Option<(Millis, i64, &'static str)>,
}

impl Timeline {
    /// An empty history of the set called `set`.
    pub fn new(set: Key) -> Self {
        Self { rows: Map::new(), arrows: Vec::new(), set, trigger: None }
    }

    /// The set it is about.
    pub fn set(&self) -> &Key {
        &self.set
    }

    /// Adds what one step did.
    pub fn push(&mut self, step: &Happened) {
        for turn in step.turns.iter().filter(|turn| turn.kind == Kind::Pod) {
            self.push_pod(step, turn);
        }
        for attempt in &step.probes {
            self.push_attempt(step.at, attempt);
        }
    }

    fn ordinal(&self, key: &Key) -> Option<i64> {
        let same = key.namespace == self.set.namespace;
        same.then(|| ordinal_of(&key.name, &self.set.name)).flatten()
    }

    fn row(&mut self, ordinal: i64) -> &mut Row {
        Rc::make_mut(self.rows.entry(ordinal).or_default())
    }

    fn push_pod(&mut self, step: &Happened, turn: &Turn) {
        let Some(seen) = turn.new.or(turn.old) else { return };
        let Some(ordinal) = self.ordinal(&turn.key) else { return };
        if matches!(step.cause, Cause::Controller(Kind::StatefulSet, _)) {
            self.push_arrow(step.at, ordinal, turn);
        }
        let pod = |seen: Option<Seen>| seen.and_then(|seen| seen.pod);
        let (before, after) = (pod(turn.old), pod(turn.new));
        let (old, new) = (before.as_ref().map(pod_state), after.as_ref().map(pod_state));
        if old != new {
            self.change_bar(step.at, ordinal, &seen.uid.to_string(), new);
        }
        if let (Some(before), Some(after)) = (before, after)
            && after.restarts > before.restarts
        {
            self.push_mark(step.at, ordinal, MarkKind::Restarted);
        }
        let word = match (old, new) {
            (_, None) => Some("gone"),
            (old, Some(PodState::Ready)) if old != Some(PodState::Ready) => Some("Ready"),
            _ => None,
        };
        if let Some(word) = word {
            self.trigger = Some((step.at, ordinal, word));
        }
    }

    fn change_bar(&mut self, at: Millis, ordinal: i64, uid: &str, state: Option<PodState>) {
        let row = self.row(ordinal);
        let open = row.bars.iter_mut().rev().find(|bar| bar.to.is_none() && &*bar.uid == uid);
        if let Some(bar) = open {
            bar.to = Some(at);
        }
        row.bars.retain(|bar| bar.to != Some(bar.from));
        if let Some(state) = state {
            row.bars.push(Bar { uid: uid.into(), from: at, to: None, state });
        }
    }

    fn push_attempt(&mut self, at: Millis, attempt: &ProbeAttempt) {
        let Some(ordinal) = self.ordinal(&attempt.pod) else { return };
        let kind = match attempt.success {
            true => MarkKind::ProbeSucceeded(attempt.probe),
            false => MarkKind::ProbeFailed(attempt.probe),
        };
        self.push_mark(at, ordinal, kind);
    }

    fn push_mark(&mut self, at: Millis, ordinal: i64, kind: MarkKind) {
        let marks = &mut self.row(ordinal).marks;
        if marks.len() >= MAX_MARKS {
            marks.drain(..MAX_MARKS / 10);
        }
        marks.push(Mark { at, kind });
    }

    /// What the controller did in answer to what happened to another pod at the same instant.
    fn push_arrow(&mut self, at: Millis, ordinal: i64, turn: &Turn) {
        let Some((when, from, word)) = self.trigger else { return };
        if when != at || from == ordinal {
            return;
        }
        let done = match (turn.old, turn.new) {
            (None, Some(_)) => "created",
            (Some(_), None) => "deleted",
            (Some(old), Some(new)) if !old.is_terminating && new.is_terminating => "deleted",
            _ => return,
        };
        let name = &self.set.name;
        let text = format!("{name}-{from} {word} let {name}-{ordinal} be {done}");
        self.arrows.push(Arrow { at, from, to: ordinal, text });
    }
}
