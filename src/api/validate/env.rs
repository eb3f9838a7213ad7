//! Which environment variables of a container are valid.
//!
//! Upstream: `ValidateEnv`, `validateEnvVarValueFrom`, `ValidateEnvFrom`.

use super::super::names;
use super::{Checks, Path, items, text};
use k8s_openapi::api::core::v1::{
    EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector, ResourceFieldSelector,
};

const NAME: &str = "a valid environment variable name must consist only of printable ASCII \
    characters other than '='";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or \
    '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
    '[-._a-zA-Z0-9]+')";
const POD_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// The variables of `env`.
pub(super) fn variables(checks: &mut Checks, variables: Option<&Vec<EnvVar>>, path: &Path) {
    for (path, variable) in items(variables, path) {
        let name = path.child("name");
        if variable.name.is_empty() {
            checks.required(&name);
        } else if !is_printable(&variable.name) {
            checks.invalid_text(&name, &variable.name, NAME);
        }
        if let Some(source) = &variable.value_from {
            let has_value = !text(&variable.value).is_empty();
            value_from(checks, source, has_value, &path.child("valueFrom"));
        }
    }
}

/// The sources of `envFrom`.
pub(super) fn sources(checks: &mut Checks, sources: Option<&Vec<EnvFromSource>>, list: &Path) {
    for (path, source) in items(sources, list) {
        let prefix = text(&source.prefix);
        if !prefix.is_empty() && !is_printable(prefix) {
            checks.invalid_text(&path.child("prefix"), prefix, NAME);
        }
        let config_map = source.config_map_ref.as_ref().map(|from| ("configMapRef", &from.name));
        let secret = source.secret_ref.as_ref().map(|from| ("secretRef", &from.name));
        let count = usize::from(config_map.is_some()) + usize::from(secret.is_some());
        for (field, name) in config_map.into_iter().chain(secret) {
            let path = path.child(field).child("name");
            match name.as_str() {
                "" => checks.required(&path),
                name => checks.invalid_texts(&path, name, names::dns_subdomain(name)),
            }
        }
        match count {
            0 => {
                let detail = "must specify one of: `configMapRef` or `secretRef`";
                checks.invalid_text(list, "", detail);
            }
            1 => {}
            _ => {
                let detail = "may not have more than one field specified at a time";
                checks.invalid_text(list, "", detail);
            }
        }
    }
}

fn is_printable(name: &str) -> bool {
    name.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'=')
}

fn value_from(checks: &mut Checks, source: &EnvVarSource, has_value: bool, path: &Path) {
    let mut count = 0;
    if let Some(selector) = &source.field_ref {
        count += 1;
        field_ref(checks, selector, &POD_FIELDS, &path.child("fieldRef"));
    }
    if let Some(selector) = &source.resource_field_ref {
        count += 1;
        resource_field_ref(checks, selector, &path.child("resourceFieldRef"));
    }
    if let Some(selector) = &source.config_map_key_ref {
        count += 1;
        key_ref(checks, &selector.name, &selector.key, &path.child("configMapKeyRef"));
    }
    if let Some(selector) = &source.secret_key_ref {
        count += 1;
        key_ref(checks, &selector.name, &selector.key, &path.child("secretKeyRef"));
    }
    count += usize::from(source.file_key_ref.is_some());
    let detail = match (count, has_value) {
        (0, _) => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
             `secretKeyRef` or `fileKeyRef`"
        }
        (_, true) => "may not be specified when `value` is not empty",
        (1, false) => return,
        (_, false) => "may not have more than one field specified at a time",
    };
    checks.invalid_text(path, "", detail);
}

/// A field of the pod itself; labels and annotations only one by one, with a key.
pub(super) fn field_ref(
    checks: &mut Checks,
    selector: &ObjectFieldSelector,
    supported: &[&str],
    path: &Path,
) {
    let field = selector.field_path.as_str();
    if text(&selector.api_version).is_empty() {
        return checks.required(&path.child("apiVersion"));
    }
    let path = path.child("fieldPath");
    if field.is_empty() {
        return checks.required(&path);
    }
    let subscripted = field.strip_suffix("']").and_then(|start| start.split_once("['"));
    let (base, key) = subscripted.map_or((field, None), |(base, key)| (base, Some(key)));
    let collection = matches!(base, "metadata.labels" | "metadata.annotations");
    let known = collection || (POD_FIELDS.contains(&base) && key.is_none());
    if !known {
        let detail = format!("error converting fieldPath: field label not supported: {field}");
        return checks.invalid_text(&path, field, &detail);
    }
    if let Some(key) = key {
        let kubernetes = checks.kubernetes;
        return checks.invalid_texts(&path, field, names::qualified_name(key, kubernetes));
    }
    checks.one_of(&path, field, supported);
}

/// A resource of the container itself.
pub(super) fn resource_field_ref(
    checks: &mut Checks,
    selector: &ResourceFieldSelector,
    path: &Path,
) {
    let path = path.child("resource");
    match selector.resource.as_str() {
        "" => checks.required(&path),
        name if name.contains(".hugepages-") => {}
        name => checks.one_of(&path, name, &RESOURCES),
    }
}

fn key_ref(checks: &mut Checks, name: &str, key: &str, path: &Path) {
    checks.invalid_texts(&path.child("name"), name, names::dns_subdomain(name));
    let path = path.child("key");
    match key {
        "" => checks.required(&path),
        key => config_key(checks, key, &path),
    }
}

fn config_key(checks: &mut Checks, key: &str, path: &Path) {
    if key.len() > 253 {
        checks.invalid_text(path, key, "must be no more than 253 characters");
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !key.bytes().all(allowed) {
        checks.invalid_text(path, key, CONFIG_KEY);
    } else if key == "." {
        checks.invalid_text(path, key, "must not be '.'");
    } else if key.starts_with("..") {
        checks.invalid_text(path, key, "must not start with '..'");
    }
}
