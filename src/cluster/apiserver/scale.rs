//! Scaling a set: `kubectl scale`.
//!
//! Upstream: `pkg/registry/apps/statefulset/storage/storage.go`, scaleUpdatedObjectInfo.

use super::stateful_set;
use crate::api::{FieldError, Status, Tree};
use crate::cluster::meta::Key;
use crate::cluster::{Cluster, Outcome};

/// Changes how many pods a set asks for, and nothing else.
///
/// # Errors
/// `NotFound`; `Invalid` if `replicas` is negative; `Forbidden` beyond the playground's limit.
#[inline(never)]
pub fn scale(
    cluster: &mut Cluster,
    key: &Key,
    replicas: i32,
    outcome: &mut Outcome,
) -> Result<(), Status> {
    let mut set = stateful_set::to_api(&*stateful_set::get(&cluster.store, key)?);
    if replicas < 0 {
        let detail = "must be greater than or equal to 0";
        let cause = FieldError::invalid("spec.replicas", replicas, detail);
        return Err(Status::invalid("Scale", "autoscaling", &key.name, vec![cause]));
    }
    set.spec_mut().put("replicas", replicas);
    let kubernetes = cluster.kubernetes();
    stateful_set::update(&mut cluster.store, key, &set, &kubernetes)?;
    outcome.lines.push(format!("statefulset.apps/{} scaled", key.name));
    Ok(())
}
