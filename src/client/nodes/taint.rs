//! The taints of a node: added, overwritten, taken away.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/taint/utils.go`, reorganizeTaints.

use crate::api::Tree;
use crate::client::Failure;
use crate::client::send::{Client, DryRun, Found, Report};
use crate::client::server::{Change, PatchType};
use serde_json::{Value, json};

/// A taint, or what of it is to go: key, value, effect.
pub type Taint = (String, String, String);

/// Changes the taints of a node and says so.
///
/// # Errors
/// What kubectl or the server refuses.
pub fn taint(
    client: &mut Client,
    found: &Found,
    (added, removed): (&[Taint], &[Taint]),
    overwrites: bool,
    report: &mut dyn Report,
) -> Result<(), Failure> {
    let (list, verb) = tainted(found, (added, removed), overwrites)?;
    if client.mode.dry_run == DryRun::Client {
        report.done(&found.title(), verb, &found.object, client.out);
        return Ok(());
    }
    let patch = json!({"spec": {"taints": list}});
    let reply = client.change(found, Change::Patch(PatchType::Merge, patch))?;
    report.done(&found.title(), verb, &reply.object, client.out);
    Ok(())
}

/// The taints of a node afterwards, and what is done to it.
///
/// # Errors
/// One is there already, or one that is to go is not.
pub fn tainted(
    found: &Found,
    (added, removed): (&[Taint], &[Taint]),
    overwrites: bool,
) -> Result<(Vec<Value>, &'static str), Failure> {
    let mut list = found.object.at("spec").items("taints").to_vec();
    for (key, _, effect) in removed {
        let count = list.len();
        let is_it = |taint: &Value| {
            taint.text("key") == key && (effect.is_empty() || taint.text("effect") == effect)
        };
        list.retain(|taint| !is_it(taint));
        if list.len() == count {
            let shown = match effect.as_str() {
                "" => key.clone(),
                effect => format!("{key}:{effect}"),
            };
            return Err(Failure::error(format!("taint \"{shown}\" not found")));
        }
    }
    let mut is_overwritten = false;
    for (key, value, effect) in added {
        let is_it = |taint: &Value| taint.text("key") == key && taint.text("effect") == effect;
        if list.iter().any(is_it) && !overwrites {
            return Err(Failure::error(format!(
                "node {} already has a taint(s) with same effect(s) and --overwrite is false",
                found.name()
            )));
        }
        is_overwritten |= list.iter().any(is_it);
        list.retain(|taint| !is_it(taint));
        let mut taint = json!({"key": key, "effect": effect});
        if !value.is_empty() {
            taint.put("value", value.as_str());
        }
        list.push(taint);
    }
    let verb = match (added.is_empty(), removed.is_empty()) {
        (true, _) => "untainted",
        (false, true) if !is_overwritten => "tainted",
        _ => "modified",
    };
    Ok((list, verb))
}
