//! Which volumes of a pod template are valid.
//!
//! Upstream: `ValidateVolumes`, `validateVolumeSource`.

use super::at::At;
use super::checks::Checks;
use super::container::local_path;
use super::env;
use crate::api::quantity::Quantity;
use crate::api::{Tree, names};
use std::cmp::Ordering;

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
pub(super) fn volumes<'a>(checks: &mut Checks, volumes: &At<'a>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for volume in volumes.each() {
        let before = checks.found.len();
        source(checks, &volume);
        let name = volume.field("name");
        checks.named_always(&name, names::dns_label);
        if seen.contains(&name.string()) {
            checks.duplicate(&name, &name.printed());
        }
        if checks.found.len() == before {
            seen.push(name.string());
        }
    }
    seen
}

const SOURCES: [&str; 10] = [
    "emptyDir",
    "hostPath",
    "secret",
    "nfs",
    "persistentVolumeClaim",
    "configMap",
    "downwardAPI",
    "projected",
    "csi",
    "ephemeral",
];

/// Simplified: of sources other than these only the number is checked.
fn source(checks: &mut Checks, volume: &At) {
    let mut has_source = false;
    for name in SOURCES {
        let Some(source) = volume.given(name) else { continue };
        if has_source {
            checks.forbidden(&source, "may not specify more than 1 volume type");
        } else {
            one_source(checks, name, &source);
        }
        has_source = true;
    }
}

fn one_source(checks: &mut Checks, name: &str, source: &At) {
    match name {
        "emptyDir" => {
            let size = source.field("sizeLimit");
            if Quantity::parse(size.string()).is_ok_and(|size| size.sign() == Ordering::Less) {
                checks.forbidden(&size, "SizeLimit field must be a valid resource quantity");
            }
        }
        "hostPath" => {
            let path = source.field("path");
            checks.filled(&path);
            if path.string().split('/').any(|part| part == "..") {
                checks.wrong(&path, "must not contain '..'");
            }
            checks.one_of(&source.field("type"), &HOST_PATH_TYPES);
        }
        "secret" => {
            checks.filled(&source.field("secretName"));
            files(checks, source);
        }
        "nfs" => {
            checks.filled(&source.field("server"));
            let path = source.field("path");
            checks.filled(&path);
            if !path.string().is_empty() && !path.string().starts_with('/') {
                checks.wrong(&path, "must be an absolute path");
            }
        }
        "persistentVolumeClaim" => checks.filled(&source.field("claimName")),
        "configMap" => {
            checks.filled(&source.field("name"));
            files(checks, source);
        }
        "downwardAPI" => {
            mode(checks, &source.field("defaultMode"));
            for item in source.items("items") {
                // The server leaves the item's index out of the path.
                downward_file(checks, &source.holding(item));
            }
        }
        _ => {}
    }
}

fn mode(checks: &mut Checks, mode: &At) {
    if !(0..=0o777).contains(&mode.number()) {
        checks.wrong(mode, MODE);
    }
}

fn files(checks: &mut Checks, source: &At) {
    mode(checks, &source.field("defaultMode"));
    for item in source.field("items").each() {
        checks.filled(&item.field("key"));
        file_path(checks, &item.field("path"));
        mode(checks, &item.field("mode"));
    }
}

fn file_path(checks: &mut Checks, path: &At) {
    checks.filled(path);
    local_path(checks, path);
    let value = path.string();
    if value.starts_with("..") && !value.starts_with("../") && value != ".." {
        checks.wrong(path, "must not start with '..'");
    }
}

fn downward_file(checks: &mut Checks, item: &At) {
    file_path(checks, &item.field("path"));
    match (item.given("fieldRef"), item.given("resourceFieldRef")) {
        (Some(_), Some(_)) => {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            checks.invalid_text(item, "resource", detail);
        }
        (Some(field), None) => env::field_ref(checks, &field, &FILE_FIELDS),
        (None, Some(resource)) => {
            checks.filled(&resource.field("containerName"));
            env::resource_field_ref(checks, &resource);
        }
        (None, None) => {
            checks.required_because(item, "one of fieldRef and resourceFieldRef is required");
        }
    }
    mode(checks, &item.field("mode"));
}
