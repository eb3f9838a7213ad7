//! The descriptions of claims, persistent volumes and storage classes.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describePersistentVolumeClaim,
//! describePersistentVolume, describeStorageClass, describeVolumeAttributesClass.

use super::text::{Text, go_list, plain, time};
use super::view::View;
use super::{events, pods, volumes};
use crate::api::Tree;
use crate::print::{access_modes, labels, since};
use serde_json::Value;

const DEFAULT_CLASS: [&str; 2] = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
];

/// The class of a claim or of a volume, which may still stand in an annotation.
pub fn class_of(object: &Value) -> &str {
    let annotations = object.at("metadata").at("annotations");
    let legacy = annotations.opt_text("volume.beta.kubernetes.io/storage-class");
    legacy.unwrap_or_else(|| object.at("spec").text("storageClassName"))
}

fn status(view: &View, object: &Value, text: &mut Text) {
    match object.at("metadata").text("deletionTimestamp") {
        "" => text.put(0, "Status", object.at("status").text("phase")),
        deleted => {
            let lasts = since(deleted, view.now);
            text.put(0, "Status", format_args!("Terminating (lasts {lasts})"));
        }
    }
}

/// Writes the description of a claim.
pub fn of_claim(view: &View, claim: &Value, text: &mut Text) {
    let spec = claim.at("spec");
    text.name(claim);
    text.put(0, "StorageClass", class_of(claim));
    status(view, claim, text);
    text.put(0, "Volume", spec.text("volumeName"));
    text.labels_and_annotations(claim);
    text.put(0, "Finalizers", go_list(claim.at("metadata"), "finalizers"));
    size(claim, "", text);
    text.list("", "Used By", &pods::using(view, claim));
    let conditions = claim.at("status").items("conditions");
    if !conditions.is_empty() {
        text.head(0, "Conditions");
        text.raw(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
        text.raw(1, "----\t------\t-----------------\t------------------\t------\t-------");
    }
    for condition in conditions {
        let (kind, status) = (condition.text("type"), condition.text("status"));
        let probed = time(condition.text("lastProbeTime"));
        let changed = time(condition.text("lastTransitionTime"));
        let (reason, message) = (condition.text("reason"), condition.text("message"));
        text.raw(
            1,
            format_args!("{kind} \t{status} \t{probed} \t{changed} \t{reason} \t{message}"),
        );
    }
    events::describe(view, claim, "PersistentVolumeClaim", text);
}

/// Writes the part of a claim's description that tells its size and what it is made from.
fn size(claim: &Value, indent: &str, text: &mut Text) {
    let (spec, status) = (claim.at("spec"), claim.at("status"));
    let is_bound = !spec.text("volumeName").is_empty();
    let (capacity, modes) = match is_bound {
        true => {
            let storage = plain(status.at("capacity").at("storage"));
            (
                if storage.is_empty() { "0".into() } else { storage },
                access_modes(status, "accessModes"),
            )
        }
        false => (String::new(), String::new()),
    };
    text.put(0, &format!("{indent}Capacity"), capacity);
    text.put(0, &format!("{indent}Access Modes"), modes);
    if let Some(mode) = spec.opt_text("volumeMode") {
        text.put(0, &format!("{indent}VolumeMode"), mode);
    }
    if let Some(source) = spec.set("dataSource") {
        text.raw(0, format_args!("{indent}DataSource:"));
        if let Some(group) = source.opt_text("apiGroup") {
            text.put(1, &format!("{indent}APIGroup"), group);
        }
        text.put(1, &format!("{indent}Kind"), source.text("kind"));
        text.put(1, &format!("{indent}Name"), source.text("name"));
    }
}

/// Writes the template of the claim of an ephemeral volume.
pub fn claim_template(template: &Value, text: &mut Text) {
    const INDENT: &str = "    ";
    text.put(2, "StorageClass", class_of(template));
    text.put(2, "Volume", template.at("spec").text("volumeName"));
    let meta = template.at("metadata");
    let pairs = |field: &str, between: &str| -> Vec<String> {
        let all = meta.at(field).as_object().into_iter().flatten();
        all.map(|(key, value)| format!("{key}{between}{}", value.as_str().unwrap_or_default()))
            .collect()
    };
    indented_list("Labels", &pairs("labels", "="), text);
    indented_list("Annotations", &pairs("annotations", ": "), text);
    size(template, INDENT, text);
}

/// A list within a volume. Each of its pieces is indented by itself, the items as well.
fn indented_list(title: &str, items: &[String], text: &mut Text) {
    const INDENT: &str = "    ";
    let first = items.first().map_or("<none>", String::as_str);
    text.raw(0, format_args!("{INDENT}{title}:\t{INDENT}{first}"));
    for item in items.iter().skip(1) {
        text.raw(0, format_args!("{INDENT}\t{INDENT}{item}"));
    }
}

/// Writes the description of a persistent volume.
pub fn of_volume(view: &View, volume: &Value, text: &mut Text) {
    let (meta, spec) = (volume.at("metadata"), volume.at("spec"));
    text.put(0, "Name", meta.text("name"));
    text.labels_and_annotations(volume);
    text.put(0, "Finalizers", go_list(meta, "finalizers"));
    text.put(0, "StorageClass", class_of(volume));
    status(view, volume, text);
    let claim = spec.set("claimRef");
    let claim = claim.map(|it| format!("{}/{}", it.text("namespace"), it.text("name")));
    text.put(0, "Claim", claim.unwrap_or_default());
    text.put(0, "Reclaim Policy", spec.text("persistentVolumeReclaimPolicy"));
    text.put(0, "Access Modes", access_modes(spec, "accessModes"));
    if let Some(mode) = spec.opt_text("volumeMode") {
        text.put(0, "VolumeMode", mode);
    }
    let capacity = plain(spec.at("capacity").at("storage"));
    text.put(0, "Capacity", if capacity.is_empty() { "0" } else { &capacity });
    node_affinity(spec, text);
    text.put(0, "Message", volume.at("status").text("message"));
    text.head(0, "Source");
    volumes::source(spec, text);
    events::describe(view, volume, "PersistentVolume", text);
}

fn node_affinity(spec: &Value, text: &mut Text) {
    let Some(required) = spec.at("nodeAffinity").set("required") else {
        text.put(0, "Node Affinity", "<none>");
        return;
    };
    text.put(0, "Node Affinity", "");
    let terms = required.items("nodeSelectorTerms");
    text.put(1, "Required Terms", if terms.is_empty() { "<none>" } else { "" });
    for (at, term) in terms.iter().enumerate() {
        let shown = |it: &Value| requirement(it, &it.text("operator").to_lowercase());
        let lines: Vec<String> = term.items("matchExpressions").iter().map(shown).collect();
        text.list("    ", &format!("Term {at}"), &lines);
    }
}

fn requirement(requirement: &Value, operator: &str) -> String {
    let key = requirement.text("key");
    match super::text::joined(requirement, "values", ", ") {
        values if values.is_empty() => format!("{key} {operator}"),
        values => format!("{key} {operator} [{values}]"),
    }
}

/// Writes the description of a class of volume attributes.
pub fn attributes_class(view: &View, class: &Value, text: &mut Text) {
    text.put(0, "Name", class.at("metadata").text("name"));
    text.put(0, "Annotations", labels(class.at("metadata").at("annotations")));
    text.put(0, "DriverName", class.text("driverName"));
    text.put(0, "Parameters", labels(class.at("parameters")));
    events::describe(view, class, "VolumeAttributesClass", text);
}

/// Writes the description of a storage class.
pub fn of_class(view: &View, class: &Value, text: &mut Text) {
    let annotations = class.at("metadata").at("annotations");
    let is_default = DEFAULT_CLASS.iter().any(|key| annotations.text(key) == "true");
    text.put(0, "Name", class.at("metadata").text("name"));
    text.put(0, "IsDefaultClass", if is_default { "Yes" } else { "No" });
    text.put(0, "Annotations", labels(annotations));
    text.put(0, "Provisioner", class.text("provisioner"));
    text.put(0, "Parameters", labels(class.at("parameters")));
    let expands = class.set("allowVolumeExpansion");
    let expands = expands.map_or("<unset>", |it| super::text::yes(it.as_bool() == Some(true)));
    text.put(0, "AllowVolumeExpansion", expands);
    if class.items("mountOptions").is_empty() {
        text.put(0, "MountOptions", "<none>");
    } else {
        text.head(0, "MountOptions");
        class.texts("mountOptions").for_each(|option| text.raw(1, option));
    }
    for (title, field) in
        [("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")]
    {
        if let Some(value) = class.opt_text(field) {
            text.put(0, title, value);
        }
    }
    if class.set("allowedTopologies").is_some() {
        let terms = class.items("allowedTopologies");
        text.put(0, "AllowedTopologies", if terms.is_empty() { "<none>" } else { "" });
        for (at, term) in terms.iter().enumerate() {
            let expressions = term.items("matchLabelExpressions").iter();
            let lines: Vec<String> = expressions.map(|it| requirement(it, "in")).collect();
            text.list("  ", &format!("Term {at}"), &lines);
        }
    }
    events::describe(view, class, "StorageClass", text);
}
