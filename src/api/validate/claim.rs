//! Which claims and claim templates are valid.
//!
//! Upstream: `ValidatePersistentVolumeClaim`, `ValidatePersistentVolumeClaimSpec`.

use super::at::At;
use super::checks::Checks;
use super::meta;
use crate::api::quantity::Quantity;
use crate::api::{Tree, names};
use std::cmp::Ordering;

const ACCESS_MODES: [&str; 4] =
    ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// A claim that is to be created.
pub(in crate::api) fn create(checks: &mut Checks, claim: &At) {
    meta::object_meta(checks, claim, &names::dns_subdomain);
    spec(checks, &claim.field("spec"));
}

/// A claim's spec, or a claim template's.
pub(super) fn spec(checks: &mut Checks, spec: &At) {
    let modes = spec.field("accessModes");
    access_modes(checks, &modes, "at least 1 access mode is required");
    meta::selector(checks, &spec.field("selector"));
    size(checks, &spec.field("resources"));
    checks.named_if_any(&spec.field("storageClassName"), names::dns_subdomain);
    checks.one_of_if_set(&spec.field("volumeMode"), &["Block", "Filesystem"]);
    checks.named_if_any(&spec.field("volumeAttributesClassName"), names::dns_subdomain);
    for field in ["dataSource", "dataSourceRef"] {
        if let Some(source) = spec.given(field) {
            data_source(checks, &source);
        }
    }
}

fn data_source(checks: &mut Checks, source: &At) {
    checks.filled(&source.field("name"));
    checks.filled(&source.field("kind"));
    let kind = source.text("kind");
    if source.text("apiGroup").is_empty() && kind != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        checks.invalid_text(source, kind, detail);
    }
}

/// `missing` is what is said when there are none.
pub(super) fn access_modes(checks: &mut Checks, modes: &At, missing: &str) {
    let each = modes.each();
    if each.is_empty() {
        checks.required_because(modes, missing);
    }
    let (mut for_one_pod, mut for_more) = (false, false);
    for mode in each {
        checks.one_of(&modes.holding(mode.value), &ACCESS_MODES);
        match mode.string() {
            "ReadWriteOncePod" => for_one_pod = true,
            _ => for_more = true,
        }
    }
    if for_one_pod && for_more {
        checks.forbidden(modes, "may not use ReadWriteOncePod with other access modes");
    }
}

fn size(checks: &mut Checks, resources: &At) {
    let value = resources.at("requests").at("storage");
    let size = resources.key("storage").holding(value);
    if value.is_null() {
        return checks.required(&size);
    }
    match Quantity::parse(size.string()) {
        Ok(amount) if amount.sign() == Ordering::Greater => {}
        _ => checks.wrong(&size, "must be greater than zero"),
    }
}
