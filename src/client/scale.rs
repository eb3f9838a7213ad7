//! Scaling a workload.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/scale/scale.go`.

use super::Failure;
use super::send::{Client, DryRun, Found, Report};
use super::server::{Change, not_found};
use crate::api::{Status, StatusReason, Tree};
use serde_json::Value;

/// What has the subresource scale.
const SCALABLE: [&str; 4] =
    ["statefulsets", "deployments", "replicasets", "replicationcontrollers"];

/// Changes how many pods a workload asks for. Returns the object afterwards.
///
/// # Errors
/// The server's refusal, also of a kind that cannot be scaled.
pub fn scale(client: &mut Client, found: &Found, replicas: i32) -> Result<Value, Failure> {
    if found.resource.is_custom() {
        return Err(not_found(&found.resource, found.object.at("metadata").text("name")).into());
    }
    if !SCALABLE.contains(&found.resource.name) {
        return Err(Failure::Server(Status {
            reason: StatusReason::NotFound,
            message: "the server could not find the requested resource".into(),
            kind: String::new(),
            name: String::new(),
            causes: Vec::new(),
        }));
    }
    if client.mode.dry_run == DryRun::Client {
        let mut object = (*found.object).clone();
        object.open("spec").put("replicas", replicas);
        return Ok(object);
    }
    Ok(client.change(found, Change::Scale(replicas))?.object)
}

/// Says that a workload was scaled.
pub fn tell(client: &mut Client, found: &Found, object: &Value, report: &mut dyn Report) {
    report.done(&found.title(), "scaled", object, client.out);
}
