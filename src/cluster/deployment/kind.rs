//! What the controllers see of Deployments and ReplicaSets.

use crate::api::Tree;
use crate::api::selector::Selector;
use crate::cluster::meta::{Kind, Meta, OwnerReference, Shared};
use crate::cluster::template::PodTemplate;
use crate::cluster::time::{Millis, seconds};
use serde_json::Value;
use std::rc::Rc;

/// The label that tells the pods of a Deployment's ReplicaSets apart.
pub const HASH_LABEL: &str = "pod-template-hash";

/// The annotation with the number of a revision.
pub const REVISION: &str = "deployment.kubernetes.io/revision";

/// The annotation with the replicas that the Deployment asked for.
pub(super) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";

/// The annotation with those and the surge.
pub(super) const MAXIMUM: &str = "deployment.kubernetes.io/max-replicas";

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
    pub(super) fn progress_deadline_ms(&self) -> Option<Millis> {
        let limit = number(&self.spec, "progressDeadlineSeconds", 600);
        (limit != i32::MAX).then(|| seconds(limit))
    }

    /// `spec.paused`.
    pub(super) fn is_paused(&self) -> bool {
        self.spec.flag("paused")
    }

    /// `spec.strategy.type: Recreate`.
    pub(super) fn recreates(&self) -> bool {
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

    pub(super) fn max_surge(&self) -> i32 {
        self.fenceposts().0
    }

    /// Upstream: MaxUnavailable.
    pub(super) fn max_unavailable(&self) -> i32 {
        if self.replicas() == 0 { 0 } else { self.fenceposts().1.min(self.replicas()) }
    }

    /// `spec.template`.
    pub(super) fn template(&self) -> &Value {
        self.spec.at("template")
    }
}

/// A condition of a Deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `Available` or `Progressing`.
    pub type_: &'static str,
    /// `True`, not `False`.
    pub is_true: bool,
    /// Why, in one word.
    pub reason: &'static str,
    /// Text for people.
    pub message: Rc<str>,
    /// `lastUpdateTime`.
    pub updated_at: Millis,
    /// `lastTransitionTime`.
    pub since: Millis,
}

/// `status` of a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentStatus {
    /// The generation that was last looked at.
    pub observed_generation: i64,
    /// Pods of all ReplicaSets.
    pub replicas: i32,
    /// Pods of the present template.
    pub updated_replicas: i32,
    /// Pods that are ready.
    pub ready_replicas: i32,
    /// Pods that have been ready for `minReadySeconds`.
    pub available_replicas: i32,
    /// Pods that are missing or not available.
    pub unavailable_replicas: i32,
    /// Conditions, in the order in which they were last set.
    pub conditions: Vec<Condition>,
}

/// A ReplicaSet.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaSet {
    /// Metadata.
    pub meta: Meta,
    /// Which pods are its own.
    pub selector: Selector,
    /// What its pods run.
    pub template: Shared<PodTemplate>,
    /// `spec.replicas`.
    pub replicas: i32,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
    /// What its controller last wrote of it.
    pub status: ReplicaSetStatus,
}

/// `status` of a ReplicaSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaSetStatus {
    /// Pods that are not being deleted and have not ended.
    pub replicas: i32,
    /// Those with every label of the template.
    pub fully_labeled_replicas: i32,
    /// Those that are ready.
    pub ready_replicas: i32,
    /// Those that have been ready for `minReadySeconds`.
    pub available_replicas: i32,
    /// The generation that was last looked at.
    pub observed_generation: i64,
}

impl ReplicaSet {
    /// Changes `spec.replicas`.
    pub(super) fn scale(&mut self, replicas: i32) {
        let mut spec = (*self.spec).clone();
        spec.put("replicas", replicas);
        (self.replicas, self.spec) = (replicas, Shared::new(spec));
        self.meta.generation += 1;
    }

    pub(super) fn min_ready_ms(&self) -> Millis {
        seconds(number(&self.spec, "minReadySeconds", 0).max(0))
    }

    /// The reference that makes it the managing controller of an object.
    pub(super) fn controller_reference(&self) -> OwnerReference {
        OwnerReference::controller(Kind::ReplicaSet, &self.meta)
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
pub fn replicas_of(spec: &Value) -> i32 {
    number(spec, "replicas", 1).max(0)
}

/// A number of a spec, or its default.
pub(super) fn number(api: &Value, field: &str, default: i32) -> i32 {
    api.opt_int(field).and_then(|number| i32::try_from(number).ok()).unwrap_or(default)
}
