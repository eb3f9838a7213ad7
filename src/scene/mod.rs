//! What a picture or a screen reader is told: plain values by ordinal, no simulator types.
//!
//! Architecture invariant: a [`Scene`] says only what the simulated cluster holds at one instant.

pub mod clock;
pub mod columns;
mod lookup;
mod nodes;
mod others;
pub mod picture;
mod printed;
mod probes;
mod rows;
mod stage;
mod tables;
pub mod timeline;
mod why;
mod words;

pub use lookup::LookupScene;
pub use nodes::NodeRow;
pub use others::{ObjectRow, ObjectTable, VolumeAct};
pub use printed::Printed;
pub use probes::{AttemptRow, ProbeLog, probe_log};
pub use why::why_of;

use crate::cluster::fault::Faults;
use crate::cluster::meta::Key;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::{Cluster, Millis};
use crate::ordered::Set;
use std::rc::Rc;

/// The cluster as it is shown at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Simulated time.
    pub now: Millis,
    /// The set in the middle of the picture; `None` if the cluster holds no set of that name.
    pub set: Option<SetScene>,
    /// One slot per ordinal that is asked for, or that still has a pod or a claim; ascending.
    pub slots: Vec<Slot>,
    /// The Services that select the set's pods or govern it.
    pub services: Vec<ServiceScene>,
    /// Every pod of the cluster, for the table.
    pub pods: Vec<PodRow>,
    /// Every claim of the cluster, for the table.
    pub claims: Vec<ClaimRow>,
    /// Every node.
    pub nodes: Vec<NodeRow>,
    /// Objects of kinds that have a table only if there are any.
    pub others: Vec<ObjectTable>,
    /// Every DNS record.
    pub records: Vec<RecordRow>,
    /// What the name in the DNS panel leads to.
    pub lookup: LookupScene,
    /// The probes of the container that is looked at, if one is.
    pub probes: Option<ProbeLog>,
    /// Every event that the API server holds, the newest first.
    pub events: Vec<EventRow>,
    /// How many rows of tables are left out.
    pub left_out: LeftOut,
    /// Why nothing more happens at this moment.
    pub why: Why,
    /// What goes wrong in the pods that start.
    pub faults: Faults,
}

impl Scene {
    /// The cluster at `now`, which is not before its last step, with the set called `key` in the
    /// middle. `name` is what the DNS panel looks up; empty: the name of the first pod.
    pub fn of(cluster: &Cluster, key: &Key, name: &str, now: Millis) -> Self {
        Self::after(&mut Printed::default(), cluster, key, name, now)
    }

    /// The same, for which is printed only what earlier pictures have not printed.
    pub fn after(
        printed: &mut Printed,
        cluster: &Cluster,
        key: &Key,
        name: &str,
        now: Millis,
    ) -> Self {
        printed.turn();
        let set = cluster.store().get::<StatefulSet>(key).map(Rc::as_ref);
        let revisions = stage::revisions(cluster, &key.namespace);
        let services = stage::services(cluster, printed, key, set);
        let (records, records_left_out) = tables::records(cluster);
        let mut in_service: Set<Rc<str>> = Set::new();
        for name in services.iter().flat_map(|service| &service.ready) {
            in_service.insert(name.as_str().into());
        }
        Self {
            now,
            set: set.map(|set| stage::set(set, &revisions)),
            slots: stage::slots(cluster, printed, key, set, &in_service, &revisions, now),
            services,
            pods: tables::pods(cluster, printed, now),
            claims: tables::claims(cluster, printed, now),
            nodes: nodes::nodes(cluster, printed, now),
            others: others::tables(cluster, printed, now),
            records,
            lookup: match name {
                "" => lookup::lookup(cluster, &key.namespace, &stage::first_name(key, set), now),
                name => lookup::lookup(cluster, &key.namespace, name, now),
            },
            probes: None,
            events: tables::events(cluster, printed, now),
            left_out: tables::left_out(cluster, records_left_out),
            why: why::why(cluster, key, set),
            faults: cluster.faults(),
        }
    }
}

/// How many rows of each table are left out, because to lay them out would take longer than a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub pods: usize,
    pub claims: usize,
    pub records: usize,
    pub events: usize,
}

/// A StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetScene {
    pub namespace: String,
    pub name: String,
    /// `spec.replicas`.
    pub replicas: i32,
    /// `status.readyReplicas`.
    pub ready: i32,
    /// `status.updatedReplicas`.
    pub updated: i32,
    /// `OrderedReady` or `Parallel`.
    pub policy: &'static str,
    /// Number of the newest ControllerRevision.
    pub revision: i64,
    /// Its pods get claims of their own.
    pub has_claim_templates: bool,
    /// It is being deleted.
    pub terminating: bool,
}

/// What stands at one ordinal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// The ordinal.
    pub ordinal: i64,
    /// Name of the pod that belongs here, such as `web-0`.
    pub name: String,
    /// `spec` asks for a pod here.
    pub wanted: bool,
    /// The gate between the slot before and this one; `None` with Parallel and before the first.
    pub gate: Option<Gate>,
    /// The pod, if there is one.
    pub pod: Option<PodCard>,
    /// Claims of this ordinal, in the order of the claim templates.
    pub claims: Vec<ClaimCard>,
}

/// The gate between two neighbouring ordinals under OrderedReady.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The pod before is Running and Ready (and available): the next may be made.
    pub open: bool,
    /// Why it is shut, or that it is open, in a few words.
    pub text: String,
}

