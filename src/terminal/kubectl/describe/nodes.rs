//! The description of a node.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeNode.

use super::text::{Text, joined, plain, time};
use super::view::View;
use super::{events, node_resources};
use crate::api::{Tree, Version, timestamp};
use crate::print;
use serde_json::Value;

/// How often a kubelet renews its lease, in milliseconds.
const RENEWAL: i64 = 10_000;
/// How long the node controller waits for a kubelet, in milliseconds.
const GRACE_PERIOD: i64 = 50_000;

/// Writes the description of a node.
pub fn describe(view: &View, node: &Value, text: &mut Text) {
    let (meta, spec, status) = (node.at("metadata"), node.at("spec"), node.at("status"));
    text.put(0, "Name", meta.text("name"));
    text.put(0, "Roles", print::roles(node));
    text.labels_and_annotations(node);
    text.put(0, "CreationTimestamp", time(meta.text("creationTimestamp")));
    text.list("", "Taints", &taints(spec));
    text.put(0, "Unschedulable", spec.flag("unschedulable"));
    lease(view, node, text);
    conditions(status, text);
    text.head(0, "Addresses");
    for address in status.items("addresses") {
        text.put(1, address.text("type"), address.text("address"));
    }
    for (title, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        if status.members(field).next().is_some() {
            text.head(0, title);
        }
        status.members(field).for_each(|(name, own)| text.put(1, name, plain(own)));
    }
    info(view, status.at("nodeInfo"), text);
    text.put_set(0, "PodCIDR", spec.text("podCIDR"));
    text.put_set(0, "PodCIDRs", &joined(spec, "podCIDRs", ","));
    text.put_set(0, "ProviderID", spec.text("providerID"));
    node_resources::describe(view, node, text);
    // The node controller names a node's UID in its events, the kubelet its name.
    events::describe_of(view, node, "Node", &[meta.text("uid"), meta.text("name")], text);
}

fn taints(spec: &Value) -> Vec<String> {
    let mut taints: Vec<&Value> = spec.items("taints").iter().collect();
    taints.sort_by_key(|taint| format!("{},{}", taint.text("effect"), taint.text("key")));
    let shown = |taint: &&Value| {
        let (key, effect) = (taint.text("key"), taint.text("effect"));
        match (taint.text("value"), effect) {
            ("", "") => key.to_owned(),
            ("", effect) => format!("{key}:{effect}"),
            (value, "") => format!("{key}={value}:"),
            (value, effect) => format!("{key}={value}:{effect}"),
        }
    };
    taints.iter().map(shown).collect()
}

/// Simplified: where the server keeps no leases, the kubelet's renewals are computed from what the
/// node's condition says.
fn lease(view: &View, node: &Value, text: &mut Text) {
    let name = node.at("metadata").text("name");
    let leases = view.all("leases");
    let own = leases.iter().find(|lease| {
        let meta = lease.at("metadata");
        meta.text("name") == name && meta.text("namespace") == "kube-node-lease"
    });
    let set = |field: &str| match own.map(|lease| lease.at("spec").text(field)) {
        Some(at) if !at.is_empty() => time(at),
        _ => "<unset>".into(),
    };
    if own.is_none() && !leases.is_empty() {
        let why = format!("leases.coordination.k8s.io \"{name}\" not found");
        text.put(0, "Lease", format_args!("Failed to get lease: {why}"));
        return;
    }
    text.head(0, "Lease");
    let holder = own.map_or(name, |lease| lease.at("spec").text("holderIdentity"));
    text.put(1, "HolderIdentity", if holder.is_empty() { "<unset>" } else { holder });
    text.put(1, "AcquireTime", set("acquireTime"));
    let renewed = if own.is_some() { set("renewTime") } else { renewal(view, node) };
    text.put(1, "RenewTime", renewed);
}

fn renewal(view: &View, node: &Value) -> String {
    let ready = node.at("status").items("conditions").iter();
    let silent = ready
        .filter(|it| it.text("type") == "Ready" && it.text("status") == "Unknown")
        .find_map(|it| timestamp::parse(it.text("lastTransitionTime")));
    let at = silent.map_or(view.now, |since| since - GRACE_PERIOD);
    timestamp::Moment::of(at - at.rem_euclid(RENEWAL)).rfc1123z()
}

fn conditions(status: &Value, text: &mut Text) {
    let conditions = status.items("conditions");
    if !conditions.is_empty() {
        text.head(0, "Conditions");
        text.raw(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
        text.raw(1, "----\t------\t-----------------\t------------------\t------\t-------");
    }
    for condition in conditions {
        let (kind, status) = (condition.text("type"), condition.text("status"));
        let heard = time(condition.text("lastHeartbeatTime"));
        let changed = time(condition.text("lastTransitionTime"));
        let (reason, message) = (condition.text("reason"), condition.text("message"));
        text.raw(1, format_args!("{kind} \t{status} \t{heard} \t{changed} \t{reason} \t{message}"));
    }
}

fn info(view: &View, info: &Value, text: &mut Text) {
    text.head(0, "System Info");
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        text.put(1, title, info.text(field));
    }
    if view.version < Version::V1_36 {
        text.put(1, "Kube-Proxy Version", info.text("kubeProxyVersion"));
    }
}
