//! Which fields the API server fills in or drops before it validates an object.
//!
//! Upstream: `pkg/apis/apps/v1/defaults.go`, `pkg/apis/core/v1/defaults.go`,
//! `pkg/registry/apps/statefulset/strategy.go`.

use super::pod_defaults::claim_spec;
use super::{Kind, Kubernetes, Tree};
use serde_json::Value;

pub use super::pod_defaults::pod_template;

/// A StatefulSet as it is created: its status is not the person's.
pub(super) fn created_stateful_set(set: &mut Value, kubernetes: &Kubernetes) {
    set.open("metadata").put("generation", 1);
    set.drop_field("status");
    stateful_set(set, kubernetes);
}

/// A claim as a person writes it.
pub(super) fn written_claim(tree: &mut Value, kubernetes: &Kubernetes) {
    namespaced(tree, kubernetes);
    claim(tree);
    data_source_ref(tree.open("spec"));
}

/// A pod as a person writes it.
pub(super) fn pod(tree: &mut Value, kubernetes: &Kubernetes) {
    namespaced(tree, kubernetes);
    pod_template(tree);
}

/// Upstream: `pkg/apis/storage/v1/defaults.go`, SetDefaults_StorageClass.
pub(super) fn class(tree: &mut Value, _kubernetes: &Kubernetes) {
    tree.fill_text("reclaimPolicy", "Delete");
    tree.fill_text("volumeBindingMode", "Immediate");
}

/// An object without defaults of its own, but for its namespace.
pub(super) fn namespaced(tree: &mut Value, _kubernetes: &Kubernetes) {
    tree.open("metadata").fill("namespace", "default");
}

/// Defaults and preparation of a StatefulSet.
///
/// Upstream: `SetDefaults_StatefulSet`; `dropStatefulSetDisabledFields`.
pub fn stateful_set(set: &mut Value, kubernetes: &Kubernetes) {
    set.open("metadata").fill("namespace", "default");
    let spec = set.open("spec");
    spec.fill("podManagementPolicy", "OrderedReady");
    update_strategy(spec.open("updateStrategy"), kubernetes);
    let policy = spec.open("persistentVolumeClaimRetentionPolicy");
    policy.fill_text("whenDeleted", "Retain");
    policy.fill_text("whenScaled", "Retain");
    spec.fill("replicas", 1);
    spec.fill("revisionHistoryLimit", 10);
    spec.fill("serviceName", "");
    if let Some(ordinals) = spec.set_mut("ordinals") {
        ordinals.fill("start", 0);
    }
    pod_template(spec.open("template"));
    for template in spec.items_mut("volumeClaimTemplates") {
        name_kind(template);
        claim(template);
    }
}

/// A claim template has its kind, too, whatever was written.
///
/// Upstream: `pkg/apis/apps/v1/conversion.go`,
/// `Convert_apps_StatefulSetSpec_To_v1_StatefulSetSpec`.
fn name_kind(template: &mut Value) {
    template.put("apiVersion", Kind::PersistentVolumeClaim.api_version());
    template.put("kind", Kind::PersistentVolumeClaim.name());
}

fn update_strategy(strategy: &mut Value, kubernetes: &Kubernetes) {
    if strategy.text("type").is_empty() {
        strategy.put("type", "RollingUpdate");
        strategy.open("rollingUpdate");
    }
    let is_rolling = strategy.text("type") == "RollingUpdate";
    let Some(rolling) = strategy.set_mut("rollingUpdate") else { return };
    if is_rolling {
        rolling.fill("partition", 0);
        rolling.fill("maxUnavailable", 1);
    }
    if !kubernetes.gates.max_unavailable {
        rolling.drop_field("maxUnavailable");
    }
}

