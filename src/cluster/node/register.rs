//! How nodes come into the cluster.

use super::kind::{NODE_CPU_MILLIS, NODE_MEMORY_BYTES, Node, ZONE, name_of};
use crate::cluster::meta::{Labels, Meta};
use crate::cluster::state::Cluster;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// So many zones there are.
const ZONES: u8 = 3;

/// Creates the nodes of a new cluster.
pub fn create_nodes(cluster: &mut Cluster) {
    (0..cluster.config.nodes.max(1)).for_each(|index| create(cluster, index));
}

/// Registers one node, as its kubelet does when it starts.
pub(super) fn create(cluster: &mut Cluster, index: u8) {
    let name = name_of(index);
    let mut meta = Meta::new(Node::key(&name));
    let label = |key: &str, value: &str| (key.to_string(), value.to_string());
    let zone = char::from(b'a' + index % ZONES);
    let mut labels = Labels::from([
        label("beta.kubernetes.io/arch", "amd64"),
        label("beta.kubernetes.io/os", "linux"),
        label("kubernetes.io/arch", "amd64"),
        label("kubernetes.io/hostname", &name),
        label("kubernetes.io/os", "linux"),
    ]);
    let is_minikube = cluster.config.distribution.is_minikube();
    if is_minikube {
        labels.extend([
            label("minikube.k8s.io/name", "minikube"),
            label(ZONE, &format!("zone-{zone}")),
        ]);
    }
    if is_minikube && index == 0 {
        labels.extend([
            label("minikube.k8s.io/primary", "true"),
            label("node-role.kubernetes.io/control-plane", ""),
        ]);
    }
    meta.labels = Rc::new(labels);
    meta.annotations = Rc::new(Labels::from([label("node.alpha.kubernetes.io/ttl", "0")]));
    let node = Node {
        address: Ipv4Addr::from(u32::from(Ipv4Addr::new(192, 168, 49, 2)) + u32::from(index)),
        index,
        cpu_millis: NODE_CPU_MILLIS,
        memory_bytes: NODE_MEMORY_BYTES,
        max_pods: cluster.config.pods_per_node,
        unknown_since: None,
        ..Node::registered(meta)
    };
    let now = cluster.now;
    // One that is there already is the same node.
    let _there = cluster.store.create(node, now);
}
