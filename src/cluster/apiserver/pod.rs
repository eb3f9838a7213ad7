//! Creating and deleting pods.
//!
//! Upstream: `pkg/registry/core/pod/strategy.go`.

use super::plain::{self, Plain};
use super::webhook;
use crate::api::status::quoted;
use crate::api::{ApiObject, FieldError, Kubernetes, Status, Tree};
use crate::cluster::meta::{Deletion, Key, Kind, Meta, Shared};
use crate::cluster::pod::{ClaimVolume, Pod};
use crate::cluster::store::Store;
use crate::cluster::template::PodTemplate;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::{Cluster, objects};
use serde_json::{Value, json};
use std::rc::Rc;

/// The longest label value.
const MAX_LABEL_VALUE: usize = 63;

/// Creates a pod of a manifest.
///
/// # Errors
/// `Invalid`, `AlreadyExists`, or the refusal of a webhook.
pub fn create_written(cluster: &mut Cluster, object: &ApiObject) -> Result<(), Status> {
    plain::create_admitted::<Pod>(cluster, object, &mut |store, pod| webhook::admit(store, pod))
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
    webhook::admit(store, &mut pod)?;
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

/// A pod of a manifest. Simplified: its spec is kept as written; a service account, a token volume and
/// such are not added.
impl Plain for Pod {
    fn of(meta: Meta, api: ApiObject, old: Option<&Self>) -> Self {
        if let Some(old) = old.filter(|old| *old.api().spec() == *api.spec()) {
            return Self { meta, ..old.clone() };
        }
        let template = PodTemplate::from_api(&api.tree);
        let claims = template.claim_volumes.iter();
        let claims = claims
            .map(|each| ClaimVolume { volume: each.volume.clone(), claim: each.claim.clone() })
            .collect();
        let name = Rc::clone(&meta.key.name);
        Self {
            claims,
            hostname: api.spec().opt_text("hostname").map_or(name, Rc::from),
            subdomain: api.spec().text("subdomain").into(),
            node: old.map_or_else(|| template.node_name.clone(), |old| old.node.clone()),
            status: old.map(|old| old.status.clone()).unwrap_or_default(),
            template: Shared::new(template),
            meta,
        }
    }

    fn api(&self) -> ApiObject {
        let mut api = self.meta.to_api(Kind::Pod);
        api.tree.put("spec", self.template.api.at("spec").clone());
        let spec = api.spec_mut();
        let own = spec.items("volumes").to_vec();
        let missing =
            |volume: &&ClaimVolume| own.iter().all(|it| *it.text("name") != *volume.volume);
        let of_templates = self.claims.iter().filter(missing).map(|volume| {
            let claim = json!({"claimName": &*volume.claim});
            json!({"name": &*volume.volume, "persistentVolumeClaim": claim})
        });
        let volumes: Vec<Value> = of_templates.chain(own.iter().cloned()).collect();
        if !volumes.is_empty() {
            spec.put("volumes", volumes);
        }
        if !self.meta.owners.is_empty() {
            let owners: Vec<Value> = self.meta.owners.iter().map(objects::owner).collect();
            api.tree.open("metadata").put("ownerReferences", owners);
        }
        api
    }
}
