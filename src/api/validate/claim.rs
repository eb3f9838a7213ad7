//! Which claims and claim templates are valid.
//!
//! Upstream: `ValidatePersistentVolumeClaim`, `ValidatePersistentVolumeClaimSpec`.

use super::super::names;
use super::super::quantity::Quantity;
use super::{Checks, Path, meta, text};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec};
use std::cmp::Ordering;

const ACCESS_MODES: [&str; 4] =
    ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// A claim that is to be created.
pub(super) fn create(checks: &mut Checks, claim: &PersistentVolumeClaim) {
    meta::object_meta(checks, &claim.metadata, names::dns_subdomain);
    let empty = PersistentVolumeClaimSpec::default();
    spec(checks, claim.spec.as_ref().unwrap_or(&empty), &Path::root("spec"));
}

/// A claim's spec, or a claim template's.
pub(super) fn spec(checks: &mut Checks, spec: &PersistentVolumeClaimSpec, path: &Path) {
    access_modes(checks, spec, path);
    if let Some(selector) = &spec.selector {
        meta::selector(checks, selector, &path.child("selector"));
    }
    size(checks, spec, &path.child("resources").key("storage"));
    if let Some(class) = spec.storage_class_name.as_deref().filter(|class| !class.is_empty()) {
        let path = path.child("storageClassName");
        checks.invalid_texts(&path, class, names::dns_subdomain(class));
    }
    if let Some(mode) = &spec.volume_mode {
        checks.one_of(&path.child("volumeMode"), mode, &["Block", "Filesystem"]);
    }
    if let Some(class) = spec.volume_attributes_class_name.as_deref().filter(|c| !c.is_empty()) {
        let path = path.child("volumeAttributesClassName");
        checks.invalid_texts(&path, class, names::dns_subdomain(class));
    }
    if let Some(source) = &spec.data_source {
        let group = text(&source.api_group);
        data_source(checks, group, &source.kind, &source.name, &path.child("dataSource"));
    }
    if let Some(source) = &spec.data_source_ref {
        let group = text(&source.api_group);
        data_source(checks, group, &source.kind, &source.name, &path.child("dataSourceRef"));
    }
}

fn data_source(checks: &mut Checks, group: &str, kind: &str, name: &str, path: &Path) {
    for (field, value) in [("name", name), ("kind", kind)] {
        if value.is_empty() {
            checks.required(&path.child(field));
        }
    }
    if group.is_empty() && kind != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        checks.invalid_text(path, kind, detail);
    }
}

fn access_modes(checks: &mut Checks, spec: &PersistentVolumeClaimSpec, path: &Path) {
    let path = path.child("accessModes");
    let modes = spec.access_modes.as_deref().unwrap_or_default();
    if modes.is_empty() {
        checks.required_because(&path, "at least 1 access mode is required");
    }
    for mode in modes {
        checks.one_of(&path, mode, &ACCESS_MODES);
    }
    let single_pod = modes.iter().any(|mode| mode == "ReadWriteOncePod");
    if single_pod && modes.iter().any(|mode| mode != "ReadWriteOncePod") {
        checks.forbidden(&path, "may not use ReadWriteOncePod with other access modes");
    }
}

fn size(checks: &mut Checks, spec: &PersistentVolumeClaimSpec, path: &Path) {
    let requests = spec.resources.as_ref().and_then(|resources| resources.requests.as_ref());
    let Some(size) = requests.and_then(|requests| requests.get("storage")) else {
        checks.required(path);
        return;
    };
    match Quantity::parse(&size.0) {
        Ok(amount) if amount.sign() == Ordering::Greater => {}
        _ => checks.invalid_text(path, &size.0, "must be greater than zero"),
    }
}
