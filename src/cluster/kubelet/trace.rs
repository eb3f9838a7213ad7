//! The calls that a kubelet makes to the container runtime, for those who ask to see them. The page does
//! not: it keeps none.

use super::worker::PodWorker;
use crate::cluster::Cluster;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// What is asked of the runtime, or what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    RunPodSandbox,
    PullImage,
    CreateContainer,
    StartContainer,
    /// With its timeout in seconds.
    StopContainer(Millis),
    /// A hook is run in the container.
    Exec,
    /// A process has ended, with this exit code.
    Exit(i32),
    StopPodSandbox,
}

/// A call and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// When.
    pub at: Millis,
    /// The container and the number of its instance; `None` for the pod's own.
    pub container: Option<(Rc<str>, u32)>,
    /// What.
    pub call: Call,
}

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
