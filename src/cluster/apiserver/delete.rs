//! What a person deletes, and what `kubectl delete` prints of it.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go`, DeleteResult, PrintObj.

use super::{cascade, claim, pod};
use crate::api::Status;
use crate::cluster::input::Cascade;
use crate::cluster::meta::Key;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::{Cluster, Outcome};

/// The warning of `--force --grace-period=0`.
const FORCED: &str = "Immediate deletion does not wait for confirmation that the running resource \
    has been terminated. The resource may continue to run on the cluster indefinitely.";

/// Deletes a pod. A grace period of 0 is a forced deletion: the pod goes at once.
///
/// # Errors
/// `NotFound`.
#[inline(never)]
pub fn pod(
    cluster: &mut Cluster,
    key: &Key,
    grace_seconds: Option<i64>,
    outcome: &mut Outcome,
) -> Result<(), Status> {
    let forced = grace_seconds == Some(0);
    if forced {
        outcome.warnings.push(FORCED.into());
    }
    pod::delete(&mut cluster.store, key, grace_seconds, cluster.now)?;
    let verb = if forced { "force deleted" } else { "deleted" };
    outcome.lines.push(line("pod", key, verb));
    Ok(())
}

/// Deletes a claim. It stays, terminating, while a pod that has a node mounts it.
///
/// # Errors
/// `NotFound`.
#[inline(never)]
pub fn claim(cluster: &mut Cluster, key: &Key, outcome: &mut Outcome) -> Result<(), Status> {
    claim::delete(&mut cluster.store, key, cluster.now)?;
    outcome.lines.push(line("persistentvolumeclaim", key, "deleted"));
    Ok(())
}

/// Deletes a set; what becomes of its dependents is the garbage collector's.
///
/// # Errors
/// `NotFound`.
#[inline(never)]
pub fn stateful_set(
    cluster: &mut Cluster,
    key: &Key,
    cascade: Cascade,
    outcome: &mut Outcome,
) -> Result<(), Status> {
    cascade::delete::<StatefulSet>(&mut cluster.store, key, cascade, cluster.now)?;
    outcome.lines.push(line("statefulset.apps", key, "deleted"));
    Ok(())
}

fn line(resource: &str, key: &Key, verb: &str) -> String {
    format!("{resource} \"{}\" {verb} from {} namespace", key.name, key.namespace)
}
