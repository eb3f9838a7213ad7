//! What the kubelets remember, and what they have to do.

use super::address::Addresses;
use super::script::Script;
use super::worker::PodWorker;
use crate::api::Kubernetes;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::rng::Rng;
use crate::cluster::storage::Files;
use crate::cluster::time::{Millis, SECOND};
use crate::ordered::{Map, Set};
use std::rc::Rc;

/// What a kubelet has to do at some instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubeletWork {
    /// Look at the pod, as was asked for.
    Sync,
    /// Look at the pod, as time has come.
    Requeued,
    /// Go on with the plan.
    Proceed,
    /// Notice what changed in the runtime.
    Relist,
    /// The process of this instance of a container ends with this code.
    Exit { container: usize, attempt: u32, exit_code: i32 },
    /// The tick of a probe, by its number in the worker.
    Probe { probe: usize },
    /// The answer that a probe waited for.
    ProbeAnswer { probe: usize, attempt: u32, outcome: Outcome },
    /// The sandbox is lost.
    LoseSandbox,
    /// The pod has been active for as long as it may.
    Deadline,
    /// All containers have stopped: the final status.
    Finalize,
    /// Take the pod's object away.
    Remove,
}

/// What all kubelets remember, by the pods' UIDs.
#[derive(Clone, Debug, Default)]
pub struct Kubelets {
    /// One worker for each pod that is or was bound to a node and still has containers.
    pub workers: Map<Uid, Rc<PodWorker>>,
    /// Addresses in use, by node.
    pub addresses: Map<Rc<str>, Addresses>,
    /// Images that were pulled, by node and reference.
    pub images: Set<(Rc<str>, Rc<str>)>,
    /// What stand-ins do in pods of this name; the common script applies to all others.
    pub scripts: Map<Key, Rc<Script>>,
    /// The common script.
    pub script: Rc<Script>,
    /// The calls to the runtime, in order, if anybody asked for them.
    pub trace: Option<Vec<Traced>>,
    /// Files in containers and on empty directories, by pod and place.
    pub files: Map<(Uid, Rc<str>), Rc<Files>>,
    /// How times come out that vary.
    pub timing: Timing,
}

/// How an attempt went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Success,
    /// It succeeded, with a warning.
    Warning(Rc<str>),
    /// It failed, with this output.
    Failure(Rc<str>),
    /// The machinery failed: the result is discarded.
    Error(Rc<str>),
}

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

/// When the kubelets' rounds begin, and how often they come; `None`: times are calm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing(pub Option<Rounds>);

/// The rounds in which kubelets look at what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// The first one.
    pub phase: Millis,
    /// From one to the next: a second, and as long as one takes.
    pub period: Millis,
}

impl Timing {
    /// Times drawn from the session's seed, in the ranges of recordings.
    ///
    /// Upstream: `pkg/kubelet/pleg/generic.go`, Start: the wait begins when a round has ended.
    pub fn drawn(kubernetes: Kubernetes, rng: &mut Rng) -> Self {
        let phase = rng.in_range(0, SECOND - 1);
        let takes = match kubernetes.relists_on_demand() {
            true => rng.in_range(2, 40),
            false => rng.in_range(12, 70),
        };
        Self(Some(Rounds { phase, period: SECOND + takes }))
    }
}
