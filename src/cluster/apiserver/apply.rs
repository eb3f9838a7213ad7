//! What `kubectl apply` makes of one object: created, configured, unchanged or refused.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, applyOneObject.

use super::{claim_request, merge, service, stateful_set};
use crate::api::{self, ApiObject, Status};
use crate::cluster::meta::{Key, Labels, Meta};
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::Claim;
use crate::cluster::store::Store;
use crate::cluster::{Cluster, Outcome};
use serde_json::Value;

/// The annotation in which kubectl keeps the manifest that it applied last.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Applies one object, independently of others: it is created, or merged into the one there is.
pub fn apply(cluster: &mut Cluster, object: &ApiObject, outcome: &mut Outcome) {
    let mut warnings = Vec::new();
    match applied(cluster, object, &mut warnings) {
        Ok(verb) => outcome.lines.push(format!("{} {verb}", resource_name(object))),
        Err(refusal) => outcome.refusals.push(refusal),
    }
    outcome.warnings.extend(warnings);
}

/// The manifest that was applied last, if it is known.
pub fn last_applied(annotations: &Labels) -> Option<Value> {
    serde_json::from_str(annotations.get(LAST_APPLIED)?).ok()
}

fn applied(
    cluster: &mut Cluster,
    object: &ApiObject,
    warnings: &mut Vec<String>,
) -> Result<&'static str, Status> {
    let new = annotated(object);
    let key = Key::new(new.namespace(), new.name());
    let Some((live, meta)) = live(&cluster.store, &new, &key) else {
        create(cluster, &new)?;
        warnings.extend(api::warnings(&new));
        return Ok("created");
    };
    let last = last_applied(&meta.annotations);
    if last.is_none() {
        warnings.push(missing_annotation(&new));
    }
    let is_terminating = meta.is_terminating();
    let value = merge::three_way(last.as_ref(), &new.to_value(), &live.to_value());
    let merged = ApiObject::from_value(value)
        .map_err(|error| Status::bad_request(new.kind(), new.name(), error.to_string()))?;
    let is_sent = merged != live || has_claim_templates(&new);
    if is_sent && update(cluster, &key, &merged)? {
        warnings.extend(api::warnings(&merged));
    }
    if is_terminating {
        let name = new.name();
        let text = format!("Detected changes to resource {name} which is currently being deleted.");
        warnings.push(text);
    }
    Ok(if is_sent { "configured" } else { "unchanged" })
}

/// The object as kubectl sends it: with its namespace, and itself in an annotation.
fn annotated(object: &ApiObject) -> ApiObject {
    let mut new = object.clone();
    let namespace = new.namespace().to_owned();
    let meta = new.metadata_mut();
    meta.namespace = Some(namespace);
    meta.annotations.get_or_insert_default().remove(LAST_APPLIED);
    let text = format!("{}\n", as_written(new.to_value()));
    let annotations = new.metadata_mut().annotations.get_or_insert_default();
    annotations.insert(LAST_APPLIED.into(), text);
    new
}

/// The object without what people leave out and typed claim templates have: version and kind.
fn as_written(mut value: Value) -> Value {
    let templates = value.pointer_mut("/spec/volumeClaimTemplates").and_then(Value::as_array_mut);
    for template in templates.into_iter().flatten().filter_map(Value::as_object_mut) {
        template.remove("apiVersion");
        template.remove("kind");
    }
    value
}

/// The object there is, as an API object, and its metadata.
fn live(store: &Store, new: &ApiObject, key: &Key) -> Option<(ApiObject, Meta)> {
    Some(match new {
        ApiObject::StatefulSet(_) => {
            let set = store.get::<StatefulSet>(key)?;
            let api = stateful_set::to_api(set);
            (ApiObject::StatefulSet(Box::new(api)), set.meta.clone())
        }
        ApiObject::Service(_) => {
            let service = store.get::<Service>(key)?;
            let api = (*service.api).clone();
            (ApiObject::Service(Box::new(api)), service.meta.clone())
        }
        ApiObject::PersistentVolumeClaim(_) => {
            let claim = store.get::<Claim>(key)?;
            let api = claim_request::to_api(claim);
            (ApiObject::PersistentVolumeClaim(Box::new(api)), claim.meta.clone())
        }
    })
}

fn create(cluster: &mut Cluster, object: &ApiObject) -> Result<(), Status> {
    let (kubernetes, now) = (cluster.kubernetes(), cluster.now);
    match object {
        ApiObject::StatefulSet(set) => {
            stateful_set::create(&mut cluster.store, set, &kubernetes, now).map(drop)
        }
        ApiObject::Service(service) => service::create(cluster, service),
        ApiObject::PersistentVolumeClaim(claim) => {
            claim_request::create(&mut cluster.store, claim, &kubernetes, now)
        }
    }
}

/// Returns whether anything was written.
fn update(cluster: &mut Cluster, key: &Key, object: &ApiObject) -> Result<bool, Status> {
    let kubernetes = cluster.kubernetes();
    match object {
        ApiObject::StatefulSet(set) => {
            stateful_set::update(&mut cluster.store, key, set, &kubernetes)
        }
        ApiObject::Service(service) => service::update(cluster, key, service),
        ApiObject::PersistentVolumeClaim(claim) => {
            claim_request::update(&mut cluster.store, key, claim, &kubernetes)
        }
    }
}

/// kubectl's patch of a set that has claim templates is never empty: the templates are a list that
/// it replaces, and the server's have defaults.
fn has_claim_templates(object: &ApiObject) -> bool {
    let ApiObject::StatefulSet(set) = object else { return false };
    let templates = set.spec.as_ref().and_then(|spec| spec.volume_claim_templates.as_ref());
    templates.is_some_and(|templates| !templates.is_empty())
}

/// The object as kubectl names it, such as `statefulset.apps/web`.
fn resource_name(object: &ApiObject) -> String {
    let (kind, group, name) = (object.kind().to_lowercase(), object.group(), object.name());
    let dot = if group.is_empty() { "" } else { "." };
    format!("{kind}{dot}{group}/{name}")
}

fn missing_annotation(object: &ApiObject) -> String {
    format!(
        "resource {}s/{} is missing the {LAST_APPLIED} annotation which is required by kubectl \
         apply. kubectl apply should only be used on resources created declaratively by either \
         kubectl create --save-config or kubectl apply. The missing annotation will be patched \
         automatically.",
        object.kind().to_lowercase(),
        object.name()
    )
}
