//! Nodes: where pods run.

use super::meta::{Key, Labels, Meta};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Allocatable CPU of a node, in thousandths: a small virtual machine.
pub const NODE_CPU_MILLIS: u64 = 2_000;

/// Allocatable memory of a node, in bytes.
pub const NODE_MEMORY_BYTES: u64 = 4 << 30;

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Metadata.
    pub meta: Meta,
    /// Its address.
    pub address: Ipv4Addr,
    /// Number in the cluster, from 0: its pods get addresses in `10.244.<index>.0/24`.
    pub index: u8,
    /// Allocatable CPU, in thousandths.
    pub cpu_millis: u64,
    /// Allocatable memory, in bytes.
    pub memory_bytes: u64,
    /// Allocatable number of pods.
    pub max_pods: u32,
    /// Cordoned.
    pub unschedulable: bool,
    /// Its topology zone; empty if it has none.
    pub zone: Rc<str>,
}

impl Node {
    /// The key of the node of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }
}

/// Creates the nodes of a new cluster, named as minikube names them.
pub fn create_nodes(cluster: &mut super::Cluster) {
    let now = cluster.now;
    for index in 0..cluster.config.nodes.max(1) {
        let name = match index {
            0 => "minikube".to_string(),
            _ => format!("minikube-m{:02}", u16::from(index) + 1),
        };
        let mut meta = Meta::new(Node::key(&name));
        let label = |key: &str, value: &str| (key.to_string(), value.to_string());
        meta.labels = Rc::new(Labels::from([
            label("kubernetes.io/hostname", &name),
            label("kubernetes.io/os", "linux"),
            label("minikube.k8s.io/name", "minikube"),
        ]));
        let node = Node {
            meta,
            address: Ipv4Addr::from(u32::from(Ipv4Addr::new(192, 168, 49, 2)) + u32::from(index)),
            index,
            cpu_millis: NODE_CPU_MILLIS,
            memory_bytes: NODE_MEMORY_BYTES,
            max_pods: cluster.config.pods_per_node,
            unschedulable: false,
            zone: "".into(),
        };
        cluster.store.create(node, now).expect("the names of the nodes differ");
    }
}