/// The state of a pod that colour and shape tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodState {
    /// Phase Pending.
    Pending,
    /// Phase Running, not Ready.
    Running,
    /// Running and Ready.
    Ready,
    /// Being deleted.
    Terminating,
    /// A container waits or failed: `CrashLoopBackOff`, `ErrImagePull`, …; or phase Failed.
    Failed,
    /// Phase Succeeded.
    Succeeded,
}

impl PodState {
    /// The state as one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Ready => "Ready",
            Self::Terminating => "Terminating",
            Self::Failed => "Failed",
            Self::Succeeded => "Succeeded",
        }
    }

    /// The state as a part of a style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Terminating => "terminating",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
        }
    }
}

/// A pod on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct PodCard {
    /// Identity: a new pod of the same name has another.
    pub uid: String,
    pub namespace: String,
    pub name: String,
    /// Colour and shape.
    pub state: PodState,
    /// Its STATUS.
    pub status: String,
    /// Its READY: ready containers and all containers.
    pub ready: String,
    /// Its RESTARTS: how many, and how long ago the last was.
    pub restarts: String,
    /// Node; empty if not scheduled.
    pub node: String,
    /// Address; empty if none yet.
    pub ip: String,
    /// Image of the first container.
    pub image: String,
    /// Number of its revision; 0 if unknown.
    pub revision: i64,
    /// Its revision is the set's update revision.
    pub up_to_date: bool,
    /// Its containers by name, for actions.
    pub containers: Vec<String>,
    /// One ring per probe.
    pub probes: Vec<ProbeRing>,
    /// Files that the containers hold outside claims are not modelled; this is the pod's one line
    /// about what it does now, such as `pulling image`.
    pub doing: String,
    /// A Service sends traffic to it and DNS knows its name.
    pub in_service: bool,
    /// Name for assistive technology: `web-0, Running, Ready 1/1`.
    pub label: String,
}

/// A probe of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeRing {
    /// Container.
    pub container: String,
    /// `Startup`, `Liveness` or `Readiness`.
    pub kind: crate::cluster::template::ProbeKind,
    /// Last result; `None` before the first attempt.
    pub last: Option<bool>,
    /// Results like the last in a row, and the threshold they are held against.
    pub run: u32,
    pub threshold: u32,
    /// When the next attempt is due; `None` if none is.
    pub next_at: Option<Millis>,
    /// Time between attempts.
    pub period_ms: Millis,
    /// A person made what it asks fail.
    pub fault: bool,
}

/// A claim on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimCard {
    pub uid: String,
    pub namespace: String,
    pub name: String,
    /// Its STATUS: `Pending`, `Bound`, `Lost`, or `Terminating`.
    pub status: String,
    /// Twice what it asks for.
    pub doubled: String,
    /// Capacity if bound, else the requested size.
    pub size: String,
    /// The pod of this ordinal mounts it.
    pub plugged: bool,
    /// Files on its volume, with their content.
    pub files: Vec<(String, String)>,
}

/// A Service above the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceScene {
    pub uid: String,
    pub namespace: String,
    pub name: String,
    /// Its CLUSTER-IP: `None` for a headless one, else the address.
    pub cluster_ip: String,
    pub headless: bool,
    /// It is the one that `spec.serviceName` names.
    pub governing: bool,
    /// Names of the pods that get traffic.
    pub ready: Vec<String>,
    /// Names of the pods that it selects but that get none.
    pub not_ready: Vec<String>,
}

/// A row of the table Pods; see [`columns::PODS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodRow {
    pub uid: String,
    pub namespace: String,
    pub name: String,
    pub ready: String,
    pub status: String,
    pub restarts: String,
    pub age: String,
    pub ip: String,
    pub node: String,
    pub revision: String,
    pub created_at: Millis,
    /// When condition Ready last became True, while it is.
    pub ready_at: Option<Millis>,
}

/// A row of the table Claims; see [`columns::CLAIMS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    pub uid: String,
    pub namespace: String,
    pub name: String,
    pub status: String,
    pub volume: String,
    pub capacity: String,
    pub access_modes: String,
    pub storage_class: String,
    pub age: String,
    /// The size to which it is being grown, and how far that has come; empty if it is not.
    pub grows_to: String,
    /// The files on its volume, each with its last line.
    pub files: String,
    /// The pod that mounts it; empty if none does.
    pub used_by: String,
}

/// A row of the table DNS records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    pub name: String,
    /// `A` or `SRV`.
    pub kind: String,
    pub value: String,
    /// The pod behind it; empty if it is a Service's address.
    pub pod: String,
}

/// A row of the table Events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number, counted from the first event ever.
    pub number: usize,
    /// Time it was last seen.
    pub at: Millis,
    /// Its TYPE: `Normal` or `Warning`.
    pub kind: String,
    pub reason: String,
    /// Such as `pod/web-0`.
    pub object: String,
    pub message: String,
    pub count: String,
}

/// The one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// What does not happen, or that all is as asked; such as `web-2 is not created yet`.
    pub headline: String,
    /// Which object and condition is awaited and what happens next by itself.
    pub detail: String,
    /// The command that would release it, if a person can.
    pub command: String,
    /// Something is awaited (as opposed to: all is as asked).
    pub waiting: bool,
    /// The pod that blocks; empty if none does.
    pub blocking: String,
}
