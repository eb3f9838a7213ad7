//! The calls that a kubelet makes to the container runtime, for those who ask to see them. The page does
//! not: it keeps none.

use super::memory::{Call, Traced};
use super::worker::PodWorker;
use crate::cluster::Cluster;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// Notes a call that concerns the pod, if anybody asked for them.
pub fn of_pod(cluster: &mut Cluster, call: Call) {
    let at = cluster.now;
    if let Some(trace) = cluster.kubelets.trace.as_mut() {
        trace.push(Traced { at, container: None, call });
    }
}

/// Notes a call at `at` that concerns this instance of a container, if anybody asked for them.
pub fn of_container(
    cluster: &mut Cluster,
    worker: &PodWorker,
    (container, attempt): (usize, u32),
    at: Millis,
    call: Call,
) {
    if let Some(trace) = cluster.kubelets.trace.as_mut() {
        let name = Rc::clone(&worker.spec(container).name);
        trace.push(Traced { at, container: Some((name, attempt)), call });
    }
}
