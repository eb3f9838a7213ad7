//! What the API server warns about although it accepts the object.
//!
//! Upstream: `pkg/registry/apps/statefulset/strategy.go`, `WarningsOnCreate`;
//! `pkg/api/pod/warnings.go`; `pkg/api/persistentvolumeclaim/util.go`;
//! `pkg/api/persistentvolume/util.go`.

use super::Tree;
use super::quantity::Quantity;
use super::status::quoted;
use serde_json::{Map, Value};

pub(super) fn stateful_set(found: &mut Vec<String>, set: &Value) {
    let spec = set.at("spec");
    pod_spec(found, spec.at("template").at("spec"), "spec.template.spec");
    for (index, claim) in spec.items("volumeClaimTemplates").iter().enumerate() {
        let path = format!("spec.volumeClaimTemplates[{index}]");
        resources(found, claim.at("spec"), &path);
    }
    if spec.int("revisionHistoryLimit") < 0 {
        found.push(HISTORY.into());
    }
}

pub(super) fn claim(found: &mut Vec<String>, claim: &Value) {
    deprecated_annotations(found, claim, 1);
    resources(found, claim.at("spec"), "spec");
}

pub(super) fn pod(found: &mut Vec<String>, pod: &Value) {
    pod_spec(found, pod.at("spec"), "spec");
}

pub(super) fn service(found: &mut Vec<String>, service: &Value) {
    let spec = service.at("spec");
    if spec.text("clusterIP") == "None" && spec.text("sessionAffinity") == "ClientIP" {
        found.push("spec.SessionAffinity is ignored for headless services".into());
    }
}

const HISTORY: &str = "spec.revisionHistoryLimit: a negative value retains all historical \
    revisions; a value >= 0 is recommended";

fn pod_spec(found: &mut Vec<String>, pod: &Value, path: &str) {
    let mut secrets = Map::new();
    for (index, secret) in pod.items("imagePullSecrets").iter().enumerate() {
        let path = format!("{path}.imagePullSecrets[{index}].name");
        let name = secret.text("name");
        if name.is_empty() {
            found.push(format!("{path}: invalid empty name \"\""));
        } else if secrets.insert(name.into(), Value::Null).is_some() {
            found.push(format!("{path}: duplicate name {}", quoted(name)));
        }
    }
    for list in ["initContainers", "containers"] {
        for (index, each) in pod.items(list).iter().enumerate() {
            container(found, each, &format!("{path}.{list}[{index}]"));
        }
    }
    if pod.int("terminationGracePeriodSeconds") < 0 {
        found.push(format!(
            "{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and \
             will be treated as 1"
        ));
    }
    null_selectors(found, pod, path);
}

fn container(found: &mut Vec<String>, container: &Value, path: &str) {
    resources(found, container, path);
    let mut names = Map::new();
    for (index, variable) in container.items("env").iter().enumerate() {
        let name = variable.text("name");
        // A value that is made of the one before it hides nothing.
        let (value, before) = (variable.text("value"), format!("$({name})"));
        let is_made_of_it = variable.set("valueFrom").is_none()
            && value != before
            && value.contains(before.as_str());
        if names.insert(name.into(), Value::Null).is_some() && !is_made_of_it {
            found.push(format!(
                "{path}.env[{index}]: hides previous definition of {}, which may be dropped when \
                 using apply",
                quoted(name)
            ));
        }
    }
    let mut ports = Map::new();
    for (index, port) in container.items("ports").iter().enumerate() {
        let (number, host_port) = (port.at("containerPort"), port.at("hostPort"));
        let (protocol, host_ip) = (port.at("protocol"), port.at("hostIP"));
        let key = format!("{number} {protocol} {host_ip} {host_port}");
        if let Some(first) = ports.insert(key, index.into()) {
            found.push(format!(
                "{path}.ports[{index}]: duplicate port definition with {path}.ports[{first}]"
            ));
        }
    }
}

fn null_selectors(found: &mut Vec<String>, pod: &Value, path: &str) {
    let mut check = |term: &Value, place: String| {
        if term.set("labelSelector").is_none() {
            const NULL: &str = "a null labelSelector results in matching no pod";
            found.push(format!("{path}.{place}.labelSelector: {NULL}"));
        }
    };
    for name in ["podAffinity", "podAntiAffinity"] {
        let affinity = pod.at("affinity").at(name);
        let list = "requiredDuringSchedulingIgnoredDuringExecution";
        for (index, term) in affinity.items(list).iter().enumerate() {
            check(term, format!("affinity.{name}.{list}[{index}]"));
        }
        let list = "preferredDuringSchedulingIgnoredDuringExecution";
        for (index, term) in affinity.items(list).iter().enumerate() {
            let place = format!("affinity.{name}.{list}[{index}].podAffinityTerm");
            check(term.at("podAffinityTerm"), place);
        }
    }
    for (index, each) in pod.items("topologySpreadConstraints").iter().enumerate() {
        check(each, format!("topologySpreadConstraints[{index}]"));
    }
}

/// Annotations that fields have taken the place of.
const DEPRECATED: [(&str, &str); 2] = [
    (
        "volume.beta.kubernetes.io/storage-class",
        "deprecated since v1.8; use \"storageClassName\" attribute instead",
    ),
    (
        "volume.beta.kubernetes.io/mount-options",
        "deprecated since v1.31; use \"mountOptions\" attribute instead",
    ),
];

/// Of the deprecated annotations the first `count`, where an object has them.
fn deprecated_annotations(found: &mut Vec<String>, object: &Value, count: usize) {
    let annotations = object.at("metadata").at("annotations");
    for (key, why) in DEPRECATED.iter().take(count) {
        if annotations.set(key).is_some() {
            found.push(format!("metadata.annotations[{key}]: {why}"));
        }
    }
}

/// Sources of a volume that do nothing any more.
const DEAD_SOURCES: [(&str, &str); 6] = [
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

#[inline(never)]
pub(super) fn volume(found: &mut Vec<String>, volume: &Value) {
    deprecated_annotations(found, volume, DEPRECATED.len());
    let spec = volume.at("spec");
    if spec.text("persistentVolumeReclaimPolicy") == "Recycle" {
        found.push(RECYCLE.into());
    }
    for (source, why) in DEAD_SOURCES.iter().filter(|(source, _)| spec.set(source).is_some()) {
        let source = if *source == "storageos" { "storageOS" } else { source };
        found.push(format!("spec.{source}: {why}"));
    }
}

const RECYCLE: &str = "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is \
    deprecated. Instead, the recommended approach is to use dynamic provisioning.";

/// Bytes come whole.
fn resources(found: &mut Vec<String>, owner: &Value, path: &str) {
    for list in ["limits", "requests"] {
        for (name, amount) in owner.at("resources").members(list) {
            let amount = amount.as_str().unwrap_or_default();
            let in_bytes = matches!(name.as_str(), "memory" | "ephemeral-storage" | "storage");
            let is_fractional =
                Quantity::parse(amount).is_ok_and(|amount| amount.millis() % 1000 != 0);
            if in_bytes && is_fractional {
                found.push(format!(
                    "{path}.resources.{list}[{name}]: fractional byte value {} is invalid, must \
                     be an integer",
                    quoted(amount)
                ));
            }
        }
    }
}
