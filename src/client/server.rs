//! An API server as its clients see it.

use crate::api::Resource;
pub use crate::api::change::{Change, FieldValidation, PatchType, Reply, Request};
use crate::api::{Kubernetes, Status, StatusReason, Tree};
use serde_json::Value;
use std::rc::Rc;

/// An API server, and the moment.
pub trait Server {
    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;
    /// Version and feature gates of client and server.
    fn kubernetes(&self) -> Kubernetes;
    /// The resources that it serves besides the built-in ones; [`discovery`](super::discovery) asks
    /// for them.
    fn defined(&self) -> Vec<Resource> {
        Vec::new()
    }
    /// The objects of a resource in all namespaces, by namespace and name, as the server writes them.
    fn list(&self, resource: &Resource) -> Vec<Rc<Value>>;
    /// Carries out a request that changes an object.
    ///
    /// # Errors
    /// The server's refusal.
    fn request(&mut self, request: &Request) -> Result<Reply, Status>;

    /// The object of a resource.
    ///
    /// # Errors
    /// `NotFound`.
    fn get(&self, resource: &Resource, namespace: &str, name: &str) -> Result<Rc<Value>, Status> {
        let namespace = if resource.is_namespaced { namespace } else { "" };
        let is_it = |object: &Rc<Value>| {
            let meta = object.at("metadata");
            meta.text("name") == name && meta.text("namespace") == namespace
        };
        self.list(resource).into_iter().find(is_it).ok_or_else(|| not_found(resource, name))
    }

    /// The uid of an object; none if it is not there. Takes far less time than the object itself.
    fn uid(&self, resource: &Resource, namespace: &str, name: &str) -> Option<String> {
        let object = self.get(resource, namespace, name).ok()?;
        Some(object.at("metadata").text("uid").to_owned())
    }
}

/// The refusal of a request for an object that is not there.
pub fn not_found(resource: &Resource, name: &str) -> Status {
    Status {
        reason: StatusReason::NotFound,
        message: format!("{} \"{name}\" not found", resource.with_group()),
        kind: resource.kind.into(),
        name: name.into(),
        causes: Vec::new(),
    }
}
