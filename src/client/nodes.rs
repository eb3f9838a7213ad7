//! Cordoning, draining and tainting nodes.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/`, `…/pkg/cmd/drain/drain.go`,
//! `…/pkg/cmd/taint/`.

mod drain;
mod taint;

pub use drain::{Allowed, Drain, RETRY_MS};
pub use taint::{Taint, taint};

use super::Failure;
use super::send::{Client, DryRun, Found};
use super::server::{Change, PatchType};
use crate::api::Tree;
use serde_json::{Value, json};

/// Says whether new pods are placed on a node, and prints it.
///
/// # Errors
/// The server's refusal.
pub fn cordon(client: &mut Client, found: &Found, is_on: bool) -> Result<(), Failure> {
    let verb = if is_on { "cordoned" } else { "uncordoned" };
    let (title, suffix) = (found.title(), client.mode.suffix());
    if found.object.at("spec").flag("unschedulable") == is_on {
        client.out.line(&format!("{title} already {verb}{suffix}"));
        return Ok(());
    }
    if client.mode.dry_run != DryRun::Client {
        let value = if is_on { Value::from(true) } else { Value::Null };
        let patch = json!({"spec": {"unschedulable": value}});
        client.change(found, Change::Patch(PatchType::Strategic, patch))?;
    }
    client.out.line(&format!("{title} {verb}{suffix}"));
    Ok(())
}
