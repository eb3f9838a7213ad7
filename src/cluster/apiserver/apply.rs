//! What `kubectl apply` makes of one object: created, configured, unchanged or refused.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, applyOneObject.

use super::write;
use crate::api::change::{Change, FieldValidation};
use crate::api::object::LAST_APPLIED;
use crate::api::{ApiObject, Status, Tree, json, merge};
use crate::cluster::meta::{Key, Kind};
use crate::cluster::{Cluster, Outcome, objects};
use serde_json::Value;

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
fn last_applied(object: &Value) -> Option<Value> {
    json::parse(object.at("metadata").at("annotations").opt_text(LAST_APPLIED)?).ok()
}

fn applied(
    cluster: &mut Cluster,
    object: &ApiObject,
    warnings: &mut Vec<String>,
) -> Result<&'static str, Status> {
    let new = annotated(object);
    let namespace = if new.kind.is_namespaced() { new.namespace() } else { "" };
    let key = Key::new(namespace, new.name());
    let Some(live) = objects::get(cluster, new.kind, &key) else {
        let validation = FieldValidation::Strict;
        warnings.extend(write::create(cluster, new.kind, namespace, &new.tree, validation)?.1);
        return Ok("created");
    };
    let last = last_applied(&live);
    if last.is_none() {
        warnings.push(missing_annotation(&new));
    }
    let merged = merge::three_way(last.as_ref(), &new.tree, &live);
    let is_sent = merged != *live || has_claim_templates(&new);
    if is_sent {
        let change = Change::Replace(merged);
        let validation = FieldValidation::Strict;
        warnings.extend(write::update(cluster, new.kind, &key, &change, validation)?.1);
    }
    if live.at("metadata").set("deletionTimestamp").is_some() {
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
