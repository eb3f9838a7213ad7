//! Which affinities, spread constraints and tolerations are valid.
//!
//! Upstream: `validateAffinity`, `validateTopologySpreadConstraints`, `ValidateTolerations`.

use super::super::names;
use super::{Checks, Path, items, meta, text};
use k8s_openapi::api::core::v1::{
    NodeSelector, NodeSelectorRequirement, PodAffinityTerm, PodSpec, Toleration,
    TopologySpreadConstraint, WeightedPodAffinityTerm,
};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Affinity and spread constraints of a pod.
pub(super) fn pod(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    if let Some(affinity) = &pod.affinity {
        let path = path.child("affinity");
        if let Some(node) = &affinity.node_affinity {
            let path = path.child("nodeAffinity");
            if let Some(selector) = &node.required_during_scheduling_ignored_during_execution {
                node_selector(checks, selector, &path.child(REQUIRED));
            }
            let preferred = &node.preferred_during_scheduling_ignored_during_execution;
            for (path, term) in items(preferred, &path.child(PREFERRED)) {
                weight(checks, term.weight, &path.child("weight"));
                let path = path.child("preference").child("matchExpressions");
                node_expressions(checks, term.preference.match_expressions.as_ref(), &path);
            }
        }
        if let Some(terms) = &affinity.pod_affinity {
            let path = path.child("podAffinity");
            let required = terms.required_during_scheduling_ignored_during_execution.as_ref();
            let preferred = terms.preferred_during_scheduling_ignored_during_execution.as_ref();
            pod_terms(checks, required, preferred, &path);
        }
        if let Some(terms) = &affinity.pod_anti_affinity {
            let path = path.child("podAntiAffinity");
            let required = terms.required_during_scheduling_ignored_during_execution.as_ref();
            let preferred = terms.preferred_during_scheduling_ignored_during_execution.as_ref();
            pod_terms(checks, required, preferred, &path);
        }
    }
    spread(checks, pod.topology_spread_constraints.as_ref(), path);
}

fn weight(checks: &mut Checks, weight: i32, path: &Path) {
    if !(1..=100).contains(&weight) {
        checks.invalid(path, weight, "must be in the range 1-100");
    }
}

fn node_selector(checks: &mut Checks, selector: &NodeSelector, path: &Path) {
    let path = path.child("nodeSelectorTerms");
    if selector.node_selector_terms.is_empty() {
        checks.required_because(&path, "must have at least one node selector term");
    }
    for (path, term) in items(Some(&selector.node_selector_terms), &path) {
        let path = path.child("matchExpressions");
        node_expressions(checks, term.match_expressions.as_ref(), &path);
    }
}

