//! Creating and deleting pods.
//!
//! Upstream: `pkg/registry/core/pod/strategy.go`.

use crate::api::status::quoted;
use crate::api::{FieldError, Kubernetes, Status};
use crate::cluster::meta::{Deletion, Key, Kind};
use crate::cluster::pod::Pod;
use crate::cluster::store::Store;
use crate::cluster::time::{Millis, SECOND};
use std::rc::Rc;

/// The longest label value.
const MAX_LABEL_VALUE: usize = 63;

/// Creates a pod.
///
/// # Errors
/// `Forbidden` by an admission policy, `Invalid` if the pod's name makes too long a label value,
/// `AlreadyExists` if the name is taken.
pub fn create(
    store: &mut Store,
    pod: Pod,
    kubernetes: &Kubernetes,
    now: Millis,
) -> Result<Rc<Pod>, Status> {
    let name = Rc::clone(&pod.meta.key.name);
    if let Some(reason) = store.pod_policy() {
        return Err(Status::forbidden(Kind::Pod, &name, reason));
    }
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
    let grace_ms = grace_ms(&pod, grace_seconds);
    if grace_ms == 0 {
        store.remove::<Pod>(key);
        return Ok(());
    }
    if pod.meta.deletion.is_some_and(|known| grace_seconds.is_none() || known.grace_ms <= grace_ms)
    {
        return Ok(());
    }
    let deletion = Deletion { timestamp: now.saturating_add(grace_ms), grace_ms };
    store.update::<Pod>(key, |pod| pod.meta.deletion = Some(deletion));
    Ok(())
}

fn grace_ms(pod: &Pod, grace_seconds: Option<i64>) -> Millis {
    if pod.node.is_none() || pod.status.phase.is_terminal() {
        return 0;
    }
    match grace_seconds {
        None => pod.template.termination_grace_ms,
        Some(seconds) if seconds < 0 => SECOND,
        Some(seconds) => seconds.unsigned_abs().saturating_mul(SECOND),
    }
}
