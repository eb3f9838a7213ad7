//! Nodes: where pods run.

use super::meta::Meta;
use std::net::Ipv4Addr;
use std::rc::Rc;

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

/// Creates the nodes of a new cluster.
pub fn create_nodes(_cluster: &mut super::Cluster) {}
