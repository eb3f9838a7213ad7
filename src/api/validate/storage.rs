//! Which PersistentVolumes and StorageClasses are valid.
//!
//! Upstream: `pkg/apis/core/validation/validation.go`, ValidatePersistentVolumeSpec;
//! `pkg/apis/storage/validation/validation.go`, ValidateStorageClass,
//! ValidateVolumeAttributesClass.

use super::at::At;
use super::checks::Checks;
use super::{claim, meta};
use crate::api::quantity::Quantity;
use crate::api::{Tree, names};
use std::cmp::Ordering;

/// What a PersistentVolume may be made of; the first is the one that manifests use.
pub(in crate::api) const SOURCES: [&str; 22] = [
    "hostPath",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "iscsi",
    "local",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

/// A PersistentVolume that is to be created.
#[inline(never)]
pub(in crate::api) fn volume(checks: &mut Checks, volume: &At) {
    meta::object_meta(checks, volume, &names::dns_subdomain);
    let spec = volume.field("spec");
    claim::access_modes(checks, &spec.field("accessModes"), "");
    let capacity = spec.field("capacity");
    if spec.members("capacity").next().is_none() {
        checks.required(&capacity);
    } else if capacity.at("storage").is_null() || spec.members("capacity").count() > 1 {
        checks.one_of(&capacity.holding(&"".into()), &["storage"]);
    }
    for (resource, _) in spec.members("capacity") {
        let amount = capacity.key(resource);
        match Quantity::parse(amount.string()) {
            Ok(number) if number.sign() == Ordering::Greater => {}
            _ => checks.wrong(&amount, "must be greater than zero"),
        }
    }
    let policies = ["Delete", "Recycle", "Retain"];
    checks.one_of_if_set(&spec.field("persistentVolumeReclaimPolicy"), &policies);
    node_affinity(checks, &spec);
    source(checks, &spec);
    checks.named_if_any(&spec.field("storageClassName"), names::dns_subdomain);
    checks.one_of_if_set(&spec.field("volumeMode"), &["Block", "Filesystem"]);
}

fn node_affinity(checks: &mut Checks, spec: &At) {
    let Some(affinity) = spec.given("nodeAffinity") else {
        if spec.set("local").is_some() {
            let at = spec.field("nodeAffinity");
            checks.required_because(&at, "Local volume requires node affinity");
        }
        return;
    };
    match affinity.given("required") {
        None => checks.required_because(
            &affinity.field("required"),
            "must specify required node constraints",
        ),
        Some(required) if required.items("nodeSelectorTerms").is_empty() => {
            let at = required.field("nodeSelectorTerms");
            checks.required_because(&at, "must have at least one node selector term");
        }
        Some(_) => {}
    }
}

fn source(checks: &mut Checks, spec: &At) {
    let given: Vec<_> = SOURCES.iter().filter_map(|source| spec.given(source)).collect();
    if given.is_empty() {
        return checks.required_because(spec, "must specify a volume type");
    }
    for extra in given.iter().skip(1) {
        checks.forbidden(extra, "may not specify more than 1 volume type");
    }
    for field in ["hostPath", "local"] {
        if let Some(folder) = spec.given(field) {
            let path = folder.field("path");
            checks.filled(&path);
            if path.string().split('/').any(|part| part == "..") {
                checks.invalid_text(&path, path.string(), "must not contain '..'");
            }
        }
    }
    if let Some(csi) = spec.given("csi") {
        checks.filled(&csi.field("driver"));
        checks.filled(&csi.field("volumeHandle"));
    }
}

/// A StorageClass that is to be created.
#[inline(never)]
pub(in crate::api) fn class(checks: &mut Checks, class: &At) {
    meta::object_meta(checks, class, &names::dns_subdomain);
    provisioner(checks, &class.field("provisioner"));
    checks.one_of(&class.field("reclaimPolicy"), &["Delete", "Retain"]);
    let modes = ["Immediate", "WaitForFirstConsumer"];
    checks.one_of(&class.field("volumeBindingMode"), &modes);
}

fn provisioner(checks: &mut Checks, at: &At) {
    checks.filled(at);
    if !at.string().is_empty() {
        let name = at.string().to_ascii_lowercase();
        let found = names::qualified_name(&name, checks.kubernetes);
        checks.invalid_texts(at, at.string(), found);
    }
}

/// A VolumeAttributesClass that is to be created, or to be stored anew.
#[inline(never)]
pub(in crate::api) fn attributes_class(checks: &mut Checks, class: &At) {
    meta::object_meta(checks, class, &names::dns_subdomain);
    provisioner(checks, &class.field("driverName"));
    if class.members("parameters").next().is_none() {
        let at = class.field("parameters");
        checks.required_because(&at, "must contain at least one key/value pair");
    }
}
