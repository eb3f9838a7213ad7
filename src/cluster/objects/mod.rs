//! The objects of the cluster as the API server shows them: whole, with metadata and status.
//!
//! The simulator keeps what it decides by. What a person reads besides, such as a service account's
//! volume or the digest of an image, is filled in here and stands for what a cluster has.

mod endpoints;
mod events;

use super::event::Event;
use super::meta::Key;
use super::record::Record;
use super::state::Cluster;
use super::time::Millis;
pub use super::time::{timestamp, unix_millis};
use crate::api::timestamp::{Moment, parse};
use crate::api::{Kind, Tree};
use serde_json::Value;
use std::rc::Rc;

/// A whole object, as the API server shows it.
pub fn whole(cluster: &Cluster, record: &dyn Record) -> Rc<Value> {
    let kind = record.kind();
    let mut whole = record.tree(cluster.view());
    whole.put("apiVersion", kind.api_version());
    whole.put("kind", kind.name());
    whole.put("metadata", record.metadata().tree(kind));
    as_old_as_it_is(cluster, Rc::new(whole))
}

/// The objects of a kind, by namespace and name; none of a kind that the cluster does not hold.
pub fn list(cluster: &Cluster, kind: &str) -> Vec<Rc<Value>> {
    let served = Kind::all().chain(cluster.store.defined().iter().copied());
    let all = served.filter(|it| it.name() == kind).flat_map(|kind| list_of(cluster, kind));
    all.collect()
}

/// The objects of a kind, by namespace and name.
pub fn list_of(cluster: &Cluster, kind: Kind) -> Vec<Rc<Value>> {
    let made = match (kind.name(), kind.group()) {
        ("Event", "") => events::events(cluster.store()),
        ("Endpoints", "") => endpoints::endpoints(cluster),
        _ => {
            let records = cluster.store.records(kind);
            return records.iter().map(|record| whole(cluster, &**record)).collect();
        }
    };
    let made = made.into_iter().map(|object| as_old_as_it_is(cluster, Rc::new(object)));
    let mut all: Vec<Rc<Value>> = made.collect();
    all.sort_by(|left, right| key(left).cmp(&key(right)));
    all
}

/// Namespace and name of an object.
fn key(object: &Value) -> (&str, &str) {
    let meta = object.at("metadata");
    (meta.text("namespace"), meta.text("name"))
}

/// The object of a kind and a name.
pub fn get(cluster: &Cluster, kind: Kind, own: &Key) -> Option<Rc<Value>> {
    if let Some(record) = cluster.store.record(kind, own) {
        return Some(whole(cluster, &*record));
    }
    if !matches!(kind.name(), "Event" | "Endpoints") {
        return None;
    }
    let is_it = |object: &Rc<Value>| key(object) == (&*own.namespace, &*own.name);
    list_of(cluster, kind).into_iter().find(is_it)
}

/// An event that is held, by its number.
pub fn event(cluster: &Cluster, number: usize, event: &Event) -> Rc<Value> {
    as_old_as_it_is(cluster, Rc::new(events::event(number, event)))
}

/// An object with the moments before pauses of the session put right.
fn as_old_as_it_is(cluster: &Cluster, mut object: Rc<Value>) -> Rc<Value> {
    if !cluster.config.pauses.is_empty() {
        make_older(cluster, Rc::make_mut(&mut object));
    }
    object
}

/// The fields with moments.
const MOMENTS: [&str; 13] = [
    "creationTimestamp",
    "deletionTimestamp",
    "eventTime",
    "finishedAt",
    "firstTimestamp",
    "lastHeartbeatTime",
    "lastProbeTime",
    "lastTimestamp",
    "lastTransitionTime",
    "lastUpdateTime",
    "startTime",
    "startedAt",
    "timeAdded",
];

/// Puts the moments before a pause of the session where they belong.
fn make_older(cluster: &Cluster, value: &mut Value) {
    let older = |text: &str| {
        let at = parse(text)?;
        let since = Millis::try_from(at - unix_millis(0)).ok()?;
        let paused = i64::try_from(cluster.config.paused_since(since)).ok()?;
        let moment = Moment::of(at - paused);
        let is_micro = text.contains('.');
        (paused > 0).then(|| if is_micro { moment.rfc3339_micro() } else { moment.rfc3339() })
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| make_older(cluster, item)),
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member.as_str() {
                    Some(text) if MOMENTS.contains(&key.as_str()) => {
                        if let Some(text) = older(text) {
                            *member = text.into();
                        }
                    }
                    _ => make_older(cluster, member),
                }
            }
        }
        _ => {}
    }
}
