//! History and undo of Deployments: their revisions are ReplicaSets.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{history,rollback}.go`,
//! DeploymentHistoryViewer, DeploymentRollbacker.

use super::select::Found;
use super::send::CHANGE_CAUSE;
use crate::api::Resource;
use crate::api::Tree;
use crate::api::object::LAST_APPLIED;
use crate::client::Failure;
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
            cause: annotations.text(CHANGE_CAUSE).into(),
            annotations: annotations.clone(),
        })
    };
    let mut all: Vec<Revision> =
        world.list(&resource).into_iter().filter(is_own).filter_map(read).collect();
    all.sort_by_key(|revision| revision.number);
    all
}

/// How a Deployment's roll-out goes, and whether it is through.
pub fn status(object: &Value) -> (String, bool) {
    let name = object.at("metadata").text("name");
    let (spec, status) = (object.at("spec"), object.at("status"));
    if status.int("observedGeneration") < object.at("metadata").int("generation") {
        return ("Waiting for deployment spec update to be observed...".into(), false);
    }
    let replicas = spec.int("replicas");
    let (all, updated) = (status.int("replicas"), status.int("updatedReplicas"));
    let available = status.int("availableReplicas");
    let waiting = format!("Waiting for deployment \"{name}\" rollout to finish: ");
    match () {
        () if updated < replicas => (
            format!("{waiting}{updated} out of {replicas} new replicas have been updated..."),
            false,
        ),
        () if all > updated => {
            (format!("{waiting}{} old replicas are pending termination...", all - updated), false)
        }
        () if available < updated => {
            (format!("{waiting}{available} of {updated} updated replicas are available..."), false)
        }
        () => (format!("deployment \"{name}\" successfully rolled out"), true),
    }
}

/// The number of the revision that a Deployment runs.
///
/// # Errors
/// It has none yet.
pub fn number(deployment: &Value) -> Result<i64, Failure> {
    let text = deployment.at("metadata").at("annotations").text(REVISION);
    let parsed = text.parse();
    parsed.map_err(|_| {
        Failure::error(format!(
            "cannot get the revision of deployment \"{}\": strconv.ParseInt: parsing \"{text}\": \
             invalid syntax",
            deployment.at("metadata").text("name")
        ))
    })
}

/// The template of a revision; 0 is the one before the present one.
///
/// # Errors
/// There is no such revision.
pub fn template(found: &Found, number: i64, world: &dyn World) -> Result<Value, Failure> {
    revision(found, number, world).map(|revision| revision.template)
}

fn revision(found: &Found, number: i64, world: &dyn World) -> Result<Revision, Failure> {
    let mut all = revisions(found, world);
    let place = match number {
        0 => all.len().checked_sub(2),
        number => all.iter().position(|revision| revision.number == number),
    };
    match place {
        Some(place) => Ok(all.swap_remove(place)),
        None => Err(Failure::error(match number {
            0 => format!("no rollout history found for deployment \"{}\"", found.name()),
            number => format!("unable to find specified revision {number} in history"),
        })),
    }
}

/// What takes a Deployment back to a revision; 0 is the one before the present one. None if it is as
/// it was there.
///
/// # Errors
/// There is no such revision, or the Deployment is paused.
pub fn undo(found: &Found, number: i64, world: &dyn World) -> Result<Option<Value>, Failure> {
    let Revision { mut template, annotations, .. } = revision(found, number, world)?;
    if found.object.at("spec").flag("paused") {
        let text = "you cannot rollback a paused deployment; resume it first with 'kubectl rollout \
                    resume' and try again";
        return Err(Failure::error(text));
    }
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
        key == LAST_APPLIED
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
