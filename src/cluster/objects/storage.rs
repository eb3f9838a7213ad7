//! Claims, volumes, classes.

use super::object;
use crate::api::{Kind, Tree};
use crate::cluster::apiserver::api_object;
use crate::cluster::storage::{Claim, ClaimPhase, StorageClass, Volume, VolumePhase};
use crate::cluster::store::Store;
use serde_json::{Value, json};

/// The claims.
pub fn claims(store: &Store) -> Vec<Value> {
    let kind = Kind::PersistentVolumeClaim;
    let own = store.list::<Claim>().map(|claim| {
        let mut whole = object(kind, &claim.meta);
        let spec = api_object(store, kind, &claim.meta.key);
        whole.put("spec", spec.map(|it| it.spec().clone()).unwrap_or_default());
        let phase = match claim.phase {
            ClaimPhase::Pending => "Pending",
            ClaimPhase::Bound => "Bound",
            ClaimPhase::Lost => "Lost",
        };
        let mut status = json!({"phase": phase});
        if let Some(capacity) = &claim.capacity {
            status.put("capacity", json!({"storage": &**capacity}));
            let modes: Vec<&str> = claim.access_modes.iter().map(|mode| mode.name()).collect();
            status.put("accessModes", modes);
        }
        if let Some(growth) = claim.growth {
            let message = match growth.condition() {
                "FileSystemResizePending" => {
                    "Waiting for user to (re-)start a pod to finish file system resize of volume \
                     on node."
                }
                _ => "",
            };
            let mut condition = json!({
                "type": growth.condition(), "status": "True", "lastProbeTime": null,
                "lastTransitionTime": super::timestamp(0),
            });
            if !message.is_empty() {
                condition.put("message", message);
            }
            condition.drop_field("lastTransitionTime");
            status.put("conditions", vec![condition]);
        }
        whole.put("status", status);
        whole
    });
    own.collect()
}

/// The volumes.
pub fn volumes(store: &Store) -> Vec<Value> {
    let own = store.list::<Volume>().map(|volume| {
        let mut whole = object(Kind::PersistentVolume, &volume.meta);
        let mut spec = volume.api.spec().clone();
        spec.open("capacity").put("storage", &*volume.capacity);
        let modes: Vec<&str> = volume.access_modes.iter().map(|mode| mode.name()).collect();
        spec.put("accessModes", modes);
        spec.put("persistentVolumeReclaimPolicy", volume.reclaim_policy.name());
        if !volume.storage_class.is_empty() {
            spec.put("storageClassName", &*volume.storage_class);
        }
        spec.fill("volumeMode", if volume.is_block { "Block" } else { "Filesystem" });
        match &volume.claim {
            Some((key, uid)) => {
                let mut reference = json!({
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                    "name": &*key.name, "namespace": &*key.namespace,
                });
                if uid.0 != 0 {
                    reference.put("uid", uid.to_string());
                }
                spec.put("claimRef", reference);
            }
            None => drop(spec.drop_field("claimRef")),
        }
        whole.put("spec", spec);
        let phase = match volume.phase {
            VolumePhase::Available => "Available",
            VolumePhase::Bound => "Bound",
            VolumePhase::Released => "Released",
            VolumePhase::Failed => "Failed",
        };
        whole.put("status", json!({"phase": phase}));
        whole
    });
    own.collect()
}

/// The classes.
pub fn classes(store: &Store) -> Vec<Value> {
    let own = store.list::<StorageClass>().map(|class| {
        let mut whole = class.api.tree.clone();
        whole.put("metadata", object(Kind::StorageClass, &class.meta).at("metadata").clone());
        whole.fill("reclaimPolicy", class.reclaim_policy.name());
        whole
    });
    own.collect()
}
