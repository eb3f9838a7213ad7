//! The cluster at the playhead, as the terminal's commands reach it.

use super::inside::{self, Inside};
use crate::api::Resource;
use crate::api::change::{Reply, Request};
use crate::api::{Kind, Kubernetes, Status};
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::{Cluster, Input, Millis, Outcome, objects};
use crate::session::{Cursor, History};
use crate::terminal::busybox::container::Container;
use crate::terminal::world::{self, World};
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// The cluster at an instant. A request that changes something is an input of the session there.
pub struct Live<'a> {
    history: &'a RefCell<History>,
    cursor: &'a RefCell<Cursor>,
    at: Millis,
}

impl<'a> Live<'a> {
    /// The cluster of a session at an instant, to which `cursor` is moved.
    pub fn new(history: &'a RefCell<History>, cursor: &'a RefCell<Cursor>, at: Millis) -> Self {
        Self { history, cursor, at }
    }

    /// The instant.
    pub fn at(&self) -> Millis {
        self.at
    }

    /// A number that is another one after each input and at each instant.
    pub fn turn(&self) -> u64 {
        let inputs = self.history.borrow().session().inputs.len();
        self.at.wrapping_mul(31) ^ u64::try_from(inputs).unwrap_or(0)
    }

    /// Reads the cluster.
    pub fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.cursor.borrow().cluster())
    }

    /// Does something to the cluster.
    pub fn submit(&mut self, input: Input) -> Outcome {
        let mut history = self.history.borrow_mut();
        let outcome = history.submit(self.at, input);
        let position = history.position_at(self.at);
        history.seek(&mut self.cursor.borrow_mut(), position);
        outcome
    }
}

impl World for Live<'_> {
    fn now(&self) -> i64 {
        objects::unix_millis(self.at)
    }

    fn kubernetes(&self) -> Kubernetes {
        self.cursor.borrow().cluster().kubernetes()
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        let is_newer_event = resource.kind == "Event" && resource.api_version != "v1";
        if is_newer_event {
            return Vec::new();
        }
        Kind::served(resource.kind, resource.api_version)
            .map(|kind| objects::list_of(self.cursor.borrow().cluster(), kind))
            .unwrap_or_default()
    }

    fn get(&self, resource: &Resource, namespace: &str, name: &str) -> Result<Rc<Value>, Status> {
        let namespace = if resource.is_namespaced { namespace } else { "" };
        let is_served = resource.kind != "Event" || resource.api_version == "v1";
        let key = Key::new(namespace, name);
        let kind = Kind::served(resource.kind, resource.api_version);
        let found = kind.and_then(|kind| self.with(|cluster| objects::get(cluster, kind, &key)));
        found.filter(|_| is_served).ok_or_else(|| world::not_found(resource, name))
    }

    fn container<'c>(
        &'c mut self,
        pod: (&str, &str),
        name: &str,
    ) -> Option<Box<dyn Container + 'c>> {
        Inside::of(self, pod, name).map(|inside| Box::new(inside) as Box<dyn Container + 'c>)
    }

    fn logs(
        &self,
        (namespace, pod): (&str, &str),
        container: &str,
        previous: bool,
    ) -> Option<Vec<(i64, String)>> {
        self.with(|cluster| {
            let key = Key::new(namespace, pod);
            let pod = cluster.store().get::<Pod>(&key)?;
            Some(inside::logs(pod, container, previous))
        })
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        let input = Input::Request(Box::new(request.clone()));
        let outcome = if request.dry_run {
            let mut cluster = self.cursor.borrow().cluster().clone();
            cluster.submit(self.at, &input).0
        } else {
            self.submit(input)
        };
        match outcome.refusals.into_iter().next() {
            Some(refusal) => Err(refusal),
            None => Ok(outcome.reply.unwrap_or_default()),
        }
    }
}
