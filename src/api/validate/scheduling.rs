//! Which affinities, spread constraints and tolerations are valid.
//!
//! Upstream: `validateAffinity`, `validateTopologySpreadConstraints`, `ValidateTolerations`.

use super::at::At;
use super::checks::Checks;
use super::meta;
use crate::api::status::quoted;
use crate::api::{Tree, names};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Affinity and spread constraints of a pod.
pub(super) fn pod(checks: &mut Checks, pod: &At) {
    let affinity = pod.field("affinity");
    if let Some(node) = affinity.given("nodeAffinity") {
        node_affinity(checks, &node);
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let terms = affinity.field(name);
        for term in terms.field(REQUIRED).each() {
            pod_term(checks, &term);
        }
        for term in terms.field(PREFERRED).each() {
            weight(checks, &term);
            pod_term(checks, &term.field("podAffinityTerm"));
        }
    }
    spread(checks, &pod.field("topologySpreadConstraints").each());
}

fn weight(checks: &mut Checks, term: &At) {
    let weight = term.field("weight");
    if !(1..=100).contains(&weight.number()) {
        checks.wrong(&weight, "must be in the range 1-100");
    }
}

fn node_affinity(checks: &mut Checks, affinity: &At) {
    if let Some(selector) = affinity.given(REQUIRED) {
        let terms = selector.field("nodeSelectorTerms");
        if selector.items("nodeSelectorTerms").is_empty() {
            checks.required_because(&terms, "must have at least one node selector term");
        }
        for term in terms.each() {
            node_expressions(checks, &term);
        }
    }
    for term in affinity.field(PREFERRED).each() {
        weight(checks, &term);
        node_expressions(checks, &term.field("preference"));
    }
}

fn node_expressions(checks: &mut Checks, term: &At) {
    for each in term.field("matchExpressions").each() {
        meta::requirement(checks, &each, true);
    }
}

fn pod_term(checks: &mut Checks, term: &At) {
    meta::selector(checks, &term.field("labelSelector"));
    for namespace in term.field("namespaces").each() {
        checks.named(&namespace, names::dns_label);
    }
    let key = term.field("topologyKey");
    if key.string().is_empty() {
        checks.required_because(&key, "can not be empty");
    }
    checks.qualified(&key);
}

fn spread(checks: &mut Checks, all: &[At]) {
    for (index, constraint) in all.iter().enumerate() {
        let skew = constraint.field("maxSkew");
        let (key, action) =
            (constraint.field("topologyKey"), constraint.field("whenUnsatisfiable"));
        if skew.number() <= 0 {
            checks.wrong(&skew, "must be greater than zero");
        }
        if key.string().is_empty() {
            checks.required_because(&key, "can not be empty");
        }
        checks.one_of(&action, &["DoNotSchedule", "ScheduleAnyway"]);
        let fields = ["topologyKey", "whenUnsatisfiable"];
        let is_same = |other: &At| fields.iter().all(|it| other.at(it) == constraint.at(it));
        let (key, action) = (key.string(), action.string());
        if all[index + 1..].iter().any(is_same) {
            let place = constraint.field("{topologyKey, whenUnsatisfiable}");
            checks.duplicate(&place, &quoted(&format!("{{{key}, {action}}}")));
        }
        if let Some(domains) = constraint.given("minDomains") {
            if domains.number() <= 0 {
                checks.wrong(&domains, "must be greater than zero");
            }
            if action != "DoNotSchedule" {
                let detail = format!(
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
                );
                checks.wrong(&domains, &detail);
            }
        }
        for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            checks.one_of_if_set(&constraint.field(name), &["Honor", "Ignore"]);
        }
        meta::selector(checks, &constraint.field("labelSelector"));
    }
}

/// The tolerations of a pod.
pub(super) fn tolerations(checks: &mut Checks, tolerations: &At) {
    for toleration in tolerations.each() {
        self::toleration(checks, &toleration);
    }
}

fn toleration(checks: &mut Checks, toleration: &At) {
    let (key, value) = (toleration.field("key"), toleration.text("value"));
    let (operator, effect) = (toleration.field("operator"), toleration.field("effect"));
    if !key.string().is_empty() {
        checks.qualified(&key);
    } else if operator.string() != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all \
                      values and all keys\"";
        checks.wrong(&operator, detail);
    }
    if toleration.set("tolerationSeconds").is_some() && effect.string() != "NoExecute" {
        checks.wrong(&effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    match operator.string() {
        "" | "Equal" => {
            let details = names::label_value(value, checks.kubernetes);
            checks.invalid_texts(&operator, value, details);
        }
        "Exists" if !value.is_empty() => {
            let detail = "value must be empty when `operator` is 'Exists'";
            checks.invalid_text(&operator, value, detail);
        }
        _ => checks.one_of(&operator, &["Equal", "Exists"]),
    }
    if !effect.string().is_empty() {
        checks.one_of(&effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    }
}
