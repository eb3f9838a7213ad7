//! The kubelets: they run the containers of the pods on their node.

use super::input::Input;
use super::meta::{Key, Uid};
use super::{Change, Cluster};
use crate::api::Status;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a kubelet has to do at some instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubeletWork {
    /// Look at the pod.
    Sync,
}

/// What a kubelet remembers of one pod.
#[derive(Clone, Debug, Default)]
pub struct PodWorker {}

/// What all kubelets remember, by the pods' UIDs.
#[derive(Clone, Debug, Default)]
pub struct Kubelets {
    /// One worker for each pod that is or was bound to a node and still has containers.
    pub workers: BTreeMap<Uid, Rc<PodWorker>>,
}

/// Queues the work that a change causes.
pub fn observe(_cluster: &mut Cluster, _change: &Change) {}

/// Does one piece of work on one pod.
pub fn handle(_cluster: &mut Cluster, _key: &Key, _uid: Uid, _work: KubeletWork) {}

/// What a person does to a running container: a crash, a failing endpoint.
///
/// # Errors
/// `NotFound` if there is no such pod or container.
pub fn submit(_cluster: &mut Cluster, _input: &Input) -> Result<(), Status> {
    Ok(())
}
