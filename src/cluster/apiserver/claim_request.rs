//! Claims that a person writes: read from a manifest, and made bigger.
//!
//! Upstream: `pkg/apis/core/validation/validation.go`, ValidatePersistentVolumeClaimUpdate;
//! `plugin/pkg/admission/storage/persistentvolume/resize/admission.go`.

use super::{apply, claim};
use crate::api::quantity::Quantity;
use crate::api::{ApiObject, FieldError, Kubernetes, Status, defaults, update_rules, validate};
use crate::cluster::meta::{Key, Kind, Labels, Meta};
use crate::cluster::storage::{AccessMode, Claim, ClaimPhase, StorageClass};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;
use std::rc::Rc;

/// Creates the claim that a manifest asks for.
///
/// # Errors
/// `Invalid`, `AlreadyExists`.
pub fn create(
    store: &mut Store,
    api: &core::PersistentVolumeClaim,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<(), Status> {
    let mut object = ApiObject::PersistentVolumeClaim(Box::new(api.clone()));
    defaults::apply(&mut object, kubernetes);
    if let Some(refusal) = validate::refusal(&object, validate::create(&object, kubernetes)) {
        return Err(refusal);
    }
    claim::create(store, from_api(api), now)?;
    Ok(())
}

/// Changes a claim: labels, annotations, and a bigger request. Returns whether that was a write.
///
/// Simplified: the refusal of a change of the spec has no diff.
///
/// # Errors
/// `NotFound`; `Invalid` if anything else changes, the request shrinks, or it grows before the
/// claim is bound; `Forbidden` if its class cannot expand volumes.
pub fn update(
    store: &mut Store,
    key: &Key,
    api: &core::PersistentVolumeClaim,
    kubernetes: &Kubernetes,
) -> Result<bool, Status> {
    let kind = Kind::PersistentVolumeClaim;
    let Some(stored) = store.get::<Claim>(key).cloned() else {
        return Err(Status::not_found(kind.name(), kind.resource(), &key.name));
    };
    let new = ApiObject::PersistentVolumeClaim(Box::new(api.clone()));
    let old = ApiObject::PersistentVolumeClaim(Box::new(to_api(&stored)));
    let mut causes = update_rules::update(&new, &old, kubernetes);
    let asked = from_api(api);
    let grows = asked.request_bytes > stored.request_bytes;
    if grows && stored.phase != ClaimPhase::Bound && causes.is_empty() {
        causes.push(FieldError::forbidden("spec", IMMUTABLE));
    }
    if let Some(refusal) = validate::refusal(&new, causes) {
        return Err(refusal);
    }
    if grows && !can_expand(store, &stored) {
        return Err(Status::forbidden(kind.name(), kind.resource(), &key.name, NOT_EXPANDABLE));
    }
    Ok(store.update::<Claim>(key, |claim| {
        claim.meta.labels = asked.meta.labels;
        claim.meta.annotations = asked.meta.annotations;
        claim.request_bytes = asked.request_bytes;
        claim.request = asked.request;
    }))
}

const IMMUTABLE: &str = "spec is immutable after creation except resources.requests and \
    volumeAttributesClassName for bound claims";
const NOT_EXPANDABLE: &str = "only dynamically provisioned pvc can be resized and the storageclass \
    that provisions the pvc must support resize";

fn can_expand(store: &Store, claim: &Claim) -> bool {
    let Some(name) = &claim.storage_class else { return false };
    let class = store.get::<StorageClass>(&Key::new("", name));
    class.is_some_and(|class| class.allow_expansion)
}

fn from_api(api: &core::PersistentVolumeClaim) -> Claim {
    let (meta, spec) = (api.metadata.clone(), api.spec.clone().unwrap_or_default());
    let namespace = meta.namespace.as_deref().unwrap_or("default");
    let key = Key::new(namespace, meta.name.as_deref().unwrap_or_default());
    let requests = spec.resources.and_then(|resources| resources.requests).unwrap_or_default();
    let request = requests.get("storage").and_then(|request| Quantity::parse(&request.0).ok());
    let modes = spec.access_modes.unwrap_or_default();
    Claim {
        meta: Meta {
            labels: Rc::new(meta.labels.unwrap_or_default()),
            annotations: Rc::new(meta.annotations.unwrap_or_default()),
            ..Meta::new(key)
        },
        request_bytes: request.map_or(0, |it| u64::try_from(it.value()).unwrap_or(0)),
        request: request.map_or_else(String::new, Quantity::canonical).into(),
        storage_class: spec.storage_class_name.map(Rc::from),
        access_modes: modes.iter().filter_map(|mode| AccessMode::named(mode)).collect(),
        phase: ClaimPhase::Pending,
        volume: spec.volume_name.filter(|name| !name.is_empty()).map(Rc::from),
        capacity: None,
    }
}

/// The claim as an API object. What the simulator does not keep (selector, volume mode) is taken
/// from the manifest that was applied last.
pub fn to_api(claim: &Claim) -> core::PersistentVolumeClaim {
    let last = apply::last_applied(&claim.meta.annotations);
    let written = last.and_then(|value| serde_json::from_value(value).ok());
    let mut api: core::PersistentVolumeClaim = written.unwrap_or_default();
    let filled = |map: &Labels| (!map.is_empty()).then(|| map.clone());
    api.metadata.name = Some(claim.meta.name().into());
    api.metadata.namespace = Some(claim.meta.key.namespace.to_string());
    api.metadata.labels = filled(&claim.meta.labels);
    api.metadata.annotations = filled(&claim.meta.annotations);
    defaults::claim(&mut api);
    let spec = api.spec.get_or_insert_default();
    spec.access_modes =
        Some(claim.access_modes.iter().map(|mode| String::from(mode.name())).collect());
    spec.storage_class_name = claim.storage_class.as_deref().map(String::from);
    spec.volume_name = claim.volume.as_deref().map(String::from);
    let requests = spec.resources.get_or_insert_default().requests.get_or_insert_default();
    requests.insert("storage".into(), Amount(claim.request.to_string()));
    let phase = match claim.phase {
        ClaimPhase::Pending => "Pending",
        ClaimPhase::Bound => "Bound",
        ClaimPhase::Lost => "Lost",
    };
    api.status.get_or_insert_default().phase = Some(phase.into());
    api
}
