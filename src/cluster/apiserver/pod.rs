//! Creating and deleting pods.
//!
//! Upstream: `pkg/registry/core/pod/strategy.go`.

use super::{delete, webhook};
use crate::api::status::quoted;
use crate::api::{ApiObject, FieldError, Kubernetes, Status};
use crate::cluster::meta::{Key, Kind};
use crate::cluster::pod::Pod;
use crate::cluster::state::{Acts, Cluster};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// The longest label value.
const MAX_LABEL_VALUE: usize = 63;

impl Acts for Pod {
    fn admit(
        cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        if old.is_some() {
            return Ok(());
        }
        if let Some(reason) = cluster.store.pod_policy() {
            return Err(Status::forbidden(Kind::Pod, object.name(), reason));
        }
        webhook::admit(&cluster.store, &mut object.tree)
    }
}

/// Creates a pod.
///
/// # Errors
/// `Forbidden` by an admission policy, `Invalid` if the pod's name makes too long a label value,
/// `AlreadyExists` if the name is taken.
pub fn create(
    store: &mut Store,
    mut pod: Pod,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<Rc<Pod>, Status> {
    let name = Rc::clone(&pod.meta.key.name);
    if let Some(reason) = store.pod_policy() {
        return Err(Status::forbidden(Kind::Pod, &name, reason));
    }
    webhook::admit_made(store, &mut pod)?;
    let causes = complaints(&pod, kubernetes);
    if !causes.is_empty() {
        return Err(Status::invalid(Kind::Pod.name(), "", &name, causes));
    }
    store.create(pod, now)
}

/// What is wrong with a pod that a valid template makes: only its name can be.
fn complaints(pod: &Pod, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let values = pod.meta.labels.values();
    let long = values.filter(|value| value.len() > MAX_LABEL_VALUE);
    let detail = format!("must be no more than {MAX_LABEL_VALUE} {}", kubernetes.length_unit());
    long.map(|value| FieldError::invalid("metadata.labels", quoted(value), detail.as_str()))
        .collect()
}

/// Deletes a pod: it terminates for its grace period (`None`: its own), or goes at once if that
/// is 0, if it has no node or if it has ended. Who runs it removes it when it has stopped.
///
/// Upstream: CheckGracefulDelete; `staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go`,
/// BeforeDelete.
///
/// # Errors
/// `NotFound`.
pub fn delete(
    store: &mut Store,
    key: &Key,
    grace_seconds: Option<i64>,
    now: Millis,
) -> Result<(), Status> {
    let Some(pod) = store.get::<Pod>(key).cloned() else {
        return Err(Status::not_found(Kind::Pod, &key.name));
    };
    delete::mark(store, pod, grace_seconds, None, now);
    Ok(())
}
