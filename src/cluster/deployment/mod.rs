//! Deployments and ReplicaSets: what they are, and the two controllers that follow them.
//!
//! A Deployment makes a ReplicaSet for each revision of its template ([`revisions`]) and shifts
//! replicas from one to the other ([`rollout`]); a ReplicaSet makes pods without names of their own
//! ([`replica_set`]). [`controller`] says when they look.
//!
//! Simplified: `pod-template-hash` is a hash of the template as JSON; upstream hashes Go's structures.
//!
//! Upstream: `pkg/controller/deployment/`, `pkg/controller/replicaset/`.

pub mod controller;
mod replica_set;
mod revisions;
mod rollout;
mod status;
#[cfg(test)]
mod tests;

pub use replica_set::{ReplicaSet, ReplicaSetStatus};
pub use status::{Condition, DeploymentStatus};

use super::meta::{Meta, Shared};
use super::time::{Millis, seconds};
use crate::api::Tree;
use crate::api::selector::Selector;
use serde_json::Value;

/// The label that tells the pods of a Deployment's ReplicaSets apart.
pub const HASH_LABEL: &str = "pod-template-hash";
/// The annotation with the number of a revision.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
/// The annotation with the replicas that the Deployment asked for.
const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// The annotation with those and the surge.
const MAXIMUM: &str = "deployment.kubernetes.io/max-replicas";

/// A Deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Metadata.
    pub meta: Meta,
    /// Which pods are its own.
    pub selector: Selector,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
    /// What its controller last wrote of it.
    pub status: DeploymentStatus,
}

impl Deployment {
    /// `spec.replicas`.
    pub fn replicas(&self) -> i32 {
        replicas_of(&self.spec)
    }

    /// `spec.minReadySeconds` in milliseconds.
    pub fn min_ready_ms(&self) -> Millis {
        seconds(number(&self.spec, "minReadySeconds", 0).max(0))
    }

    /// `spec.progressDeadlineSeconds` in milliseconds; none if progress is not watched.
    fn progress_deadline_ms(&self) -> Option<Millis> {
        let limit = number(&self.spec, "progressDeadlineSeconds", 600);
        (limit != i32::MAX).then(|| seconds(limit))
    }

    /// `spec.paused`.
    fn is_paused(&self) -> bool {
        self.spec.flag("paused")
    }

    /// `spec.strategy.type: Recreate`.
    fn recreates(&self) -> bool {
        self.spec.at("strategy").text("type") == "Recreate"
    }

    /// How many pods may come besides, and how many may be missing.
    ///
    /// Upstream: `pkg/controller/deployment/util/deployment_util.go`, ResolveFenceposts.
    fn fenceposts(&self) -> (i32, i32) {
        if self.recreates() {
            return (0, 0);
        }
        let rolling = self.spec.at("strategy").at("rollingUpdate");
        let surge = resolved(rolling.at("maxSurge"), self.replicas(), true);
        let missing = resolved(rolling.at("maxUnavailable"), self.replicas(), false);
        (surge, if surge == 0 && missing == 0 { 1 } else { missing })
    }

    fn max_surge(&self) -> i32 {
        self.fenceposts().0
    }

    /// Upstream: MaxUnavailable.
    fn max_unavailable(&self) -> i32 {
        if self.replicas() == 0 { 0 } else { self.fenceposts().1.min(self.replicas()) }
    }

    /// `spec.template`.
    fn template(&self) -> &Value {
        self.spec.at("template")
    }
}

/// A number, or a percentage of the replicas.
fn resolved(amount: &Value, replicas: i32, rounds_up: bool) -> i32 {
    let whole = i64::from(replicas);
    let percent = amount.as_str().and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    let number = match percent {
        Some(percent) => (percent.saturating_mul(whole) + if rounds_up { 99 } else { 0 }) / 100,
        None => amount.as_i64().unwrap_or(0),
    };
    i32::try_from(number.max(0)).unwrap_or(i32::MAX)
}

/// `spec.replicas`.
pub(super) fn replicas_of(spec: &Value) -> i32 {
    number(spec, "replicas", 1).max(0)
}

fn number(api: &Value, field: &str, default: i32) -> i32 {
    api.opt_int(field).and_then(|number| i32::try_from(number).ok()).unwrap_or(default)
}