fn node_expressions(
    checks: &mut Checks,
    expressions: Option<&Vec<NodeSelectorRequirement>>,
    path: &Path,
) {
    let kubernetes = checks.kubernetes;
    for (path, requirement) in items(expressions, path) {
        let count = requirement.values.as_ref().map_or(0, Vec::len);
        let values = path.child("values");
        match requirement.operator.as_str() {
            "In" | "NotIn" if count == 0 => {
                let why = "must be specified when `operator` is 'In' or 'NotIn'";
                checks.required_because(&values, why);
            }
            "Exists" | "DoesNotExist" if count > 0 => {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                checks.forbidden(&values, why);
            }
            "Gt" | "Lt" if count != 1 => {
                let why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                checks.required_because(&values, why);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => {
                let operator = path.child("operator");
                checks.invalid_text(&operator, other, "not a valid selector operator");
            }
        }
        let key = &requirement.key;
        checks.invalid_texts(&path.child("key"), key, names::qualified_name(key, kubernetes));
    }
}

fn pod_terms(
    checks: &mut Checks,
    required: Option<&Vec<PodAffinityTerm>>,
    preferred: Option<&Vec<WeightedPodAffinityTerm>>,
    path: &Path,
) {
    for (path, term) in items(required, &path.child(REQUIRED)) {
        pod_term(checks, term, &path);
    }
    for (path, term) in items(preferred, &path.child(PREFERRED)) {
        weight(checks, term.weight, &path.child("weight"));
        pod_term(checks, &term.pod_affinity_term, &path.child("podAffinityTerm"));
    }
}

fn pod_term(checks: &mut Checks, term: &PodAffinityTerm, path: &Path) {
    if let Some(selector) = &term.label_selector {
        meta::selector(checks, selector, &path.child("labelSelector"));
    }
    for (path, namespace) in items(&term.namespaces, &path.child("namespaces")) {
        checks.invalid_texts(&path, namespace, names::dns_label(namespace));
    }
    let (key, path) = (&term.topology_key, path.child("topologyKey"));
    if key.is_empty() {
        checks.required_because(&path, "can not be empty");
    }
    let kubernetes = checks.kubernetes;
    checks.invalid_texts(&path, key, names::qualified_name(key, kubernetes));
}

fn spread(checks: &mut Checks, list: Option<&Vec<TopologySpreadConstraint>>, path: &Path) {
    let path = path.child("topologySpreadConstraints");
    let all: Vec<_> = items(list, &path).collect();
    for (at, (path, constraint)) in all.iter().enumerate() {
        let (skew, key) = (constraint.max_skew, &constraint.topology_key);
        if skew <= 0 {
            checks.invalid(&path.child("maxSkew"), skew, "must be greater than zero");
        }
        if key.is_empty() {
            checks.required_because(&path.child("topologyKey"), "can not be empty");
        }
        let action = &constraint.when_unsatisfiable;
        let supported = ["DoNotSchedule", "ScheduleAnyway"];
        checks.one_of(&path.child("whenUnsatisfiable"), action, &supported);
        let repeated = all[at + 1..]
            .iter()
            .any(|(_, other)| other.topology_key == *key && other.when_unsatisfiable == *action);
        if repeated {
            let path = path.child("{topologyKey, whenUnsatisfiable}");
            checks.duplicate_text(&path, &format!("{{{key}, {action}}}"));
        }
        if let Some(domains) = constraint.min_domains {
            let path = path.child("minDomains");
            if domains <= 0 {
                checks.invalid(&path, domains, "must be greater than zero");
            }
            if action != "DoNotSchedule" {
                let detail = format!(
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
                );
                checks.invalid(&path, domains, &detail);
            }
        }
        for (name, policy) in [
            ("nodeAffinityPolicy", &constraint.node_affinity_policy),
            ("nodeTaintsPolicy", &constraint.node_taints_policy),
        ] {
            if let Some(policy) = policy {
                checks.one_of(&path.child(name), policy, &["Honor", "Ignore"]);
            }
        }
        if let Some(selector) = &constraint.label_selector {
            meta::selector(checks, selector, &path.child("labelSelector"));
        }
    }
}

/// The tolerations of a pod.
pub(super) fn tolerations(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    for (path, toleration) in items(&pod.tolerations, path) {
        self::toleration(checks, toleration, &path);
    }
}

fn toleration(checks: &mut Checks, toleration: &Toleration, path: &Path) {
    let kubernetes = checks.kubernetes;
    let (key, value) = (text(&toleration.key), text(&toleration.value));
    let (operator, effect) = (text(&toleration.operator), text(&toleration.effect));
    let at_operator = path.child("operator");
    if !key.is_empty() {
        checks.invalid_texts(&path.child("key"), key, names::qualified_name(key, kubernetes));
    }
    if key.is_empty() && operator != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all \
                      values and all keys\"";
        checks.invalid_text(&at_operator, operator, detail);
    }
    if toleration.toleration_seconds.is_some() && effect != "NoExecute" {
        let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        checks.invalid_text(&path.child("effect"), effect, detail);
    }
    match operator {
        "" | "Equal" => {
            checks.invalid_texts(&at_operator, value, names::label_value(value, kubernetes));
        }
        "Exists" if !value.is_empty() => {
            let detail = "value must be empty when `operator` is 'Exists'";
            checks.invalid_text(&at_operator, value, detail);
        }
        "Exists" => {}
        other => checks.one_of(&at_operator, other, &["Equal", "Exists"]),
    }
    if !effect.is_empty() {
        let supported = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        checks.one_of(&path.child("effect"), effect, &supported);
    }
}
