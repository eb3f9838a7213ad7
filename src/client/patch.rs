//! Patching an object: by a patch that is given, or by one that makes it another.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go`, `…/cmd/apply/patcher.go`.

use super::Failure;
use super::send::{Client, DryRun, Found};
use super::server::{Change, PatchType};
use crate::api::{Resource, Tree, change, merge};
use serde_json::Value;

/// What was done by a patch.
pub const PATCHED: &str = "patched";

/// What was done by a patch that changes nothing.
pub const UNCHANGED: &str = "patched (no change)";

/// How objects of a resource are patched: as a JSON merge patch does it if the client knows no type of
/// theirs, and so not by which keys the items of their lists are merged.
pub fn type_of(resource: &Resource) -> PatchType {
    match resource.is_custom() {
        true => PatchType::Merge,
        false => PatchType::Strategic,
    }
}

/// The patch by which an object becomes what is new in it since its last version.
pub fn between(
    resource: &Resource,
    last: Option<&Value>,
    new: &Value,
    live: &Value,
) -> (PatchType, Value) {
    let kind = type_of(resource);
    let patch = match kind {
        PatchType::Strategic => merge::patch(last, new, live),
        _ => merge::json_patch(last, new, live),
    };
    (kind, patch)
}

/// Sends a patch. Returns the object afterwards, and what was done to it.
///
/// # Errors
/// The server's refusal.
pub fn patch(
    client: &mut Client,
    found: &Found,
    (kind, patch): (PatchType, &Value),
) -> Result<(Value, &'static str), Failure> {
    let change = Change::Patch(kind, patch.clone());
    let (object, is_changed) = if client.mode.dry_run == DryRun::Client {
        let object = change::merged(&found.object, &change)?;
        let is_changed = object != *found.object;
        (object, is_changed)
    } else {
        let object = client.change(found, change)?.object;
        let is_changed = differs(&found.object, &object);
        (object, is_changed)
    };
    Ok((object, if is_changed { PATCHED } else { UNCHANGED }))
}

/// Whether the server has stored another version.
fn differs(before: &Value, after: &Value) -> bool {
    let version = |object: &Value| object.at("metadata").text("resourceVersion").to_owned();
    match version(after).is_empty() {
        true => after != before,
        false => version(after) != version(before),
    }
}
