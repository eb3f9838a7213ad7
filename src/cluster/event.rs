//! Kubernetes Events: what components report about objects, merged as the recorder merges them.

use super::meta::{Key, Kind, Meta, Uid};
use super::time::{MINUTE, Millis};
use crate::ordered::Map;
use std::collections::VecDeque;
use std::rc::Rc;

/// How long the API server keeps an event after it was last seen.
///
/// Upstream: `cmd/kube-apiserver/app/options`, `--event-ttl`, default one hour.
pub const EVENT_TTL_MS: Millis = 60 * MINUTE;

/// Normal or Warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    Normal,
    Warning,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Regarding {
    /// Kind of the object.
    pub kind: Kind,
    /// The object.
    pub key: Key,
    /// Its identity.
    pub uid: Uid,
    /// Part of it, such as `spec.containers{nginx}`; empty for the whole.
    pub field_path: Rc<str>,
}

/// A Kubernetes Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is about.
    pub regarding: Regarding,
    /// Normal or Warning.
    pub type_: EventType,
    /// Machine-readable reason, such as `SuccessfulCreate`.
    pub reason: Rc<str>,
    /// Text for people.
    pub message: Rc<str>,
    /// The component that reports it, such as `statefulset-controller`.
    pub component: Rc<str>,
    /// How often.
    pub count: u32,
    /// When first.
    pub first_at: Millis,
    /// When last.
    pub last_at: Millis,
}

impl Regarding {
    /// The whole object of this kind and metadata.
    pub fn object(kind: Kind, meta: &Meta) -> Self {
        Self { kind, key: meta.key.clone(), uid: meta.uid, field_path: "".into() }
    }
}

impl Event {
    /// An event that is reported now: its type, reason and message, and the component.
    pub fn new(
        regarding: Regarding,
        (type_, reason, message): (EventType, &str, &str),
        component: &str,
        now: Millis,
    ) -> Self {
        Self {
            regarding,
            type_,
            reason: reason.into(),
            message: message.into(),
            component: component.into(),
            count: 1,
            first_at: now,
            last_at: now,
        }
    }

    /// Whether the recorder counts the other event up instead of keeping both.
    fn is_like(&self, other: &Self) -> bool {
        self.is_similar(other)
            && self.regarding.field_path == other.regarding.field_path
            && self.message == other.message
    }

    /// Whether both differ at most in their words and in the part of the object.
    fn is_similar(&self, other: &Self) -> bool {
        self.regarding.uid == other.regarding.uid
            && self.type_ == other.type_
            && self.reason == other.reason
            && self.component == other.component
    }
}

/// Events of one type that a component may report about an object at once.
const BURST: Millis = 25;

/// After that, one in so long.
///
/// Upstream: `staging/src/k8s.io/client-go/tools/record/events_cache.go`, defaultSpamBurst and
/// defaultSpamQPS.
const REFILL_MS: Millis = 5 * MINUTE;

/// After so many events that differ only in their words, the next are combined into one.
const MOST_SIMILAR: usize = 10;

/// They count if they are no older than this.
const SIMILAR_WITHIN_MS: Millis = 10 * MINUTE;

/// How the message of a combined event begins.
const COMBINED: &str = "(combined from similar events): ";

/// The events that the API server holds.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// In the order in which they were first recorded.
    held: VecDeque<Rc<Event>>,
    /// How many have been forgotten.
    forgotten: usize,
    /// The numbers of the events about an object, counted from the first event ever.
    about: Map<Uid, Vec<usize>>,
    /// What a component may still report about an object, and since when.
    credit: Map<(Uid, EventType, Rc<str>), (Millis, Millis)>,
    /// Nothing is dropped or combined.
    keeps_all: bool,
}

impl Events {
    /// Records an event: one like it that is still held counts up instead. Returns the event as it
    /// stands afterwards; none if it was dropped because there are too many about its object.
    ///
    /// Upstream: `staging/src/k8s.io/client-go/tools/record/events_cache.go`, EventCorrelate.
    pub fn record(&mut self, mut event: Event) -> Option<Rc<Event>> {
        self.expire(event.last_at);
        if !self.keeps_all && !self.affords(&event) {
            return None;
        }
        let is_combined = !self.keeps_all && self.similar(&event) >= MOST_SIMILAR;
        if is_combined {
            event.message = format!("{COMBINED}{}", event.message).into();
        }
        let about = self.about.entry(event.regarding.uid).or_default();
        for number in about.iter() {
            let held = self.held.get_mut(number - self.forgotten);
            let same = |held: &&mut Rc<Event>| match is_combined {
                true => held.is_similar(&event) && held.message.starts_with(COMBINED),
                false => held.is_like(&event),
            };
            if let Some(held) = held.filter(same) {
                let held = Rc::make_mut(held);
                held.count += 1;
                held.last_at = event.last_at;
                held.message = event.message;
                return Some(Rc::new(held.clone()));
            }
        }
        let event = Rc::new(event);
        about.push(self.forgotten + self.held.len());
        self.held.push_back(Rc::clone(&event));
        Some(event)
    }

    /// Whether one more event about the object is let through.
    fn affords(&mut self, event: &Event) -> bool {
        let source = (event.regarding.uid, event.type_, Rc::clone(&event.component));
        let full = (BURST * REFILL_MS, event.last_at);
        let (credit, since) = self.credit.entry(source).or_insert(full);
        let refilled = *credit + event.last_at.saturating_sub(*since);
        (*credit, *since) = (refilled.min(BURST * REFILL_MS), event.last_at);
        let affords = *credit >= REFILL_MS;
        if affords {
            *credit -= REFILL_MS;
        }
        affords
    }

    /// How many events differ from this one only in their words and part, of the last ten minutes.
    fn similar(&self, event: &Event) -> usize {
        let about = self.about.get(&event.regarding.uid).map_or(&[][..], Vec::as_slice);
        let held = about.iter().filter_map(|number| self.held.get(number - self.forgotten));
        let since = event.last_at.saturating_sub(SIMILAR_WITHIN_MS);
        held.filter(|held| held.is_similar(event) && !held.is_like(event) && held.last_at >= since)
            .count()
    }

    /// From now on nothing is dropped or combined: a recorder without a correlator.
    pub fn keep_all(&mut self) {
        self.keeps_all = true;
    }

    /// The events held, in the order in which they were first recorded.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        self.held.iter()
    }

    /// The same with their numbers, counted from the first event ever.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (usize, &Rc<Event>)> {
        let forgotten = self.forgotten;
        (0..self.held.len()).map(move |at| (forgotten + at, &self.held[at]))
    }

    fn expire(&mut self, now: Millis) {
        while let Some(event) = self.held.front() {
            if event.last_at + EVENT_TTL_MS > now {
                return;
            }
            let uid = event.regarding.uid;
            self.held.pop_front();
            self.forgotten += 1;
            let forgotten = self.forgotten;
            if let Some(about) = self.about.get_mut(&uid) {
                about.retain(|number| *number >= forgotten);
                if about.is_empty() {
                    self.about.remove(&uid);
                    self.credit.retain(|(of, ..), _| *of != uid);
                }
            }
        }
    }
}
