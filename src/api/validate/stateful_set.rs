//! Which StatefulSets are valid.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go`, `ValidateStatefulSet`,
//! `ValidateStatefulSetSpec`, `ValidatePodTemplateSpecForStatefulSet`.

use super::at::At;
use super::checks::Checks;
use super::{claim, meta, pod_template};
use crate::api::selector::Selector;
use crate::api::{Tree, names};

/// A StatefulSet that is to be created.
pub(in crate::api) fn create(checks: &mut Checks, set: &At) {
    meta::object_meta(checks, set, &names::dns_label);
    spec(checks, &set.field("spec"), true, true);
}

/// A StatefulSet that replaces `old`: the template is looked at only if the old one is valid.
pub(super) fn update(checks: &mut Checks, set: &At, old: &At) {
    meta::object_meta(checks, set, &|_| Vec::new());
    let mut of_old = Checks { kubernetes: checks.kubernetes, found: Vec::new() };
    pod_template::for_stateful_set(&mut of_old, &old.field("spec"));
    spec(checks, &set.field("spec"), false, of_old.found.is_empty());
}

fn spec(checks: &mut Checks, spec: &At, creates: bool, with_template: bool) {
    let policy = spec.field("podManagementPolicy");
    match policy.string() {
        "" => checks.required(&policy),
        "OrderedReady" | "Parallel" => {}
        _ => checks.wrong(&policy, "must be 'OrderedReady' or 'Parallel'"),
    }
    update_strategy(checks, &spec.field("updateStrategy"));
    if let Some(policy) = spec.given("persistentVolumeClaimRetentionPolicy") {
        for field in ["whenDeleted", "whenScaled"] {
            checks.one_of(&policy.field(field), &["Retain", "Delete"]);
        }
    }
    if creates {
        for template in spec.field("volumeClaimTemplates").each() {
            claim::spec(checks, &template.field("spec"));
        }
    }
    checks.non_negative(&spec.field("replicas"));
    checks.non_negative(&spec.field("minReadySeconds"));
    checks.non_negative(&spec.field("ordinals").field("start"));
    if creates {
        checks.named_if_any(&spec.field("serviceName"), names::dns_label);
    }
    let usable = selector(checks, &spec.field("selector"), "statefulset");
    if with_template && usable {
        selected_labels(checks, spec);
        pod_template::for_stateful_set(checks, spec);
    }
    restrictions(checks, spec);
}

fn update_strategy(checks: &mut Checks, strategy: &At) {
    let recreate = checks.kubernetes.gates.recreate;
    let rolling = strategy.field("rollingUpdate");
    match strategy.text("type") {
        "" => checks.required(strategy),
        "RollingUpdate" => {
            checks.non_negative(&rolling.field("partition"));
            if let Some(unavailable) = rolling.given("maxUnavailable") {
                max_unavailable(checks, &unavailable);
            }
        }
        kind if kind == "OnDelete" || (recreate && kind == "Recreate") => {
            if !rolling.value.is_null() {
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                checks.invalid(&rolling, &internal_rolling_update(&rolling), detail);
            }
        }
        _ => {
            let (kind, rolling) = (strategy.at("type"), internal_rolling_update(&rolling));
            let value = format!(r#"{{"Type":{kind},"RollingUpdate":{rolling}}}"#);
            let detail = match recreate {
                true => "must be 'RollingUpdate', 'OnDelete', or 'Recreate'",
                false => "must be 'RollingUpdate' or 'OnDelete'",
            };
            checks.invalid(strategy, &value, detail);
        }
    }
}

/// The struct as Go prints its internal form.
fn internal_rolling_update(rolling: &At) -> String {
    if rolling.value.is_null() {
        return "null".into();
    }
    let (partition, unavailable) = (rolling.int("partition"), rolling.at("maxUnavailable"));
    format!(r#"{{"Partition":{partition},"MaxUnavailable":{unavailable}}}"#)
}

fn max_unavailable(checks: &mut Checks, at: &At) {
    const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending \
        '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    let Some(text) = at.value.as_str() else {
        checks.non_negative(at);
        if at.number() == 0 {
            checks.wrong(at, "cannot be 0");
        }
        return;
    };
    let digits = text.strip_suffix('%').unwrap_or_default();
    let is_percent = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_percent {
        checks.wrong(at, PERCENT);
    }
    let number = if is_percent { digits } else { text };
    match number.parse::<i64>() {
        Ok(0) | Err(_) if !is_percent || number.bytes().all(|byte| byte == b'0') => {
            checks.wrong(at, "cannot be 0");
        }
        Ok(..=100) => {}
        _ if is_percent => checks.wrong(at, "must not be greater than 100%"),
        _ => {}
    }
}

/// Whether the selector can be evaluated.
pub(super) fn selector(checks: &mut Checks, selector: &At, kind: &str) -> bool {
    if selector.value.is_null() {
        checks.required(selector);
        return true;
    }
    let is_empty = selector.items("matchExpressions").is_empty()
        && selector.members("matchLabels").next().is_none();
    if is_empty {
        checks.invalid(selector, "{}", &format!("empty selector is invalid for {kind}"));
        return true;
    }
    let before = checks.found.len();
    meta::selector(checks, selector);
    let usable = checks.found.len() == before;
    if !usable {
        let detail = if kind == "deployment" { "invalid label selector" } else { "" };
        checks.invalid(selector, &internal_selector(selector), detail);
    }
    usable
}

/// The selector with its fields in Go's order.
fn internal_selector(selector: &At) -> String {
    let mut parts = Vec::new();
    if let Some(labels) = selector.set("matchLabels") {
        parts.push(format!(r#""matchLabels":{labels}"#));
    }
    if selector.set("matchExpressions").is_some() {
        let mut each = Vec::new();
        for requirement in selector.items("matchExpressions") {
            let (key, operator) = (requirement.at("key"), requirement.at("operator"));
            let values = match requirement.items("values") {
                [] => String::new(),
                _ => format!(r#","values":{}"#, requirement.at("values")),
            };
            each.push(format!(r#"{{"key":{key},"operator":{operator}{values}}}"#));
        }
        parts.push(format!(r#""matchExpressions":[{}]"#, each.join(",")));
    }
    format!("{{{}}}", parts.join(","))
}

/// An absent selector selects nothing, an empty one everything.
pub(super) fn selected_labels(checks: &mut Checks, spec: &At) {
    let selector = spec.at("selector");
    let labels = spec.field("template").field("metadata").field("labels");
    if selector.is_null() || !Selector::of(selector).matches_tree(labels.value) {
        let detail = "`selector` does not match template `labels`";
        checks.invalid(&labels, &labels.value.to_string(), detail);
    }
}

fn restrictions(checks: &mut Checks, spec: &At) {
    let pod = spec.field("template").field("spec");
    checks.one_of(&pod.field("restartPolicy"), &["Always"]);
    if let Some(deadline) = pod.given("activeDeadlineSeconds") {
        checks.forbidden(&deadline, "activeDeadlineSeconds in StatefulSet is not Supported");
    }
}
