//! Creating, changing and deleting StatefulSets, and their status.
//!
//! Upstream: `pkg/registry/apps/statefulset/strategy.go`.

use crate::api::{
    ApiObject, FieldError, Kubernetes, Status, Tree, defaults, limits, rules, validate,
};
use crate::cluster::meta::{Key, Kind, Meta, Shared};
use crate::cluster::stateful_set::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use crate::cluster::store::Store;
use crate::cluster::template::labels;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Creates a set: defaults, validation, and it is stored with generation 1.
///
/// # Errors
/// `Invalid`, `AlreadyExists`, or `Forbidden` beyond [`limits::REPLICAS`].
pub fn create(
    store: &mut Store,
    set: &ApiObject,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<Rc<StatefulSet>, Status> {
    let mut set = set.clone();
    rules::apply(&mut set, kubernetes);
    drop_zero(&mut set);
    admit(&set, rules::create(&set, kubernetes))?;
    let mut meta = Meta::new(Key::new(set.namespace(), set.name()));
    meta.labels = Rc::new(labels(set.metadata(), "labels"));
    meta.annotations = Rc::new(labels(set.metadata(), "annotations"));
    let spec = Shared::new(StatefulSetSpec::from_api(set.spec()));
    store.create(StatefulSet { meta, spec, status: StatefulSetStatus::default() }, now)
}

/// A zero that the API does not write is the same as an absent field.
fn drop_zero(set: &mut ApiObject) {
    if set.spec().int("minReadySeconds") == 0 {
        set.spec_mut().drop_field("minReadySeconds");
    }
}

/// Replaces what is asked of a set: labels, annotations, spec. A change of the spec counts the
/// generation up; one that changes nothing is no write. Returns whether it was one.
///
/// # Errors
/// `NotFound`, `Invalid`, or `Forbidden` beyond [`limits::REPLICAS`].
pub fn update(
    store: &mut Store,
    key: &Key,
    set: &ApiObject,
    kubernetes: &Kubernetes,
) -> Result<bool, Status> {
    let stored = get(store, key)?;
    let mut set = set.clone();
    defaults::stateful_set(&mut set.tree, kubernetes);
    drop_zero(&mut set);
    admit(&set, rules::update(&set, &to_api(&stored), kubernetes))?;
    let spec_differs = *set.spec() != *stored.spec.api;
    let replaced = spec_differs.then(|| Shared::new(stored.spec.replaced_by(set.spec())));
    Ok(store.update::<StatefulSet>(key, |stored| {
        stored.meta.labels = Rc::new(labels(set.metadata(), "labels"));
        stored.meta.annotations = Rc::new(labels(set.metadata(), "annotations"));
        if let Some(spec) = replaced {
            stored.spec = spec;
            stored.meta.generation += 1;
        }
    }))
}

/// The set's metadata and spec as an API object, the way a person would send it back.
pub fn to_api(set: &StatefulSet) -> ApiObject {
    let mut object = set.meta.to_api(Kind::StatefulSet);
    object.tree.put("spec", (*set.spec.api).clone());
    object
}

fn admit(object: &ApiObject, causes: Vec<FieldError>) -> Result<(), Status> {
    if let Some(refusal) = validate::refusal(object, causes) {
        return Err(refusal);
    }
    limits::refusal(object).map_or(Ok(()), Err)
}

/// The set of this name.
///
/// # Errors
/// `NotFound`.
pub fn get(store: &Store, key: &Key) -> Result<Rc<StatefulSet>, Status> {
    let missing = || Status::not_found(Kind::StatefulSet, &key.name);
    store.get::<StatefulSet>(key).cloned().ok_or_else(missing)
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
