//! Which volumes of a pod template are valid.
//!
//! Upstream: `ValidateVolumes`, `validateVolumeSource`.

use super::super::names;
use super::super::quantity::Quantity;
use super::container::local_path;
use super::{Checks, Path, env, items, text};
use k8s_openapi::api::core::v1::{DownwardAPIVolumeFile, KeyToPath, Volume};
use std::cmp::Ordering;
use std::collections::BTreeSet;

const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
const HOST_PATH_TYPES: [&str; 8] = [
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
];
/// Fields of the pod that a file may hold.
const FILE_FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// The names of the valid volumes, which may be mounted.
pub(super) fn volumes<'a>(
    checks: &mut Checks,
    volumes: Option<&'a [Volume]>,
    path: &Path,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (index, volume) in volumes.into_iter().flatten().enumerate() {
        let before = checks.found.len();
        let path = path.index(index);
        source(checks, volume, &path);
        let name = path.child("name");
        match volume.name.as_str() {
            "" => checks.required(&name),
            text => checks.invalid_texts(&name, text, names::dns_label(text)),
        }
        if seen.contains(volume.name.as_str()) {
            checks.duplicate_text(&name, &volume.name);
        }
        if checks.found.len() == before {
            seen.insert(volume.name.as_str());
        }
    }
    seen
}

/// Simplified: of sources other than these only the number is checked.
fn source(checks: &mut Checks, volume: &Volume, path: &Path) {
    let sources = [
        ("emptyDir", volume.empty_dir.is_some()),
        ("hostPath", volume.host_path.is_some()),
        ("secret", volume.secret.is_some()),
        ("nfs", volume.nfs.is_some()),
        ("persistentVolumeClaim", volume.persistent_volume_claim.is_some()),
        ("configMap", volume.config_map.is_some()),
        ("downwardAPI", volume.downward_api.is_some()),
        ("projected", volume.projected.is_some()),
        ("csi", volume.csi.is_some()),
        ("ephemeral", volume.ephemeral.is_some()),
    ];
    let mut set = sources.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name);
    if let Some(first) = set.next() {
        one_source(checks, volume, first, &path.child(first));
    }
    for name in set {
        checks.forbidden(&path.child(name), "may not specify more than 1 volume type");
    }
}

/// The source that is looked at, by its name.
fn one_source(checks: &mut Checks, volume: &Volume, name: &str, path: &Path) {
    match name {
        "emptyDir" => {
            let size = volume.empty_dir.as_ref().and_then(|source| source.size_limit.as_ref());
            let size = size.and_then(|size| Quantity::parse(&size.0).ok());
            if size.is_some_and(|size| size.sign() == Ordering::Less) {
                let detail = "SizeLimit field must be a valid resource quantity";
                checks.forbidden(&path.child("sizeLimit"), detail);
            }
        }
        "hostPath" => volume.host_path.iter().for_each(|source| {
            if source.path.is_empty() {
                checks.required(&path.child("path"));
            } else if source.path.split('/').any(|part| part == "..") {
                checks.invalid_text(&path.child("path"), &source.path, "must not contain '..'");
            }
            checks.one_of(&path.child("type"), text(&source.type_), &HOST_PATH_TYPES);
        }),
        "secret" => volume.secret.iter().for_each(|source| {
            if text(&source.secret_name).is_empty() {
                checks.required(&path.child("secretName"));
            }
            files(checks, source.default_mode, source.items.as_ref(), path);
        }),
        "nfs" => volume.nfs.iter().for_each(|source| {
            nfs(checks, &source.server, &source.path, path);
        }),
        "persistentVolumeClaim" => volume.persistent_volume_claim.iter().for_each(|source| {
            if source.claim_name.is_empty() {
                checks.required(&path.child("claimName"));
            }
        }),
        "configMap" => volume.config_map.iter().for_each(|source| {
            if source.name.is_empty() {
                checks.required(&path.child("name"));
            }
            files(checks, source.default_mode, source.items.as_ref(), path);
        }),
        "downwardAPI" => volume.downward_api.iter().for_each(|source| {
            mode(checks, source.default_mode, &path.child("defaultMode"));
            for item in source.items.iter().flatten() {
                downward_file(checks, item, path);
            }
        }),
        _ => {}
    }
}

fn nfs(checks: &mut Checks, server: &str, export: &str, path: &Path) {
    if server.is_empty() {
        checks.required(&path.child("server"));
    }
    if export.is_empty() {
        checks.required(&path.child("path"));
    } else if !export.starts_with('/') {
        checks.invalid_text(&path.child("path"), export, "must be an absolute path");
    }
}

fn mode(checks: &mut Checks, mode: Option<i32>, path: &Path) {
    if let Some(mode) = mode.filter(|mode| !(0..=0o777).contains(mode)) {
        checks.invalid(path, mode, MODE);
    }
}

fn files(checks: &mut Checks, default: Option<i32>, list: Option<&Vec<KeyToPath>>, path: &Path) {
    mode(checks, default, &path.child("defaultMode"));
    for (path, item) in items(list, &path.child("items")) {
        if item.key.is_empty() {
            checks.required(&path.child("key"));
        }
        file_path(checks, &item.path, &path.child("path"));
        mode(checks, item.mode, &path.child("mode"));
    }
}

fn file_path(checks: &mut Checks, value: &str, path: &Path) {
    if value.is_empty() {
        checks.required(path);
    }
    if let Some(detail) = local_path(value) {
        checks.invalid_text(path, value, detail);
    }
    if value.starts_with("..") && !value.starts_with("../") && value != ".." {
        checks.invalid_text(path, value, "must not start with '..'");
    }
}

/// The server leaves the item's index out of the path.
fn downward_file(checks: &mut Checks, item: &DownwardAPIVolumeFile, path: &Path) {
    file_path(checks, &item.path, &path.child("path"));
    match (&item.field_ref, &item.resource_field_ref) {
        (Some(_), Some(_)) => {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            checks.invalid_text(path, "resource", detail);
        }
        (Some(field), None) => {
            env::field_ref(checks, field, &FILE_FIELDS, &path.child("fieldRef"));
        }
        (None, Some(resource)) => {
            let path = path.child("resourceFieldRef");
            if text(&resource.container_name).is_empty() {
                checks.required(&path.child("containerName"));
            }
            env::resource_field_ref(checks, resource, &path);
        }
        (None, None) => {
            let why = "one of fieldRef and resourceFieldRef is required";
            checks.required_because(path, why);
        }
    }
    mode(checks, item.mode, &path.child("mode"));
}
