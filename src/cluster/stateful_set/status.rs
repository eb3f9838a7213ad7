//! The status that a sync writes.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, computeReplicaStatus, updateStatus,
//! updateStatefulSetStatus; `stateful_set_utils.go`, completeRollingUpdate, inconsistentStatus.

use super::observe::Observed;
use super::revision::Revisions;
use super::{SetCondition, StatefulSetStatus, UpdateStrategyType};
use crate::cluster::pod::ConditionStatus;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// The status of the pods as they were when the sync began.
pub(super) fn computed(observed: &Observed, revisions: &Revisions) -> StatefulSetStatus {
    let set = observed.set;
    let min_ready_ms = set.spec.min_ready_ms();
    let mut status = StatefulSetStatus {
        observed_generation: set.meta.generation,
        current_revision: Rc::clone(&revisions.current.meta.key.name),
        update_revision: Rc::clone(&revisions.update.meta.key.name),
        collision_count: Some(revisions.collision_count),
        conditions: set.status.conditions.clone(),
        ..StatefulSetStatus::default()
    };
    for member in &observed.pods {
        status.replicas += 1;
        if member.pod.is_running_and_ready() {
            status.ready_replicas += 1;
            status.available_replicas +=
                i32::from(member.pod.is_available(min_ready_ms, observed.now));
        }
        if !member.pod.is_terminating() {
            let is = |name: &str| i32::from(member.revision == name);
            status.current_replicas += is(&status.current_revision);
            status.updated_replicas += is(&status.update_revision);
        }
    }
    status
}

/// Makes the update revision the current one if every pod has it and is ready.
pub(super) fn complete(observed: &Observed, status: &mut StatefulSetStatus) {
    let spec = &*observed.set.spec;
    let counts = observed.kubernetes.completes_updates_of_every_strategy()
        || spec.update_strategy == UpdateStrategyType::RollingUpdate;
    let all = |count: i32| count == spec.replicas;
    if !counts
        || !all(status.updated_replicas)
        || !all(status.ready_replicas)
        || !all(status.replicas)
    {
        return;
    }
    status.current_replicas = status.updated_replicas;
    status.current_revision = Rc::clone(&status.update_revision);
    let recreates = spec.update_strategy == UpdateStrategyType::Recreate;
    if recreates && status.conditions.iter().any(|it| it.status == ConditionStatus::True) {
        let message = "All pods recreated successfully";
        progressing(status, ConditionStatus::False, "RecreateCompleted", message, observed.now);
    }
}

/// Sets the condition `Progressing`.
pub(super) fn progressing(
    status: &mut StatefulSetStatus,
    value: ConditionStatus,
    reason: &str,
    message: &str,
    now: Millis,
) {
    let type_ = "Progressing";
    let known = status.conditions.iter().find(|it| *it.type_ == *type_);
    let since = known.filter(|it| it.status == value).map_or(now, |it| it.since);
    status.conditions.retain(|it| *it.type_ != *type_);
    status.conditions.push(SetCondition {
        type_: type_.into(),
        status: value,
        since,
        reason: reason.into(),
        message: message.into(),
    });
}

/// Whether a status differs from the stored one so that it must be written.
pub(super) fn is_inconsistent(stored: &StatefulSetStatus, status: &StatefulSetStatus) -> bool {
    let ignoring_generation_and_collisions = |it: &StatefulSetStatus| StatefulSetStatus {
        observed_generation: 0,
        collision_count: None,
        ..it.clone()
    };
    status.observed_generation > stored.observed_generation
        || ignoring_generation_and_collisions(status) != ignoring_generation_and_collisions(stored)
}
