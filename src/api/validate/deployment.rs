//! Which Deployments are valid.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go`, ValidateDeploymentSpec,
//! ValidateDeploymentStrategy.

use super::at::At;
use super::checks::Checks;
use super::{budget, meta, pod_template, stateful_set};
use crate::api::{Tree, names};

/// A ReplicaSet that is to be created, or to be stored anew.
///
/// Upstream: ValidateReplicaSetSpec.
#[inline(never)]
pub(in crate::api) fn replica_set(checks: &mut Checks, set: &At) {
    meta::object_meta(checks, set, &names::dns_subdomain);
    let spec = set.field("spec");
    checks.non_negative(&spec.field("replicas"));
    checks.non_negative(&spec.field("minReadySeconds"));
    if stateful_set::selector(checks, &spec.field("selector"), "deployment") {
        template(checks, &spec);
    }
}

/// The template of pods that a Deployment or a ReplicaSet makes.
fn template(checks: &mut Checks, spec: &At) {
    stateful_set::selected_labels(checks, spec);
    pod_template::for_stateful_set(checks, spec);
    let pod = spec.field("template").field("spec");
    checks.one_of(&pod.field("restartPolicy"), &["Always"]);
    if let Some(deadline) = pod.given("activeDeadlineSeconds") {
        checks.forbidden(&deadline, "activeDeadlineSeconds in ReplicaSet is not Supported");
    }
}

/// A Deployment that is to be created, or to be stored anew.
#[inline(never)]
pub(in crate::api) fn create(checks: &mut Checks, deployment: &At) {
    meta::object_meta(checks, deployment, &names::dns_subdomain);
    let spec = deployment.field("spec");
    checks.non_negative(&spec.field("replicas"));
    if stateful_set::selector(checks, &spec.field("selector"), "deployment") {
        template(checks, &spec);
    }
    strategy(checks, &spec.field("strategy"));
    checks.non_negative(&spec.field("minReadySeconds"));
    checks.non_negative(&spec.field("revisionHistoryLimit"));
    let deadline = spec.field("progressDeadlineSeconds");
    checks.non_negative(&deadline);
    if deadline.number() <= spec.int("minReadySeconds") {
        checks.wrong(&deadline, "must be greater than minReadySeconds");
    }
}

fn strategy(checks: &mut Checks, strategy: &At) {
    let rolling = strategy.field("rollingUpdate");
    match strategy.text("type") {
        "Recreate" if !rolling.value.is_null() => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            checks.forbidden(&rolling, detail);
        }
        "RollingUpdate" => {
            let [unavailable, surge] =
                ["maxUnavailable", "maxSurge"].map(|field| rolling.field(field));
            budget::amount(checks, &unavailable);
            budget::amount(checks, &surge);
            let is_zero = |at: &At| match at.value.as_str() {
                Some(text) => text.trim_end_matches('%').bytes().all(|byte| byte == b'0'),
                None => at.number() == 0,
            };
            if is_zero(&unavailable) && is_zero(&surge) {
                checks.wrong(&unavailable, "may not be 0 when `maxSurge` is 0");
            }
        }
        _ => checks.one_of(&strategy.field("type"), &["Recreate", "RollingUpdate"]),
    }
}
