//! What happened to each ordinal over time: bars by state, marks for probes and restarts, arrows
//! for what let what happen. Grows with every step, so that it costs nothing to draw.

use super::PodState;
use crate::cluster::template::ProbeKind;
use crate::cluster::{Cause, Change, Millis, Step};
use std::collections::BTreeMap;

/// A stretch of time in which a pod was in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Identity of the pod.
    pub uid: String,
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
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Rows by ordinal.
    pub rows: BTreeMap<i64, Row>,
    /// Arrows in the order of time.
    pub arrows: Vec<Arrow>,
}
