//! The cells of claims, volumes and classes.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printPersistentVolumeClaim, ….

use super::cell::Cell;
use super::texts::{age, name};
use crate::api::{Kubernetes, Tree};
use serde_json::Value;

/// Access modes in short, such as `RWO,ROX`.
pub fn access_modes(object: &Value, field: &str) -> String {
    const SHORT: [(&str, &str); 4] = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let has = |mode: &str| object.texts(field).any(|own| own == mode);
    let short: Vec<&str> =
        SHORT.iter().filter(|(mode, _)| has(mode)).map(|(_, short)| *short).collect();
    short.join(",")
}

fn phase(object: &Value) -> Cell {
    match object.at("metadata").text("deletionTimestamp") {
        "" => object.at("status").text("phase").into(),
        _ => "Terminating".into(),
    }
}

/// A class that may still stand in an annotation.
fn class_of(object: &Value) -> &str {
    let annotations = object.at("metadata").at("annotations");
    let legacy = annotations.opt_text("volume.beta.kubernetes.io/storage-class");
    legacy.unwrap_or_else(|| object.at("spec").text("storageClassName"))
}

fn attributes_class(object: &Value) -> Cell {
    match object.at("spec").text("volumeAttributesClassName") {
        "" => "<unset>".into(),
        class => class.into(),
    }
}

pub fn claim(claim: &Value, _: Kubernetes) -> Vec<Cell> {
    let (spec, status) = (claim.at("spec"), claim.at("status"));
    let volume = spec.text("volumeName");
    let (capacity, modes) = match volume {
        "" => (String::new(), String::new()),
        _ => {
            let storage = status.at("capacity").opt_text("storage").unwrap_or("0");
            (storage.to_owned(), access_modes(status, "accessModes"))
        }
    };
    vec![
        name(claim),
        phase(claim),
        volume.into(),
        capacity.into(),
        modes.into(),
        class_of(claim).into(),
        attributes_class(claim),
        age(claim),
        mode(spec),
    ]
}

fn mode(spec: &Value) -> Cell {
    spec.opt_text("volumeMode").unwrap_or("<unset>").into()
}

pub fn volume(volume: &Value, _: Kubernetes) -> Vec<Cell> {
    let spec = volume.at("spec");
    let claim = spec.set("claimRef").map_or(String::new(), |claim| {
        format!("{}/{}", claim.text("namespace"), claim.text("name"))
    });
    vec![
        name(volume),
        spec.at("capacity").text("storage").into(),
        access_modes(spec, "accessModes").into(),
        spec.text("persistentVolumeReclaimPolicy").into(),
        phase(volume),
        claim.into(),
        class_of(volume).into(),
        attributes_class(volume),
        volume.at("status").text("reason").into(),
        age(volume),
        mode(spec),
    ]
}

pub fn class(class: &Value, _: Kubernetes) -> Vec<Cell> {
    let annotations = class.at("metadata").at("annotations");
    let is_default = annotations.text("storageclass.kubernetes.io/is-default-class") == "true";
    let default = if is_default { " (default)" } else { "" };
    vec![
        format!("{}{default}", class.at("metadata").text("name")).into(),
        class.text("provisioner").into(),
        class.opt_text("reclaimPolicy").unwrap_or("Delete").into(),
        class.opt_text("volumeBindingMode").unwrap_or("<unset>").into(),
        class.flag("allowVolumeExpansion").to_string().into(),
        age(class),
    ]
}

pub fn attributes(class: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(class), class.text("driverName").into(), age(class)]
}

pub fn attachment(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let spec = object.at("spec");
    vec![
        name(object),
        spec.text("attacher").into(),
        spec.at("source").text("persistentVolumeName").into(),
        spec.text("nodeName").into(),
        object.at("status").flag("attached").to_string().into(),
        age(object),
    ]
}
