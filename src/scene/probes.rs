//! Every attempt of one container's probes, as far as the playhead.

use crate::cluster::Millis;
use crate::cluster::meta::Key;
use crate::cluster::template::ProbeKind;
use crate::session::Happened;
use std::rc::Rc;

/// Attempts shown at most: the latest.
pub const MAX_ATTEMPTS: usize = 200;

/// Steps looked back at most, so that a long session does not hold up a frame.
const MAX_STEPS: usize = 20_000;

/// The probes of one container over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProbeLog {
    /// Name of the pod; it stays the same when the pod is replaced.
    pub pod: String,
    /// The container.
    pub container: String,
    /// The latest attempts, the newest first.
    pub attempts: Vec<AttemptRow>,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its number in the session, for identity.
    pub number: usize,
    /// When its result was there.
    pub at: Millis,
    pub kind: ProbeKind,
    pub success: bool,
    /// Results like this one in a row, and the threshold that the count is held against.
    pub run: u32,
    pub threshold: u32,
}

/// The attempts among these steps.
pub fn probe_log(steps: &[Rc<Happened>], pod: &Key, container: &str) -> ProbeLog {
    let mut attempts = Vec::new();
    for (index, step) in steps.iter().enumerate().rev().take(MAX_STEPS) {
        let mine = |it: &&_| is_of(it, pod, container);
        for (nth, it) in step.probes.iter().enumerate().filter(|(_, it)| mine(it)) {
            attempts.push(AttemptRow {
                number: index * 16 + nth,
                at: step.at,
                kind: it.probe,
                success: it.success,
                run: it.run,
                threshold: it.threshold,
            });
        }
        if attempts.len() >= MAX_ATTEMPTS {
            break;
        }
    }
    ProbeLog { pod: pod.name.to_string(), container: container.into(), attempts }
}

fn is_of(attempt: &crate::cluster::step::ProbeAttempt, pod: &Key, container: &str) -> bool {
    attempt.pod == *pod && *attempt.container == *container
}
