//! The kinds that act: one row each, by which the API server reads and admits their objects, and their
//! controllers hear of changes.
//!
//! Objects of every other kind are kept as they are.

use super::budget::Budget;
use super::custom_resource_definition::CustomResourceDefinition;
use super::deployment::{Deployment, ReplicaSet};
use super::journal::Change;
use super::meta::{Key, Kind, Meta};
use super::namespace::Namespace;
use super::node::Node;
use super::pod::Pod;
use super::record::{Record, Stored};
use super::service::{EndpointSlice, Service};
use super::state::{Acting, Acts, Cluster};
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::storage::{Claim, StorageClass, Volume};
use super::time::Millis;
use serde_json::Value;
use std::any::Any;
use std::rc::Rc;

/// Their controllers hear of a change in this order.
pub static ACTING: [Acting; 14] = [
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
    acting::<CustomResourceDefinition>(),
];

const fn acting<T: Acts>() -> Acting {
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

impl Acts for StorageClass {}
impl Acts for EndpointSlice {}
impl Acts for Budget {}

/// Tells the controllers of kinds of a change.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    for row in cluster.acting {
        (row.observe)(cluster, change);
    }
}

/// One sync of the controller of a kind.
pub fn sync(cluster: &mut Cluster, kind: Kind, key: &Key) {
    if let Some(row) = cluster.acting(kind) {
        (row.sync)(cluster, key);
    }
}
