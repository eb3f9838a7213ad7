//! Kubernetes Events: what components report about objects, merged as the recorder merges them.

use super::meta::{Key, Kind, Uid};
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

impl Event {
    /// Whether the recorder counts the other event up instead of keeping both.
    fn is_like(&self, other: &Self) -> bool {
        self.regarding == other.regarding
            && self.type_ == other.type_
            && self.reason == other.reason
            && self.message == other.message
            && self.component == other.component
    }
}

/// The events that the API server holds.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// In the order in which they were first recorded.
    held: VecDeque<Rc<Event>>,
    /// How many have been forgotten.
    forgotten: usize,
    /// The numbers of the events about an object, counted from the first event ever.
    about: Map<Uid, Vec<usize>>,
}

impl Events {
    /// Records an event: one like it that is still held counts up instead. Returns the event as it
    /// stands afterwards.
    ///
    /// Upstream: `staging/src/k8s.io/client-go/tools/record/events_cache.go`, eventObserve.
    pub fn record(&mut self, event: Event) -> Rc<Event> {
        self.expire(event.last_at);
        let about = self.about.entry(event.regarding.uid).or_default();
        for number in about.iter() {
            let held = self.held.get_mut(number - self.forgotten);
            if let Some(held) = held.filter(|held| held.is_like(&event)) {
                let held = Rc::make_mut(held);
                held.count += 1;
                held.last_at = event.last_at;
                return Rc::new(held.clone());
            }
        }
        let event = Rc::new(event);
        about.push(self.forgotten + self.held.len());
        self.held.push_back(Rc::clone(&event));
        event
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
                }
            }
        }
    }
}
