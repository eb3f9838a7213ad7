//! One thing that happened: its cause, what it changed, what was reported, why nothing more follows.

use super::budget::Budget;
use super::deployment::{Deployment, ReplicaSet};
use super::event::Event;
use super::hold::Hold;
use super::meta::{Key, Kind, Meta, Uid};
use super::node::Node;
use super::pod::Pod;
use super::service::{EndpointSlice, Service};
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::storage::{Claim, StorageClass, Volume};
use super::template::ProbeKind;
use super::time::Millis;
use std::rc::Rc;

/// What became of one object: absent before means created, absent after means removed.
#[derive(Clone, Debug)]
pub struct Changed<T> {
    /// As it was.
    pub old: Option<Rc<T>>,
    /// As it is.
    pub new: Option<Rc<T>>,
}

/// What became of one object of any kind.
#[derive(Clone, Debug)]
pub enum Change {
    StatefulSet(Changed<StatefulSet>),
    ControllerRevision(Changed<ControllerRevision>),
    Pod(Changed<Pod>),
    Claim(Changed<Claim>),
    Volume(Changed<Volume>),
    StorageClass(Changed<StorageClass>),
    Service(Changed<Service>),
    EndpointSlice(Changed<EndpointSlice>),
    Node(Changed<Node>),
    Budget(Changed<Budget>),
    Deployment(Changed<Deployment>),
    ReplicaSet(Changed<ReplicaSet>),
}

impl Change {
    /// Kind of the object.
    pub fn kind(&self) -> Kind {
        match self {
            Self::StatefulSet(_) => Kind::StatefulSet,
            Self::ControllerRevision(_) => Kind::ControllerRevision,
            Self::Pod(_) => Kind::Pod,
            Self::Claim(_) => Kind::PersistentVolumeClaim,
            Self::Volume(_) => Kind::PersistentVolume,
            Self::StorageClass(_) => Kind::StorageClass,
            Self::Service(_) => Kind::Service,
            Self::EndpointSlice(_) => Kind::EndpointSlice,
            Self::Node(_) => Kind::Node,
            Self::Budget(_) => Kind::PodDisruptionBudget,
            Self::Deployment(_) => Kind::Deployment,
            Self::ReplicaSet(_) => Kind::ReplicaSet,
        }
    }

    /// Metadata of the object, as it is or as it last was.
    pub fn meta(&self) -> &Meta {
        fn pick<T: super::store::Stored>(changed: &Changed<T>) -> &Meta {
            let object = changed.new.as_ref().or(changed.old.as_ref());
            object.expect("a change has an old or a new object").meta()
        }
        match self {
            Self::StatefulSet(changed) => pick(changed),
            Self::ControllerRevision(changed) => pick(changed),
            Self::Pod(changed) => pick(changed),
            Self::Claim(changed) => pick(changed),
            Self::Volume(changed) => pick(changed),
            Self::StorageClass(changed) => pick(changed),
            Self::Service(changed) => pick(changed),
            Self::EndpointSlice(changed) => pick(changed),
            Self::Node(changed) => pick(changed),
            Self::Budget(changed) => pick(changed),
            Self::Deployment(changed) => pick(changed),
            Self::ReplicaSet(changed) => pick(changed),
        }
    }
}

/// How one attempt of a probe went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeAttempt {
    /// The pod.
    pub pod: Key,
    /// Its UID.
    pub uid: Uid,
    /// The container.
    pub container: Rc<str>,
    /// Which probe.
    pub probe: ProbeKind,
    /// When it was asked; the step's time is that of the answer.
    pub asked_at: Millis,
    /// Whether somebody was there to be asked: a refused connection reaches nobody.
    pub reached: bool,
    /// Whether it succeeded.
    pub success: bool,
    /// Results of this kind in a row, this one included.
    pub run: u32,
    /// The threshold that this count is held against.
    pub threshold: u32,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A person: the number of the input in the session.
    Input(usize),
    /// The StatefulSet controller looked at this set.
    StatefulSetController(Key),
    /// The Deployment controller looked at this Deployment.
    DeploymentController(Key),
    /// The ReplicaSet controller looked at this ReplicaSet.
    ReplicaSetController(Key),
    /// The scheduler looked at this pod.
    Scheduler(Key),
    /// The kubelet worked on this pod.
    Kubelet(Key),
    /// The volume controllers looked at this claim or volume.
    Volumes(Key),
    /// The EndpointSlice controller looked at this Service.
    Endpoints(Key),
    /// The garbage collector went round.
    GarbageCollector,
    /// A controller of nodes acted: node lifecycle, taint eviction, pod garbage collection.
    Nodes,
    /// The DNS server forgot answers.
    Dns,
}

/// One handled piece of work.
#[derive(Clone, Debug)]
pub struct Step {
    /// Simulated time.
    pub at: Millis,
    /// Who acted.
    pub cause: Cause,
    /// What became of objects, in the order of the writes.
    pub changes: Vec<Change>,
    /// What was reported.
    pub events: Vec<Rc<Event>>,
    /// Attempts of probes.
    pub probes: Vec<ProbeAttempt>,
    /// Why the StatefulSet controller waits, if this was its sync and it does.
    pub hold: Option<Hold>,
}

impl Step {
    /// Whether nothing visible happened.
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.events.is_empty() && self.probes.is_empty()
    }
}
