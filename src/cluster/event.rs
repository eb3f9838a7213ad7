//! Kubernetes Events: what components report about objects, merged as the recorder merges them.

use super::meta::{Key, Kind, Uid};
use super::time::{MINUTE, Millis};
use std::collections::BTreeMap;
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

/// What makes two events the same: object, type, reason, message, component.
type Identity = (Regarding, EventType, Rc<str>, Rc<str>, Rc<str>);

/// The events that the API server holds.
#[derive(Clone, Debug, Default)]
pub struct Events {
    by_sequence: BTreeMap<u64, Rc<Event>>,
    sequence_of: BTreeMap<Identity, u64>,
    next_sequence: u64,
}

impl Events {
    /// Records an event: one like it that is still held counts up instead. Returns the event as it
    /// stands afterwards.
    ///
    /// Upstream: `staging/src/k8s.io/client-go/tools/record/events_cache.go`, eventObserve.
    pub fn record(&mut self, event: Event) -> Rc<Event> {
        self.expire(event.last_at);
        let identity = identity(&event);
        if let Some(sequence) = self.sequence_of.get(&identity)
            && let Some(held) = self.by_sequence.get_mut(sequence)
        {
            let held = Rc::make_mut(held);
            held.count += 1;
            held.last_at = event.last_at;
            return Rc::new(held.clone());
        }
        let event = Rc::new(event);
        self.sequence_of.insert(identity, self.next_sequence);
        self.by_sequence.insert(self.next_sequence, Rc::clone(&event));
        self.next_sequence += 1;
        event
    }

    /// The events held, in the order in which they were first recorded.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        self.by_sequence.values()
    }

    fn expire(&mut self, now: Millis) {
        while let Some(entry) = self.by_sequence.first_entry() {
            if entry.get().last_at + EVENT_TTL_MS > now {
                return;
            }
            let event = entry.remove();
            self.sequence_of.remove(&identity(&event));
        }
    }
}

fn identity(event: &Event) -> Identity {
    (
        event.regarding.clone(),
        event.type_,
        Rc::clone(&event.reason),
        Rc::clone(&event.message),
        Rc::clone(&event.component),
    )
}
