//! A pod: which containers it was made to run, and what has become of them.

mod glance;
mod object;

use super::meta::{Meta, Shared};
use super::template::PodTemplate;
use super::time::Millis;
use std::net::Ipv4Addr;
use std::rc::Rc;

pub use glance::Glance;

/// `status.phase`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PodPhase {
    Pending,
    Running,
    Succeeded,
    Failed,
}

impl PodPhase {
    /// The phase as the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }

    /// Whether the pod has ended for good.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The status of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConditionStatus {
    True,
    False,
    Unknown,
}

/// One condition of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// True, False or Unknown.
    pub status: ConditionStatus,
    /// `lastTransitionTime`: when the status last changed (the rest of the condition does not count).
    pub since: Millis,
    /// Machine-readable reason; empty if none.
    pub reason: Rc<str>,
    /// Text for people; empty if none.
    pub message: Rc<str>,
}

impl Condition {
    /// A condition without reason and message.
    pub fn new(status: ConditionStatus, since: Millis) -> Self {
        Self { status, since, reason: "".into(), message: "".into() }
    }
}

/// The conditions of a pod; `None` where the condition has not been written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodConditions {
    pub ready_to_start_containers: Option<Condition>,
    pub initialized: Option<Condition>,
    pub ready: Option<Condition>,
    pub containers_ready: Option<Condition>,
    pub scheduled: Option<Condition>,
    pub disruption_target: Option<Condition>,
    /// Conditions that others write, such as those that readiness gates ask for, by type.
    pub others: Vec<(Rc<str>, ConditionStatus)>,
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminated {
    /// Exit code, 0 to 255.
    pub exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`, …
    pub reason: Rc<str>,
    /// Text for people; empty if none.
    pub message: Rc<str>,
    /// When it had started; `None` if it never did.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub finished_at: Millis,
}

/// The state of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerState {
    /// Not running yet, or again; with the reason that `kubectl get pods` shows.
    Waiting { reason: Rc<str>, message: Rc<str> },
    /// Running since.
    Running { started_at: Millis },
    /// Ended.
    Terminated(Terminated),
}

/// What the kubelet reports of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerStatus {
    /// Name of the container.
    pub name: Rc<str>,
    /// Image reference as the spec names it.
    pub image: Rc<str>,
    /// Its state.
    pub state: ContainerState,
    /// How its previous instance ended.
    pub last_state: Option<Terminated>,
    /// Passes its readiness probe, or has none and runs.
    pub ready: bool,
    /// Runs and has passed its startup probe.
    pub started: bool,
    /// How often it was restarted.
    pub restart_count: u32,
}

/// What is known of a pod's life.
#[derive(Clone, Debug, PartialEq)]
pub struct PodStatus {
    /// Phase.
    pub phase: PodPhase,
    /// Reason of the whole pod, such as `Evicted`; empty if none.
    pub reason: Rc<str>,
    /// Text for people about the whole pod; empty if none.
    pub message: Rc<str>,
    /// Conditions.
    pub conditions: PodConditions,
    /// Address, once the sandbox exists.
    pub pod_ip: Option<Ipv4Addr>,
    /// When the kubelet first saw it.
    pub start_time: Option<Millis>,
    /// App containers, in the template's order; empty until the kubelet saw the pod.
    pub containers: Vec<ContainerStatus>,
    /// Init containers, in the template's order.
    pub init_containers: Vec<ContainerStatus>,
}

impl Default for PodStatus {
    fn default() -> Self {
        Self {
            phase: PodPhase::Pending,
            reason: "".into(),
            message: "".into(),
            conditions: PodConditions::default(),
            pod_ip: None,
            start_time: None,
            containers: Vec::new(),
            init_containers: Vec::new(),
        }
    }
}

/// A volume of the pod that is a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimVolume {
    /// Name of the volume in the pod.
    pub volume: Rc<str>,
    /// Name of the claim.
    pub claim: Rc<str>,
}

/// A pod. It shares its template and owns its metadata and status.
#[derive(Clone, Debug, PartialEq)]
pub struct Pod {
    /// Metadata.
    pub meta: Meta,
    /// What it runs.
    pub template: Shared<PodTemplate>,
    /// The claims among its volumes: those of claim templates first, then the template's own.
    pub claims: Rc<[ClaimVolume]>,
    /// `spec.hostname`.
    pub hostname: Rc<str>,
    /// `spec.subdomain`; empty if none.
    pub subdomain: Rc<str>,
    /// `spec.nodeName`, once scheduled.
    pub node: Option<Rc<str>>,
    /// Status.
    pub status: PodStatus,
    /// The pull secrets of its service account when it was created, where its template has none.
    pub pull_secrets: Option<Rc<serde_json::Value>>,
}

impl Pod {
    /// Whether condition Ready is True.
    pub fn is_ready(&self) -> bool {
        let ready = self.status.conditions.ready.as_ref();
        ready.is_some_and(|condition| condition.status == ConditionStatus::True)
    }

    /// Phase Running and condition Ready True.
    ///
    /// Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, isRunningAndReady.
    pub fn is_running_and_ready(&self) -> bool {
        self.status.phase == PodPhase::Running && self.is_ready()
    }

    /// Whether a deletion has been requested.
    pub fn is_terminating(&self) -> bool {
        self.meta.is_terminating()
    }

    /// Ready for at least `min_ready_ms`.
    ///
    /// Upstream: `pkg/api/v1/pod/util.go`, IsPodAvailable.
    pub fn is_available(&self, min_ready_ms: Millis, now: Millis) -> bool {
        let Some(ready) = &self.status.conditions.ready else { return false };
        ready.status == ConditionStatus::True
            && (min_ready_ms == 0 || ready.since + min_ready_ms <= now)
    }
}
