//! What a description is made from.

use crate::api::{Resource, Tree, Version};
use crate::terminal::world::World;
use serde_json::Value;
use std::rc::Rc;

/// What a description is made from, besides its object.
pub struct View<'a> {
    /// The cluster.
    pub world: &'a dyn World,
    /// Now, in milliseconds since 1970.
    pub now: i64,
    /// The version of kubectl.
    pub version: Version,
    /// Whether events are shown.
    pub with_events: bool,
}

impl View<'_> {
    /// The objects of a resource in all namespaces.
    pub fn all(&self, resource: &str) -> Vec<Rc<Value>> {
        Resource::named(resource).map(|it| self.world.list(&it)).unwrap_or_default()
    }

    /// The objects of a resource in the namespace of an object.
    pub fn beside(&self, object: &Value, resource: &str) -> Vec<Rc<Value>> {
        let namespace = object.at("metadata").text("namespace");
        let mut all = self.all(resource);
        all.retain(|other| other.at("metadata").text("namespace") == namespace);
        all
    }
}
