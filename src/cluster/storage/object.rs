//! Claims, volumes and classes as the API has them.

use super::{
    AccessMode, BindingMode, Claim, ClaimPhase, IS_DEFAULT, ReclaimPolicy, StorageClass, Volume,
    VolumePhase, amount_of, storage_request,
};
use crate::api::quantity::Quantity;
use crate::api::selector::Selector;
use crate::api::tree::tree;
use crate::api::{Kind, Tree};
use crate::cluster::meta::{Key, Meta, Shared, Uid};
use crate::cluster::node::NodeRule;
use crate::cluster::record::{Stored, View};
use serde_json::Value;
use std::rc::Rc;

impl Stored for Claim {
    const KIND: Kind = Kind::PersistentVolumeClaim;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        let (request_bytes, request) = storage_request(spec);
        let named = spec.opt_text("volumeName").filter(|name| !name.is_empty());
        let fresh = Self::new(meta);
        Self {
            request_bytes,
            request,
            storage_class: spec.opt_text("storageClassName").map(Rc::from),
            access_modes: spec.texts("accessModes").filter_map(AccessMode::named).collect(),
            selector: spec.set("selector").map(Selector::of),
            is_block: spec.text("volumeMode") == "Block",
            volume: named.map(Rc::from),
            phase: old.map_or(fresh.phase, |old| old.phase),
            capacity: old.and_then(|old| old.capacity.clone()),
            granted_modes: old.map_or(fresh.granted_modes, |old| Rc::clone(&old.granted_modes)),
            growth: old.and_then(|old| old.growth),
            spec: Shared::new(spec.clone()),
            meta: fresh.meta,
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        tree!({"spec": claim_spec(self), "status": claim_status(self)})
    }
}

fn modes(all: &[AccessMode]) -> Vec<&'static str> {
    all.iter().map(|mode| mode.name()).collect()
}

/// What the loops change of a claim's spec, in what was admitted.
fn claim_spec(claim: &Claim) -> Value {
    let mut spec = (*claim.spec).clone();
    spec.put("accessModes", modes(&claim.access_modes));
    spec.open("resources").open("requests").put("storage", &*claim.request);
    spec.fill("volumeMode", if claim.is_block { "Block" } else { "Filesystem" });
    for (field, value) in
        [("storageClassName", &claim.storage_class), ("volumeName", &claim.volume)]
    {
        match value {
            Some(value) => spec.put(field, &**value),
            None => drop(spec.drop_field(field)),
        }
    }
    spec
}

fn claim_status(claim: &Claim) -> Value {
    let phase = match claim.phase {
        ClaimPhase::Pending => "Pending",
        ClaimPhase::Bound => "Bound",
        ClaimPhase::Lost => "Lost",
    };
    let mut status = tree!({"phase": phase});
    if let Some(capacity) = &claim.capacity {
        status.put("capacity", tree!({"storage": &**capacity}));
        let granted = match claim.granted_modes.is_empty() {
            true => &claim.access_modes,
            false => &claim.granted_modes,
        };
        status.put("accessModes", modes(granted));
    }
    if let Some(growth) = claim.growth {
        let mut condition =
            tree!({"type": growth.condition(), "status": "True", "lastProbeTime": null});
        if growth.condition() == "FileSystemResizePending" {
            let message = "Waiting for user to (re-)start a pod to finish file system resize of \
                           volume on node.";
            condition.put("message", message);
        }
        status.put("conditions", vec![condition]);
    }
    status
}

impl Stored for Volume {
    const KIND: Kind = Kind::PersistentVolume;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        let (capacity_bytes, capacity) = amount_of(spec.at("capacity"));
        let claim = spec.set("claimRef").map(|reference| {
            let key = Key::new(reference.text("namespace"), reference.text("name"));
            (key, Uid::read(reference.text("uid")))
        });
        let phase = match old.map(|old| old.phase) {
            // Nothing is left that its controller would release.
            Some(VolumePhase::Released | VolumePhase::Bound) if claim.is_none() => {
                VolumePhase::Available
            }
            phase => phase.unwrap_or(VolumePhase::Available),
        };
        Self {
            meta,
            capacity_bytes,
            capacity,
            storage_class: spec.text("storageClassName").into(),
            access_modes: spec.texts("accessModes").filter_map(AccessMode::named).collect(),
            reclaim_policy: ReclaimPolicy::named(spec.text("persistentVolumeReclaimPolicy")),
            phase,
            claim,
            is_block: spec.text("volumeMode") == "Block",
            nodes: spec.at("nodeAffinity").set("required").map(|it| Rc::new(NodeRule::of(it))),
            is_attachable: spec.set("csi").is_some(),
            files: old.map(|old| Rc::clone(&old.files)).unwrap_or_default(),
            spec: Shared::new(spec.clone()),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        let phase = match self.phase {
            VolumePhase::Pending => "Pending",
            VolumePhase::Available => "Available",
            VolumePhase::Bound => "Bound",
            VolumePhase::Released => "Released",
            VolumePhase::Failed => "Failed",
        };
        tree!({"spec": volume_spec(self), "status": {"phase": phase}})
    }
}

/// What the loops change of a volume's spec, in what was admitted.
fn volume_spec(volume: &Volume) -> Value {
    let mut spec = (*volume.spec).clone();
    if Quantity::parse(spec.at("capacity").text("storage")).ok()
        != Quantity::parse(&volume.capacity).ok()
    {
        spec.open("capacity").put("storage", &*volume.capacity);
    }
    spec.fill("volumeMode", if volume.is_block { "Block" } else { "Filesystem" });
    let Some((key, uid)) = &volume.claim else {
        spec.drop_field("claimRef");
        return spec;
    };
    let reference = spec.open("claimRef");
    let is_it = reference.text("namespace") == &*key.namespace
        && reference.text("name") == &*key.name
        && Uid::read(reference.text("uid")) == *uid;
    if !is_it {
        *reference = tree!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "name": &*key.name, "namespace": &*key.namespace,
        });
        if uid.0 != 0 {
            reference.put("uid", uid.to_string());
        }
    }
    spec
}

impl Stored for StorageClass {
    const KIND: Kind = Kind::StorageClass;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn refresh(&mut self) {
        self.is_default = is_default(&self.meta);
    }

    fn read(meta: Meta, object: &Value, _old: Option<&Self>) -> Self {
        let delayed = object.text("volumeBindingMode") == "WaitForFirstConsumer";
        let is_default = is_default(&meta);
        let mut body = object.clone();
        for field in ["metadata", "apiVersion", "kind"] {
            body.drop_field(field);
        }
        Self {
            meta,
            provisioner: object.text("provisioner").into(),
            binding_mode: match delayed {
                true => BindingMode::WaitForFirstConsumer,
                false => BindingMode::Immediate,
            },
            reclaim_policy: ReclaimPolicy::named(object.text("reclaimPolicy")),
            allow_expansion: object.flag("allowVolumeExpansion"),
            is_default,
            body: Shared::new(body),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        (*self.body).clone()
    }
}

fn is_default(class: &Meta) -> bool {
    class.annotations.get(IS_DEFAULT).is_some_and(|value| value == "true")
}
