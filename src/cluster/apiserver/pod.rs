//! Creating and deleting pods.
//!
//! Upstream: `pkg/registry/core/pod/strategy.go`.

use super::{delete, webhook};
use crate::api::status::quoted;
use crate::api::{ApiObject, FieldError, Kubernetes, Status, Tree};
use crate::cluster::builtin::SERVICE_ACCOUNT;
use crate::cluster::meta::{Key, Kind};
use crate::cluster::pod::Pod;
use crate::cluster::record::Record;
use crate::cluster::state::{Acts, Cluster};
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use serde_json::Value;
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
        let secrets = pull_secrets(&cluster.store, object.namespace(), object.spec());
        if let Some(secrets) = secrets {
            object.spec_mut().put("imagePullSecrets", secrets);
        }
        webhook::admit(&cluster.store, &mut object.tree)
    }
}

/// The pull secrets that a pod gets from its service account: those of the account, if it has none.
///
/// Upstream: `plugin/pkg/admission/serviceaccount/admission.go`, Admit.
fn pull_secrets(store: &Store, namespace: &str, spec: &Value) -> Option<Value> {
    let name = spec.opt_text("serviceAccountName").unwrap_or("default");
    let key = Key::new(namespace, name);
    let mut accounts = store.kept(SERVICE_ACCOUNT).filter(|it| it.metadata().key == key);
    let secrets = accounts.next()?.body().set("imagePullSecrets")?;
    let has_some = |list: &Value| list.as_array().is_some_and(|items| !items.is_empty());
    let is_free = !has_some(spec.at("imagePullSecrets"));
    (is_free && has_some(secrets)).then(|| secrets.clone())
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
    let secrets = pull_secrets(store, &pod.meta.key.namespace, pod.template.api.at("spec"));
    pod.pull_secrets = secrets.map(Rc::new);
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
