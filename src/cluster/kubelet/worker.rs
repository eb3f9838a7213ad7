//! What a kubelet remembers of one pod: its containers' instances, what it saw of them, its plans.

use super::backoff::BackOff;
use super::probe_worker::ProbeWorker;
use super::script::Script;
use crate::cluster::meta::{Key, Shared, Uid};
use crate::cluster::pod::{ClaimVolume, Pod, Terminated};
use crate::cluster::queue::Ticket;
use crate::cluster::template::{Container, PodTemplate, ProbeKind};
use crate::cluster::time::Millis;
use crate::ordered::Set;
use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// What a container's process does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Process {
    /// There is none yet.
    #[default]
    Absent,
    /// It runs since.
    Running { started_at: Millis },
    /// It has ended.
    Exited(Terminated),
}

/// The newest instance of a container, and how the one before it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// Number of the instance, from 0: how often the container was restarted.
    pub attempt: u32,
    /// What it does.
    pub process: Process,
    /// How its predecessor ended.
    pub previous: Option<Terminated>,
}

impl Instance {
    /// Whether the process runs.
    pub fn is_running(&self) -> bool {
        matches!(self.process, Process::Running { .. })
    }

    /// Whether there is or was a process.
    pub fn exists(&self) -> bool {
        self.process != Process::Absent
    }

    /// How the newest instance that ended did.
    pub fn last_exit(&self) -> Option<&Terminated> {
        match &self.process {
            Process::Exited(terminated) => Some(terminated),
            _ => self.previous.as_ref(),
        }
    }
}

/// Why the kubelet did not start a container, as it reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartFailure {
    /// The waiting reason.
    pub reason: Rc<str>,
    /// The waiting message.
    pub message: Rc<str>,
}

/// What the kubelet knows of one container.
#[derive(Clone, Debug, Default)]
pub struct ContainerRecord {
    /// As it is in the runtime.
    pub instance: Instance,
    /// As the kubelet last saw it in the runtime.
    pub seen: Instance,
    /// As the last written status shows it.
    pub reported: Instance,
    /// Whether the last written status shows it as started.
    pub reported_started: bool,
    /// Why its last start did not happen; shown by the next status.
    pub failure: Option<StartFailure>,
    /// Whether its process was started from another definition.
    pub changed: bool,
    /// Whether it belongs to a sandbox that was lost.
    pub stale: bool,
    /// Back-off of its restarts.
    pub back_off: BackOff,
    /// Back-off of the pulls of its image, with the last error.
    pub pull_back_off: BackOff,
    /// The last error of a pull.
    pub pull_error: Rc<str>,
    /// Pulls of its image so far.
    pub pulls: u32,
    /// When its preStop hook began ahead of being told to end.
    pub pre_stop_at: Option<Millis>,
    /// When the process will end, and when SIGKILL comes if it was told to.
    pub ending: Option<Ending>,
    /// Probes whose endpoint a person made fail.
    pub failing: Set<ProbeKind>,
    /// `spec.containers{name}`.
    pub field_path: Rc<str>,
}

/// The scheduled end of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When it ends.
    pub at: Millis,
    /// The scheduled work.
    pub ticket: Ticket,
    /// When SIGKILL comes, if the process was told to end.
    pub killed_at: Option<Millis>,
    /// Until when its preStop hook would go on.
    pub hook_until: Millis,
}

/// Where the pod stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The kubelet runs it.
    Running,
    /// Its containers are being stopped until the given time at the latest.
    Terminating { until: Millis },
    /// All containers have stopped; the object goes next.
    Terminated,
    /// Nothing is left to do.
    Done,
}

/// One operation of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Wait until the volumes are mounted.
    Mount,
    /// Compare containers with the spec and plan what follows.
    Compute,
    /// Make the sandbox.
    CreateSandbox,
    /// The sandbox is there.
    SandboxReady,
    /// Stop a container because of this probe, or because its definition changed.
    Kill { container: usize, probe: Option<ProbeKind> },
    /// Refuse to start a container too early.
    CheckBackOff { container: usize },
    /// Make the image present.
    Pull { container: usize },
    /// The pull that began at the given time is over.
    Pulled { container: usize, began_at: Millis },
    /// Create the container.
    Create { container: usize },
    /// The container exists: start it.
    Start { container: usize },
    /// The process runs.
    Started { container: usize },
    /// The postStart hook is over.
    Hooked { container: usize },
}

impl Op {
    /// The container that it concerns.
    pub fn container(&self) -> Option<usize> {
        match self {
            Self::Mount | Self::Compute | Self::CreateSandbox | Self::SandboxReady => None,
            Self::Kill { container, .. }
            | Self::CheckBackOff { container }
            | Self::Pull { container }
            | Self::Pulled { container, .. }
            | Self::Create { container }
            | Self::Start { container }
            | Self::Started { container }
            | Self::Hooked { container } => Some(*container),
        }
    }
}

/// What an unfinished look at the pod waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// An instant.
    Until(Millis, Ticket),
    /// The end of this container's process.
    Exit(usize),
}

/// What went on during one look at the pod.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Something changed in the runtime.
    pub acted: bool,
    /// Something failed for another reason than a crash back-off.
    pub failed: bool,
    /// The earliest end of a crash back-off that refused a start.
    pub backed_off_until: Option<Millis>,
}

