//! Which metadata, labels and label selectors are valid.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go`,
//! `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`.

use super::at::At;
use super::checks::Checks;
use crate::api::status::quoted;
use crate::api::{FieldError, Tree, names};

const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Metadata of an object of a built-in kind whose name must satisfy `name_rule`.
pub(super) fn object_meta(
    checks: &mut Checks,
    object: &At,
    name_rule: &dyn Fn(&str) -> Vec<String>,
) {
    any_meta(checks, object, name_rule);
    finalizers(checks, object);
}

/// Metadata of an object of any kind whose name must satisfy `name_rule`.
pub(super) fn any_meta(checks: &mut Checks, object: &At, name_rule: &dyn Fn(&str) -> Vec<String>) {
    let meta = object.field("metadata");
    let (name, prefix) = (meta.text("name"), meta.text("generateName"));
    if !prefix.is_empty() {
        let shown = prefix.strip_suffix('-').map_or(prefix.into(), |start| format!("{start}a"));
        checks.invalid_texts(&meta.field("generateName"), prefix, name_rule(&shown));
    }
    if !name.is_empty() {
        checks.invalid_texts(&meta.field("name"), name, name_rule(name));
    } else if prefix.is_empty() {
        checks.required_because(&meta.field("name"), "name or generateName is required");
    }
    checks.named_if_any(&meta.field("namespace"), names::dns_label);
    labels(checks, &meta, "labels");
    annotations(checks, &meta);
    for finalizer in meta.field("finalizers").each() {
        let (name, kubernetes) = (finalizer.string(), checks.kubernetes);
        let details = names::qualified_name(name, kubernetes);
        checks.invalid_texts(&meta.field("finalizers"), name, details);
    }
}

/// The finalizers of an object of a built-in kind: a domain and a name, or one of a few names.
///
/// Upstream: `pkg/apis/core/validation/validation.go`, validateKubeFinalizerName.
fn finalizers(checks: &mut Checks, object: &At) {
    for finalizer in object.field("metadata").field("finalizers").each() {
        let name = finalizer.string();
        if !name.contains('/') && !STANDARD_FINALIZERS.contains(&name) {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            checks.invalid(&finalizer, &quoted(name), detail);
        }
    }
}

/// Finalizers that need no domain.
///
/// Upstream: `pkg/apis/core/helper/helpers.go`, standardFinalizers.
const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// Labels in a field: qualified names as keys, label values as values.
pub(super) fn labels(checks: &mut Checks, owner: &At, field: &str) {
    let kubernetes = checks.kubernetes;
    let at = owner.field(field);
    for (key, value) in owner.members(field) {
        let value = value.as_str().unwrap_or_default();
        checks.invalid_texts(&at, key, names::qualified_name(key, kubernetes));
        checks.invalid_texts(&at, value, names::label_value(value, kubernetes));
    }
}

/// Annotations: qualified names as keys, not too much text in all.
pub(super) fn annotations(checks: &mut Checks, owner: &At) {
    let kubernetes = checks.kubernetes;
    let at = owner.field("annotations");
    let mut size = 0;
    for (key, value) in owner.members("annotations") {
        let lower = key.to_ascii_lowercase();
        checks.invalid_texts(&at, key, names::qualified_name(&lower, kubernetes));
        size += key.len() + value.as_str().map_or(0, str::len);
    }
    if size > MAX_ANNOTATIONS {
        checks.found.push(FieldError::too_long(at.path, MAX_ANNOTATIONS));
    }
}

/// A label selector: its labels, operators, keys and values.
pub(super) fn selector(checks: &mut Checks, selector: &At) {
    labels(checks, selector, "matchLabels");
    let kubernetes = checks.kubernetes;
    for each in selector.field("matchExpressions").each() {
        requirement(checks, &each, false);
        for value in each.field("values").each() {
            let details = names::label_value(value.string(), kubernetes);
            checks.invalid_texts(&value, value.string(), details);
        }
    }
}

/// A selector's requirement: its operator, that it has as many values as that needs, and its key.
pub(super) fn requirement(checks: &mut Checks, requirement: &At, of_nodes: bool) {
    let count = requirement.items("values").len();
    let values = requirement.field("values");
    match requirement.text("operator") {
        "In" | "NotIn" => {
            if count == 0 {
                let why = "must be specified when `operator` is 'In' or 'NotIn'";
                checks.required_because(&values, why);
            }
        }
        "Exists" | "DoesNotExist" => {
            if count > 0 {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                checks.forbidden(&values, why);
            }
        }
        "Gt" | "Lt" if of_nodes => {
            if count != 1 {
                let why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                checks.required_because(&values, why);
            }
        }
        _ => checks.wrong(&requirement.field("operator"), "not a valid selector operator"),
    }
    checks.qualified(&requirement.field("key"));
}
