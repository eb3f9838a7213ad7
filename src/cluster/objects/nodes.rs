//! Nodes and namespaces.

use super::{hex, object, timestamp};
use crate::api::{Kind, Tree};
use crate::cluster::node::Node;
use crate::cluster::time::{MINUTE, Millis};
use crate::cluster::{Cluster, Store};
use serde_json::{Value, json};

/// How often a kubelet tells that it is well.
const HEARTBEAT: Millis = 5 * MINUTE;

/// A node, with what minikube's machines are.
pub fn node(cluster: &Cluster, node: &Node) -> Value {
    let mut whole = object(Kind::Node, &node.meta);
    let labels = whole.open("metadata").open("labels");
    for (key, value) in [
        ("beta.kubernetes.io/arch", "amd64"),
        ("beta.kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", "amd64"),
    ] {
        labels.fill(key, value);
    }
    if node.index == 0 {
        labels.fill("minikube.k8s.io/primary", "true");
        labels.fill("node-role.kubernetes.io/control-plane", "");
    }
    whole.open("metadata").open("annotations").put("node.alpha.kubernetes.io/ttl", "0");
    let range = format!("10.244.{}.0/24", node.index);
    let mut spec = json!({"podCIDR": range.as_str(), "podCIDRs": [range.as_str()]});
    if node.unschedulable {
        spec.put("unschedulable", true);
    }
    let taints: Vec<Value> = node
        .taints
        .iter()
        .map(|taint| {
            let mut own = json!({"key": &*taint.key, "effect": taint.effect.name()});
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
    whole.put("spec", spec);
    whole.put("status", status(cluster, node));
    whole
}

fn status(cluster: &Cluster, node: &Node) -> Value {
    let beat = cluster.now() / HEARTBEAT * HEARTBEAT;
    let (beat, since) = match node.unknown_since {
        Some(since) => (since / HEARTBEAT * HEARTBEAT, since),
        None => (beat, 0),
    };
    let condition = |kind: &str, word: &str, reason: &str, message: &str| {
        let (word, reason, message) = match node.unknown_since {
            Some(_) => ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
            None => (word, reason, message),
        };
        json!({
            "type": kind, "status": word, "reason": reason, "message": message,
            "lastHeartbeatTime": timestamp(beat), "lastTransitionTime": timestamp(since),
        })
    };
    let amounts = json!({
        "cpu": cpu(node.cpu_millis),
        "ephemeral-storage": "50Gi",
        "hugepages-2Mi": "0",
        "memory": format!("{}Mi", node.memory_bytes >> 20),
        "pods": node.max_pods.to_string(),
    });
    let version = format!("v{}.0", cluster.kubernetes().version.label());
    json!({
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

/// The namespaces that every cluster has.
pub fn namespaces() -> Vec<Value> {
    ["default", "kube-node-lease", "kube-public", "kube-system"]
        .into_iter()
        .map(|name| {
            json!({
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": {
                    "name": name, "creationTimestamp": timestamp(0), "resourceVersion": "1",
                    "labels": {"kubernetes.io/metadata.name": name},
                    "uid": format!("00000000-0000-4000-8000-{}", hex(u128::from(name.len() as u64), 9, 12)),
                },
                "spec": {"finalizers": ["kubernetes"]},
                "status": {"phase": "Active"},
            })
        })
        .collect()
}

/// What the controllers put into every namespace.
pub fn in_namespaces(store: &Store, make: fn(&Value) -> Value) -> Vec<Value> {
    let kept = store.kept("Namespace").map(|it| (**it).clone());
    namespaces().into_iter().chain(kept).map(|namespace| make(&namespace)).collect()
}

/// An object that comes with a namespace.
fn beside(namespace: &Value, kind: &str, name: &str) -> Value {
    let created = namespace.at("metadata").text("creationTimestamp");
    let namespace = namespace.at("metadata").text("name");
    let number = u128::from(namespace.bytes().map(u64::from).sum::<u64>());
    json!({
        "apiVersion": "v1", "kind": kind,
        "metadata": {
            "name": name, "namespace": namespace, "creationTimestamp": created,
            "resourceVersion": "1",
            "uid": format!("00000000-0000-4000-8000-{}", hex(number, kind.len() as u64, 12)),
        },
    })
}

/// The account that pods have if they name none.
pub fn service_account(namespace: &Value) -> Value {
    beside(namespace, "ServiceAccount", "default")
}

/// The certificate that pods trust the API server by; its text is left out.
pub fn root_certificate(namespace: &Value) -> Value {
    let mut map = beside(namespace, "ConfigMap", "kube-root-ca.crt");
    map.put("data", json!({"ca.crt": ""}));
    map
}