/// Defaults of a Service, without what the address allocator does.
///
/// Upstream: `SetDefaults_Service`.
pub fn service(service: &mut Value, _kubernetes: &Kubernetes) {
    service.open("metadata").fill("namespace", "default");
    let spec = service.open("spec");
    spec.fill_text("sessionAffinity", "None");
    spec.fill_text("type", "ClusterIP");
    match spec.text("sessionAffinity") {
        "None" => drop(spec.drop_field("sessionAffinityConfig")),
        "ClientIP" => {
            spec.open("sessionAffinityConfig").open("clientIP").fill("timeoutSeconds", 10_800);
        }
        _ => {}
    }
    let external = matches!(spec.text("type"), "NodePort" | "LoadBalancer");
    let reachable = external || spec.text("type") == "ClusterIP";
    if reachable {
        spec.fill("internalTrafficPolicy", "Cluster");
    }
    if external || (reachable && !spec.items("externalIPs").is_empty()) {
        spec.fill_text("externalTrafficPolicy", "Cluster");
    }
    if spec.text("type") == "LoadBalancer" {
        spec.fill("allocateLoadBalancerNodePorts", true);
    }
    for port in spec.items_mut("ports") {
        port.fill_text("protocol", "TCP");
        if port.int("targetPort") == 0 && port.text("targetPort").is_empty() {
            port.put("targetPort", port.int("port"));
        }
    }
    let ip = spec.text("clusterIP");
    if !ip.is_empty() && spec.text("type") != "ExternalName" {
        let ips = vec![Value::from(ip)];
        spec.fill("clusterIPs", ips);
    }
}

/// Defaults of a claim or a claim template, without the class that admission fills in.
///
/// Upstream: `SetDefaults_PersistentVolumeClaim`, `SetDefaults_PersistentVolumeClaimSpec`.
pub fn claim(claim: &mut Value) {
    claim_spec(claim.open("spec"));
    claim.open("status").fill_text("phase", "Pending");
}

/// Upstream: `SetDefaults_Secret`; `Convert_v1_Secret_To_core_Secret`.
#[inline(never)]
pub(super) fn secret(secret: &mut Value, _kubernetes: &Kubernetes) {
    secret.open("metadata").fill("namespace", "default");
    secret.fill_text("type", "Opaque");
    let Value::Object(texts) = secret.drop_field("stringData") else { return };
    for (key, text) in &texts {
        let bytes = text.as_str().unwrap_or_default().as_bytes();
        secret.open("data").put(key, super::base64::encode(bytes));
    }
}

/// Upstream: `SetDefaults_Deployment`.
#[inline(never)]
pub(super) fn deployment(deployment: &mut Value, _kubernetes: &Kubernetes) {
    deployment.open("metadata").fill("namespace", "default");
    deployment.open("metadata").put("generation", 1);
    deployment.drop_field("status");
    let spec = deployment.open("spec");
    spec.fill("replicas", 1);
    spec.fill("revisionHistoryLimit", 10);
    spec.fill("progressDeadlineSeconds", 600);
    let strategy = spec.open("strategy");
    strategy.fill_text("type", "RollingUpdate");
    if strategy.text("type") == "RollingUpdate" {
        let rolling = strategy.open("rollingUpdate");
        rolling.fill("maxUnavailable", "25%");
        rolling.fill("maxSurge", "25%");
    }
    pod_template(spec.open("template"));
}

/// Upstream: `SetDefaults_ReplicaSet`.
#[inline(never)]
pub(super) fn replica_set(set: &mut Value, _kubernetes: &Kubernetes) {
    set.open("metadata").fill("namespace", "default");
    set.open("metadata").put("generation", 1);
    set.drop_field("status");
    let spec = set.open("spec");
    spec.fill("replicas", 1);
    pod_template(spec.open("template"));
}

/// The newer of the two fields for a source follows the older one; not so in claim templates.
///
/// Upstream: `pkg/registry/core/persistentvolumeclaim/strategy.go`, `NormalizeDataSources`.
fn data_source_ref(spec: &mut Value) {
    if let Some(source) = spec.set("dataSource").cloned() {
        spec.fill("dataSourceRef", source);
    }
}

/// Upstream: `SetDefaults_PersistentVolume`.
#[inline(never)]
pub(super) fn volume(volume: &mut Value, _kubernetes: &Kubernetes) {
    let spec = volume.open("spec");
    spec.fill_text("persistentVolumeReclaimPolicy", "Retain");
    spec.fill("volumeMode", "Filesystem");
    if let Some(path) = spec.set_mut("hostPath") {
        path.fill("type", "");
    }
}
