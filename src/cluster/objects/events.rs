//! Events.

use crate::api::Tree;
use crate::api::timestamp::Moment;
use crate::api::tree::tree;
use crate::cluster::event::{Event, EventType};
use crate::cluster::namespace::Namespace;
use crate::cluster::rng::hex;
use crate::cluster::store::Store;
use crate::cluster::time::{timestamp, unix_millis};
use serde_json::Value;
use std::rc::Rc;

/// The events that are held. Those of the scheduler are of the newer API, with a time of their own
/// and no first and last one.
pub fn events(store: &Store) -> Vec<Value> {
    let held = store.events().numbered().filter(|(_, it)| is_there(store, it));
    held.map(|(number, it)| event(number, it)).collect()
}

/// Events go with their namespace.
fn is_there(store: &Store, event: &Event) -> bool {
    let name = &event.regarding.key.namespace;
    let namespace = store.get::<Namespace>(&Namespace::key(name));
    let is_older = |namespace: &Rc<Namespace>| namespace.meta.created_at > event.first_at;
    name.is_empty() || namespace.is_some_and(|it| !it.meta.is_terminating() && !is_older(it))
}

/// An event, by its number.
pub fn event(number: usize, event: &Event) -> Value {
    let about = &event.regarding;
    let number = u64::try_from(number).unwrap_or(0);
    let uid = hex(about.uid.0, number.wrapping_add(11), 32);
    let namespace = match &*about.key.namespace {
        "" => "default",
        namespace => namespace,
    };
    let mut object = tree!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {
            "name": format!("{}.{}", about.key.name, event_suffix(event, number)),
            "namespace": namespace,
            "uid": format!("{}-{}-4{}-8{}-{}", &uid[..8], &uid[8..12], &uid[12..15], &uid[15..18], &uid[18..30]),
            "resourceVersion": number.to_string(),
            "creationTimestamp": timestamp(event.first_at),
        },
        "involvedObject": {
            "kind": about.kind.name(),
            "apiVersion": about.kind.api_version(),
            "name": &*about.key.name,
            "namespace": &*about.key.namespace,
            "uid": about.uid.to_string(),
        },
        "type": match event.type_ {
            EventType::Normal => "Normal",
            EventType::Warning => "Warning",
        },
        "reason": &*event.reason,
        "message": &*event.message,
        "reportingComponent": &*event.component,
        "reportingInstance": "",
    });
    if !about.field_path.is_empty() {
        object.open("involvedObject").put("fieldPath", &*about.field_path);
    }
    if &*event.component == "default-scheduler" {
        let micro = |at| Moment::of(unix_millis(at)).rfc3339_micro();
        object.put("eventTime", micro(event.first_at));
        object.put("firstTimestamp", Value::Null);
        object.put("lastTimestamp", Value::Null);
        object.put("source", tree!({}));
        if event.count > 1 {
            object.put(
                "series",
                tree!({"count": event.count, "lastObservedTime": micro(event.last_at)}),
            );
        }
    } else {
        object.put("eventTime", Value::Null);
        object.put("firstTimestamp", timestamp(event.first_at));
        object.put("lastTimestamp", timestamp(event.last_at));
        object.put("count", event.count);
        object.put("source", tree!({"component": &*event.component}));
    }
    object
}

/// The number in an event's name: a time that grows with the events.
fn event_suffix(event: &Event, number: u64) -> String {
    let nanos = unix_millis(event.first_at).unsigned_abs().wrapping_mul(1_000_000);
    format!("{:x}", nanos.wrapping_add(number))
}
