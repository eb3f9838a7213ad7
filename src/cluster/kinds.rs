//! The kinds that act: one row each, by which the API server reads and admits their objects, and their
//! controllers hear of changes.
//!
//! Objects of every other kind are kept as they are.

use super::budget::Budget;
use super::deployment::{Deployment, ReplicaSet};
use super::meta::{Key, Kind, Meta};
use super::namespace::Namespace;
use super::node::Node;
use super::pod::Pod;
use super::record::{Kept, Record, Stored};
use super::service::{EndpointSlice, Service};
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::storage::{Claim, StorageClass, Volume};
use super::time::Millis;
use super::{Change, Cluster};
use crate::api::{ApiObject, Status};
use serde_json::Value;
use std::any::Any;
use std::rc::Rc;

/// Reads what the store keeps of an admitted object, in place of another, at an instant.
type Read = fn(Meta, &Value, Option<&dyn Record>, Millis) -> Rc<dyn Record>;

/// A kind that acts.
struct Acting {
    kind: Kind,
    read: Read,
    admit: fn(&mut Cluster, &mut ApiObject, Option<&ApiObject>) -> Result<(), Status>,
    observe: fn(&mut Cluster, &Change),
    sync: fn(&mut Cluster, &Key),
}

/// Their controllers hear of a change in this order.
static ACTING: [Acting; 13] = [
    acting::<StatefulSet>(),
    acting::<Deployment>(),
    acting::<ReplicaSet>(),
    acting::<Service>(),
    acting::<ControllerRevision>(),
    acting::<Pod>(),
    acting::<Claim>(),
    acting::<Volume>(),
    acting::<StorageClass>(),
    acting::<EndpointSlice>(),
    acting::<Node>(),
    acting::<Budget>(),
    acting::<Namespace>(),
];

const fn acting<T: Stored>() -> Acting {
    Acting {
        kind: T::KIND,
        read: read_as::<T>,
        admit: T::admit,
        observe: T::observe,
        sync: T::sync,
    }
}

fn read_as<T: Stored>(
    meta: Meta,
    object: &Value,
    old: Option<&dyn Record>,
    now: Millis,
) -> Rc<dyn Record> {
    let old = old.and_then(|old| (old as &dyn Any).downcast_ref::<T>());
    let mut read = T::read(meta, object, old);
    read.stamp(now);
    Rc::new(read)
}

fn row(kind: Kind) -> Option<&'static Acting> {
    ACTING.iter().find(|row| row.kind == kind)
}

/// What the store keeps of an object that has been admitted, in place of `old`.
pub fn read(
    kind: Kind,
    meta: Meta,
    object: &Value,
    old: Option<&dyn Record>,
    now: Millis,
) -> Rc<dyn Record> {
    match row(kind) {
        Some(row) => (row.read)(meta, object, old, now),
        None => Rc::new(Kept::read(kind, meta, object)),
    }
}

/// Fills in what the server allocates or admission adds, or refuses the object.
///
/// # Errors
/// The refusal.
pub fn admit(
    cluster: &mut Cluster,
    object: &mut ApiObject,
    old: Option<&ApiObject>,
) -> Result<(), Status> {
    row(object.kind).map_or(Ok(()), |row| (row.admit)(cluster, object, old))
}

/// Tells the controllers of kinds of a change.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    for row in &ACTING {
        (row.observe)(cluster, change);
    }
}

/// One sync of the controller of a kind.
pub fn sync(cluster: &mut Cluster, kind: Kind, key: &Key) {
    if let Some(row) = row(kind) {
        (row.sync)(cluster, key);
    }
}
