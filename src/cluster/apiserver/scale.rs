//! What a person's deeds of the page become: requests, and the lines that `kubectl` prints of them.

use super::{delete, write};
use crate::api::change::{Change, FieldValidation, PatchType};
use crate::api::{FieldError, Kind, Status};
use crate::cluster::input::{Cascade, Input};
use crate::cluster::meta::Key;
use crate::cluster::{Cluster, Outcome};
use serde_json::json;

/// The warning of `--force --grace-period=0`.
const FORCED: &str = "Immediate deletion does not wait for confirmation that the running resource \
    has been terminated. The resource may continue to run on the cluster indefinitely.";

/// Carries out a deed.
///
/// # Errors
/// The server's refusal.
pub fn carry_out(
    cluster: &mut Cluster,
    input: &Input,
    outcome: &mut Outcome,
) -> Result<(), Status> {
    let now = cluster.now;
    match input {
        Input::Scale { namespace, name, replicas } => {
            if *replicas < 0 {
                let detail = "must be greater than or equal to 0";
                let cause = FieldError::invalid("spec.replicas", *replicas, detail);
                return Err(Status::invalid("Scale", "autoscaling", name, vec![cause]));
            }
            let change = Change::Scale(*replicas);
            change_one(cluster, Kind::StatefulSet, &Key::new(namespace, name), &change)?;
            outcome.lines.push(format!("statefulset.apps/{name} scaled"));
        }
        Input::ResizeClaim { namespace, name, storage } => {
            let patch = json!({"spec": {"resources": {"requests": {"storage": storage}}}});
            let change = Change::Patch(PatchType::Merge, patch);
            let kind = Kind::PersistentVolumeClaim;
            let wrote = change_one(cluster, kind, &Key::new(namespace, name), &change)?;
            let verb = if wrote { "patched" } else { "patched (no change)" };
            outcome.lines.push(format!("persistentvolumeclaim/{name} {verb}"));
        }
        Input::DeletePod { namespace, name, grace_period_seconds } => {
            let forced = *grace_period_seconds == Some(0);
            if forced {
                outcome.warnings.push(FORCED.into());
            }
            let how = (*grace_period_seconds, Some(Cascade::Background));
            let key = Key::new(namespace, name);
            delete::delete_any(&mut cluster.store, Kind::Pod, &key, how, now)?;
            let verb = if forced { "force deleted" } else { "deleted" };
            outcome.lines.push(line("pod", &key, verb));
        }
        Input::DeleteClaim { namespace, name } => {
            let (kind, key) = (Kind::PersistentVolumeClaim, Key::new(namespace, name));
            let how = (None, Some(Cascade::Background));
            delete::delete_any(&mut cluster.store, kind, &key, how, now)?;
            outcome.lines.push(line("persistentvolumeclaim", &key, "deleted"));
        }
        Input::DeleteStatefulSet { namespace, name, cascade } => {
            let key = Key::new(namespace, name);
            let how = (None, Some(*cascade));
            delete::delete_any(&mut cluster.store, Kind::StatefulSet, &key, how, now)?;
            outcome.lines.push(line("statefulset.apps", &key, "deleted"));
        }
        _ => {}
    }
    Ok(())
}

fn change_one(
    cluster: &mut Cluster,
    kind: Kind,
    key: &Key,
    change: &Change,
) -> Result<bool, Status> {
    Ok(write::update(cluster, kind, key, change, FieldValidation::Strict)?.0.is_some())
}

fn line(resource: &str, key: &Key, verb: &str) -> String {
    format!("{resource} \"{}\" {verb} from {} namespace", key.name, key.namespace)
}
