//! Which StatefulSets are valid.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go`, `ValidateStatefulSet`,
//! `ValidateStatefulSetSpec`, `ValidatePodTemplateSpecForStatefulSet`.

use super::super::names;
use super::{Checks, Path, claim, meta, pod_template, text};
use k8s_openapi::api::apps::v1::{
    RollingUpdateStatefulSetStrategy, StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

/// A StatefulSet that is to be created.
pub(super) fn create(checks: &mut Checks, set: &StatefulSet) {
    meta::object_meta(checks, &set.metadata, names::dns_label);
    let empty = StatefulSetSpec::default();
    spec(checks, set.spec.as_ref().unwrap_or(&empty), true, true);
}

/// A StatefulSet that replaces `old`: the template is looked at only if the old one is valid.
pub(super) fn update(checks: &mut Checks, set: &StatefulSet, old: &StatefulSet) {
    meta::object_meta(checks, &set.metadata, |_| Vec::new());
    let empty = StatefulSetSpec::default();
    let old = old.spec.as_ref().unwrap_or(&empty);
    let mut of_old = Checks::new(checks.kubernetes);
    pod_template::for_stateful_set(&mut of_old, old, &Path::root("spec").child("template"));
    let old_is_valid = of_old.found.is_empty();
    spec(checks, set.spec.as_ref().unwrap_or(&empty), false, old_is_valid);
}

fn spec(checks: &mut Checks, spec: &StatefulSetSpec, creates: bool, with_template: bool) {
    let path = Path::root("spec");
    match text(&spec.pod_management_policy) {
        "" => checks.required(&path.child("podManagementPolicy")),
        "OrderedReady" | "Parallel" => {}
        other => checks.invalid_text(
            &path.child("podManagementPolicy"),
            other,
            "must be 'OrderedReady' or 'Parallel'",
        ),
    }
    update_strategy(checks, spec, &path.child("updateStrategy"));
    retention_policy(checks, spec, &path.child("persistentVolumeClaimRetentionPolicy"));
    if creates {
        claim_templates(checks, spec, &path.child("volumeClaimTemplates"));
    }
    checks.non_negative(&path.child("replicas"), spec.replicas.unwrap_or_default());
    checks.non_negative(&path.child("minReadySeconds"), spec.min_ready_seconds.unwrap_or_default());
    if let Some(ordinals) = &spec.ordinals {
        let path = path.child("ordinals").child("start");
        checks.non_negative(&path, ordinals.start.unwrap_or_default());
    }
    if creates && let Some(service) = spec.service_name.as_deref().filter(|name| !name.is_empty()) {
        checks.invalid_texts(&path.child("serviceName"), service, names::dns_label(service));
    }
    let usable = selector(checks, spec, &path.child("selector"));
    let path = path.child("template");
    if with_template && usable {
        selected_labels(checks, spec, &path);
        pod_template::for_stateful_set(checks, spec, &path);
    }
    restrictions(checks, spec, &path.child("spec"));
}

fn update_strategy(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) {
    let empty = StatefulSetUpdateStrategy::default();
    let strategy = spec.update_strategy.as_ref().unwrap_or(&empty);
    let recreate = checks.kubernetes.gates.recreate;
    match (text(&strategy.type_), &strategy.rolling_update) {
        ("", _) => checks.required(path),
        ("OnDelete", None) => {}
        ("Recreate", None) if recreate => {}
        ("OnDelete", Some(rolling)) => only_for_rolling_update(checks, rolling, path),
        ("Recreate", Some(rolling)) if recreate => only_for_rolling_update(checks, rolling, path),
        ("RollingUpdate", None) => {}
        ("RollingUpdate", Some(rolling)) => {
            rolling_update(checks, rolling, &path.child("rollingUpdate"));
        }
        (other, rolling) => {
            let rolling = rolling.as_ref().map_or("null".into(), internal_rolling_update);
            let kind = Value::from(other);
            let value = format!(r#"{{"Type":{kind},"RollingUpdate":{rolling}}}"#);
            let detail = match recreate {
                true => "must be 'RollingUpdate', 'OnDelete', or 'Recreate'",
                false => "must be 'RollingUpdate' or 'OnDelete'",
            };
            checks.invalid(path, value, detail);
        }
    }
}

fn only_for_rolling_update(
    checks: &mut Checks,
    rolling: &RollingUpdateStatefulSetStrategy,
    path: &Path,
) {
    let detail = "only allowed for updateStrategy 'RollingUpdate'";
    checks.invalid(&path.child("rollingUpdate"), internal_rolling_update(rolling), detail);
}

/// The struct as Go prints its internal form.
fn internal_rolling_update(rolling: &RollingUpdateStatefulSetStrategy) -> String {
    let partition = json!(rolling.partition.unwrap_or_default());
    let unavailable = match &rolling.max_unavailable {
        None => json!(null),
        Some(IntOrString::Int(number)) => json!(number),
        Some(IntOrString::String(text)) => json!(text),
    };
    format!(r#"{{"Partition":{partition},"MaxUnavailable":{unavailable}}}"#)
}

fn rolling_update(checks: &mut Checks, rolling: &RollingUpdateStatefulSetStrategy, path: &Path) {
    checks.non_negative(&path.child("partition"), rolling.partition.unwrap_or_default());
    if let Some(unavailable) = &rolling.max_unavailable {
        max_unavailable(checks, unavailable, &path.child("maxUnavailable"));
    }
}

fn max_unavailable(checks: &mut Checks, value: &IntOrString, path: &Path) {
    const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending \
        '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    match value {
        IntOrString::Int(number) => {
            checks.non_negative(path, *number);
            if *number == 0 {
                checks.invalid(path, number, "cannot be 0");
            }
        }
        IntOrString::String(text) => {
            let digits = text.strip_suffix('%').unwrap_or_default();
            let is_percent = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if !is_percent {
                checks.invalid_text(path, text, PERCENT);
            }
            let number = if is_percent { digits } else { text };
            match number.parse::<i64>() {
                Ok(0) | Err(_) if !is_percent || number.bytes().all(|byte| byte == b'0') => {
                    checks.invalid_text(path, text, "cannot be 0");
                }
                Ok(..=100) => {}
                _ if is_percent => checks.invalid_text(path, text, "must not be greater than 100%"),
                _ => {}
            }
        }
    }
}

fn retention_policy(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) {
    let Some(policy) = &spec.persistent_volume_claim_retention_policy else { return };
    let supported = ["Retain", "Delete"];
    checks.one_of(&path.child("whenDeleted"), text(&policy.when_deleted), &supported);
    checks.one_of(&path.child("whenScaled"), text(&policy.when_scaled), &supported);
}

fn claim_templates(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) {
    for (path, template) in super::items(&spec.volume_claim_templates, path) {
        let empty = Default::default();
        let spec = template.spec.as_ref().unwrap_or(&empty);
        claim::spec(checks, spec, &path.child("spec"));
    }
}

/// Whether the selector can be evaluated.
fn selector(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) -> bool {
    if is_absent(&spec.selector) {
        checks.required(path);
        return true;
    }
    if is_empty(&spec.selector) {
        checks.invalid(path, "{}", "empty selector is invalid for statefulset");
        return true;
    }
    let before = checks.found.len();
    meta::selector(checks, &spec.selector, path);
    let usable = checks.found.len() == before;
    if !usable {
        checks.invalid(path, internal_selector(&spec.selector), "");
    }
    usable
}

/// k8s-openapi has no absent selector; an empty one that was written has an empty map of labels.
fn is_absent(selector: &LabelSelector) -> bool {
    *selector == LabelSelector::default()
}

fn is_empty(selector: &LabelSelector) -> bool {
    selector.match_labels.iter().flatten().next().is_none()
        && selector.match_expressions.iter().flatten().next().is_none()
}

/// The selector with its fields in Go's order.
fn internal_selector(selector: &LabelSelector) -> String {
    let mut parts = Vec::new();
    if let Some(labels) = &selector.match_labels {
        parts.push(format!(r#""matchLabels":{}"#, json!(labels)));
    }
    if let Some(expressions) = &selector.match_expressions {
        let each = expressions.iter().map(|requirement| {
            let (key, operator) = (json!(requirement.key), json!(requirement.operator));
            let values = match requirement.values.as_deref() {
                None | Some([]) => String::new(),
                Some(values) => format!(r#","values":{}"#, json!(values)),
            };
            format!(r#"{{"key":{key},"operator":{operator}{values}}}"#)
        });
        parts.push(format!(r#""matchExpressions":[{}]"#, each.collect::<Vec<_>>().join(",")));
    }
    format!("{{{}}}", parts.join(","))
}

/// An absent selector selects nothing, an empty one everything.
fn selected_labels(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) {
    let labels = spec.template.metadata.as_ref().and_then(|meta| meta.labels.as_ref());
    if is_absent(&spec.selector) || !meta::matches(&spec.selector, labels) {
        let value = labels.map_or("null".into(), |labels| json!(labels).to_string());
        let detail = "`selector` does not match template `labels`";
        checks.invalid(&path.child("metadata").child("labels"), value, detail);
    }
}

fn restrictions(checks: &mut Checks, spec: &StatefulSetSpec, path: &Path) {
    let pod = spec.template.spec.as_ref();
    let policy = pod.map_or("", |pod| text(&pod.restart_policy));
    checks.one_of(&path.child("restartPolicy"), policy, &["Always"]);
    if pod.is_some_and(|pod| pod.active_deadline_seconds.is_some()) {
        let detail = "activeDeadlineSeconds in StatefulSet is not Supported";
        checks.forbidden(&path.child("activeDeadlineSeconds"), detail);
    }
}
