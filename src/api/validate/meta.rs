//! Which metadata, labels and label selectors are valid.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go`,
//! `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`.

use super::super::names;
use super::{Checks, Path, items, text};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use std::collections::BTreeMap;

type Labels = BTreeMap<String, String>;

const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Metadata of an object whose name must satisfy `name_rule`.
pub(super) fn object_meta(
    checks: &mut Checks,
    meta: &ObjectMeta,
    name_rule: impl Fn(&str) -> Vec<String>,
) {
    let path = Path::root("metadata");
    let (name, prefix) = (text(&meta.name), text(&meta.generate_name));
    if !prefix.is_empty() {
        let shown = prefix.strip_suffix('-').map_or(prefix.into(), |start| format!("{start}a"));
        checks.invalid_texts(&path.child("generateName"), prefix, name_rule(&shown));
    }
    if name.is_empty() {
        if prefix.is_empty() {
            let why = "name or generateName is required";
            checks.required_because(&path.child("name"), why);
        }
    } else {
        checks.invalid_texts(&path.child("name"), name, name_rule(name));
    }
    if let Some(namespace) = meta.namespace.as_deref().filter(|name| !name.is_empty()) {
        checks.invalid_texts(&path.child("namespace"), namespace, names::dns_label(namespace));
    }
    labels(checks, meta.labels.as_ref(), &path.child("labels"));
    annotations(checks, meta.annotations.as_ref(), &path.child("annotations"));
    for (path, finalizer) in items(&meta.finalizers, &path.child("finalizers")) {
        let kubernetes = checks.kubernetes;
        checks.invalid_texts(&path, finalizer, names::qualified_name(finalizer, kubernetes));
    }
}

/// Labels: qualified names as keys, label values as values.
pub(super) fn labels(checks: &mut Checks, labels: Option<&Labels>, path: &Path) {
    let kubernetes = checks.kubernetes;
    for (key, value) in labels.into_iter().flatten() {
        checks.invalid_texts(path, key, names::qualified_name(key, kubernetes));
        checks.invalid_texts(path, value, names::label_value(value, kubernetes));
    }
}

/// Annotations: qualified names as keys, not too much text in all.
pub(super) fn annotations(checks: &mut Checks, annotations: Option<&Labels>, path: &Path) {
    let kubernetes = checks.kubernetes;
    let mut size = 0;
    for (key, value) in annotations.into_iter().flatten() {
        let lower = key.to_lowercase();
        checks.invalid_texts(path, key, names::qualified_name(&lower, kubernetes));
        size += key.len() + value.len();
    }
    if size > MAX_ANNOTATIONS {
        checks.found.push(super::FieldError::too_long(path, MAX_ANNOTATIONS));
    }
}

/// A label selector: its labels, operators, keys and values.
pub(super) fn selector(checks: &mut Checks, selector: &LabelSelector, path: &Path) {
    labels(checks, selector.match_labels.as_ref(), &path.child("matchLabels"));
    let kubernetes = checks.kubernetes;
    for (path, requirement) in items(&selector.match_expressions, &path.child("matchExpressions")) {
        let has_values = requirement.values.as_ref().is_some_and(|values| !values.is_empty());
        let values = path.child("values");
        match requirement.operator.as_str() {
            "In" | "NotIn" if !has_values => {
                let why = "must be specified when `operator` is 'In' or 'NotIn'";
                checks.required_because(&values, why);
            }
            "Exists" | "DoesNotExist" if has_values => {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                checks.forbidden(&values, why);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => {
                let operator = path.child("operator");
                checks.invalid_text(&operator, other, "not a valid selector operator");
            }
        }
        let key = &requirement.key;
        checks.invalid_texts(&path.child("key"), key, names::qualified_name(key, kubernetes));
        for (path, value) in items(&requirement.values, &values) {
            checks.invalid_texts(&path, value, names::label_value(value, kubernetes));
        }
    }
}

/// Whether a selector matches these labels; a selector that is no selector matches nothing.
pub(super) fn matches(selector: &LabelSelector, labels: Option<&Labels>) -> bool {
    let value = |key: &str| labels.and_then(|labels| labels.get(key));
    let by_labels =
        selector.match_labels.iter().flatten().all(|(key, wanted)| value(key) == Some(wanted));
    let by_expressions = selector.match_expressions.iter().flatten().all(|requirement| {
        let found = value(&requirement.key);
        let listed =
            found.is_some_and(|found| requirement.values.iter().flatten().any(|v| v == found));
        match requirement.operator.as_str() {
            "In" => listed,
            "NotIn" => !listed,
            "Exists" => found.is_some(),
            "DoesNotExist" => found.is_none(),
            _ => false,
        }
    });
    by_labels && by_expressions
}
