//! Which environment variables of a container are valid.
//!
//! Upstream: `ValidateEnv`, `validateEnvVarValueFrom`, `ValidateEnvFrom`.

use super::at::At;
use super::checks::Checks;
use crate::api::{Tree, names};

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
pub(super) fn variables(checks: &mut Checks, variables: &At) {
    for variable in variables.each() {
        let name = variable.field("name");
        checks.filled(&name);
        if !is_printable(name.string()) {
            checks.wrong(&name, NAME);
        }
        if let Some(source) = variable.given("valueFrom") {
            value_from(checks, &source, !variable.text("value").is_empty());
        }
    }
}

/// The sources of `envFrom`.
pub(super) fn sources(checks: &mut Checks, sources: &At) {
    for source in sources.each() {
        let prefix = source.field("prefix");
        if !is_printable(prefix.string()) {
            checks.wrong(&prefix, NAME);
        }
        let mut count = 0;
        for field in ["configMapRef", "secretRef"] {
            if let Some(from) = source.given(field) {
                count += 1;
                checks.named_always(&from.field("name"), names::dns_subdomain);
            }
        }
        let detail = match count {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        checks.invalid_text(sources, "", detail);
    }
}

fn is_printable(name: &str) -> bool {
    name.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'=')
}

fn value_from(checks: &mut Checks, source: &At, has_value: bool) {
    let mut count = 0;
    let fields = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
    for field in fields {
        let Some(selector) = source.given(field) else { continue };
        count += 1;
        match field {
            "fieldRef" => field_ref(checks, &selector, &POD_FIELDS),
            "resourceFieldRef" => resource_field_ref(checks, &selector),
            "fileKeyRef" => {}
            _ => {
                checks.named(&selector.field("name"), names::dns_subdomain);
                config_key(checks, &selector.field("key"));
            }
        }
    }
    let detail = match (count, has_value) {
        (0, _) => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
             `secretKeyRef` or `fileKeyRef`"
        }
        (_, true) => "may not be specified when `value` is not empty",
        (1, false) => return,
        (_, false) => "may not have more than one field specified at a time",
    };
    checks.invalid_text(source, "", detail);
}

/// A field of the pod itself; labels and annotations only one by one, with a key.
pub(super) fn field_ref(checks: &mut Checks, selector: &At, supported: &[&str]) {
    if selector.text("apiVersion").is_empty() {
        return checks.required(&selector.field("apiVersion"));
    }
    let at = selector.field("fieldPath");
    let field = at.string();
    if field.is_empty() {
        return checks.required(&at);
    }
    let subscripted = field.strip_suffix("']").and_then(|start| start.split_once("['"));
    let (base, key) = subscripted.map_or((field, None), |(base, key)| (base, Some(key)));
    let collection = matches!(base, "metadata.labels" | "metadata.annotations");
    let known = collection || (POD_FIELDS.contains(&base) && key.is_none());
    if !known {
        let detail = format!("error converting fieldPath: field label not supported: {field}");
        return checks.wrong(&at, &detail);
    }
    match key {
        Some(key) => {
            let details = names::qualified_name(key, checks.kubernetes);
            checks.invalid_texts(&at, field, details);
        }
        None => checks.one_of(&at, supported),
    }
}

/// A resource of the container itself.
pub(super) fn resource_field_ref(checks: &mut Checks, selector: &At) {
    let at = selector.field("resource");
    match at.string() {
        "" => checks.required(&at),
        name if name.contains(".hugepages-") => {}
        _ => checks.one_of(&at, &RESOURCES),
    }
}

fn config_key(checks: &mut Checks, at: &At) {
    let key = at.string();
    checks.filled(at);
    if key.len() > 253 {
        checks.wrong(at, "must be no more than 253 characters");
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !key.bytes().all(allowed) {
        checks.wrong(at, CONFIG_KEY);
    } else if key == "." {
        checks.wrong(at, "must not be '.'");
    } else if key.starts_with("..") {
        checks.wrong(at, "must not start with '..'");
    }
}
