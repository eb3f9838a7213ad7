//! Where two timelines differ: in what happened and its order, in times, in words.
//!
//! The real kubelet skips states that it would write within a second of others, and notices exits
//! up to a second late. So timelines are compared as subsequences, in both directions.

use super::timeline::{Entry, LATE, Timeline};
use statefulset_playground::cluster::Millis;

/// States that last at most this long may be missing.
const LASTING_MS: Millis = 1_100;

/// What may be missing at the end of a recording: what the real kubelet did not yet notice or do.
const END_MS: Millis = 2_500;

/// How far two equal intervals may differ: the delays of writes, with the real machine under load. What
/// a relist decides may be up to a second off; the closest of the drawn sessions comes nearer.
const INTERVAL_MS: Millis = 300;

/// What happens within this time may happen in any order.
const PARALLEL_MS: Millis = 5;

/// From this length on an interval is the wait of a back-off, of which up to half is jitter.
const WAIT_MS: Millis = 9_900;

/// Most that the jitter of a wait adds.
const MOST_JITTER_MS: Millis = 31_000;

/// What a comparison found.
#[derive(Default)]
pub struct Found {
    /// Compared entries.
    pub entries: usize,
    /// What is missing, invented or out of order.
    pub order: Vec<String>,
    /// What comes too early or late.
    pub times: Vec<String>,
    /// What has other words.
    pub words: Vec<String>,
}

impl Found {
    /// The smaller, the closer.
    pub fn distance(&self) -> (usize, usize) {
        (self.order.len(), self.times.len() + self.words.len())
    }

    /// Notes a pair of entries that belong together, each after its predecessor.
    fn pair(&mut self, track: &str, real: [&Entry; 2], ours: [&Entry; 2]) {
        self.entries += 1;
        let interval = |pair: [&Entry; 2]| pair[1].at.saturating_sub(pair[0].at);
        let (expected, actual) = (interval(real), interval(ours));
        let jitter = match expected.max(actual) {
            long if long >= WAIT_MS => (long / 2).min(MOST_JITTER_MS),
            _ => 0,
        };
        if expected.abs_diff(actual) > INTERVAL_MS + jitter {
            let kind = &real[1].kind;
            self.times.push(format!("{track} after {expected} ms, ours {actual} ms: {kind}"));
        }
        if real[1].words != ours[1].words {
            let (expected, actual) = (&real[1].words, &ours[1].words);
            self.words.push(format!("{track} says\n      {expected}\n      {actual}"));
        }
    }
}

/// Compares what a pod did with what it was recorded to do until `end`.
pub fn compare(real: &Timeline, ours: &Timeline, end: Millis) -> Found {
    let mut found = Found::default();
    states(&mut found, &real.states, &ours.states, end);
    for (path, track) in &real.events {
        events(&mut found, path, track, ours.events.get(path).map_or(&[], Vec::as_slice), end);
    }
    for (path, track) in ours.events.iter().filter(|(path, _)| !real.events.contains_key(*path)) {
        events(&mut found, path, &[], track, end);
    }
    calls(&mut found, &real.calls, &ours.calls, end);
    for (name, track) in &real.attempts {
        let ours = ours.attempts.get(name).map_or(&[][..], Vec::as_slice);
        attempts(&mut found, name, track, ours, end);
    }
    found
}

fn states(found: &mut Found, real: &[Entry], ours: &[Entry], end: Millis) {
    let pairs = lasting(found, "missing", real, ours, end);
    let last = real.last().map(|last| &last.kind);
    let shown = ours.iter().rposition(|each| Some(&each.kind) == last);
    let ours_until = &ours[..shown.map_or(ours.len(), |index| index + 1)];
    lasting(found, "invented", ours_until, real, end);
    let mut before = (&real[0], &ours[0]);
    for (expected, actual) in pairs {
        found.pair("state", [before.0, expected], [before.1, actual]);
        before = (expected, actual);
    }
}

/// Pairs the lasting states of `some` with those of `others`, in order.
fn lasting<'a>(
    found: &mut Found,
    how: &str,
    some: &'a [Entry],
    others: &'a [Entry],
    end: Millis,
) -> Vec<(&'a Entry, &'a Entry)> {
    let mut pairs = Vec::new();
    let mut place = 0;
    for (index, state) in some.iter().enumerate() {
        let until = some.get(index + 1).map_or(end, |next| next.at);
        if until.saturating_sub(state.at) <= LASTING_MS {
            continue;
        }
        match others[place..].iter().position(|other| other.kind == state.kind) {
            Some(skipped) => {
                place += skipped;
                pairs.push((state, &others[place]));
            }
            None => found.order.push(format!("{how} state at {}: {}", state.at, state.kind)),
        }
    }
    pairs
}

