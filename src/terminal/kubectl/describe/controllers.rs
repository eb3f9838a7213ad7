//! The descriptions of what makes pods from a template.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeStatefulSet,
//! describeDeployment, describeReplicaSet, describeDaemonSet.

use super::text::{
    Text, controller, controller_of, go_list, plain, selector, selector_or_none, time,
};
use super::view::View;
use super::{events, pods, storage, template};
use crate::api::{Tree, Version};
use crate::print::labels;
use serde_json::Value;
use std::rc::Rc;

/// Writes the description of a StatefulSet.
pub fn stateful_set(view: &View, set: &Value, text: &mut Text) {
    let (spec, status) = (set.at("spec"), set.at("status"));
    text.name(set);
    text.put(0, "CreationTimestamp", time(set.at("metadata").text("creationTimestamp")));
    text.put(0, "Selector", selector(spec.at("selector")));
    text.labels_and_annotations(set);
    let says_more = view.version >= Version::V1_37;
    if says_more {
        text.put_set(0, "Service Name", spec.text("serviceName"));
        text.put_set(0, "Pod Management Policy", spec.text("podManagementPolicy"));
    }
    let (desired, total) = (spec.int("replicas"), status.int("replicas"));
    text.put(0, "Replicas", format_args!("{desired} desired | {total} total"));
    let strategy = spec.at("updateStrategy");
    text.put(0, "Update Strategy", strategy.text("type"));
    let rolling = strategy.at("rollingUpdate");
    if let Some(partition) = rolling.opt_int("partition") {
        text.put(1, "Partition", partition);
        if let Some(most) = rolling.set("maxUnavailable") {
            text.put(1, "MaxUnavailable", plain(most));
        }
    }
    if let (true, Some(policy)) = (says_more, spec.set("persistentVolumeClaimRetentionPolicy")) {
        text.head(0, "Persistent Volume Claim Retention Policy");
        text.put_set(1, "WhenDeleted", policy.text("whenDeleted"));
        text.put_set(1, "WhenScaled", policy.text("whenScaled"));
    }
    text.put(0, "Pods Status", pods::phases(view, set));
    template::describe(view, spec.at("template"), text);
    claims(spec, text);
    events::describe(view, set, "StatefulSet", text);
}

fn claims(spec: &Value, text: &mut Text) {
    let claims = spec.items("volumeClaimTemplates");
    if claims.is_empty() {
        text.put(0, "Volume Claims", "<none>");
        return;
    }
    text.head(0, "Volume Claims");
    for claim in claims {
        let meta = claim.at("metadata");
        text.put(1, "Name", meta.text("name"));
        text.put(1, "StorageClass", storage::class_of(claim));
        text.labels("  ", "Labels", meta.at("labels"));
        text.labels("  ", "Annotations", meta.at("annotations"));
        let storage = claim.at("spec").at("resources").at("requests").set("storage");
        text.put(1, "Capacity", storage.map_or("<default>".into(), plain));
        text.put(1, "Access Modes", go_list(claim.at("spec"), "accessModes"));
    }
}

/// Writes the description of a Deployment.
pub fn deployment(view: &View, deployment: &Value, text: &mut Text) {
    let (spec, status) = (deployment.at("spec"), deployment.at("status"));
    text.name(deployment);
    text.put(0, "CreationTimestamp", time(deployment.at("metadata").text("creationTimestamp")));
    text.labels_and_annotations(deployment);
    text.put(0, "Selector", selector(spec.at("selector")));
    text.put(
        0,
        "Replicas",
        format_args!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            spec.int("replicas"),
            status.int("updatedReplicas"),
            status.int("replicas"),
            status.int("availableReplicas"),
            status.int("unavailableReplicas")
        ),
    );
    text.put(0, "StrategyType", spec.at("strategy").text("type"));
    text.put(0, "MinReadySeconds", spec.int("minReadySeconds"));
    if let Some(rolling) = spec.at("strategy").set("rollingUpdate") {
        let (down, up) = (plain(rolling.at("maxUnavailable")), plain(rolling.at("maxSurge")));
        let line = format!("{down} max unavailable, {up} max surge");
        text.put(0, "RollingUpdateStrategy", line);
    }
    template::describe(view, spec.at("template"), text);
    conditions(status, text);
    replica_sets(view, deployment, text);
    events::describe(view, deployment, "Deployment", text);
}

