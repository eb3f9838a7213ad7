//! Sessions of earlier releases, which hold what a button stands for where there are requests today.
//!
//! They are played, and each deed becomes the requests that the client makes of it at its time.

use super::deed::{Deed, NodeRequest};
use super::server::{Change, Request, Server};
use super::{Aside, Output, Seat, command, read};
use crate::api::change::FieldValidation;
use crate::api::{ApiObject, Resource, Tree};
use crate::cluster::node::Node;
use crate::cluster::time::{LONGEST_MS, SECOND};
use crate::cluster::{Cluster, ClusterConfig, Input, Millis};
use crate::session::history::MAX_STEPS;
use crate::session::{self, Session, TimedInput};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::rc::Rc;

/// A session that was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// By how much more steps lead to what so many steps led to when it was saved, in their order.
    shifts: Vec<(usize, isize)>,
}

impl Opened {
    /// One of today, which is as it was saved.
    pub fn today(session: Session) -> Self {
        Self { session, shifts: Vec::new() }
    }

    /// The number of steps that leads to what so many steps led to when the session was saved.
    pub fn position(&self, saved: usize) -> usize {
        let known = self.shifts.partition_point(|(before, _)| *before <= saved);
        let shift = known.checked_sub(1).map_or(0, |last| self.shifts[last].1);
        saved.saturating_add_signed(shift)
    }
}

/// A session of an earlier release that is being read; it is played for it.
pub struct Migration {
    play: Play,
    deeds: VecDeque<(Millis, Deed)>,
    until: Millis,
    config: ClusterConfig,
}

impl Migration {
    /// That of the session of an earlier release that was saved as this tree, shown up to an instant;
    /// none if it is none.
    pub fn begin(tree: &Value, until: Millis) -> Option<Self> {
        let config = session::read::config(tree.at("config"))?;
        let deed = |it: &Value| Some((it.at("at").as_u64()?, read::deed(it.at("input"))?));
        let deeds = tree.set("inputs")?.as_array()?.iter().map(deed);
        let deeds: Vec<(Millis, Deed)> = deeds.collect::<Option<_>>()?;
        let is_in_time = deeds.last().is_none_or(|(at, _)| *at <= LONGEST_MS);
        if !is_in_time || !deeds.is_sorted_by_key(|(at, _)| *at) {
            return None;
        }
        let play = Play {
            cluster: Cluster::new(config.clone()),
            inputs: Vec::new(),
            shifts: Vec::new(),
            drains: Vec::new(),
            steps: 0,
            saved_steps: 0,
        };
        Some(Self { play, deeds: deeds.into(), until, config })
    }

    /// How much simulated time is played, in milliseconds.
    pub fn to_play(&self) -> Millis {
        self.until
    }

    /// How much of it was.
    pub fn played(&self) -> Millis {
        self.play.cluster.now()
    }

    /// Plays on as long as that is allowed, at least by a step. Returns whether all is played.
    pub fn go_on(&mut self, may_go_on: &dyn Fn() -> bool) -> bool {
        let play = &mut self.play;
        while let Some((at, deed)) = self.deeds.front() {
            if !play.run_to(*at, may_go_on) {
                return false;
            }
            play.carry_out(*at, deed);
            self.deeds.pop_front();
            if !may_go_on() {
                return false;
            }
        }
        play.run_to(self.until, may_go_on)
    }

    /// The session, when all is played.
    pub fn take(self) -> Opened {
        let Play { inputs, shifts, .. } = self.play;
        let inputs = inputs.into_iter().collect();
        Opened { session: Session { config: self.config, inputs }, shifts }
    }
}

/// From a refused eviction to the next try.
const RETRY_MS: Millis = 5 * SECOND;

/// Drains that are held up for longer are given up.
const MOST_TRIES: usize = 1_000;

/// A drain, which the cluster itself carried out: pods that were refused, by key and UID.
struct Drain {
    node: String,
    next_at: Millis,
    left: Vec<(Key, String)>,
    tries: usize,
}

/// Namespace and name.
type Key = (String, String);

struct Play {
    cluster: Cluster,
    inputs: Vec<TimedInput>,
    shifts: Vec<(usize, isize)>,
    drains: Vec<Drain>,
    steps: usize,
    saved_steps: usize,
}

impl Play {
    /// Does what is due up to an instant. There is an end to the steps of a session. Returns whether
    /// all is done.
    fn run_to(&mut self, until: Millis, may_go_on: &dyn Fn() -> bool) -> bool {
        loop {
            let work = self.cluster.next_at().filter(|at| *at <= until);
            let drain = self.drains.iter().map(|it| it.next_at).min().filter(|at| *at <= until);
            match (work, drain) {
                _ if self.steps >= MAX_STEPS => return true,
                (Some(work), drain) if drain.is_none_or(|at| work <= at) => {
                    self.cluster.step();
                    self.steps += 1;
                    self.saved_steps += 1;
                }
                (_, Some(at)) => self.drain_again(at),
                _ => return true,
            }
            if !may_go_on() {
                return false;
            }
        }
    }

