//! Which changes of an existing object the API server refuses.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go`, `ValidateStatefulSetUpdate`;
//! `pkg/apis/core/validation/validation.go`, `ValidateServiceUpdate`,
//! `ValidatePersistentVolumeClaimUpdate`.

use super::quantity::Quantity;
use super::validate::{self, Create};
use super::{ApiObject, FieldError, Kind, Kubernetes, Status, Tree, Version, go_struct};
use serde_json::Value;

const IMMUTABLE: &str = "field is immutable";

/// What a new object is held against by itself, before it is compared with the old one.
pub(super) struct Alone<'a> {
    pub(super) kubernetes: &'a Kubernetes,
    /// The rules for a new object of the kind.
    pub(super) create: Create,
}

impl Alone<'_> {
    fn complaints(&self, object: &ApiObject) -> Vec<FieldError> {
        validate::complaints(self.create, object, self.kubernetes)
    }
}

/// How the objects of a kind are compared: complaints are added to those found so far.
pub(super) type Update = fn(&mut Vec<FieldError>, &ApiObject, &ApiObject, &Alone);

/// Names never change, whatever the kind.
pub(super) fn names(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject) {
    for field in ["name", "namespace"] {
        if new.metadata().at(field) != old.metadata().at(field) {
            let (path, value) = (format!("metadata.{field}"), new.metadata().text(field));
            found.push(FieldError::invalid(path, Value::from(value), IMMUTABLE));
        }
    }
}

/// Rules of a kind whose fields may all change.
pub(super) fn any(found: &mut Vec<FieldError>, new: &ApiObject, _old: &ApiObject, alone: &Alone) {
    found.extend(alone.complaints(new));
}

/// Upstream: `pkg/apis/storage/validation/validation.go`, ValidateStorageClassUpdate.
#[inline(never)]
pub(super) fn class(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject, alone: &Alone) {
    found.extend(alone.complaints(new));
    let fixed = ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"];
    for field in fixed.into_iter().filter(|field| new.tree.at(field) != old.tree.at(field)) {
        // Since 1.36 the rule is declared beside the fields.
        let is_declared = alone.kubernetes.version >= Version::V1_36;
        found.push(match is_declared || field == "volumeBindingMode" {
            true => FieldError::invalid(field, new.tree.at(field), IMMUTABLE),
            false => {
                let detail = format!("updates to {field} are forbidden.");
                FieldError::forbidden(field, detail)
            }
        });
    }
}

/// Upstream: `pkg/apis/storage/validation/validation.go`, ValidateVolumeAttributesClassUpdate.
#[inline(never)]
pub(super) fn attributes_class(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    alone: &Alone,
) {
    for field in ["driverName", "parameters"] {
        if new.tree.at(field) != old.tree.at(field) {
            found.push(FieldError::forbidden(field, format!("updates to {field} are forbidden.")));
        }
    }
    found.extend(alone.complaints(new));
}

/// Upstream: `ValidatePersistentVolumeUpdate`.
#[inline(never)]
pub(super) fn volume(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject, alone: &Alone) {
    found.extend(alone.complaints(new));
    let (after, before) = (new.spec(), old.spec());
    let source = |spec: &Value| {
        let own = |field: &&&str| spec.set(field).is_some();
        validate::storage::SOURCES.iter().filter(own).map(|field| spec.at(field).clone()).collect()
    };
    let (now, then): (Vec<Value>, Vec<Value>) = (source(after), source(before));
    if now != then {
        let difference = go_struct::source_difference(before, after);
        let detail =
            format!("spec.persistentvolumesource is immutable after creation\n{difference}");
        found.push(FieldError::forbidden("spec.persistentvolumesource", detail));
    }
    if after.at("volumeMode") != before.at("volumeMode") {
        found.push(FieldError::invalid("volumeMode", after.at("volumeMode"), IMMUTABLE));
    }
}

/// Upstream: `pkg/apis/apps/validation/validation.go`, ValidateDeploymentUpdate,
/// ValidateReplicaSetUpdate.
#[inline(never)]
pub(super) fn deployment(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    alone: &Alone,
) {
    found.extend(alone.complaints(new));
    let (selector, before) = (new.spec().at("selector"), old.spec().at("selector"));
    if selector != before {
        found.push(FieldError::invalid("spec.selector", selector, IMMUTABLE));
    }
}

/// Upstream: ValidateConfigMapUpdate.
pub(super) fn config_map(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    alone: &Alone,
) {
    immutable_data(found, new, old, &["data", "binaryData"]);
    found.extend(alone.complaints(new));
}

/// Upstream: ValidateSecretUpdate.
pub(super) fn secret(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject, alone: &Alone) {
    if new.tree.at("type") != old.tree.at("type") {
        found.push(FieldError::invalid("type", new.tree.at("type"), IMMUTABLE));
    }
    immutable_data(found, new, old, &["data"]);
    found.extend(alone.complaints(new));
}

