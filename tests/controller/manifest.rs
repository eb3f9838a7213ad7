//! The manifest of a scenario's set, and what inputs change in it.

use super::recording::{Input, SetFields};
use serde_json::{Value, json};
use statefulset_playground::api::{ApiObject, Tree};

/// The set as a person would apply it.
pub fn stateful_set(fields: &SetFields) -> ApiObject {
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
    let mut set = ApiObject::from_tree(set).expect("a StatefulSet");
    let spec = set.spec_mut();
    if fields.ordinals_start != 0 {
        spec.open("ordinals").put("start", fields.ordinals_start);
    }
    if let Some(partition) = fields.partition {
        rolling_update(spec).put("partition", partition);
    }
    if let Some(limit) = &fields.max_unavailable {
        rolling_update(spec).put("maxUnavailable", limit_of(limit));
    }
    set
}

fn rolling_update(spec: &mut Value) -> &mut Value {
    spec.open("updateStrategy").open("rollingUpdate")
}

fn limit_of(text: &str) -> Value {
    text.parse::<i32>().map_or_else(|_| text.into(), Value::from)
}

/// Changes the field that an input names. Returns whether the input is of that sort.
pub fn change(set: &mut ApiObject, input: &Input) -> bool {
    if input.kind == "annotateSet" {
        set.tree.open("metadata").open("annotations").put("note", input.value.as_str());
        return true;
    }
    let spec = set.spec_mut();
    change_spec(spec, input) || change_strategy(spec, input) || change_template(spec, input)
}

fn put_or_drop(tree: &mut Value, field: &str, number: Option<i32>) {
    match number {
        Some(number) => tree.put(field, number),
        None => drop(tree.drop_field(field)),
    }
}

fn change_spec(spec: &mut Value, input: &Input) -> bool {
    let policy = "persistentVolumeClaimRetentionPolicy";
    match input.kind.as_str() {
        "scale" => put_or_drop(spec, "replicas", input.int),
        "setMinReadySeconds" => put_or_drop(spec, "minReadySeconds", input.int),
        "setRevisionHistoryLimit" => put_or_drop(spec, "revisionHistoryLimit", input.int),
        "setOrdinalsStart" if input.int == Some(0) => drop(spec.drop_field("ordinals")),
        "setOrdinalsStart" => put_or_drop(spec.open("ordinals"), "start", input.int),
        "setWhenScaled" => spec.open(policy).put("whenScaled", input.value.as_str()),
        "setWhenDeleted" => spec.open(policy).put("whenDeleted", input.value.as_str()),
        _ => return false,
    }
    true
}

fn change_strategy(spec: &mut Value, input: &Input) -> bool {
    match input.kind.as_str() {
        "setPartition" => put_or_drop(rolling_update(spec), "partition", input.int),
        "setMaxUnavailable" => rolling_update(spec).put("maxUnavailable", limit_of(&input.value)),
        "setStrategy" => {
            spec.put("updateStrategy", json!({"type": input.value}));
            if input.int.is_some() {
                put_or_drop(rolling_update(spec), "partition", input.int);
            }
        }
        _ => return false,
    }
    true
}

fn change_template(spec: &mut Value, input: &Input) -> bool {
    let template = spec.open("template");
    match input.kind.as_str() {
        "setTemplateLabel" if input.value.is_empty() => {
            template.open("metadata").open("labels").drop_field("tier");
        }
        "setTemplateLabel" => {
            template.open("metadata").open("labels").put("tier", input.value.as_str());
        }
        "restart" => {
            let annotations = template.open("metadata").open("annotations");
            annotations.put("kubectl.kubernetes.io/restartedAt", input.value.as_str());
        }
        _ => return change_container(&mut template.open("spec").items_mut("containers")[0], input),
    }
    true
}

fn change_container(container: &mut Value, input: &Input) -> bool {
    match input.kind.as_str() {
        "setImage" => container.put("image", input.value.as_str()),
        "setEnv" if input.value.is_empty() => drop(container.drop_field("env")),
        "setEnv" => container.put("env", json!([{"name": "MODE", "value": input.value}])),
        _ => return false,
    }
    true
}
