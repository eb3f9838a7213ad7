//! Whether a predicate holds of a cluster, of its history since a lesson began, and of what the
//! terminal has printed.

use super::predicate::{Became, Moment, Name, Path, Predicate};
use super::value::Test;
use crate::api::{Kind, Tree};
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::Pod;
use crate::cluster::{Cluster, Millis, inside, objects};
use crate::session::{Happened, Seen, Turn};
use serde_json::Value;
use std::rc::Rc;

/// How much of what was printed is looked at again, in bytes: a text may come in pieces.
const TAIL: usize = 16 << 10;

/// Where a lesson began.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// When.
    pub at: Millis,
    /// After how many steps.
    pub position: usize,
    /// The cluster then. A clone is cheap.
    pub cluster: Cluster,
}

/// Which of the texts that matter the terminal has printed.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    wanted: Vec<String>,
    seen: Vec<String>,
    tail: String,
}

impl Printed {
    /// Looks out for these texts, of which some have been seen.
    pub fn of(wanted: Vec<String>, seen: Vec<String>) -> Self {
        Self { wanted, seen, tail: String::new() }
    }

    /// The terminal has printed this. Returns whether a text was seen for the first time.
    pub fn push(&mut self, text: &str) -> bool {
        self.tail.push_str(text);
        let before = self.seen.len();
        for wanted in &self.wanted {
            if !self.seen.contains(wanted) && self.tail.contains(wanted.as_str()) {
                self.seen.push(wanted.clone());
            }
        }
        let surplus = self.tail.len().saturating_sub(TAIL);
        let cut = (surplus..=self.tail.len()).find(|at| self.tail.is_char_boundary(*at));
        self.tail.drain(..cut.unwrap_or(0));
        self.seen.len() != before
    }

    /// The texts that have been seen.
    pub fn seen(&self) -> &[String] {
        &self.seen
    }

    fn has(&self, text: &str) -> bool {
        self.seen.iter().any(|seen| seen == text)
    }
}

/// What predicates are asked about.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The cluster at the instant.
    pub cluster: &'a Cluster,
    /// The cluster when the lesson began.
    pub beginning: &'a Cluster,
    /// What has happened in between.
    pub steps: &'a [Rc<Happened>],
    /// What the terminal has printed in between.
    pub printed: &'a Printed,
}

impl View<'_> {
    /// Whether a predicate holds.
    pub fn holds(&self, predicate: &Predicate) -> bool {
        match predicate {
            Predicate::All(all) => all.iter().all(|each| self.holds(each)),
            Predicate::Any(any) => any.iter().any(|each| self.holds(each)),
            Predicate::Not(inner) => !self.holds(inner),
            Predicate::Object { kind, key, path, test } => {
                let found = object(self.cluster, kind, key);
                test.passes(shown(found.as_deref(), path.as_ref()).as_deref())
            }
            Predicate::Count { kind, namespace, path, least, most } => {
                let is_there = |object: &Rc<Value>| {
                    let own = object.at("metadata").text("namespace");
                    namespace.as_ref().is_none_or(|namespace| namespace == own)
                };
                let all = objects::list(self.cluster, kind);
                let number = all.iter().filter(|it| is_there(it) && passes(it, path)).count();
                let number = u64::try_from(number).unwrap_or(u64::MAX);
                (*least..=*most).contains(&number)
            }
            Predicate::Ready { set, replicas } => self.is_ready(set, *replicas),
            Predicate::Replaced(name) => {
                let (before, now) = self.identities(name);
                before.is_some() && now.is_some() && before != now
            }
            Predicate::Kept(name) => {
                let (before, now) = self.identities(name);
                before.is_some() && before == now
            }
            Predicate::Event { reason, object, contains } => {
                let events = self.steps.iter().flat_map(|step| &step.events);
                events.into_iter().any(|event| {
                    let regarding = &event.regarding;
                    let is_about = |name: &Name| {
                        regarding.kind.name() == name.kind
                            && regarding.key == own_key(&name.kind, &name.key)
                    };
                    *event.reason == **reason
                        && object.as_ref().is_none_or(is_about)
                        && event.message.contains(contains.as_str())
                })
            }
            Predicate::Happened { moment, before } => match (self.first(moment), before) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(at), Some(before)) => self.first(before).is_some_and(|then| at < then),
            },
            Predicate::File { pod, container, path, test } => {
                test.passes(file(self.cluster, pod, container.as_deref(), path).as_deref())
            }
            Predicate::Printed(text) => self.printed.has(text),
        }
    }

    /// Whether a set has so many replicas and all of them are ready.
    fn is_ready(&self, set: &Key, replicas: u64) -> bool {
        let Some(set) = object(self.cluster, "StatefulSet", set) else { return false };
        let wanted = i64::try_from(replicas).unwrap_or(i64::MAX);
        let status = set.at("status");
        set.at("spec").opt_int("replicas").unwrap_or(1) == wanted
            && status.int("replicas") == wanted
            && status.int("readyReplicas") == wanted
            && status.int("observedGeneration") == set.at("metadata").int("generation")
    }

    /// Who had a name first since the lesson began, and who has it at the instant.
    fn identities(&self, name: &Name) -> (Option<Uid>, Option<Uid>) {
        let key = own_key(&name.kind, &name.key);
        let is_it = |turn: &&Turn| turn.kind.name() == name.kind && turn.key == key;
        let created = || {
            let mut turns = self.steps.iter().flat_map(|step| &step.turns).filter(is_it);
            turns.find_map(|turn| turn.new.map(|seen| seen.uid))
        };
        let first = identity(self.beginning, name).or_else(created);
        (first, identity(self.cluster, name))
    }

    /// Where something happened first: the number of the step, and that of its change.
    fn first(&self, moment: &Moment) -> Option<(usize, usize)> {
        let key = own_key(&moment.of.kind, &moment.of.key);
        let is_it = |turn: &Turn| {
            turn.kind.name() == moment.of.kind && turn.key == key && became(turn, moment.became)
        };
        let at =
            |(step, it): (usize, &Rc<Happened>)| Some((step, it.turns.iter().position(is_it)?));
        self.steps.iter().enumerate().find_map(at)
    }
}

