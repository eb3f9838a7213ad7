//! The cells of workloads and what belongs to them.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printStatefulSet, printDeployment, ….

use super::cell::Cell;
use super::texts::{age, labels, name};
use crate::api::{Kubernetes, Resource, Tree};
use serde_json::Value;

/// Names and images of a template's containers.
fn containers(object: &Value) -> [Cell; 2] {
    let containers = object.at("spec").at("template").at("spec").items("containers");
    ["name", "image"].map(|field| {
        let texts: Vec<&str> = containers.iter().map(|container| container.text(field)).collect();
        texts.join(",").into()
    })
}

pub fn stateful_set(set: &Value, _: Kubernetes) -> Vec<Cell> {
    let ready = set.at("status").int("readyReplicas");
    let ready = format!("{ready}/{}", set.at("spec").int("replicas"));
    let [names, images] = containers(set);
    vec![name(set), ready.into(), age(set), names, images]
}

pub fn deployment(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let status = object.at("status");
    let ready = format!("{}/{}", status.int("readyReplicas"), object.at("spec").int("replicas"));
    let [names, images] = containers(object);
    vec![
        name(object),
        ready.into(),
        status.int("updatedReplicas").into(),
        status.int("availableReplicas").into(),
        age(object),
        names,
        images,
        labels(object.at("spec").at("selector").at("matchLabels")).into(),
    ]
}

pub fn daemon_set(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let (spec, status) = (object.at("spec"), object.at("status"));
    let [names, images] = containers(object);
    let count = |field: &str| Cell::from(status.int(field));
    vec![
        name(object),
        count("desiredNumberScheduled"),
        count("currentNumberScheduled"),
        count("numberReady"),
        count("updatedNumberScheduled"),
        count("numberAvailable"),
        labels(spec.at("template").at("spec").at("nodeSelector")).into(),
        age(object),
        names,
        images,
        labels(spec.at("selector").at("matchLabels")).into(),
    ]
}

pub fn replica_set(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let (spec, status) = (object.at("spec"), object.at("status"));
    let [names, images] = containers(object);
    vec![
        name(object),
        spec.int("replicas").into(),
        status.int("replicas").into(),
        status.int("readyReplicas").into(),
        age(object),
        names,
        images,
        labels(spec.at("selector").at("matchLabels")).into(),
    ]
}

pub fn revision(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let owners = object.at("metadata").items("ownerReferences");
    let controller = owners.iter().find(|owner| owner.flag("controller"));
    let controller = controller.map_or("<none>".into(), |owner| {
        let resource = Resource::of_kind(owner.text("kind"), owner.text("apiVersion"));
        match resource {
            Some(resource) => resource.object(owner.text("name")),
            None => format!("{}/{}", owner.text("kind").to_lowercase(), owner.text("name")),
        }
    });
    vec![name(object), controller.into(), object.int("revision").into(), age(object)]
}

pub fn budget(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let amount = |field: &str| match object.at("spec").at(field) {
        Value::Null => Cell::from("N/A"),
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    };
    vec![
        name(object),
        amount("minAvailable"),
        amount("maxUnavailable"),
        object.at("status").int("disruptionsAllowed").into(),
        age(object),
    ]
}

pub fn autoscaler(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let (spec, status) = (object.at("spec"), object.at("status"));
    let target = spec.at("scaleTargetRef");
    let metrics: Vec<String> = spec
        .items("metrics")
        .iter()
        .map(|metric| {
            let resource = metric.at("resource");
            let wanted = resource.at("target").int("averageUtilization");
            format!("{}: <unknown>/{wanted}%", resource.text("name"))
        })
        .collect();
    vec![
        name(object),
        format!("{}/{}", target.text("kind"), target.text("name")).into(),
        metrics.join(", ").into(),
        spec.opt_int("minReplicas").unwrap_or(1).into(),
        spec.int("maxReplicas").into(),
        status.int("currentReplicas").into(),
        age(object),
    ]
}
