//! Which changes of an existing object the API server refuses.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go`, `ValidateStatefulSetUpdate`;
//! `pkg/apis/core/validation/validation.go`, `ValidateServiceUpdate`,
//! `ValidatePersistentVolumeClaimUpdate`.

use super::{ApiObject, FieldError, Kubernetes, validate};
use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Service, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

const IMMUTABLE: &str = "field is immutable";

/// All complaints about replacing `old` by `new`; both with their defaults filled in.
///
/// Objects of different kinds have nothing to compare.
pub fn update(new: &ApiObject, old: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    match (new, old) {
        (ApiObject::StatefulSet(new), ApiObject::StatefulSet(old)) => {
            stateful_set(new, old, kubernetes)
        }
        (ApiObject::Service(new), ApiObject::Service(old)) => service(new, old, kubernetes),
        (ApiObject::PersistentVolumeClaim(new), ApiObject::PersistentVolumeClaim(old)) => {
            claim(new, old, kubernetes)
        }
        _ => Vec::new(),
    }
}

/// Metadata that identifies an object.
fn metadata(found: &mut Vec<FieldError>, new: &ObjectMeta, old: &ObjectMeta) {
    let fields = [
        ("metadata.name", &new.name, &old.name),
        ("metadata.namespace", &new.namespace, &old.namespace),
    ];
    for (path, new, old) in fields {
        if new != old {
            found.push(FieldError::invalid(path, json!(new.as_deref().unwrap_or("")), IMMUTABLE));
        }
    }
}

fn stateful_set(new: &StatefulSet, old: &StatefulSet, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut found = Vec::new();
    metadata(&mut found, &new.metadata, &old.metadata);
    found.extend(validate::stateful_set_update(new, old, kubernetes));
    let empty = StatefulSetSpec::default();
    let (new, old) = (new.spec.as_ref().unwrap_or(&empty), old.spec.as_ref().unwrap_or(&empty));
    let service_name = |spec: &StatefulSetSpec| spec.service_name.clone().unwrap_or_default();
    let templates =
        |spec: &StatefulSetSpec| spec.volume_claim_templates.clone().unwrap_or_default();
    let changed = [
        ("spec.selector", new.selector != old.selector, json!(new.selector)),
        (
            "spec.volumeClaimTemplates",
            templates(new) != templates(old),
            json!(new.volume_claim_templates),
        ),
        ("spec.serviceName", service_name(new) != service_name(old), json!(service_name(new))),
        (
            "spec.podManagementPolicy",
            new.pod_management_policy != old.pod_management_policy,
            json!(new.pod_management_policy),
        ),
    ];
    if kubernetes.names_each_immutable_field() {
        let changed = changed.into_iter().filter(|(_, is_changed, _)| *is_changed);
        found.extend(changed.map(|(path, _, value)| FieldError::invalid(path, value, IMMUTABLE)));
    } else if changed.iter().any(|(_, is_changed, _)| *is_changed) {
        found.push(FieldError::forbidden("spec", OTHER_FIELDS));
    }
    found
}

const OTHER_FIELDS: &str = "updates to statefulset spec for fields other than 'replicas', \
    'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', \
    'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

fn service(new: &Service, old: &Service, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut found = Vec::new();
    metadata(&mut found, &new.metadata, &old.metadata);
    let empty = ServiceSpec::default();
    let before = old.spec.as_ref().unwrap_or(&empty);
    let spec = with_addresses(new.spec.as_ref().unwrap_or(&empty), before);
    let has_address = |spec: &ServiceSpec| spec.type_.as_deref() != Some("ExternalName");
    let first = |spec: &ServiceSpec| spec.cluster_ips.iter().flatten().next().cloned();
    let is_fixed = has_address(&spec) && has_address(before) && first(before).is_some();
    if is_fixed && first(&spec) != first(before) {
        let value = json!(spec.cluster_ips.clone().unwrap_or_default());
        found.push(FieldError::invalid("spec.clusterIPs[0]", value, "may not change once set"));
    }
    let new = Service { spec: Some(spec), ..new.clone() };
    found.extend(validate::service_update(&new, kubernetes));
    found
}

/// The new spec with the addresses that the server fills in: a new `clusterIP` replaces the list,
/// and an ExternalName has none.
///
/// Upstream: `pkg/registry/core/service/storage/storage.go`, `normalizeClusterIPs`.
fn with_addresses(new: &ServiceSpec, old: &ServiceSpec) -> ServiceSpec {
    let mut spec = new.clone();
    if spec.type_.as_deref() == Some("ExternalName") {
        (spec.cluster_ip, spec.cluster_ips) = (None, None);
        (spec.ip_families, spec.ip_family_policy) = (None, None);
    } else if spec.cluster_ip.is_none() {
        spec.cluster_ip = old.cluster_ip.clone();
        spec.cluster_ips = old.cluster_ips.clone();
    } else if spec.cluster_ip != old.cluster_ip && spec.cluster_ips == old.cluster_ips {
        spec.cluster_ips = spec.cluster_ip.clone().map(|address| vec![address]);
    }
    spec
}

/// Simplified: whether a claim's class can expand is for admission, which sees the classes.
fn claim(
    new: &PersistentVolumeClaim,
    old: &PersistentVolumeClaim,
    kubernetes: &Kubernetes,
) -> Vec<FieldError> {
    let mut found = Vec::new();
    metadata(&mut found, &new.metadata, &old.metadata);
    found.extend(validate::create(
        &ApiObject::PersistentVolumeClaim(Box::new(new.clone())),
        kubernetes,
    ));
    let phase = old.status.as_ref().and_then(|status| status.phase.as_deref());
    let is_bound = phase == Some("Bound");
    let fixed = |claim: &PersistentVolumeClaim| {
        let mut spec = claim.spec.clone().unwrap_or_default();
        if is_bound && let Some(resources) = &mut spec.resources {
            resources.requests = None;
        }
        spec.volume_attributes_class_name = None;
        spec
    };
    if fixed(new) != fixed(old) {
        found.push(FieldError::forbidden("spec", CLAIM_FIELDS));
    }
    if is_bound {
        found.extend(shrinks(new, old));
    }
    found
}

const CLAIM_FIELDS: &str = "spec is immutable after creation except resources.requests and \
    volumeAttributesClassName for bound claims";

fn shrinks(new: &PersistentVolumeClaim, old: &PersistentVolumeClaim) -> Option<FieldError> {
    use super::quantity::Quantity;
    let size = |claim: &PersistentVolumeClaim| {
        let resources = claim.spec.as_ref()?.resources.as_ref()?;
        Quantity::parse(&resources.requests.as_ref()?.get("storage")?.0).ok()
    };
    let (after, before) = (size(new)?, size(old)?);
    let path = "spec.resources.requests.storage";
    let detail = "field can not be less than status.capacity";
    (after < before).then(|| FieldError::forbidden(path, detail))
}
