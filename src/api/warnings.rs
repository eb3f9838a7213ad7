//! What the API server warns about although it accepts the object.
//!
//! Upstream: `pkg/registry/apps/statefulset/strategy.go`, `WarningsOnCreate`;
//! `pkg/api/pod/warnings.go`; `pkg/api/persistentvolumeclaim/util.go`.

use super::ApiObject;
use super::quantity::Quantity;
use super::status::quoted;
use k8s_openapi::api::core::v1::{
    Container, PersistentVolumeClaim, PersistentVolumeClaimSpec, PodSpec,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of the Warning headers, in the server's order.
pub fn warnings(object: &ApiObject) -> Vec<String> {
    let mut found = Vec::new();
    match object {
        ApiObject::StatefulSet(set) => {
            let Some(spec) = &set.spec else { return found };
            if let Some(pod) = &spec.template.spec {
                pod_spec(&mut found, pod, "spec.template.spec");
            }
            for (index, claim) in spec.volume_claim_templates.iter().flatten().enumerate() {
                let path = format!("spec.volumeClaimTemplates[{index}]");
                old_class(&mut found, claim, &format!("{path}.metadata"));
                claim_spec(&mut found, claim.spec.as_ref(), &path);
            }
            if spec.revision_history_limit.is_some_and(|limit| limit < 0) {
                found.push(HISTORY.into());
            }
        }
        ApiObject::PersistentVolumeClaim(claim) => {
            old_class(&mut found, claim, "metadata");
            claim_spec(&mut found, claim.spec.as_ref(), "spec");
        }
        ApiObject::Service(service) => {
            let Some(spec) = &service.spec else { return found };
            let is_headless = spec.cluster_ip.as_deref() == Some("None");
            if is_headless && spec.session_affinity.as_deref() == Some("ClientIP") {
                found.push("spec.SessionAffinity is ignored for headless services".into());
            }
        }
    }
    found
}

const HISTORY: &str = "spec.revisionHistoryLimit: a negative value retains all historical \
    revisions; a value >= 0 is recommended";

fn pod_spec(found: &mut Vec<String>, pod: &PodSpec, path: &str) {
    let mut secrets = BTreeSet::new();
    for (index, secret) in pod.image_pull_secrets.iter().flatten().enumerate() {
        let path = format!("{path}.imagePullSecrets[{index}].name");
        if secret.name.is_empty() {
            found.push(format!("{path}: invalid empty name \"\""));
        } else if !secrets.insert(&secret.name) {
            found.push(format!("{path}: duplicate name {}", quoted(&secret.name)));
        }
    }
    let lists =
        [("initContainers", pod.init_containers.as_ref()), ("containers", Some(&pod.containers))];
    for (name, list) in lists {
        for (index, each) in list.into_iter().flatten().enumerate() {
            container(found, each, &format!("{path}.{name}[{index}]"));
        }
    }
    if pod.termination_grace_period_seconds.is_some_and(|seconds| seconds < 0) {
        found.push(format!(
            "{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and \
             will be treated as 1"
        ));
    }
    null_selectors(found, pod, path);
}

fn container(found: &mut Vec<String>, container: &Container, path: &str) {
    if let Some(resources) = &container.resources {
        fractional(found, resources.limits.as_ref(), &format!("{path}.resources.limits"));
        fractional(found, resources.requests.as_ref(), &format!("{path}.resources.requests"));
    }
    let mut names = BTreeSet::new();
    for (index, variable) in container.env.iter().flatten().enumerate() {
        if !names.insert(&variable.name) {
            found.push(format!(
                "{path}.env[{index}]: hides previous definition of {}, which may be dropped when \
                 using apply",
                quoted(&variable.name)
            ));
        }
    }
    let mut ports = BTreeMap::new();
    for (index, port) in container.ports.iter().flatten().enumerate() {
        let key =
            (port.container_port, port.protocol.clone(), port.host_ip.clone(), port.host_port);
        if let Some(first) = ports.insert(key, index) {
            found.push(format!(
                "{path}.ports[{index}]: duplicate port definition with {path}.ports[{first}]"
            ));
        }
    }
}

fn null_selectors(found: &mut Vec<String>, pod: &PodSpec, path: &str) {
    const NULL: &str = "a null labelSelector results in matching no pod";
    let affinity = pod.affinity.as_ref();
    let anti = affinity.and_then(|affinity| affinity.pod_anti_affinity.as_ref());
    let with = affinity.and_then(|affinity| affinity.pod_affinity.as_ref());
    let lists = [
        (
            "podAffinity",
            with.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_ref()),
            with.and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_ref()),
        ),
        (
            "podAntiAffinity",
            anti.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_ref()),
            anti.and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_ref()),
        ),
    ];
    for (name, required, preferred) in lists {
        let base = format!("{path}.affinity.{name}");
        for (index, term) in required.into_iter().flatten().enumerate() {
            if term.label_selector.is_none() {
                let list = "requiredDuringSchedulingIgnoredDuringExecution";
                found.push(format!("{base}.{list}[{index}].labelSelector: {NULL}"));
            }
        }
        for (index, term) in preferred.into_iter().flatten().enumerate() {
            if term.pod_affinity_term.label_selector.is_none() {
                let list = "preferredDuringSchedulingIgnoredDuringExecution";
                found.push(format!("{base}.{list}[{index}].podAffinityTerm.labelSelector: {NULL}"));
            }
        }
    }
    for (index, each) in pod.topology_spread_constraints.iter().flatten().enumerate() {
        if each.label_selector.is_none() {
            found.push(format!("{path}.topologySpreadConstraints[{index}].labelSelector: {NULL}"));
        }
    }
}

fn old_class(found: &mut Vec<String>, claim: &PersistentVolumeClaim, path: &str) {
    const OLD: &str = "volume.beta.kubernetes.io/storage-class";
    if claim.metadata.annotations.iter().flatten().any(|(key, _)| key == OLD) {
        found.push(format!(
            "{path}.annotations[{OLD}]: deprecated since v1.8; use \"storageClassName\" attribute \
             instead"
        ));
    }
}

fn claim_spec(found: &mut Vec<String>, spec: Option<&PersistentVolumeClaimSpec>, path: &str) {
    let Some(resources) = spec.and_then(|spec| spec.resources.as_ref()) else { return };
    fractional(found, resources.limits.as_ref(), &format!("{path}.resources.limits"));
    fractional(found, resources.requests.as_ref(), &format!("{path}.resources.requests"));
}

/// Bytes come whole.
fn fractional(found: &mut Vec<String>, list: Option<&BTreeMap<String, Amount>>, path: &str) {
    for (name, amount) in list.into_iter().flatten() {
        let in_bytes = matches!(name.as_str(), "memory" | "ephemeral-storage" | "storage");
        let is_fractional =
            Quantity::parse(&amount.0).is_ok_and(|amount| amount.millis() % 1000 != 0);
        if in_bytes && is_fractional {
            found.push(format!(
                "{path}[{name}]: fractional byte value {} is invalid, must be an integer",
                quoted(&amount.0)
            ));
        }
    }
}