fn conditions(status: &Value, text: &mut Text) {
    let conditions = status.items("conditions");
    if !conditions.is_empty() {
        text.head(0, "Conditions");
        text.raw(1, "Type\tStatus\tReason");
        text.raw(1, "----\t------\t------");
    }
    for condition in conditions {
        let (kind, status) = (condition.text("type"), condition.text("status"));
        text.raw(1, format_args!("{kind} \t{status}\t{}", condition.text("reason")));
    }
}

/// The template without the label that tells ReplicaSets apart.
fn plain_template(object: &Value) -> Value {
    let mut template = object.at("spec").at("template").clone();
    template.open("metadata").open("labels").drop_field("pod-template-hash");
    template
}

fn replica_sets(view: &View, deployment: &Value, text: &mut Text) {
    let uid = deployment.at("metadata").text("uid");
    let mut sets = view.beside(deployment, "replicasets");
    sets.retain(|set| controller_of(set).is_some_and(|owner| owner.text("uid") == uid));
    if sets.is_empty() {
        return;
    }
    sets.sort_by(|left, right| {
        let created = |set: &Rc<Value>| set.at("metadata").text("creationTimestamp").to_owned();
        created(left).cmp(&created(right))
    });
    let wanted = plain_template(deployment);
    let new = sets.iter().position(|set| plain_template(set) == wanted);
    let shown = |is_new: bool| {
        let own = sets.iter().enumerate().filter(|(at, _)| (Some(*at) == new) == is_new);
        let own = own.map(|(_, set)| {
            let name = set.at("metadata").text("name");
            let (made, all) = (set.at("status").int("replicas"), set.at("spec").int("replicas"));
            format!("{name} ({made}/{all} replicas created)")
        });
        match own.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "<none>".into(),
            list => list,
        }
    };
    text.put(0, "OldReplicaSets", shown(false));
    text.put(0, "NewReplicaSet", shown(true));
}

/// Writes the description of a ReplicaSet.
pub fn replica_set(view: &View, set: &Value, text: &mut Text) {
    let (spec, status) = (set.at("spec"), set.at("status"));
    text.name(set);
    text.put(0, "Selector", selector_or_none(spec.at("selector")));
    text.labels_and_annotations(set);
    if let Some(owner) = controller(set) {
        text.put(0, "Controlled By", owner);
    }
    let (current, desired) = (status.int("replicas"), spec.int("replicas"));
    text.put(0, "Replicas", format_args!("{current} current / {desired} desired"));
    text.put(0, "Pods Status", pods::phases(view, set));
    template::describe(view, spec.at("template"), text);
    conditions(status, text);
    events::describe(view, set, "ReplicaSet", text);
}

/// Writes the description of a DaemonSet.
pub fn daemon_set(view: &View, set: &Value, text: &mut Text) {
    const COUNTS: [(&str, &str); 5] = [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ];
    let spec = set.at("spec");
    text.name(set);
    text.put(0, "Selector", selector(spec.at("selector")));
    text.put(0, "Node-Selector", labels(spec.at("template").at("spec").at("nodeSelector")));
    text.labels_and_annotations(set);
    for (title, field) in COUNTS {
        text.raw(0, format_args!("{title}: {}", set.at("status").int(field)));
    }
    text.put(0, "Pods Status", pods::phases(view, set));
    template::describe(view, spec.at("template"), text);
    events::describe(view, set, "DaemonSet", text);
}
