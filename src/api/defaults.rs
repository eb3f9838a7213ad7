//! Which fields the API server fills in or drops before it validates an object.
//!
//! Upstream: `pkg/apis/apps/v1/defaults.go`, `pkg/apis/core/v1/defaults.go`,
//! `pkg/registry/apps/statefulset/strategy.go`.

use super::{ApiObject, Kubernetes};
use k8s_openapi::api::apps::v1::{
    RollingUpdateStatefulSetStrategy, StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy,
    StatefulSetSpec,
};
use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimStatus, Service, TypedObjectReference,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

pub use super::pod_defaults::pod_template;

/// Fills in what the API server fills in when the object is created, and drops what it drops.
///
/// Fields that only allocators set (`clusterIP`, `nodePort`, `storageClassName`) stay as written.
pub fn apply(object: &mut ApiObject, kubernetes: &Kubernetes) {
    match object {
        ApiObject::StatefulSet(set) => {
            set.metadata.generation = Some(1);
            set.status = None;
            stateful_set(set, kubernetes);
        }
        ApiObject::Service(service) => self::service(service, kubernetes),
        ApiObject::PersistentVolumeClaim(claim) => {
            claim.metadata.namespace.get_or_insert_with(|| "default".into());
            self::claim(claim);
            data_source_ref(claim);
        }
    }
}

/// Defaults and preparation of a StatefulSet.
///
/// Upstream: `SetDefaults_StatefulSet`; `dropStatefulSetDisabledFields`.
pub fn stateful_set(set: &mut StatefulSet, kubernetes: &Kubernetes) {
    set.metadata.namespace.get_or_insert_with(|| "default".into());
    let spec = set.spec.get_or_insert_default();
    spec.pod_management_policy.get_or_insert_with(|| "OrderedReady".into());
    update_strategy(spec, kubernetes);
    retention_policy(spec);
    spec.replicas.get_or_insert(1);
    spec.revision_history_limit.get_or_insert(10);
    spec.service_name.get_or_insert_default();
    if let Some(ordinals) = &mut spec.ordinals {
        ordinals.start.get_or_insert(0);
    }
    pod_template(&mut spec.template);
    for template in spec.volume_claim_templates.iter_mut().flatten() {
        claim(template);
    }
}

fn update_strategy(spec: &mut StatefulSetSpec, kubernetes: &Kubernetes) {
    let strategy = spec.update_strategy.get_or_insert_default();
    if strategy.type_.as_deref().unwrap_or_default().is_empty() {
        strategy.type_ = Some("RollingUpdate".into());
        strategy.rolling_update.get_or_insert_default();
    }
    if strategy.type_.as_deref() == Some("RollingUpdate")
        && let Some(rolling) = &mut strategy.rolling_update
    {
        rolling.partition.get_or_insert(0);
        if kubernetes.gates.max_unavailable {
            rolling.max_unavailable.get_or_insert(IntOrString::Int(1));
        }
    }
    if let Some(rolling) = &mut strategy.rolling_update {
        drop_disabled(rolling, kubernetes);
    }
}

fn drop_disabled(rolling: &mut RollingUpdateStatefulSetStrategy, kubernetes: &Kubernetes) {
    if !kubernetes.gates.max_unavailable {
        rolling.max_unavailable = None;
    }
}

fn retention_policy(spec: &mut StatefulSetSpec) {
    let policy: &mut StatefulSetPersistentVolumeClaimRetentionPolicy =
        spec.persistent_volume_claim_retention_policy.get_or_insert_default();
    for value in [&mut policy.when_deleted, &mut policy.when_scaled] {
        if value.as_deref().unwrap_or_default().is_empty() {
            *value = Some("Retain".into());
        }
    }
}

/// Defaults of a Service, without what the address allocator does.
///
/// Upstream: `SetDefaults_Service`.
pub fn service(service: &mut Service, _kubernetes: &Kubernetes) {
    service.metadata.namespace.get_or_insert_with(|| "default".into());
    let spec = service.spec.get_or_insert_default();
    fill(&mut spec.session_affinity, "None");
    fill(&mut spec.type_, "ClusterIP");
    if spec.session_affinity.as_deref() == Some("None") {
        spec.session_affinity_config = None;
    }
    if spec.session_affinity.as_deref() == Some("ClientIP") {
        let config = spec.session_affinity_config.get_or_insert_default();
        config.client_ip.get_or_insert_default().timeout_seconds.get_or_insert(10_800);
    }
    let external = matches!(spec.type_.as_deref(), Some("NodePort" | "LoadBalancer"));
    let reachable = external || spec.type_.as_deref() == Some("ClusterIP");
    if reachable {
        spec.internal_traffic_policy.get_or_insert_with(|| "Cluster".into());
    }
    let has_external_ips = spec.external_ips.as_ref().is_some_and(|ips| !ips.is_empty());
    if external || (reachable && has_external_ips) {
        fill(&mut spec.external_traffic_policy, "Cluster");
    }
    if spec.type_.as_deref() == Some("LoadBalancer") {
        spec.allocate_load_balancer_node_ports.get_or_insert(true);
    }
    for port in spec.ports.iter_mut().flatten() {
        fill(&mut port.protocol, "TCP");
        let unset = match &port.target_port {
            None => true,
            Some(IntOrString::Int(number)) => *number == 0,
            Some(IntOrString::String(name)) => name.is_empty(),
        };
        if unset {
            port.target_port = Some(IntOrString::Int(port.port));
        }
    }
    mirror_cluster_ip(spec);
}

fn mirror_cluster_ip(spec: &mut k8s_openapi::api::core::v1::ServiceSpec) {
    if spec.type_.as_deref() == Some("ExternalName") {
        return;
    }
    if spec.cluster_ips.is_none()
        && let Some(ip) = spec.cluster_ip.as_deref().filter(|ip| !ip.is_empty())
    {
        spec.cluster_ips = Some(vec![ip.into()]);
    }
}

/// Defaults of a claim or a claim template, without the class that admission fills in.
///
/// Upstream: `SetDefaults_PersistentVolumeClaim`, `SetDefaults_PersistentVolumeClaimSpec`.
pub fn claim(claim: &mut PersistentVolumeClaim) {
    let spec = claim.spec.get_or_insert_default();
    spec.resources.get_or_insert_default();
    spec.volume_mode.get_or_insert_with(|| "Filesystem".into());
    let status: &mut PersistentVolumeClaimStatus = claim.status.get_or_insert_default();
    fill(&mut status.phase, "Pending");
}

/// The newer of the two fields for a source follows the older one; not so in claim templates.
///
/// Upstream: `pkg/registry/core/persistentvolumeclaim/strategy.go`, `NormalizeDataSources`.
fn data_source_ref(claim: &mut PersistentVolumeClaim) {
    let spec = claim.spec.get_or_insert_default();
    if let (Some(source), None) = (&spec.data_source, &spec.data_source_ref) {
        spec.data_source_ref = Some(TypedObjectReference {
            api_group: source.api_group.clone(),
            kind: source.kind.clone(),
            name: source.name.clone(),
            namespace: None,
        });
    }
}

/// Sets a string that is absent or empty.
pub(super) fn fill(field: &mut Option<String>, default: &str) {
    if field.as_deref().unwrap_or_default().is_empty() {
        *field = Some(default.into());
    }
}
