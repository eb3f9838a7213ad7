//! The cluster as a whole: takes inputs, handles the next due work, tells what happened.

use super::config::ClusterConfig;
use super::fault::Faults;
use super::hold::Hold;
use super::input::Input;
use super::kubelet::{KubeletWork, Kubelets};
use super::meta::{Key, Kind, Uid};
use super::queue::Queue;
use super::rng::Rng;
use super::step::{Cause, ProbeAttempt, Step};
use super::store::Store;
use super::time::Millis;
use super::{
    apiserver, attach, claim_protection, deployment, dns, endpoints, garbage, inside, kinds,
    kubelet, node, scheduler, stateful_set, volumes, watch,
};
use crate::api::change::Reply;
use crate::api::{Kubernetes, Status};
use crate::ordered::Map;
use std::rc::Rc;

/// A piece of work in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// The controller of a kind looks at an object.
    Sync(Kind, Key),
    /// The scheduler looks at a pod.
    Schedule(Key),
    /// A kubelet does something for a pod.
    Kubelet(Key, Uid, KubeletWork),
    /// The volume controllers look at a claim or volume.
    Volume(Key),
    /// The attach-detach controller looks at a volume.
    Attach(Rc<str>),
    /// The garbage collector goes round.
    Garbage,
    /// The claim protection controller looks at a claim.
    ClaimProtection(Key),
    /// A controller of nodes does something.
    Node(node::NodeWork),
    /// The DNS server forgets answers that have run out.
    DnsCache,
}

/// What came of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// It was done; there is nothing to answer.
    #[default]
    Done,
    /// The API server's reply to an [`Input::Request`].
    Reply(Reply),
    /// The refusal.
    Refused(Status),
    /// The DNS server's reply to an [`Input::LookUp`].
    Found(dns::Reply),
}

impl Outcome {
    /// The API server's reply, if it is one.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Reply(reply) => Some(reply),
            _ => None,
        }
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Status> {
        match self {
            Self::Refused(status) => Some(status),
            _ => None,
        }
    }
}

/// The simulated cluster at one instant. A clone is cheap: objects are shared until they change.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub(super) now: Millis,
    pub(super) config: ClusterConfig,
    pub(super) store: Store,
    pub(super) queue: Queue<Work>,
    pub(super) rng: Rng,
    pub(super) kubelets: Kubelets,
    faults: Faults,
    pub(super) scheduler: scheduler::Memory,
    pub(super) volumes: volumes::Memory,
    pub(super) attachments: attach::Memory,
    pub(super) endpoints: endpoints::Memory,
    pub(super) dns: dns::Cache,
    pub(super) machines: node::Machines,
    pub(super) controller: stateful_set::controller::Memory,
    pub(super) deployments: deployment::controller::Memory,
    pub(super) holds: Map<Key, Hold>,
    pub(super) garbage_queued: bool,
    pub(super) attempts: Vec<ProbeAttempt>,
    inputs: usize,
}

impl Cluster {
    /// A cluster with its nodes and storage classes, and nothing else.
    pub fn new(config: ClusterConfig) -> Self {
        let mut cluster = Self {
            now: 0,
            store: Store::new(config.seed),
            queue: Queue::default(),
            rng: Rng::new(config.seed ^ 0x5eed),
            kubelets: Kubelets::default(),
            faults: Faults::default(),
            scheduler: scheduler::Memory::default(),
            volumes: volumes::Memory::default(),
            attachments: attach::Memory::default(),
            endpoints: endpoints::Memory::default(),
            dns: dns::Cache::default(),
            machines: node::Machines::default(),
            controller: stateful_set::controller::Memory::default(),
            deployments: deployment::controller::Memory::default(),
            holds: Map::new(),
            garbage_queued: false,
            attempts: Vec::new(),
            inputs: 0,
            config,
        };
        if cluster.config.drawn_times {
            let kubernetes = cluster.kubernetes();
            cluster.kubelets.timing = kubelet::timing::Timing::drawn(kubernetes, &mut cluster.rng);
        }
        super::builtin::create(&mut cluster);
        cluster.settle_journal();
        cluster
    }

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

