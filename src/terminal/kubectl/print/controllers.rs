//! The cells of workloads and what belongs to them.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printStatefulSet, printDeployment, ….

use super::{Printing, age, labels};
use crate::api::Resource;
use crate::api::Tree;
use serde_json::Value;

fn name(object: &Value) -> String {
    object.at("metadata").text("name").into()
}

/// Names and images of a template's containers.
fn containers(object: &Value) -> [String; 2] {
    let containers = object.at("spec").at("template").at("spec").items("containers");
    ["name", "image"].map(|field| {
        let texts: Vec<&str> = containers.iter().map(|container| container.text(field)).collect();
        texts.join(",")
    })
}

pub fn stateful_set(set: &Value, printing: &Printing) -> Vec<String> {
    let ready = set.at("status").int("readyReplicas");
    let ready = format!("{ready}/{}", set.at("spec").int("replicas"));
    let [names, images] = containers(set);
    vec![name(set), ready, age(set, printing.now), names, images]
}

pub fn deployment(object: &Value, printing: &Printing) -> Vec<String> {
    let status = object.at("status");
    let ready = format!("{}/{}", status.int("readyReplicas"), object.at("spec").int("replicas"));
    let [names, images] = containers(object);
    vec![
        name(object),
        ready,
        status.int("updatedReplicas").to_string(),
        status.int("availableReplicas").to_string(),
        age(object, printing.now),
        names,
        images,
        labels(object.at("spec").at("selector").at("matchLabels")),
    ]
}

pub fn daemon_set(object: &Value, printing: &Printing) -> Vec<String> {
    let (spec, status) = (object.at("spec"), object.at("status"));
    let [names, images] = containers(object);
    let count = |field: &str| status.int(field).to_string();
    vec![
        name(object),
        count("desiredNumberScheduled"),
        count("currentNumberScheduled"),
        count("numberReady"),
        count("updatedNumberScheduled"),
        count("numberAvailable"),
        labels(spec.at("template").at("spec").at("nodeSelector")),
        age(object, printing.now),
        names,
        images,
        labels(spec.at("selector").at("matchLabels")),
    ]
}

pub fn replica_set(object: &Value, printing: &Printing) -> Vec<String> {
    let (spec, status) = (object.at("spec"), object.at("status"));
    let [names, images] = containers(object);
    vec![
        name(object),
        spec.int("replicas").to_string(),
        status.int("replicas").to_string(),
        status.int("readyReplicas").to_string(),
        age(object, printing.now),
        names,
        images,
        labels(spec.at("selector").at("matchLabels")),
    ]
}

pub fn revision(object: &Value, printing: &Printing) -> Vec<String> {
    let owners = object.at("metadata").items("ownerReferences");
    let controller = owners.iter().find(|owner| owner.flag("controller"));
    let controller = controller.map_or("<none>".into(), |owner| {
        let resource = Resource::of_kind(owner.text("kind"), owner.text("apiVersion"));
        match resource {
            Some(resource) => resource.object(owner.text("name")),
            None => format!("{}/{}", owner.text("kind").to_lowercase(), owner.text("name")),
        }
    });
    let revision = object.int("revision").to_string();
    vec![name(object), controller, revision, age(object, printing.now)]
}

pub fn budget(object: &Value, printing: &Printing) -> Vec<String> {
    let amount = |field: &str| match object.at("spec").at(field) {
        Value::Null => "N/A".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    vec![
        name(object),
        amount("minAvailable"),
        amount("maxUnavailable"),
        object.at("status").int("disruptionsAllowed").to_string(),
        age(object, printing.now),
    ]
}

pub fn autoscaler(object: &Value, printing: &Printing) -> Vec<String> {
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
        format!("{}/{}", target.text("kind"), target.text("name")),
        metrics.join(", "),
        spec.opt_int("minReplicas").unwrap_or(1).to_string(),
        spec.int("maxReplicas").to_string(),
        status.int("currentReplicas").to_string(),
        age(object, printing.now),
    ]
}