/// What an object with `immutable: true` keeps.
#[inline(never)]
fn immutable_data(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    fields: &[&'static str],
) {
    if !old.tree.flag("immutable") {
        return;
    }
    const SET: &str = "field is immutable when `immutable` is set";
    if !new.tree.flag("immutable") {
        found.push(FieldError::forbidden("immutable", SET));
    }
    for field in fields.iter().filter(|field| new.tree.at(field) != old.tree.at(field)) {
        found.push(FieldError::forbidden(*field, SET));
    }
}

pub(super) fn stateful_set(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    alone: &Alone,
) {
    found.extend(validate::stateful_set_update(new, old, alone.kubernetes));
    let mut changed = false;
    for field in ["selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy"] {
        let (value, before) = (new.spec().at(field), old.spec().at(field));
        let is_unset = |value: &Value| value.is_null() || value == "";
        if value == before || (is_unset(value) && is_unset(before)) {
            continue;
        }
        changed = true;
        if alone.kubernetes.names_each_immutable_field() {
            found.push(FieldError::invalid(format!("spec.{field}"), value, IMMUTABLE));
        }
    }
    if changed && !alone.kubernetes.names_each_immutable_field() {
        found.push(FieldError::forbidden("spec", OTHER_FIELDS));
    }
}

const OTHER_FIELDS: &str = "updates to statefulset spec for fields other than 'replicas', \
    'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', \
    'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

#[inline(never)]
pub(super) fn service(
    found: &mut Vec<FieldError>,
    new: &ApiObject,
    old: &ApiObject,
    alone: &Alone,
) {
    let mut new = new.clone();
    keep_addresses(new.spec_mut(), old.spec());
    let has_address = |spec: &Value| spec.text("type") != "ExternalName";
    let first = |spec: &Value| spec.at("clusterIPs").get(0).cloned();
    let (after, before) = (new.spec(), old.spec());
    let is_fixed = has_address(after) && has_address(before) && first(before).is_some();
    if is_fixed && first(after) != first(before) {
        let value = Value::from(after.items("clusterIPs"));
        found.push(FieldError::invalid("spec.clusterIPs[0]", value, "may not change once set"));
    }
    found.extend(alone.complaints(&new));
}

/// Fills in the addresses as the server does: a new `clusterIP` replaces the list, and an
/// ExternalName has none.
///
/// Upstream: `pkg/registry/core/service/storage/storage.go`, `normalizeClusterIPs`.
fn keep_addresses(spec: &mut Value, old: &Value) {
    if spec.text("type") == "ExternalName" {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            spec.drop_field(field);
        }
    } else if spec.set("clusterIP").is_none() {
        for field in ["clusterIP", "clusterIPs"] {
            spec.put(field, old.at(field).clone());
        }
    } else if spec.at("clusterIP") != old.at("clusterIP")
        && spec.at("clusterIPs") == old.at("clusterIPs")
    {
        let list = vec![spec.at("clusterIP").clone()];
        spec.put("clusterIPs", list);
    }
}

/// Whether a claim's class can expand is for admission, which sees the classes: [`resize`].
#[inline(never)]
pub(super) fn claim(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject, alone: &Alone) {
    found.extend(alone.complaints(new));
    let is_bound = old.tree.at("status").text("phase") == "Bound";
    let fixed = |claim: &ApiObject| {
        let mut spec = claim.spec().clone();
        if is_bound {
            spec.open("resources").drop_field("requests");
        }
        spec.drop_field("volumeAttributesClassName");
        spec
    };
    // The volume may be named once.
    let mut before = fixed(old);
    if before.text("volumeName").is_empty() && new.spec().set("volumeName").is_some() {
        before.put("volumeName", new.spec().at("volumeName").clone());
    }
    if fixed(new) != before {
        let detail = format!("{CLAIM_FIELDS}\n{}", claim_diff(&before, &fixed(new), old));
        found.push(FieldError::forbidden("spec", detail));
    }
    if is_bound {
        found.extend(shrinks(new, old));
    }
}

