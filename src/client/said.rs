//! What the lines of a client say that was done, read from requests and their replies.

use super::delete;
use super::patch::PATCHED;
use super::server::{Change, Request};
use crate::api::Tree;
use crate::client::apply::LAST_APPLIED;
use crate::cluster::Outcome;
use serde_json::Value;

/// What is printed of a request: warnings, and the line or the refusal.
pub fn lines(request: &Request, outcome: &Outcome) -> Vec<String> {
    let is_eviction = request.change == Change::Evict;
    let Request { namespace, name, .. } = request;
    let mut lines = match is_eviction {
        true => vec![format!("evicting pod {namespace}/{name}")],
        false => Vec::new(),
    };
    match (outcome.refusal(), outcome.reply()) {
        (Some(refusal), _) if is_eviction => lines.push(format!(
            "error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {}",
            refusal.message
        )),
        (Some(refusal), _) => lines.extend(refusal.kubectl().lines().map(str::to_owned)),
        (None, Some(reply)) => {
            lines.extend(reply.warnings.iter().map(|text| format!("Warning: {text}")));
            lines.extend(line(request));
        }
        (None, None) => {}
    }
    lines
}

/// The line that says what a request has done.
fn line(request: &Request) -> Option<String> {
    let kind = kind_of(request);
    let verb = match &request.change {
        Change::Create(_) => "created",
        Change::Replace(_) => "replaced",
        Change::Apply { .. } => "serverside-applied",
        Change::Patch(..) if applied(request).is_some() => "configured",
        Change::Patch(_, patch) if request.kind == "Node" => of_node(patch.at("spec")),
        Change::Patch(..) => PATCHED,
        Change::Scale(_) => "scaled",
        Change::Evict => return None,
        Change::Delete { grace_period_seconds, .. } => {
            let verb = match grace_period_seconds {
                Some(0) => "force deleted",
                _ => "deleted",
            };
            let key = (&*request.namespace, &*request.name);
            return Some(delete::line_of(&kind, key, verb));
        }
    };
    Some(format!("{kind}/{} {verb}", request.name))
}

/// What kubectl calls the kind of a request's object, such as `statefulset.apps`. The request alone
/// tells it: a server may not serve any more what it served then.
fn kind_of(request: &Request) -> String {
    let kind = request.kind.to_ascii_lowercase();
    match request.api_version.split_once('/') {
        Some((group, _)) => format!("{kind}.{group}"),
        None => kind,
    }
}

/// What a patch of a node's spec does.
fn of_node(spec: &Value) -> &'static str {
    let is_of_server = |taint: &Value| taint.set("timeAdded").is_some();
    match (spec.get("unschedulable"), spec.get("taints")) {
        (Some(Value::Null | Value::Bool(false)), _) => "uncordoned",
        (Some(_), _) => "cordoned",
        (None, Some(_)) if spec.items("taints").iter().all(is_of_server) => "untainted",
        (None, Some(_)) => "tainted",
        (None, None) => PATCHED,
    }
}

/// The manifest that `kubectl apply` sends with a request, as text.
pub fn applied(request: &Request) -> Option<&str> {
    match &request.change {
        Change::Create(object) | Change::Patch(_, object) => {
            object.at("metadata").at("annotations").opt_text(LAST_APPLIED)
        }
        _ => None,
    }
}
