//! History and undo of Deployments: their revisions are ReplicaSets.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{history,rollback}.go`,
//! DeploymentHistoryViewer, DeploymentRollbacker.

use super::Failure;
use super::resources::Resource;
use super::select::Found;
use crate::api::Tree;
use crate::cluster::deployment::{HASH_LABEL, REVISION};
use crate::terminal::world::World;
use serde_json::{Value, json};
use std::rc::Rc;

/// A revision: its number, its template, and why it was made.
pub struct Revision {
    pub number: i64,
    pub template: Value,
    pub cause: String,
    annotations: Value,
}

/// The revisions of a Deployment, oldest first.
pub fn revisions(found: &Found, world: &dyn World) -> Vec<Revision> {
    let Some(resource) = Resource::named("replicasets") else { return Vec::new() };
    let uid = found.object.at("metadata").text("uid");
    let is_own = |set: &Rc<Value>| {
        let owners = set.at("metadata").items("ownerReferences");
        owners.iter().any(|owner| owner.flag("controller") && owner.text("uid") == uid)
    };
    let read = |set: Rc<Value>| {
        let annotations = set.at("metadata").at("annotations");
        Some(Revision {
            number: annotations.text(REVISION).parse().ok()?,
            template: set.at("spec").at("template").clone(),
            cause: annotations.text("kubernetes.io/change-cause").into(),
            annotations: annotations.clone(),
        })
    };
    let mut all: Vec<Revision> =
        world.list(&resource).into_iter().filter(is_own).filter_map(read).collect();
    all.sort_by_key(|revision| revision.number);
    all
}

/// What takes a Deployment back to a revision; 0 is the one before the present one. None if it is as
/// it was there.
///
/// # Errors
/// There is no such revision, or the Deployment is paused.
pub fn undo(found: &Found, number: i64, world: &dyn World) -> Result<Option<Value>, Failure> {
    let name = found.name();
    if found.object.at("spec").flag("paused") {
        return Err(Failure::error(format!(
            "cannot rollback a paused deployment; resume it first with 'kubectl rollout resume \
             deployment/{name}' and try again"
        )));
    }
    let mut all = revisions(found, world);
    let place = match number {
        0 => all.len().checked_sub(2),
        number => all.iter().position(|revision| revision.number == number),
    };
    let Some(place) = place else {
        return Err(Failure::error(match number {
            0 => format!("no rollout history found for deployment \"{name}\""),
            number => format!("unable to find specified revision {number} in history"),
        }));
    };
    let Revision { mut template, annotations, .. } = all.swap_remove(place);
    if let Some(labels) = template.open("metadata").set_mut("labels") {
        labels.drop_field(HASH_LABEL);
    }
    if *found.object.at("spec").at("template") == template {
        return Ok(None);
    }
    let annotations = merged(found.object.at("metadata").at("annotations"), &annotations);
    Ok(Some(json!([
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations},
    ])))
}

/// The annotations of the Deployment's own, and the others of the revision.
fn merged(own: &Value, revision: &Value) -> Value {
    let is_own = |key: &str| {
        key == "kubectl.kubernetes.io/last-applied-configuration"
            || key.starts_with("deployment.kubernetes.io/")
            || key == "deprecated.deployment.rollback.to"
    };
    let mut all = json!({});
    for (from, of_deployment) in [(own, true), (revision, false)] {
        let members = from.as_object().into_iter().flatten();
        for (key, value) in members.filter(|(key, _)| is_own(key) == of_deployment) {
            all.put(key, value.clone());
        }
    }
    all
}