    /// A deed of that time, which was one step.
    fn carry_out(&mut self, at: Millis, deed: &Deed) {
        if self.steps >= MAX_STEPS {
            return;
        }
        let command = command::of(deed);
        self.act(at, &command, |aside| match deed {
            Deed::Apply { objects } => {
                objects.iter().for_each(|object| make_namespace(aside, object));
                deed.carry_out(aside, &mut Output::default());
            }
            Deed::Node { node, request: NodeRequest::Drain } => {
                let cordon = Deed::Node { node: node.clone(), request: NodeRequest::Cordon };
                cordon.carry_out(aside, &mut Output::default());
            }
            _ => drop(deed.carry_out(aside, &mut Output::default())),
        });
        if let Deed::Node { node, request: NodeRequest::Drain } = deed {
            self.drains.retain(|it| it.node != *node);
            let left = pods_of(&mut Aside::new(&mut self.cluster, at), node);
            let drain = Drain { node: node.clone(), next_at: at, left, tries: 0 };
            self.evict(at, drain, true);
        }
        self.saved_steps += 1;
        self.note_shift();
        self.end_drains();
    }

    /// Acts on the cluster at an instant as one deed, and keeps what was asked.
    fn act(&mut self, at: Millis, command: &str, act: impl FnOnce(&mut Aside)) {
        let mut aside = Aside::new(&mut self.cluster, at);
        act(&mut aside);
        for (index, (input, _)) in aside.done.into_iter().enumerate() {
            let follows = index > 0;
            let command = if follows { "".into() } else { command.into() };
            self.inputs.push(TimedInput { at, input, command, follows });
            self.steps += 1;
        }
    }

    fn note_shift(&mut self) {
        let shift = self.steps.cast_signed() - self.saved_steps.cast_signed();
        self.shifts.push((self.saved_steps, shift));
    }

    /// The first drain that is due tries again; that was one step.
    fn drain_again(&mut self, at: Millis) {
        let Some(index) = self.drains.iter().position(|it| it.next_at == at) else { return };
        let drain = self.drains.remove(index);
        self.evict(at, drain, false);
        self.saved_steps += 1;
        self.note_shift();
    }

    fn evict(&mut self, at: Millis, mut drain: Drain, follows: bool) {
        let left = std::mem::take(&mut drain.left);
        let begin = self.inputs.len();
        let mut refused = Vec::new();
        self.act(at, "", |aside| {
            for (key, uid) in left {
                if is_there(aside, &key, &uid) && !evict(aside, &key) {
                    refused.push((key, uid));
                }
            }
        });
        let cordoned = begin.checked_sub(1).is_some_and(|last| self.inputs[last].at == at);
        if follows && let Some(first) = self.inputs.get_mut(begin) {
            first.follows = cordoned;
        }
        drain.tries += 1;
        (drain.left, drain.next_at) = (refused, at + RETRY_MS);
        if !drain.left.is_empty() && drain.tries < MOST_TRIES {
            self.drains.push(drain);
        }
    }

    /// Drains of nodes that are gone, or take pods again, have ended.
    fn end_drains(&mut self) {
        let store = self.cluster.store();
        self.drains.retain(|drain| {
            let node = store.get::<Node>(&Node::key(&drain.node));
            node.is_some_and(|node| node.unschedulable)
        });
    }
}

/// Objects could be applied to a namespace that was not there.
fn make_namespace(aside: &mut Aside, object: &ApiObject) {
    let name = if object.kind.is_namespaced() { object.namespace() } else { "" };
    let Some(resource) = Resource::named("namespaces") else { return };
    if name.is_empty() || Server::get(aside, &resource, "", name).is_ok() {
        return;
    }
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
    aside.submit(Input::Request(Box::new(request(
        &resource,
        ("", name),
        Change::Create(namespace),
    ))));
}

fn request(resource: &Resource, (namespace, name): (&str, &str), change: Change) -> Request {
    Request {
        kind: resource.kind.into(),
        api_version: resource.api_version.into(),
        namespace: namespace.into(),
        name: name.into(),
        change,
        dry_run: false,
        field_validation: FieldValidation::Ignore,
        field_manager: String::new(),
    }
}

/// Every pod of a node that does not go already.
fn pods_of(aside: &mut Aside, node: &str) -> Vec<(Key, String)> {
    let Some(resource) = Resource::named("pods") else { return Vec::new() };
    let is_of = |pod: &&Rc<Value>| {
        let goes = !pod.at("metadata").text("deletionTimestamp").is_empty();
        pod.at("spec").text("nodeName") == node && !goes
    };
    let text = |pod: &Value, field: &str| pod.at("metadata").text(field).to_owned();
    let all = aside.list(&resource);
    let own = all.iter().filter(is_of);
    own.map(|pod| ((text(pod, "namespace"), text(pod, "name")), text(pod, "uid"))).collect()
}

/// Whether this very pod is there and does not go already.
fn is_there(aside: &Aside, (namespace, name): &Key, uid: &str) -> bool {
    let Some(resource) = Resource::named("pods") else { return false };
    aside.get(&resource, namespace, name).is_ok_and(|pod| {
        let meta = pod.at("metadata");
        meta.text("uid") == uid && meta.text("deletionTimestamp").is_empty()
    })
}

/// Evicts a pod. Returns whether it was let go.
fn evict(aside: &mut Aside, (namespace, name): &Key) -> bool {
    let Some(resource) = Resource::named("pods") else { return true };
    Server::request(aside, &request(&resource, (namespace, name), Change::Evict)).is_ok()
}
