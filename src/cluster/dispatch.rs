//! What the cluster does: takes inputs, handles the next due work, tells what happened.

use super::config::ClusterConfig;
use super::fault::Faults;
use super::input::Input;
use super::journal::Change;
use super::kubelet::memory::{Kubelets, Timing};
use super::meta::{Key, Kind};
use super::queue::Queue;
use super::rng::Rng;
use super::state::Cluster;
use super::step::{Cause, Step};
use super::store::Store;
use super::time::Millis;
use super::work::Work;
use super::{
    apiserver, attach, builtin, claim_protection, dns, garbage, inside, kinds, kubelet, node,
    scheduler, volumes, watch,
};
use crate::api::Status;
use crate::api::change::Reply;
use crate::ordered::Map;
use serde_json::Value;
use std::rc::Rc;

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

    /// The same without the object that the server answered with.
    pub fn without_object(&self) -> Self {
        match self {
            Self::Reply(Reply { warnings, .. }) => {
                Self::Reply(Reply { object: Value::Null, warnings: warnings.clone() })
            }
            other => other.clone(),
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

impl Cluster {
    /// A cluster with its nodes and storage classes, and nothing else.
    pub fn new(config: ClusterConfig) -> Self {
        let mut cluster = Self {
            acting: &kinds::ACTING,
            now: 0,
            store: Store::new(config.seed),
            queue: Queue::default(),
            rng: Rng::new(config.seed ^ 0x5eed),
            kubelets: Kubelets::default(),
            faults: Faults::default(),
            scheduler: Default::default(),
            volumes: Default::default(),
            attachments: Default::default(),
            endpoints: Default::default(),
            dns: Default::default(),
            machines: Default::default(),
            controller: Default::default(),
            deployments: Default::default(),
            holds: Map::new(),
            garbage_queued: false,
            attempts: Vec::new(),
            inputs: 0,
            config,
        };
        if cluster.config.drawn_times {
            let kubernetes = cluster.kubernetes();
            cluster.kubelets.timing = Timing::drawn(kubernetes, &mut cluster.rng);
        }
        builtin::create(&mut cluster);
        cluster.settle_journal();
        cluster
    }

    #[inline(never)]
    fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.kubelets.script = Rc::new(faults.script());
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
                if !node::defer(self, &key, uid, &work) {
                    kubelet::handle(self, &key, uid, work);
                }
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

    fn settle_journal(&mut self) -> Vec<Change> {
        let changes = self.store.take_journal();
        for change in &changes {
            watch::notify(self, change);
        }
        changes
    }
}