/// What a kubelet remembers of one pod.
#[derive(Clone, Debug)]
pub struct PodWorker {
    /// The pod.
    pub key: Key,
    /// Its UID.
    pub uid: Uid,
    /// The node.
    pub node: Rc<str>,
    /// What it runs.
    pub template: Shared<PodTemplate>,
    /// Its claims.
    pub claims: Rc<[ClaimVolume]>,
    /// What its stand-ins do.
    pub script: Rc<Script>,
    /// When the kubelet first handled it; `None` before.
    pub first_handled: Option<Millis>,
    /// Where it stands.
    pub stage: Stage,
    /// Whether its volumes are mounted.
    pub mounted: bool,
    /// Its address, once the sandbox exists.
    pub pod_ip: Option<Ipv4Addr>,
    /// Whether the kubelet has seen the sandbox in the runtime.
    pub seen_sandbox: bool,
    /// Its containers: init containers first, then app containers, each in the spec's order.
    pub containers: Vec<ContainerRecord>,
    /// Its probes.
    pub probes: Vec<ProbeWorker>,
    /// The rest of the plan of the look in progress.
    pub plan: VecDeque<Op>,
    /// What that look waits for.
    pub blocked: Option<Blocked>,
    /// Whether a look is in progress.
    pub syncing: bool,
    /// Whether another look was asked for meanwhile.
    pub again: bool,
    /// What that look found.
    pub findings: Findings,
    /// From when on the kubelet's picture of the containers is newer than the last look.
    pub fresh_at: Millis,
    /// The next look that was asked for.
    pub next_sync: Option<(Millis, Ticket)>,
    /// The next look that comes by itself.
    pub requeued: Option<(Millis, Ticket)>,
    /// The next notice of the runtime's changes.
    pub relist: Option<(Millis, Ticket)>,
    /// Whether the kubelet looks at containers at once after it changed them.
    pub relists_on_demand: bool,
    /// How often a volume could not be mounted.
    pub mount_tries: u32,
    /// How many times its sandbox could not be made.
    pub sandbox_failures: u32,
    /// Whether its sandbox was lost: everything starts again in another one.
    pub lost_sandbox: bool,
    /// Whether it has run longer than its activeDeadlineSeconds.
    pub past_deadline: bool,
}

impl PodWorker {
    /// The worker of a pod that was bound to `node`.
    pub fn new(pod: &Pod, node: &Rc<str>, script: Rc<Script>) -> Self {
        let record = |prefix: &str, container: &Container| ContainerRecord {
            field_path: format!("spec.{prefix}{{{}}}", container.name).into(),
            ..ContainerRecord::default()
        };
        let template = &pod.template;
        let inits = template.init_containers.iter().map(|each| record("initContainers", each));
        let apps = template.containers.iter().map(|each| record("containers", each));
        Self {
            key: pod.meta.key.clone(),
            uid: pod.meta.uid,
            node: Rc::clone(node),
            template: template.clone(),
            claims: Rc::clone(&pod.claims),
            script,
            first_handled: None,
            stage: Stage::Running,
            mounted: false,
            pod_ip: None,
            seen_sandbox: false,
            containers: inits.chain(apps).collect(),
            probes: Vec::new(),
            plan: VecDeque::new(),
            blocked: None,
            syncing: false,
            again: false,
            findings: Findings::default(),
            fresh_at: 0,
            next_sync: None,
            requeued: None,
            relist: None,
            relists_on_demand: false,
            mount_tries: 0,
            sandbox_failures: 0,
            lost_sandbox: false,
            past_deadline: false,
        }
    }

    /// How many of the containers are init containers.
    pub fn init_count(&self) -> usize {
        self.template.init_containers.len()
    }

    /// The spec of a container.
    pub fn spec(&self, container: usize) -> &Container {
        let inits = &self.template.init_containers;
        inits.get(container).unwrap_or_else(|| &self.template.containers[container - inits.len()])
    }

    /// Whether it is an init container that has to end.
    pub fn is_regular_init(&self, container: usize) -> bool {
        container < self.init_count() && !self.spec(container).is_sidecar
    }

    /// Whether it is a sidecar.
    pub fn is_sidecar(&self, container: usize) -> bool {
        container < self.init_count() && self.spec(container).is_sidecar
    }

    /// The number of the container of this name.
    pub fn container_named(&self, name: &str) -> Option<usize> {
        (0..self.containers.len()).find(|index| *self.spec(*index).name == *name)
    }

    /// The number that the next instance of a container will have.
    pub fn next_attempt(&self, container: usize) -> u32 {
        let instance = &self.containers[container].instance;
        instance.attempt + u32::from(instance.exists())
    }

    /// The claim of the first volume that a container mounts.
    pub fn first_claim(&self, container: usize) -> Option<Key> {
        let mounts = self.spec(container).mounts.iter();
        let claim = |volume: &Rc<str>| self.claims.iter().find(|each| each.volume == *volume);
        let claim = mounts.filter_map(|mount| claim(&mount.volume)).next()?;
        Some(self.key.sibling(&claim.claim))
    }

    /// Whether the pod's containers are being or have been stopped.
    pub fn is_terminating(&self) -> bool {
        self.stage != Stage::Running
    }

    /// Takes over a template that was changed in place: containers of another image start again.
    pub fn take_template(&mut self, template: &Shared<PodTemplate>) {
        for container in 0..self.containers.len() {
            let old = self.spec(container).image.clone();
            let new = template.container(&self.spec(container).name);
            if new.is_some_and(|new| new.image != old) {
                let record = &mut self.containers[container];
                record.changed = record.instance.is_running();
                (record.back_off, record.pull_back_off) = Default::default();
                record.pulls = 0;
            }
        }
        self.template = template.clone();
    }
}
