//! Claims that a person writes: read from a manifest, and made bigger.
//!
//! Upstream: `pkg/apis/core/validation/validation.go`, ValidatePersistentVolumeClaimUpdate;
//! `plugin/pkg/admission/storage/persistentvolume/resize/admission.go`.

use super::claim;
use crate::api::selector::Selector;
use crate::api::{ApiObject, Kubernetes, Status, Tree, defaults, json, update_rules, validate};
use crate::cluster::meta::{Key, Kind, Labels, Meta};
use crate::cluster::storage::{AccessMode, Claim, ClaimPhase, StorageClass, storage_request};
use crate::cluster::store::Store;
use crate::cluster::template::labels;
use crate::cluster::time::Millis;
use serde_json::{Map, Value};
use std::rc::Rc;

/// Creates the claim that a manifest asks for.
///
/// # Errors
/// `Invalid`, `AlreadyExists`.
#[inline(never)]
pub fn create(
    store: &mut Store,
    claim: &ApiObject,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<(), Status> {
    let mut object = claim.clone();
    defaults::apply(&mut object, kubernetes);
    if let Some(refusal) = validate::refusal(&object, validate::create(&object, kubernetes)) {
        return Err(refusal);
    }
    claim::create(store, from_api(claim), now)?;
    Ok(())
}

/// Changes a claim: labels, annotations, and a bigger request. Returns whether that was a write.
///
/// # Errors
/// `NotFound`; `Invalid` if anything else changes, the request shrinks, or it grows before the
/// claim is bound; `Forbidden` if its class cannot expand volumes.
#[inline(never)]
pub fn update(
    store: &mut Store,
    key: &Key,
    claim: &ApiObject,
    kubernetes: &Kubernetes,
) -> Result<bool, Status> {
    let kind = Kind::PersistentVolumeClaim;
    let Some(stored) = store.get::<Claim>(key).cloned() else {
        return Err(Status::not_found(kind, &key.name));
    };
    let before = to_api(&stored);
    let causes = update_rules::update(claim, &before, kubernetes);
    let asked = from_api(claim);
    if let Some(refusal) = validate::refusal(claim, causes) {
        return Err(refusal);
    }
    if let Some(refusal) = update_rules::resize(claim, &before, can_expand(store, &stored)) {
        return Err(refusal);
    }
    Ok(store.update::<Claim>(key, |claim| {
        claim.meta.labels = asked.meta.labels;
        claim.meta.annotations = asked.meta.annotations;
        claim.request_bytes = asked.request_bytes;
        claim.request = asked.request;
    }))
}

fn can_expand(store: &Store, claim: &Claim) -> bool {
    let Some(name) = &claim.storage_class else { return false };
    let class = store.get::<StorageClass>(&Key::new("", name));
    class.is_some_and(|class| class.allow_expansion)
}

fn from_api(api: &ApiObject) -> Claim {
    let spec = api.spec();
    let (request_bytes, request) = storage_request(spec);
    let meta = Meta {
        labels: Rc::new(labels(api.metadata(), "labels")),
        annotations: Rc::new(labels(api.metadata(), "annotations")),
        ..Meta::new(Key::new(api.namespace(), api.name()))
    };
    Claim {
        request_bytes,
        request,
        storage_class: spec.opt_text("storageClassName").map(Rc::from),
        access_modes: spec.texts("accessModes").filter_map(AccessMode::named).collect(),
        selector: spec.set("selector").map(Selector::of),
        is_block: spec.text("volumeMode") == "Block",
        volume: spec.opt_text("volumeName").filter(|name| !name.is_empty()).map(Rc::from),
        ..Claim::new(meta)
    }
}

/// The claim as an API object. What the simulator does not keep (selector, volume mode) is taken
/// from the manifest that was applied last.
pub fn to_api(claim: &Claim) -> ApiObject {
    let last = last_applied(&claim.meta.annotations).unwrap_or(Value::Null);
    let mut api = claim.meta.to_api(Kind::PersistentVolumeClaim);
    api.tree.put("spec", last.set("spec").cloned().unwrap_or_else(|| Map::new().into()));
    defaults::claim(&mut api.tree);
    let spec = api.spec_mut();
    let modes: Vec<Value> = claim.access_modes.iter().map(|mode| mode.name().into()).collect();
    spec.put("accessModes", modes);
    for (field, value) in
        [("storageClassName", &claim.storage_class), ("volumeName", &claim.volume)]
    {
        match value {
            Some(value) => spec.put(field, &**value),
            None => drop(spec.drop_field(field)),
        }
    }
    spec.open("resources").open("requests").put("storage", &*claim.request);
    let phase = match claim.phase {
        ClaimPhase::Pending => "Pending",
        ClaimPhase::Bound => "Bound",
        ClaimPhase::Lost => "Lost",
    };
    api.tree.open("status").put("phase", phase);
    api
}

/// The manifest that was applied last, if it is known.
fn last_applied(annotations: &Labels) -> Option<Value> {
    json::parse(annotations.get("kubectl.kubernetes.io/last-applied-configuration")?).ok()
}
