//! Nodes as the API has them.

use super::kind::{Effect, Node, Taint};
use crate::api::timestamp::parse;
use crate::api::tree::tree;
use crate::api::{Kind, Tree};
use crate::cluster::meta::Meta;
use crate::cluster::record::{Stored, View};
use crate::cluster::rng::hex;
use crate::cluster::time::{MINUTE, Millis, timestamp, unix_millis};
use serde_json::Value;

/// How often a kubelet tells that it is well.
const HEARTBEAT: Millis = 5 * MINUTE;

impl Stored for Node {
    const KIND: Kind = Kind::Node;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        let mut node = old.cloned().unwrap_or_else(|| Self::registered(meta.clone()));
        node.meta = meta;
        node.taints = spec.items("taints").iter().filter_map(taint).collect();
        for taint in &mut node.taints {
            let is_it = |old: &&Taint| old.key == taint.key && old.effect == taint.effect;
            let known = old.and_then(|old| old.taints.iter().find(is_it));
            taint.since = known.map_or(taint.since, |known| known.since);
        }
        node.unschedulable = spec.flag("unschedulable");
        node
    }

    fn body(&self, view: View<'_>) -> Value {
        tree!({"spec": spec(self), "status": status(view, self)})
    }

    fn stamp(&mut self, now: Millis) {
        for taint in self.taints.iter_mut().filter(|taint| taint.since == 0) {
            taint.since = now;
        }
    }
}

/// A taint as a node's spec writes it.
fn taint(tree: &Value) -> Option<Taint> {
    let added = parse(tree.text("timeAdded")).map(|at| at - unix_millis(0));
    Some(Taint {
        key: tree.text("key").into(),
        value: tree.text("value").into(),
        effect: Effect::named(tree.text("effect"))?,
        since: added.and_then(|at| Millis::try_from(at).ok()).unwrap_or(0),
    })
}

/// The spec of a node, with what minikube's machines are.
fn spec(node: &Node) -> Value {
    let range = format!("10.244.{}.0/24", node.index);
    let mut spec = tree!({"podCIDR": range.as_str(), "podCIDRs": [range.as_str()]});
    if node.unschedulable {
        spec.put("unschedulable", true);
    }
    let taints: Vec<Value> = node
        .taints
        .iter()
        .map(|taint| {
            let mut own = tree!({"key": &*taint.key, "effect": taint.effect.name()});
            if !taint.value.is_empty() {
                own.put("value", &*taint.value);
            }
            if taint.effect.name() == "NoExecute" {
                own.put("timeAdded", timestamp(taint.since));
            }
            own
        })
        .collect();
    if !taints.is_empty() {
        spec.put("taints", taints);
    }
    spec
}

fn status(view: View<'_>, node: &Node) -> Value {
    let beat = view.now / HEARTBEAT * HEARTBEAT;
    let (beat, since) = match node.unknown_since {
        Some(since) => (since / HEARTBEAT * HEARTBEAT, since),
        None => (beat, 0),
    };
    let condition = |kind: &str, word: &str, reason: &str, message: &str| {
        let (word, reason, message) = match node.unknown_since {
            Some(_) => ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
            None => (word, reason, message),
        };
        tree!({
            "type": kind, "status": word, "reason": reason, "message": message,
            "lastHeartbeatTime": timestamp(beat), "lastTransitionTime": timestamp(since),
        })
    };
    let amounts = tree!({
        "cpu": cpu(node.cpu_millis),
        "ephemeral-storage": "50Gi",
        "hugepages-2Mi": "0",
        "memory": format!("{}Mi", node.memory_bytes >> 20),
        "pods": node.max_pods.to_string(),
    });
    let version = format!("v{}.0", view.kubernetes.version.label());
    tree!({
        "capacity": amounts.clone(),
        "allocatable": amounts,
        "conditions": [
            condition("MemoryPressure", "False", "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available"),
            condition("DiskPressure", "False", "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure"),
            condition("PIDPressure", "False", "KubeletHasSufficientPID",
                "kubelet has sufficient PID available"),
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ],
        "addresses": [
            {"type": "InternalIP", "address": node.address.to_string()},
            {"type": "Hostname", "address": node.meta.name()},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": hex(node.meta.uid.0, 1, 32),
            "systemUUID": hex(node.meta.uid.0, 2, 32),
            "bootID": hex(node.meta.uid.0, 3, 32),
            "kernelVersion": "6.8.0-generic",
            "osImage": "Debian GNU/Linux 12 (bookworm)",
            "containerRuntimeVersion": "docker://28.4.0",
            "kubeletVersion": version,
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    })
}

fn cpu(millis: u64) -> String {
    if millis.is_multiple_of(1_000) { (millis / 1_000).to_string() } else { format!("{millis}m") }
}
