//! Deployments and ReplicaSets.

use super::{object, timestamp};
use crate::api::{Kind, Tree};
use crate::cluster::deployment::{Deployment, ReplicaSet};
use serde_json::{Value, json};

/// Counts that are written if they are not zero.
fn put_counts<const N: usize>(status: &mut Value, counts: [(&str, i32); N]) {
    for (field, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        status.put(field, count);
    }
}

/// A Deployment.
pub fn deployment(deployment: &Deployment) -> Value {
    let mut whole = object(Kind::Deployment, &deployment.meta);
    whole.put("spec", deployment.api.spec().clone());
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
    whole.put("status", status);
    whole
}

/// A ReplicaSet.
pub fn replica_set(set: &ReplicaSet) -> Value {
    let mut whole = object(Kind::ReplicaSet, &set.meta);
    whole.put("spec", set.api.spec().clone());
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
    whole.put("status", status);
    whole
}