/// Events of one part of the pod: the same ones in the same order.
fn events(found: &mut Found, path: &str, real: &[Entry], ours: &[Entry], end: Millis) {
    let same = real.iter().zip(ours).take_while(|(real, ours)| real.kind == ours.kind).count();
    let mut before = None;
    for (expected, actual) in real.iter().zip(ours).take(same) {
        let (first, second) = before.unwrap_or((expected, actual));
        found.pair(path, [first, expected], [second, actual]);
        before = Some((expected, actual));
    }
    // The waits so far and the one that goes on may have been up to half as long again.
    let mut slack = END_MS;
    let mut since = 0;
    for entry in real.iter().chain(ours.get(same)).take(same + 1) {
        let wait = entry.at.saturating_sub(since);
        slack += if wait >= WAIT_MS { (wait / 2).min(MOST_JITTER_MS) } else { 0 };
        since = entry.at;
    }
    let is_early = |entry: &&Entry| entry.at + slack < end;
    // Past the first difference one of both may have come further within waits of unlike length.
    let (real, ours) = (real.get(same), ours.get(same));
    let differs = match (real, ours) {
        (Some(_), Some(_)) => true,
        (rest, None) | (None, rest) => rest.as_ref().is_some_and(is_early),
    };
    if differs {
        let name = |entry: Option<&Entry>| {
            entry.map_or("nothing".into(), |it| format!("{} {} {}", it.at, it.kind, it.words))
        };
        found.order.push(format!("event {path}: {}, ours {}", name(real), name(ours)));
    }
}

/// Calls to the runtime: the same ones in the same order, but for what happens in parallel within
/// milliseconds.
fn calls(found: &mut Found, real: &[Entry], ours: &[Entry], end: Millis) {
    let (real, ours) = (in_parallel(real), in_parallel(ours));
    let mut before = None;
    for (index, expected) in real.iter().enumerate() {
        let actual = ours.get(index).copied();
        match actual.filter(|actual| actual.kind == expected.kind) {
            Some(actual) => {
                let (first, second) = before.unwrap_or((*expected, actual));
                found.pair("call", [first, *expected], [second, actual]);
                before = Some((*expected, actual));
            }
            // The waits so far may have been up to half as long again.
            None if actual.is_none() && expected.at + END_MS + slack(&real[..=index]) >= end => {
                return;
            }
            None => {
                let (at, kind) = (expected.at, &expected.kind);
                let actual = actual.map_or("nothing".into(), |it| format!("{} {}", it.at, it.kind));
                found.order.push(format!("call {index} at {at} {kind}, ours {actual}"));
                return;
            }
        }
    }
}

/// Calls in the order of time; ends that come within the same few milliseconds by name, as
/// containers are stopped in parallel.
fn in_parallel(calls: &[Entry]) -> Vec<&Entry> {
    let mut sorted: Vec<&Entry> = calls.iter().collect();
    let is_end =
        |call: &Entry| ["StopContainer", "exec", "exit"].iter().any(|it| call.kind.starts_with(it));
    let mut from = 0;
    while from < sorted.len() {
        let start = sorted[from].at;
        let together = |call: &&&Entry| is_end(call) && call.at <= start + PARALLEL_MS;
        let count = sorted[from..].iter().take_while(together).count();
        sorted[from..from + count].sort_by_key(|call| call.kind.clone());
        from += count.max(1);
    }
    sorted
}

/// How much longer the waits in a track may have been.
fn slack(track: &[&Entry]) -> Millis {
    let waits = track.windows(2).map(|pair| pair[1].at - pair[0].at);
    let long = waits.filter(|wait| *wait >= WAIT_MS);
    long.map(|wait| (wait / 2).min(MOST_JITTER_MS)).sum()
}

/// Attempts of one probe: the same results in the same order.
fn attempts(found: &mut Found, name: &str, real: &[Entry], ours: &[Entry], end: Millis) {
    let mut before = None;
    for (index, expected) in real.iter().enumerate() {
        if expected.at + END_MS >= end {
            break;
        }
        let actual = ours.get(index);
        let same = |actual: &&Entry| {
            actual.kind == expected.kind
                || [&actual.kind, &expected.kind].contains(&&LATE.to_string())
        };
        match actual.filter(same) {
            Some(actual) => {
                let (first, second) = before.unwrap_or((expected, actual));
                found.pair(name, [first, expected], [second, actual]);
                before = Some((expected, actual));
            }
            // Deletions and exits cut the last attempt off.
            None if actual.is_none() && index + 1 == real.len() => {}
            None => {
                let (at, kind) = (expected.at, &expected.kind);
                found.order.push(format!("{name} attempt {index} at {at} {kind}: {actual:?}"));
                break;
            }
        }
    }
}