    #[inline(never)]
    fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.kubelets.script = Rc::new(faults.script());
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
    pub fn machines(&self) -> &node::Machines {
        &self.machines
    }

    /// What the pods of a node ask for.
    pub fn node_usage(&self, node: &str) -> scheduler::Usage {
        self.scheduler.usage(node)
    }

    /// The answers that the DNS server keeps.
    pub fn dns(&self) -> &dns::Cache {
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

    /// Carries out what a person did at `at`; work due before is handled first by [`Self::step`], so
    /// `at` is not after [`Self::next_at`]. An earlier `at` than [`Self::now`] counts as now.
    pub fn submit(&mut self, at: Millis, input: &Input) -> (Outcome, Step) {
        self.now = self.now.max(at);
        let outcome = match input {
            Input::Request(request) => match apiserver::answer(self, request) {
                Ok(reply) => Outcome::Reply(reply),
                Err(refusal) => Outcome::Refused(refusal),
            },
            Input::CrashContainer { .. } | Input::SetEndpoint { .. } => {
                kubelet::submit(self, input).err().map_or(Outcome::Done, Outcome::Refused)
            }
            Input::SetFaults(faults) => {
                self.set_faults(*faults);
                Outcome::Done
            }
            Input::Machine { node, action } => {
                node::act_on_machine(self, node, *action);
                Outcome::Done
            }
            Input::KeepDnsAnswers { on } => {
                dns::keep_answers(self, *on);
                Outcome::Done
            }
            Input::LookUp { namespace, name } => {
                Outcome::Found(dns::look_up(self, namespace, name))
            }
            Input::WriteFile { namespace, pod, container, path, content } => {
                let key = Key::new(namespace, pod);
                inside::write(self, &key, container, path, content.as_deref());
                Outcome::Done
            }
        };
        let cause = Cause::Input(self.inputs);
        self.inputs += 1;
        (outcome, self.finish(cause, None))
    }

    /// Handles the next due work, if there is any, and moves the clock there.
    pub fn step(&mut self) -> Option<Step> {
        let (at, work) = self.queue.pop()?;
        self.now = at;
        let (cause, set) = match work {
            Work::Sync(kind, key) => {
                kinds::sync(self, kind, &key);
                let set = (kind == Kind::StatefulSet).then(|| key.clone());
                (Cause::Controller(kind, key), set)
            }
            Work::Schedule(key) => {
                scheduler::handle(self, &key);
                (Cause::Scheduler(key), None)
            }
            Work::Kubelet(key, uid, work) => {
                kubelet::handle(self, &key, uid, work);
                (Cause::Kubelet(key), None)
            }
            Work::Volume(key) => {
                volumes::handle(self, &key);
                (Cause::Volumes(key), None)
            }
            Work::Attach(volume) => {
                attach::handle(self, &volume);
                (Cause::Volumes(super::storage::Volume::key(&volume)), None)
            }
            Work::ClaimProtection(key) => {
                claim_protection::handle(self, &key);
                (Cause::Volumes(key), None)
            }
            Work::Node(work) => {
                node::handle(self, work);
                (Cause::Nodes, None)
            }
            Work::DnsCache => {
                dns::expire(self);
                (Cause::Dns, None)
            }
            Work::Garbage => {
                garbage::handle(self);
                (Cause::GarbageCollector, None)
            }
        };
        Some(self.finish(cause, set))
    }

    /// Tells the control loops of what was written, and makes the step.
    fn finish(&mut self, cause: Cause, set: Option<Key>) -> Step {
        let changes = self.settle_journal();
        Step {
            at: self.now,
            cause,
            changes,
            events: self.store.take_reported(),
            probes: std::mem::take(&mut self.attempts),
            hold: set.and_then(|key| self.holds.get(&key).cloned()),
        }
    }

    fn settle_journal(&mut self) -> Vec<super::Change> {
        let changes = self.store.take_journal();
        for change in &changes {
            watch::notify(self, change);
        }
        changes
    }
}
