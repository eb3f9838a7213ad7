//! The objects of the kinds that a manifest may hold: read, created, replaced.

use super::plain::{self, Plain};
use super::{claim_request, pod, service, stateful_set};
use crate::api::{ApiObject, Status};
use crate::cluster::Cluster;
use crate::cluster::budget::Budget;
use crate::cluster::deployment::{Deployment, ReplicaSet};
use crate::cluster::meta::{Key, Kind};
use crate::cluster::pod::Pod;
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::{Claim, StorageClass, Volume};
use crate::cluster::store::Store;

/// The object of a kind that a manifest may hold, as the server shows it.
pub fn api_object(store: &Store, kind: Kind, key: &Key) -> Option<ApiObject> {
    Some(match kind {
        Kind::StatefulSet => {
            let set = store.get::<StatefulSet>(key)?;
            stateful_set::to_api(set)
        }
        Kind::Service => {
            let service = store.get::<Service>(key)?;
            (*service.api).clone()
        }
        Kind::PersistentVolumeClaim => {
            let claim = store.get::<Claim>(key)?;
            claim_request::to_api(claim)
        }
        Kind::PodDisruptionBudget => store.get::<Budget>(key)?.api(),
        Kind::Pod => store.get::<Pod>(key)?.api(),
        Kind::PersistentVolume => store.get::<Volume>(key)?.api(),
        Kind::StorageClass => store.get::<StorageClass>(key)?.api(),
        Kind::Deployment => store.get::<Deployment>(key)?.api(),
        Kind::ReplicaSet => store.get::<ReplicaSet>(key)?.api(),
        _ => return None,
    })
}

/// Creates an object of a kind that a manifest may hold.
///
/// # Errors
/// The server's refusal.
pub fn create(cluster: &mut Cluster, object: &ApiObject) -> Result<(), Status> {
    let (kubernetes, now) = (cluster.kubernetes(), cluster.now);
    match object.kind {
        Kind::StatefulSet => {
            stateful_set::create(&mut cluster.store, object, &kubernetes, now).map(drop)
        }
        Kind::Service => service::create(cluster, object),
        Kind::PersistentVolumeClaim => {
            claim_request::create(&mut cluster.store, object, &kubernetes, now)
        }
        Kind::PodDisruptionBudget => plain::create::<Budget>(cluster, object),
        Kind::Pod => pod::create_written(cluster, object),
        Kind::PersistentVolume => plain::create::<Volume>(cluster, object),
        Kind::StorageClass => plain::create::<StorageClass>(cluster, object),
        Kind::Deployment => plain::create::<Deployment>(cluster, object),
        other => Err(not_applied(other, object)),
    }
}

/// Replaces an object of such a kind. Returns whether anything was written.
///
/// # Errors
/// The server's refusal.
pub fn update(cluster: &mut Cluster, key: &Key, object: &ApiObject) -> Result<bool, Status> {
    let kubernetes = cluster.kubernetes();
    match object.kind {
        Kind::StatefulSet => stateful_set::update(&mut cluster.store, key, object, &kubernetes),
        Kind::Service => service::update(cluster, key, object),
        Kind::PersistentVolumeClaim => {
            claim_request::update(&mut cluster.store, key, object, &kubernetes)
        }
        Kind::PodDisruptionBudget => plain::update::<Budget>(cluster, key, object),
        Kind::Pod => plain::update::<Pod>(cluster, key, object),
        Kind::PersistentVolume => plain::update::<Volume>(cluster, key, object),
        Kind::StorageClass => plain::update::<StorageClass>(cluster, key, object),
        Kind::Deployment => plain::update::<Deployment>(cluster, key, object),
        Kind::ReplicaSet => plain::update::<ReplicaSet>(cluster, key, object),
        other => Err(not_applied(other, object)),
    }
}

/// No manifest holds such an object, see [`Kind::APPLIED`].
fn not_applied(kind: Kind, object: &ApiObject) -> Status {
    Status::forbidden(kind, object.name(), "this playground does not take it from a manifest")
}
