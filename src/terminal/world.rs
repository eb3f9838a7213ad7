//! What commands reach: an API server, and the moment.

use super::kubectl::resources::Resource;
use crate::api::{Kubernetes, Status, StatusReason};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::rc::Rc;

/// A cluster as commands see it.
pub trait World {
    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;
    /// Version and feature gates of client and server.
    fn kubernetes(&self) -> Kubernetes;
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
            let meta = &object["metadata"];
            meta["name"] == name && meta["namespace"].as_str().unwrap_or_default() == namespace
        };
        self.list(resource).into_iter().find(is_it).ok_or_else(|| not_found(resource, name))
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

/// How a patch is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PatchType {
    /// RFC 6902.
    Json,
    /// RFC 7386.
    Merge,
    /// As merge, but lists with a merge key are merged item by item.
    Strategic,
}

/// What a request does with its object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// POST: creates the object.
    Create(Value),
    /// PUT: replaces the object.
    Replace(Value),
    /// PATCH.
    Patch(PatchType, Value),
    /// PATCH of the subresource scale.
    Scale(i32),
    /// DELETE: with a grace period in seconds, and what becomes of dependents (`Background`,
    /// `Foreground`, `Orphan`).
    Delete { grace_period_seconds: Option<i64>, propagation: String },
    /// POST of an eviction of a pod.
    Evict,
}

/// A request that changes an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Kind of the object.
    pub kind: String,
    /// Group and version of the kind.
    pub api_version: String,
    /// Namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What it does.
    pub change: Change,
    /// Whether nothing is to be stored (`--dry-run=server`).
    pub dry_run: bool,
    /// Whether unknown fields are refused, rather than warned of.
    pub strict: bool,
}

/// What a request gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The object as it is now; as it was, of a deletion.
    pub object: Value,
    /// What the server warns of.
    pub warnings: Vec<String>,
}
