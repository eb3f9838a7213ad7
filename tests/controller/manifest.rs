//! The manifest of a scenario's set, and what inputs change in it.

use crate::recording::{Input, SetFields};
use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy};
use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

/// The set as a person would apply it.
pub fn stateful_set(fields: &SetFields) -> StatefulSet {
    let claims: Vec<Value> = ["data", "logs"][..fields.claim_templates]
        .iter()
        .map(|name| {
            json!({
                "metadata": {"name": name},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "1Gi"}}
                }
            })
        })
        .collect();
    let set = json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {
            "serviceName": "web",
            "replicas": fields.replicas,
            "podManagementPolicy": fields.pod_management_policy,
            "minReadySeconds": fields.min_ready_seconds,
            "revisionHistoryLimit": fields.revision_history_limit,
            "persistentVolumeClaimRetentionPolicy": {
                "whenDeleted": fields.when_deleted,
                "whenScaled": fields.when_scaled
            },
            "updateStrategy": {"type": fields.update_strategy},
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "web", "image": fields.image}]}
            },
            "volumeClaimTemplates": claims
        }
    });
    let mut set: StatefulSet = serde_json::from_value(set).expect("a StatefulSet");
    let spec = set.spec.as_mut().expect("a spec");
    if fields.ordinals_start != 0 {
        spec.ordinals.get_or_insert_default().start = Some(fields.ordinals_start);
    }
    let strategy = spec.update_strategy.as_mut().expect("a strategy");
    if let Some(partition) = fields.partition {
        strategy.rolling_update.get_or_insert_default().partition = Some(partition);
    }
    if let Some(limit) = &fields.max_unavailable {
        strategy.rolling_update.get_or_insert_default().max_unavailable = Some(limit_of(limit));
    }
    set
}

fn limit_of(text: &str) -> IntOrString {
    text.parse().map_or_else(|_| IntOrString::String(text.into()), IntOrString::Int)
}

/// Changes the field that an input names. Returns whether the input is of that sort.
pub fn change(set: &mut StatefulSet, input: &Input) -> bool {
    if input.kind == "annotateSet" {
        let annotations = set.metadata.annotations.get_or_insert_default();
        annotations.insert("note".into(), input.value.clone());
        return true;
    }
    let spec = set.spec.as_mut().expect("a stored set has a spec");
    change_spec(spec, input) || change_strategy(spec, input) || change_template(spec, input)
}

fn change_spec(spec: &mut StatefulSetSpec, input: &Input) -> bool {
    let policy = spec.persistent_volume_claim_retention_policy.get_or_insert_default();
    match input.kind.as_str() {
        "scale" => spec.replicas = input.int,
        "setMinReadySeconds" => spec.min_ready_seconds = input.int,
        "setRevisionHistoryLimit" => spec.revision_history_limit = input.int,
        "setOrdinalsStart" if input.int == Some(0) => spec.ordinals = None,
        "setOrdinalsStart" => spec.ordinals.get_or_insert_default().start = input.int,
        "setWhenScaled" => policy.when_scaled = Some(input.value.clone()),
        "setWhenDeleted" => policy.when_deleted = Some(input.value.clone()),
        _ => return false,
    }
    true
}

fn change_strategy(spec: &mut StatefulSetSpec, input: &Input) -> bool {
    let strategy = spec.update_strategy.get_or_insert_default();
    match input.kind.as_str() {
        "setPartition" => {
            strategy.rolling_update.get_or_insert_default().partition = input.int;
        }
        "setMaxUnavailable" => {
            let limit = limit_of(&input.value);
            strategy.rolling_update.get_or_insert_default().max_unavailable = Some(limit);
        }
        "setStrategy" => {
            let type_ = Some(input.value.clone());
            *strategy = StatefulSetUpdateStrategy { type_, rolling_update: None };
            if input.int.is_some() {
                strategy.rolling_update.get_or_insert_default().partition = input.int;
            }
        }
        _ => return false,
    }
    true
}

fn change_template(spec: &mut StatefulSetSpec, input: &Input) -> bool {
    let template = &mut spec.template;
    let meta = template.metadata.get_or_insert_default();
    let container = &mut template.spec.get_or_insert_with(PodSpec::default).containers[0];
    match input.kind.as_str() {
        "setImage" => container.image = Some(input.value.clone()),
        "setEnv" if input.value.is_empty() => container.env = None,
        "setEnv" => {
            let mode = json!([{"name": "MODE", "value": input.value}]);
            container.env = serde_json::from_value(mode).expect("an environment");
        }
        "setTemplateLabel" if input.value.is_empty() => {
            meta.labels.get_or_insert_default().remove("tier");
        }
        "setTemplateLabel" => {
            meta.labels.get_or_insert_default().insert("tier".into(), input.value.clone());
        }
        "restart" => {
            let annotations = meta.annotations.get_or_insert_default();
            annotations.insert("kubectl.kubernetes.io/restartedAt".into(), input.value.clone());
        }
        _ => return false,
    }
    true
}
