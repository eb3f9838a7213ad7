//! A simulated cluster as the client's server.

use super::server::{Reply, Request, Server, not_found};
use crate::api::{Kind, Kubernetes, Resource, Status};
use crate::cluster::Outcome;
use crate::cluster::apiserver;
use crate::cluster::meta::Key;
use crate::cluster::{Cluster, Input, Millis, Step, objects};
use serde_json::Value;
use std::rc::Rc;

/// Where somebody sits before a simulated cluster: sees it at an instant, and does something to it.
pub trait Seat {
    /// The instant.
    fn at(&self) -> Millis;
    /// Reads the cluster.
    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T;
    /// Does something to the cluster.
    fn submit(&mut self, input: Input) -> Outcome;
}

/// The kind of a resource. Events are served by one group and version.
fn kind_of(cluster: &Cluster, resource: &Resource) -> Option<Kind> {
    let is_served = resource.kind != "Event" || resource.api_version == "v1";
    cluster.served(resource.kind, resource.api_version).filter(|_| is_served)
}

impl<S: Seat> Server for S {
    fn now(&self) -> i64 {
        objects::unix_millis(self.at())
    }

    fn kubernetes(&self) -> Kubernetes {
        self.with(Cluster::kubernetes)
    }

    fn defined(&self) -> Vec<Resource> {
        self.with(|cluster| cluster.store().defined().iter().map(|kind| *kind.row()).collect())
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        self.with(|cluster| {
            let kind = kind_of(cluster, resource);
            kind.map(|kind| apiserver::list(cluster, kind)).unwrap_or_default()
        })
    }

    fn get(&self, resource: &Resource, namespace: &str, name: &str) -> Result<Rc<Value>, Status> {
        let key = Key::new(if resource.is_namespaced { namespace } else { "" }, name);
        let found = self.with(|cluster| apiserver::get(cluster, kind_of(cluster, resource)?, &key));
        found.ok_or_else(|| not_found(resource, name))
    }

    fn uid(&self, resource: &Resource, namespace: &str, name: &str) -> Option<String> {
        let key = Key::new(if resource.is_namespaced { namespace } else { "" }, name);
        self.with(|cluster| apiserver::uid(cluster, kind_of(cluster, resource)?, &key))
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        let input = Input::Request(Box::new(request.clone()));
        let outcome = if request.dry_run {
            let at = self.at();
            self.with(|cluster| cluster.clone().submit(at, &input).0)
        } else {
            self.submit(input)
        };
        match outcome {
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Reply(reply) => Ok(reply),
            Outcome::Done | Outcome::Found(_) => Ok(Reply::default()),
        }
    }
}

/// A cluster aside of any session, such as the copy that a forecast is made with.
pub struct Aside<'a> {
    cluster: &'a mut Cluster,
    at: Millis,
    /// What was done, and the steps that it made.
    pub done: Vec<(Input, Step)>,
}

impl<'a> Aside<'a> {
    /// Before a cluster at an instant, up to which its work is done.
    pub fn new(cluster: &'a mut Cluster, at: Millis) -> Self {
        Self { cluster, at, done: Vec::new() }
    }
}

impl Seat for Aside<'_> {
    fn at(&self) -> Millis {
        self.at
    }

    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.cluster)
    }

    fn submit(&mut self, input: Input) -> Outcome {
        let (outcome, step) = self.cluster.submit(self.at, &input);
        self.done.push((input, step));
        outcome
    }
}
