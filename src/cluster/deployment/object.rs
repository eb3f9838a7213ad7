//! Deployments and ReplicaSets as the API has them.

use super::kind::{Deployment, ReplicaSet, replicas_of};
use crate::api::selector::Selector;
use crate::api::{Kind, Tree};
use crate::cluster::meta::{Meta, Shared};
use crate::cluster::record::{Stored, View};
use crate::cluster::template::PodTemplate;
use crate::cluster::time::timestamp;
use serde_json::{Value, json};

impl Stored for Deployment {
    const KIND: Kind = Kind::Deployment;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        Self {
            meta,
            selector: Selector::of(object.at("spec").at("selector")),
            status: old.map(|old| old.status.clone()).unwrap_or_default(),
            spec: Shared::new(object.at("spec").clone()),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        json!({"spec": &*self.spec, "status": deployment(self)})
    }
}

impl Stored for ReplicaSet {
    const KIND: Kind = Kind::ReplicaSet;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        let same = old.filter(|old| old.spec.at("template") == spec.at("template"));
        let template = same.map_or_else(
            || Shared::new(PodTemplate::from_api(spec.at("template"))),
            |old| old.template.clone(),
        );
        Self {
            meta,
            selector: Selector::of(spec.at("selector")),
            template,
            replicas: replicas_of(spec),
            status: old.map(|old| old.status.clone()).unwrap_or_default(),
            spec: Shared::new(spec.clone()),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        json!({"spec": &*self.spec, "status": replica_set(self)})
    }
}

/// Counts that are written if they are not zero.
fn put_counts<const N: usize>(status: &mut Value, counts: [(&str, i32); N]) {
    for (field, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        status.put(field, count);
    }
}

/// The status of a Deployment.
fn deployment(deployment: &Deployment) -> Value {
    let own = &deployment.status;
    let mut status = json!({});
    if own.observed_generation != 0 {
        status.put("observedGeneration", own.observed_generation);
    }
    put_counts(
        &mut status,
        [
            ("replicas", own.replicas),
            ("updatedReplicas", own.updated_replicas),
            ("readyReplicas", own.ready_replicas),
            ("availableReplicas", own.available_replicas),
            ("unavailableReplicas", own.unavailable_replicas),
        ],
    );
    let conditions = own.conditions.iter().map(|condition| {
        json!({
            "type": condition.type_,
            "status": if condition.is_true { "True" } else { "False" },
            "lastUpdateTime": timestamp(condition.updated_at),
            "lastTransitionTime": timestamp(condition.since),
            "reason": condition.reason,
            "message": &*condition.message,
        })
    });
    let conditions: Vec<Value> = conditions.collect();
    if !conditions.is_empty() {
        status.put("conditions", conditions);
    }
    status
}

/// The status of a ReplicaSet.
fn replica_set(set: &ReplicaSet) -> Value {
    let own = &set.status;
    let mut status = json!({"replicas": own.replicas});
    put_counts(
        &mut status,
        [
            ("fullyLabeledReplicas", own.fully_labeled_replicas),
            ("readyReplicas", own.ready_replicas),
            ("availableReplicas", own.available_replicas),
        ],
    );
    if own.observed_generation != 0 {
        status.put("observedGeneration", own.observed_generation);
    }
    status
}
