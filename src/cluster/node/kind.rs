//! What the control loops see of a node.

use crate::cluster::meta::{Key, Meta};
use crate::cluster::time::Millis;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Allocatable CPU of a node, in thousandths: a small virtual machine.
pub const NODE_CPU_MILLIS: u64 = 2_000;

/// Allocatable memory of a node, in bytes.
pub const NODE_MEMORY_BYTES: u64 = 4 << 30;

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

impl Effect {
    /// The effect as the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }

    /// The effect of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::NoSchedule, Self::PreferNoSchedule, Self::NoExecute]
            .into_iter()
            .find(|effect| effect.name() == name)
    }
}

/// A taint of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// Key, such as `node.kubernetes.io/unreachable`.
    pub key: Rc<str>,
    /// Value; empty if none.
    pub value: Rc<str>,
    /// What it does.
    pub effect: Effect,
    /// When it was added.
    pub since: Millis,
}

/// The label that tells in which zone a node is. Simplified: minikube's nodes have none; these are in
/// three zones by turns.
pub const ZONE: &str = "topology.kubernetes.io/zone";

/// The taint of a node that does not answer.
pub const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// The taint of a cordoned node.
pub const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// The taint by which a person vouches that a node is off.
pub const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

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
    /// Condition Ready: True, or since when it is Unknown because the kubelet stopped posting.
    pub unknown_since: Option<Millis>,
    /// Taints, in the order in which they were added.
    pub taints: Vec<Taint>,
}

impl Node {
    /// The key of the node of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }

    /// A node that has registered with the API server and is nowhere among the machines.
    pub fn registered(meta: Meta) -> Self {
        Self {
            meta,
            address: Ipv4Addr::UNSPECIFIED,
            index: u8::MAX,
            cpu_millis: 0,
            memory_bytes: 0,
            max_pods: 0,
            unschedulable: false,
            unknown_since: Some(0),
            taints: Vec::new(),
        }
    }

    /// Whether condition Ready is True.
    pub fn is_ready(&self) -> bool {
        self.unknown_since.is_none()
    }

    /// Whether it has a taint with this key.
    pub fn is_tainted(&self, key: &str) -> bool {
        self.taints.iter().any(|taint| *taint.key == *key)
    }
}

/// The name of a node by its number, as minikube names them.
pub fn name_of(index: u8) -> String {
    match index {
        0 => "minikube".to_string(),
        _ => format!("minikube-m{:02}", u16::from(index) + 1),
    }
}
