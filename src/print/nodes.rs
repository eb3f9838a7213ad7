//! The cells of a node.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printNode.

use super::cell::Cell;
use super::texts::{age, name, or_none};
use crate::api::{Kubernetes, Tree, Version};
use serde_json::Value;

pub fn cells(node: &Value, kubernetes: Kubernetes) -> Vec<Cell> {
    let info = node.at("status").at("nodeInfo");
    let kernel: String = match (info.text("kernelVersion"), kubernetes.version) {
        ("", _) => "<unknown>".into(),
        (kernel, version) if version >= Version::V1_36 => {
            format!("{kernel} ({})", info.text("architecture"))
        }
        (kernel, _) => kernel.to_owned(),
    };
    let unknown = |text: &str| if text.is_empty() { "<unknown>".into() } else { text.to_owned() };
    vec![
        name(node),
        status(node).into(),
        roles(node).into(),
        age(node),
        info.text("kubeletVersion").into(),
        address(node, "InternalIP").into(),
        address(node, "ExternalIP").into(),
        unknown(info.text("osImage")).into(),
        kernel.into(),
        unknown(info.text("containerRuntimeVersion")).into(),
    ]
}

fn address(node: &Value, kind: &str) -> String {
    let addresses = node.at("status").items("addresses").iter();
    let own = addresses.filter(|address| address.text("type") == kind);
    or_none(own.map(|address| address.text("address")).next().unwrap_or_default())
}

fn status(node: &Value) -> String {
    let conditions = node.at("status").items("conditions").iter();
    let mut ready = conditions.filter(|condition| condition.text("type") == "Ready");
    let mut word = match ready.next().map(|condition| condition.text("status")) {
        Some("True") => "Ready".to_owned(),
        Some(_) => "NotReady".to_owned(),
        None => "Unknown".to_owned(),
    };
    if node.at("spec").flag("unschedulable") {
        word.push_str(",SchedulingDisabled");
    }
    word
}

/// The roles that a node's labels give it, sorted.
pub fn roles(node: &Value) -> String {
    let labels = node.at("metadata");
    let mut roles: Vec<String> = labels
        .members("labels")
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => Some(role.to_owned()),
            _ if key == "kubernetes.io/role" => value.as_str().map(str::to_owned),
            _ => None,
        })
        .collect();
    roles.sort();
    roles.dedup();
    or_none(&roles.join(","))
}
