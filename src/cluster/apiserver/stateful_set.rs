//! Creating, changing and deleting StatefulSets, and their status.
//!
//! Upstream: `pkg/registry/apps/statefulset/strategy.go`.

use crate::api::{ApiObject, FieldError, Kubernetes, Status, defaults, update_rules, validate};
use crate::cluster::input::Cascade;
use crate::cluster::meta::{Deletion, Key, Kind, Meta, Shared};
use crate::cluster::stateful_set::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::rc::Rc;

/// Keeps a set until its dependents are gone (`--cascade=foreground`).
pub const FOREGROUND_FINALIZER: &str = "foregroundDeletion";
/// Keeps a set until its dependents are orphaned (`--cascade=orphan`).
pub const ORPHAN_FINALIZER: &str = "orphan";

/// The most pods that one set may ask for. More than that a page cannot show, and a list of two
/// billion positions would not fit into memory.
pub const MAX_REPLICAS: i32 = 5_000;

/// Creates a set: defaults, validation, and it is stored with generation 1.
///
/// # Errors
/// `Invalid`, `AlreadyExists`, or `Forbidden` beyond [`MAX_REPLICAS`].
pub fn create(
    store: &mut Store,
    set: &apps::StatefulSet,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<Rc<StatefulSet>, Status> {
    let mut object = ApiObject::StatefulSet(Box::new(set.clone()));
    defaults::apply(&mut object, kubernetes);
    if let ApiObject::StatefulSet(set) = &mut object {
        drop_zero(set);
    }
    admit(&object, validate::create(&object, kubernetes))?;
    let ApiObject::StatefulSet(admitted) = object else {
        unreachable!("defaults do not change an object's kind")
    };
    let api = admitted.metadata;
    let namespace = api.namespace.as_deref().unwrap_or("default");
    let key = Key::new(namespace, api.name.as_deref().unwrap_or_default());
    let mut meta = Meta::new(key);
    meta.labels = Rc::new(api.labels.unwrap_or_default());
    meta.annotations = Rc::new(api.annotations.unwrap_or_default());
    let spec = Shared::new(StatefulSetSpec::from_api(&admitted.spec.unwrap_or_default()));
    store.create(StatefulSet { meta, spec, status: StatefulSetStatus::default() }, now)
}

/// A zero that the API does not write is the same as an absent field.
fn drop_zero(set: &mut apps::StatefulSet) {
    if let Some(spec) = &mut set.spec {
        spec.min_ready_seconds = spec.min_ready_seconds.filter(|seconds| *seconds != 0);
    }
}

/// Replaces what is asked of a set: labels, annotations, spec. A change of the spec counts the
/// generation up; one that changes nothing is no write. Returns whether it was one.
///
/// # Errors
/// `NotFound`, `Invalid`, or `Forbidden` beyond [`MAX_REPLICAS`].
pub fn update(
    store: &mut Store,
    key: &Key,
    set: &apps::StatefulSet,
    kubernetes: &Kubernetes,
) -> Result<bool, Status> {
    let stored = get(store, key)?;
    let mut set = set.clone();
    defaults::stateful_set(&mut set, kubernetes);
    drop_zero(&mut set);
    let (new, old) = (
        ApiObject::StatefulSet(Box::new(set.clone())),
        ApiObject::StatefulSet(Box::new(to_api(&stored))),
    );
    admit(&new, update_rules::update(&new, &old, kubernetes))?;
    let spec = set.spec.unwrap_or_default();
    let spec_differs = spec != *stored.spec.api;
    let replaced = spec_differs.then(|| Shared::new(stored.spec.replaced_by(&spec)));
    Ok(store.update::<StatefulSet>(key, |stored| {
        replace(&mut stored.meta.labels, set.metadata.labels);
        replace(&mut stored.meta.annotations, set.metadata.annotations);
        if let Some(spec) = replaced {
            stored.spec = spec;
            stored.meta.generation += 1;
        }
    }))
}

fn replace(
    stored: &mut Rc<crate::cluster::meta::Labels>,
    new: Option<crate::cluster::meta::Labels>,
) {
    *stored = Rc::new(new.unwrap_or_default());
}

/// The set's metadata and spec as an API object, the way a person would send it back.
pub fn to_api(set: &StatefulSet) -> apps::StatefulSet {
    let filled = |map: &crate::cluster::meta::Labels| (!map.is_empty()).then(|| map.clone());
    apps::StatefulSet {
        metadata: ObjectMeta {
            name: Some(set.meta.name().into()),
            namespace: Some(set.meta.key.namespace.to_string()),
            labels: filled(&set.meta.labels),
            annotations: filled(&set.meta.annotations),
            ..ObjectMeta::default()
        },
        spec: Some((*set.spec.api).clone()),
        status: None,
    }
}

fn admit(object: &ApiObject, causes: Vec<FieldError>) -> Result<(), Status> {
    if let Some(refusal) = validate::refusal(object, causes) {
        return Err(refusal);
    }
    let ApiObject::StatefulSet(set) = object else { return Ok(()) };
    let replicas = set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default();
    if replicas > MAX_REPLICAS {
        let kind = Kind::StatefulSet;
        let why = format!("the playground simulates at most {MAX_REPLICAS} replicas");
        return Err(Status::forbidden(kind.name(), kind.resource(), object.name(), &why));
    }
    Ok(())
}

/// The set of this name.
///
/// # Errors
/// `NotFound`.
pub fn get(store: &Store, key: &Key) -> Result<Rc<StatefulSet>, Status> {
    let kind = Kind::StatefulSet;
    let missing = || Status::not_found(kind.name(), kind.resource(), &key.name);
    store.get::<StatefulSet>(key).cloned().ok_or_else(missing)
}

/// Deletes a set: at once, or once the garbage collector has dealt with its dependents.
///
/// # Errors
/// `NotFound`.
pub fn delete(store: &mut Store, key: &Key, cascade: Cascade, now: Millis) -> Result<(), Status> {
    let stored = get(store, key)?;
    let finalizer = match cascade {
        Cascade::Background if stored.meta.finalizers.is_empty() => {
            store.remove::<StatefulSet>(key);
            return Ok(());
        }
        Cascade::Background => return Ok(()),
        Cascade::Foreground => FOREGROUND_FINALIZER,
        Cascade::Orphan => ORPHAN_FINALIZER,
    };
    if !stored.meta.is_terminating() {
        store.update::<StatefulSet>(key, |set| {
            set.meta.deletion = Some(Deletion { timestamp: now, grace_ms: 0 });
            set.meta.finalizers.push(finalizer.into());
            set.meta.generation += 1;
        });
    }
    Ok(())
}

/// Writes a set's status. One that changes nothing is no write. Returns whether it was one.
///
/// Upstream: `pkg/apis/apps/validation/validation.go`, ValidateStatefulSetStatus.
///
/// # Errors
/// `NotFound`, or `Invalid` if a count is negative.
pub fn write_status(
    store: &mut Store,
    key: &Key,
    status: &StatefulSetStatus,
) -> Result<bool, Status> {
    let counts = [
        ("status.replicas", status.replicas),
        ("status.readyReplicas", status.ready_replicas),
        ("status.currentReplicas", status.current_replicas),
        ("status.updatedReplicas", status.updated_replicas),
        ("status.availableReplicas", status.available_replicas),
    ];
    let negative = counts.into_iter().filter(|(_, count)| *count < 0);
    let detail = "must be greater than or equal to 0";
    let causes: Vec<FieldError> =
        negative.map(|(path, count)| FieldError::invalid(path, count, detail)).collect();
    get(store, key)?;
    if !causes.is_empty() {
        return Err(Status::invalid(Kind::StatefulSet.name(), "apps", &key.name, causes));
    }
    Ok(store.update::<StatefulSet>(key, |set| set.status.clone_from(status)))
}
