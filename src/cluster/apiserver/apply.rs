//! What `kubectl apply` makes of one object: created, configured, unchanged or refused.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, applyOneObject.

use super::plain::Plain;
use super::{claim_request, plain, pod, service, stateful_set};
use crate::api::{self, ApiObject, Status, Tree, json, merge};
use crate::cluster::budget::Budget;
use crate::cluster::deployment::{Deployment, ReplicaSet};
use crate::cluster::meta::{Key, Kind, Labels, Meta};
use crate::cluster::pod::Pod;
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::{Claim, StorageClass, Volume};
use crate::cluster::store::Store;
use crate::cluster::{Cluster, Outcome};
use serde_json::Value;
use std::rc::Rc;

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
    json::parse(annotations.get(LAST_APPLIED)?).ok()
}

fn applied(
    cluster: &mut Cluster,
    object: &ApiObject,
    warnings: &mut Vec<String>,
) -> Result<&'static str, Status> {
    let new = annotated(object);
    let namespace = if new.kind.is_namespaced() { new.namespace() } else { "" };
    let key = Key::new(namespace, new.name());
    let Some((live, meta)) = live(&cluster.store, new.kind, &key) else {
        create(cluster, &new)?;
        warnings.extend(api::warnings(&new));
        return Ok("created");
    };
    let last = last_applied(&meta.annotations);
    if last.is_none() {
        warnings.push(missing_annotation(&new));
    }
    let is_terminating = meta.is_terminating();
    let tree = merge::three_way(last.as_ref(), &new.tree, &live.tree);
    let merged = ApiObject { kind: new.kind, tree };
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
    let is_namespaced = new.kind.is_namespaced();
    let meta = new.tree.open("metadata");
    if is_namespaced {
        meta.put("namespace", namespace);
    }
    meta.open("annotations").drop_field(LAST_APPLIED);
    let text = format!("{}\n", new.tree);
    new.tree.open("metadata").open("annotations").put(LAST_APPLIED, text);
    new
}

/// The object of a kind that a manifest may hold, as the server shows it.
pub fn api_object(store: &Store, kind: Kind, key: &Key) -> Option<ApiObject> {
    live(store, kind, key).map(|(object, _)| object)
}

/// The object there is, as an API object, and its metadata.
fn live(store: &Store, kind: Kind, key: &Key) -> Option<(ApiObject, Meta)> {
    Some(match kind {
        Kind::StatefulSet => {
            let set = store.get::<StatefulSet>(key)?;
            (stateful_set::to_api(set), set.meta.clone())
        }
        Kind::Service => {
            let service = store.get::<Service>(key)?;
            ((*service.api).clone(), service.meta.clone())
        }
        Kind::PersistentVolumeClaim => {
            let claim = store.get::<Claim>(key)?;
            (claim_request::to_api(claim), claim.meta.clone())
        }
        Kind::PodDisruptionBudget => plain(store.get::<Budget>(key)?),
        Kind::Pod => plain(store.get::<Pod>(key)?),
        Kind::PersistentVolume => plain(store.get::<Volume>(key)?),
        Kind::StorageClass => plain(store.get::<StorageClass>(key)?),
        Kind::Deployment => plain(store.get::<Deployment>(key)?),
        Kind::ReplicaSet => plain(store.get::<ReplicaSet>(key)?),
        _ => return None,
    })
}

fn plain<T: Plain>(object: &Rc<T>) -> (ApiObject, Meta) {
    (object.api(), object.meta().clone())
}

/// Creates an object of a kind that a manifest may hold.
///
/// # Errors
/// The server's refusal.
pub fn create(cluster: &mut Cluster, object: &ApiObject) -> Result<(), Status> {
    let (kubernetes, now) = (cluster.kubernetes(), cluster.now);
    match object.kind {
        Kind::StatefulSet => {
            stateful_set::create(&mut cluster.store, object, &kubernetes, now).map(drop)
        }
        Kind::Service => service::create(cluster, object),
        Kind::PersistentVolumeClaim => {
            claim_request::create(&mut cluster.store, object, &kubernetes, now)
        }
        Kind::PodDisruptionBudget => plain::create::<Budget>(cluster, object),
        Kind::Pod => pod::create_written(cluster, object),
        Kind::PersistentVolume => plain::create::<Volume>(cluster, object),
        Kind::StorageClass => plain::create::<StorageClass>(cluster, object),
        Kind::Deployment => plain::create::<Deployment>(cluster, object),
        other => Err(not_applied(other, object)),
    }
}

/// Replaces an object of such a kind. Returns whether anything was written.
///
/// # Errors
/// The server's refusal.
pub fn update(cluster: &mut Cluster, key: &Key, object: &ApiObject) -> Result<bool, Status> {
    let kubernetes = cluster.kubernetes();
    match object.kind {
        Kind::StatefulSet => stateful_set::update(&mut cluster.store, key, object, &kubernetes),
        Kind::Service => service::update(cluster, key, object),
        Kind::PersistentVolumeClaim => {
            claim_request::update(&mut cluster.store, key, object, &kubernetes)
        }
        Kind::PodDisruptionBudget => plain::update::<Budget>(cluster, key, object),
        Kind::Pod => plain::update::<Pod>(cluster, key, object),
        Kind::PersistentVolume => plain::update::<Volume>(cluster, key, object),
        Kind::StorageClass => plain::update::<StorageClass>(cluster, key, object),
        Kind::Deployment => plain::update::<Deployment>(cluster, key, object),
        Kind::ReplicaSet => plain::update::<ReplicaSet>(cluster, key, object),
        other => Err(not_applied(other, object)),
    }
}

/// No manifest holds such an object, see [`Kind::APPLIED`].
fn not_applied(kind: Kind, object: &ApiObject) -> Status {
    Status::forbidden(kind, object.name(), "this playground does not take it from a manifest")
}

/// kubectl's patch of a set that has claim templates is never empty: the templates are a list that
/// it replaces, and the server's have defaults.
fn has_claim_templates(object: &ApiObject) -> bool {
    object.kind == Kind::StatefulSet && !object.spec().items("volumeClaimTemplates").is_empty()
}

/// The object as kubectl names it, such as `statefulset.apps/web`.
fn resource_name(object: &ApiObject) -> String {
    format!("{}/{}", object.kind.singular(), object.name())
}

fn missing_annotation(object: &ApiObject) -> String {
    format!(
        "resource {}s/{} is missing the {LAST_APPLIED} annotation which is required by kubectl \
         apply. kubectl apply should only be used on resources created declaratively by either \
         kubectl create --save-config or kubectl apply. The missing annotation will be patched \
         automatically.",
        object.kind.name().to_ascii_lowercase(),
        object.name()
    )
}
