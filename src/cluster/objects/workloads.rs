//! Sets, their revisions, and budgets.

use super::{object, timestamp};
use crate::api::{Kind, Tree, json as api_json};
use crate::cluster::budget::Budget;
use crate::cluster::pod::ConditionStatus;
use crate::cluster::stateful_set::{ControllerRevision, StatefulSet};
use crate::cluster::store::Store;
use serde_json::{Value, json};

/// A set.
pub fn set(set: &StatefulSet) -> Value {
    let mut whole = object(Kind::StatefulSet, &set.meta);
    whole.put("spec", (*set.spec.api).clone());
    let own = &set.status;
    let mut status = json!({"replicas": own.replicas, "availableReplicas": own.available_replicas});
    let counts = [
        ("readyReplicas", own.ready_replicas),
        ("currentReplicas", own.current_replicas),
        ("updatedReplicas", own.updated_replicas),
    ];
    for (field, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        status.put(field, count);
    }
    if own.observed_generation != 0 {
        status.put("observedGeneration", own.observed_generation);
    }
    let revisions =
        [("currentRevision", &own.current_revision), ("updateRevision", &own.update_revision)];
    for (field, name) in revisions.into_iter().filter(|(_, name)| !name.is_empty()) {
        status.put(field, &**name);
    }
    if let Some(count) = own.collision_count {
        status.put("collisionCount", count);
    }
    let conditions: Vec<Value> = own
        .conditions
        .iter()
        .map(|condition| {
            json!({
                "type": &*condition.type_,
                "status": match condition.status {
                    ConditionStatus::True => "True",
                    ConditionStatus::False => "False",
                    ConditionStatus::Unknown => "Unknown",
                },
                "lastTransitionTime": timestamp(condition.since),
                "reason": &*condition.reason,
                "message": &*condition.message,
            })
        })
        .collect();
    if !conditions.is_empty() {
        status.put("conditions", conditions);
    }
    whole.put("status", status);
    whole
}

/// A revision.
pub fn revision(revision: &ControllerRevision) -> Value {
    let mut whole = object(Kind::ControllerRevision, &revision.meta);
    whole.put("data", api_json::parse(&revision.data).unwrap_or_default());
    whole.put("revision", revision.revision);
    whole
}

/// A budget, with the status that its controller gives it at once.
pub fn budget(budget: &Budget, store: &Store) -> Value {
    let mut whole = object(Kind::PodDisruptionBudget, &budget.meta);
    whole.put("spec", budget.api.spec().clone());
    let allowance = budget.allowance(store);
    whole.put(
        "status",
        json!({
            "observedGeneration": budget.meta.generation,
            "disruptionsAllowed": allowance.disruptions(),
            "currentHealthy": allowance.healthy,
            "desiredHealthy": allowance.desired,
            "expectedPods": allowance.expected,
        }),
    );
    whole
}
