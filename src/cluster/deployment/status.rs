//! What a Deployment's controller writes of it.
//!
//! Upstream: `pkg/controller/deployment/progress.go`, syncRolloutStatus;
//! `pkg/controller/deployment/sync.go`, calculateStatus.

use super::kind::{Condition, Deployment, DeploymentStatus, ReplicaSet};
use super::revisions::Sets;
use super::rollout::Rollout;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Why a Deployment progresses, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Created,
    Found,
    Updated,
    Available,
    TimedOut,
}

impl Reason {
    fn name(self) -> &'static str {
        match self {
            Self::Created => "NewReplicaSetCreated",
            Self::Found => "FoundNewReplicaSet",
            Self::Updated => "ReplicaSetUpdated",
            Self::Available => "NewReplicaSetAvailable",
            Self::TimedOut => "ProgressDeadlineExceeded",
        }
    }

    fn message(self, set: &str) -> String {
        match self {
            Self::Created => format!("Created new replica set \"{set}\""),
            Self::Found => format!("Found new replica set \"{set}\""),
            Self::Updated => format!("ReplicaSet \"{set}\" is progressing."),
            Self::Available => format!("ReplicaSet \"{set}\" has successfully progressed."),
            Self::TimedOut => format!("ReplicaSet \"{set}\" has timed out progressing."),
        }
    }
}

impl DeploymentStatus {
    /// The condition of a type.
    fn condition(&self, type_: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.type_ == type_)
    }

    pub(super) fn progressing(&self) -> Option<&Condition> {
        self.condition("Progressing")
    }

    /// How often a hash was taken by another template.
    pub(super) fn collisions(&self) -> i32 {
        0
    }

    /// Sets the condition Progressing.
    pub(super) fn progress(&mut self, reason: Reason, set: &str, now: Millis) {
        let message = reason.message(set);
        self.set("Progressing", reason != Reason::TimedOut, reason.name(), message, now);
    }

    /// Sets a condition. One with the same reason stays as it is.
    ///
    /// Upstream: SetDeploymentCondition.
    fn set(
        &mut self,
        type_: &'static str,
        is_true: bool,
        reason: &'static str,
        message: String,
        now: Millis,
    ) {
        let known = self.condition(type_);
        if known.is_some_and(|known| known.is_true == is_true && known.reason == reason) {
            return;
        }
        let since = known.filter(|known| known.is_true == is_true).map_or(now, |known| known.since);
        self.conditions.retain(|condition| condition.type_ != type_);
        let message = message.into();
        self.conditions.push(Condition { type_, is_true, reason, message, updated_at: now, since });
    }

    /// Upstream: DeploymentComplete.
    pub(super) fn is_complete(&self, deployment: &Deployment) -> bool {
        let wanted = deployment.replicas();
        self.updated_replicas == wanted
            && self.replicas == wanted
            && self.available_replicas == wanted
            && self.observed_generation >= deployment.meta.generation
    }

    /// Upstream: DeploymentProgressing.
    fn has_progressed_from(&self, old: &Self) -> bool {
        let others = |status: &Self| status.replicas - status.updated_replicas;
        self.updated_replicas > old.updated_replicas
            || others(self) < others(old)
            || self.ready_replicas > old.ready_replicas
            || self.available_replicas > old.available_replicas
    }

    /// When progress counts as stuck, if it is awaited.
    pub(super) fn deadline(&self, deployment: &Deployment) -> Option<Millis> {
        let condition = self.progressing().filter(|it| {
            it.reason != Reason::Available.name() && it.reason != Reason::TimedOut.name()
        })?;
        Some(condition.updated_at.saturating_add(deployment.progress_deadline_ms()?))
    }
}

impl Rollout<'_> {
    /// Writes the status; if `watches`, also how the roll-out goes on.
    pub(super) fn write_status(&mut self, sets: &Sets, watches: bool) {
        let deployment = Rc::clone(&self.deployment);
        self.count(sets);
        let wanted = deployment.replicas();
        let now = self.cluster.now;
        let status = &mut self.status;
        let is_enough = status.available_replicas >= wanted - deployment.max_unavailable();
        let (reason, text) = match is_enough {
            true => ("MinimumReplicasAvailable", "Deployment has minimum availability."),
            false => {
                ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
            }
        };
        status.set("Available", is_enough, reason, text.into(), now);
        let is_settled = status.replicas == status.updated_replicas
            && status.progressing().is_some_and(|it| it.reason == Reason::Available.name());
        if watches && deployment.progress_deadline_ms().is_some() && !is_settled {
            self.watch_progress(&deployment, sets);
        }
        let status = self.status.clone();
        self.cluster.store.update::<Deployment>(&deployment.meta.key, |it| it.status = status);
    }

    fn watch_progress(&mut self, deployment: &Deployment, sets: &Sets) {
        let now = self.cluster.now;
        let name = sets.new.as_ref().map_or("", |set| set.meta.name()).to_owned();
        let status = &mut self.status;
        if status.is_complete(deployment) {
            status.progress(Reason::Available, &name, now);
        } else if status.has_progressed_from(&deployment.status) {
            if let Some(known) =
                status.conditions.iter_mut().find(|condition| condition.type_ == "Progressing")
            {
                // A condition of the same reason is written anew: its time is what is watched.
                known.reason = "";
            }
            status.progress(Reason::Updated, &name, now);
        } else if status.deadline(deployment).is_some_and(|deadline| now >= deadline) {
            status.progress(Reason::TimedOut, &name, now);
        }
    }

    fn count(&mut self, sets: &Sets) {
        let sum = |count: &dyn Fn(&ReplicaSet) -> i32| sets.all().map(|it| count(it)).sum();
        let status = &mut self.status;
        status.observed_generation = self.deployment.meta.generation;
        status.replicas = sum(&|set| set.status.replicas);
        status.ready_replicas = sum(&|set| set.status.ready_replicas);
        status.available_replicas = sum(&|set| set.status.available_replicas);
        status.updated_replicas = sets.new.as_ref().map_or(0, |set| set.status.replicas);
        let asked: i32 = sum(&|set| set.replicas);
        status.unavailable_replicas = (asked - status.available_replicas).max(0);
    }
}