/// The kinds that have this name, of one group or another.
fn kinds(name: &str) -> impl Iterator<Item = Kind> {
    Kind::all().filter(move |kind| kind.name() == name)
}

/// An object's key: those of the whole cluster have no namespace.
fn own_key(kind: &str, key: &Key) -> Key {
    match kinds(kind).any(|kind| !kind.is_namespaced()) {
        true => Key::new("", &key.name),
        false => key.clone(),
    }
}

fn identity(cluster: &Cluster, name: &Name) -> Option<Uid> {
    let key = own_key(&name.kind, &name.key);
    let mut records = kinds(&name.kind).filter_map(|kind| cluster.store().record(kind, &key));
    records.next().map(|record| record.metadata().uid)
}

/// Whether an object has become something.
fn became(turn: &Turn, became: Became) -> bool {
    let (old, new) = (turn.old, turn.new);
    match became {
        Became::Created => old.is_none() && new.is_some(),
        Became::Deleted => old.is_some() && new.is_none(),
        Became::Terminating => {
            old.is_some_and(|old| !old.is_terminating) && new.is_some_and(|new| new.is_terminating)
        }
        Became::Ready => {
            let is_ready =
                |seen: Option<Seen>| seen.and_then(|it| it.pod).is_some_and(|it| it.is_ready);
            !is_ready(old) && is_ready(new)
        }
    }
}

/// An object as the API server shows it.
fn object(cluster: &Cluster, kind: &str, key: &Key) -> Option<Rc<Value>> {
    let key = own_key(kind, key);
    kinds(kind).find_map(|kind| objects::get(cluster, kind, &key))
}

/// What a path prints of an object; none if it is not there or nothing is printed.
fn shown(object: Option<&Value>, path: Option<&Path>) -> Option<String> {
    let object = object?;
    match path {
        None => Some(String::new()),
        Some(path) => path.template.print(object).ok().filter(|text| !text.is_empty()),
    }
}

fn passes(object: &Value, path: &Option<(Path, Test)>) -> bool {
    path.as_ref().is_none_or(|(path, test)| test.passes(shown(Some(object), Some(path)).as_deref()))
}

/// The text of a file in a container.
fn file(cluster: &Cluster, key: &Key, container: Option<&str>, path: &str) -> Option<String> {
    let pod = cluster.store().get::<Pod>(key)?;
    let first = || Some(pod.template.api.at("spec").items("containers").first()?.text("name"));
    let (place, path, _) = inside::locate(cluster, pod, container.or_else(first)?, path);
    inside::files(cluster, pod, &place).get(&path).cloned()
}