/// Upstream: `ValidatePodUpdate`, `validateOnlyAddedTolerations`.
#[inline(never)]
pub(super) fn pod(found: &mut Vec<FieldError>, new: &ApiObject, old: &ApiObject, alone: &Alone) {
    found.extend(alone.complaints(new));
    let (after, before) = (new.spec(), old.spec());
    for list in ["containers", "initContainers"] {
        if after.items(list).len() != before.items(list).len() {
            let detail = "pod updates may not add or remove containers";
            return found.push(FieldError::forbidden(format!("spec.{list}"), detail));
        }
    }
    if let Some(error) = deadline(after, before) {
        found.push(error);
        if after.set(DEADLINE).is_some() {
            return;
        }
    }
    tolerations(found, after, before);
    let mut fixed = after.clone();
    for list in ["containers", "initContainers"] {
        for (container, old) in fixed.items_mut(list).iter_mut().zip(before.items(list)) {
            container.put("image", old.at("image").clone());
        }
    }
    const GRACE: &str = "terminationGracePeriodSeconds";
    let is_mended = before.int(GRACE) < 0 && after.opt_int(GRACE) == Some(1);
    for field in [DEADLINE, "tolerations"].into_iter().chain(is_mended.then_some(GRACE)) {
        match before.set(field) {
            Some(value) => fixed.put(field, value.clone()),
            None => drop(fixed.drop_field(field)),
        }
    }
    if fixed != *before {
        let difference = go_struct::pod_difference(before, &fixed);
        found.push(FieldError::forbidden("spec", format!("{POD_FIELDS}\n{difference}")));
    }
}

const DEADLINE: &str = "activeDeadlineSeconds";

/// A deadline may come, and come nearer.
fn deadline(new: &Value, old: &Value) -> Option<FieldError> {
    let path = format!("spec.{DEADLINE}");
    if let Some(after) = new.opt_int(DEADLINE)
        && i32::try_from(after).map_or(true, i32::is_negative)
    {
        let detail = "must be between 0 and 2147483647, inclusive";
        return Some(FieldError::invalid(path, after, detail));
    }
    let before = old.opt_int(DEADLINE)?;
    match new.opt_int(DEADLINE) {
        Some(after) if after <= before => None,
        Some(after) => {
            Some(FieldError::invalid(path, after, "must be less than or equal to previous value"))
        }
        None => {
            let detail = "must not update from a positive integer to nil value";
            Some(FieldError::invalid(path, "null", detail))
        }
    }
}

/// Tolerations may be added, and their times may change.
fn tolerations(found: &mut Vec<FieldError>, new: &Value, old: &Value) {
    let fixed = |toleration: &Value| {
        let mut toleration = toleration.clone();
        toleration.drop_field("tolerationSeconds");
        toleration
    };
    let after: Vec<Value> = new.items("tolerations").iter().map(fixed).collect();
    if old.items("tolerations").iter().any(|it| !after.contains(&fixed(it))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        found.push(FieldError::forbidden("spec.tolerations", detail));
    }
}

const POD_FIELDS: &str = "pod updates may not change fields other than \
    `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
    `spec.tolerations` (only additions to existing tolerations),\
    `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

const CLAIM_FIELDS: &str = "spec is immutable after creation except resources.requests and \
    volumeAttributesClassName for bound claims";

/// What differs between two claims' specs, among what must not change.
fn claim_diff(old: &Value, new: &Value, stored: &ApiObject) -> String {
    let requests = stored.spec().at("resources").at("requests");
    let printed = |spec: &Value| {
        let mut spec = spec.clone();
        if spec.at("resources").set("requests").is_none() {
            // A bound claim's may change.
            spec.open("resources").put("requests", requests.clone());
        }
        spec
    };
    go_struct::claim_difference(&printed(old), &printed(new))
}

/// The refusal of a bigger request if the claim's class does not allow it; none if it does not ask
/// for more.
///
/// Upstream: `plugin/pkg/admission/storage/persistentvolume/resize/admission.go`.
#[inline(never)]
pub fn resize(new: &ApiObject, old: &ApiObject, is_expandable: bool) -> Option<Status> {
    let grows = requested(new)? > requested(old)?;
    let refused = grows && !is_expandable;
    refused.then(|| Status::forbidden(Kind::PersistentVolumeClaim, new.name(), NOT_EXPANDABLE))
}

const NOT_EXPANDABLE: &str = "only dynamically provisioned pvc can be resized and the storageclass \
    that provisions the pvc must support resize";

/// What a claim asks for.
fn requested(claim: &ApiObject) -> Option<Quantity> {
    let requests = claim.spec().at("resources").at("requests");
    Quantity::parse(requests.opt_text("storage")?).ok()
}

/// A request that is not fulfilled yet may become smaller, but not as small as what the claim has.
fn shrinks(new: &ApiObject, old: &ApiObject) -> Option<FieldError> {
    let (after, before) = (requested(new)?, requested(old)?);
    let capacity = old.tree.at("status").at("capacity").opt_text("storage");
    let has = capacity.and_then(|text| Quantity::parse(text).ok());
    let path = "spec.resources.requests.storage";
    let detail = "field can not be less than status.capacity";
    let is_refused = after < before && has.is_none_or(|has| after <= has);
    is_refused.then(|| FieldError::forbidden(path, detail))
}
