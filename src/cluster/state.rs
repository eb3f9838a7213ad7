//! The state of the cluster: everything that the control loops read and write.
//!
//! What is done with it stands above: the loops each in a folder or file, and `dispatch`, which gives
//! them their work.

use super::attach;
use super::config::ClusterConfig;
use super::copy_on_write::CopyOnWrite;
use super::dns;
use super::endpoints;
use super::fault::Faults;
use super::hold::Hold;
use super::journal::Change;
use super::kubelet::memory::Kubelets;
use super::meta::{Key, Kind, Meta};
use super::node::memory::Machines;
use super::queue::Queue;
use super::record::{Kept, Record, Stored, View};
use super::rng::Rng;
use super::scheduler;
use super::step::ProbeAttempt;
use super::store::Store;
use super::time::Millis;
use super::volumes;
use super::work::Work;
use super::{deployment, stateful_set};
use crate::api::{ApiObject, Kubernetes, Status, limits};
use crate::ordered::Map;
use serde_json::Value;
use std::rc::Rc;

/// A kind that acts: how its objects are admitted, and how its controller follows them.
pub trait Acts: Stored {
    /// Queues the syncs of its controller that a change of any object causes.
    fn observe(_cluster: &mut Cluster, _change: &Change) {}

    /// One sync of its controller.
    fn sync(_cluster: &mut Cluster, _key: &Key) {}

    /// Fills in what the server allocates or admission adds, or refuses the object. `old` is the
    /// object that it replaces.
    ///
    /// # Errors
    /// The refusal.
    fn admit(
        _cluster: &mut Cluster,
        _object: &mut ApiObject,
        _old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        Ok(())
    }
}

/// Reads what the store keeps of an admitted object, in place of another, at an instant.
type Read = fn(Meta, &Value, Option<&dyn Record>, Millis) -> Rc<dyn Record>;

/// The row of a kind that acts.
#[derive(Debug)]
pub struct Acting {
    pub(super) kind: Kind,
    pub(super) read: Read,
    pub(super) admit: fn(&mut Cluster, &mut ApiObject, Option<&ApiObject>) -> Result<(), Status>,
    pub(super) observe: fn(&mut Cluster, &Change),
    pub(super) sync: fn(&mut Cluster, &Key),
}

/// The simulated cluster at one instant. A clone is cheap: objects are shared until they change.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The kinds that act; all others are kept as they are.
    pub(super) acting: &'static [Acting],
    pub(super) now: Millis,
    pub(super) config: ClusterConfig,
    pub(super) store: Store,
    pub(super) queue: Queue<Work>,
    pub(super) rng: Rng,
    pub(super) kubelets: Kubelets,
    pub(super) faults: Faults,
    pub(super) scheduler: scheduler::memory::Memory,
    pub(super) volumes: volumes::memory::Memory,
    pub(super) attachments: CopyOnWrite<attach::memory::Memory>,
    pub(super) endpoints: endpoints::memory::Memory,
    pub(super) dns: CopyOnWrite<dns::memory::Cache>,
    pub(super) machines: CopyOnWrite<Machines>,
    pub(super) controller: stateful_set::memory::Memory,
    pub(super) deployments: CopyOnWrite<deployment::memory::Memory>,
    pub(super) holds: Map<Key, Hold>,
    pub(super) garbage_queued: bool,
    pub(super) attempts: Vec<ProbeAttempt>,
    pub(super) inputs: usize,
}

impl Cluster {
    /// The simulated time: that of the last step or input.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// What the session fixed.
    pub fn config(&self) -> &ClusterConfig {
        &self.config
    }

    /// Version and gates.
    pub fn kubernetes(&self) -> Kubernetes {
        self.config.kubernetes
    }

    /// What goes wrong in the pods that start.
    pub fn faults(&self) -> Faults {
        self.faults
    }

    /// What the API server holds.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What the kubelets remember.
    pub fn kubelets(&self) -> &Kubelets {
        &self.kubelets
    }

    /// What is true of the machines behind the nodes.
    pub fn machines(&self) -> &Machines {
        &self.machines
    }

    /// What the pods of a node ask for.
    pub fn node_usage(&self, node: &str) -> scheduler::memory::Usage {
        self.scheduler.usage(node)
    }

    /// The answers that the DNS server keeps.
    pub fn dns(&self) -> &dns::memory::Cache {
        &self.dns
    }

    /// Why the controller of this set waits, if it does.
    pub fn hold(&self, set: &Key) -> Option<&Hold> {
        self.holds.get(set)
    }

    /// Why the controller waits, for every set that is not as asked, by set.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.values()
    }

    /// When the next work is due.
    pub fn next_at(&self) -> Option<Millis> {
        self.queue.next_at()
    }

    /// The work that is scheduled, in order.
    pub fn scheduled(&self) -> impl Iterator<Item = (Millis, &Work)> {
        self.queue.iter()
    }

    /// What objects are looked at with.
    pub fn view(&self) -> View<'_> {
        View { store: &self.store, now: self.now, kubernetes: self.config.kubernetes }
    }

    /// The kind of this name, if the API server serves it in this group and version.
    pub fn served(&self, kind: &str, api_version: &str) -> Option<Kind> {
        let found = self.store.served(kind, api_version);
        found.filter(|kind| kind.row().is_of(self.config.kubernetes.version))
    }

    /// The row of a kind, if it acts.
    pub(super) fn acting(&self, kind: Kind) -> Option<&'static Acting> {
        self.acting.iter().find(|row| row.kind == kind)
    }

    /// Fills in what the server allocates or admission adds, or refuses the object.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn admit(
        &mut self,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        limits::refusal(object).map_or(Ok(()), Err)?;
        self.acting(object.kind).map_or(Ok(()), |row| (row.admit)(self, object, old))
    }

    /// What the store keeps of an object that has been admitted, in place of `old`.
    pub(super) fn read(
        &self,
        kind: Kind,
        meta: Meta,
        object: &Value,
        old: Option<&dyn Record>,
    ) -> Rc<dyn Record> {
        match self.acting(kind) {
            Some(row) => (row.read)(meta, object, old, self.now),
            None => Rc::new(Kept::read(kind, meta, object)),
        }
    }
}
