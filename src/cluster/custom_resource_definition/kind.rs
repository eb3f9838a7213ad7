//! What the control loops see of a CustomResourceDefinition, and the object that it stands for.

use crate::api::{Kind, Tree};
use crate::cluster::meta::{Key, Meta, Shared};
use crate::cluster::record::{Stored, View};
use serde_json::{Value, json};
use std::rc::Rc;

/// The finalizer that keeps a definition while there are objects of its kind.
pub const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

/// A CustomResourceDefinition.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomResourceDefinition {
    /// Metadata.
    pub meta: Meta,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
    /// `status.acceptedNames`: those of its names that no other definition has.
    pub accepted: Rc<Value>,
    /// `status.conditions`.
    pub conditions: Rc<[Value]>,
    /// The kind that it defines, once that is served.
    pub served: Option<Kind>,
}

impl CustomResourceDefinition {
    /// The key of the definition of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }

    /// Whether a condition is True.
    pub fn is(&self, type_: &str) -> bool {
        self.conditions.iter().any(|it| it.text("type") == type_ && it.text("status") == "True")
    }

    /// The name of the version in which objects are stored.
    fn storage_version(&self) -> &str {
        let mut versions = self.spec.items("versions").iter();
        versions.find(|it| it.flag("storage")).map_or("", |it| it.text("name"))
    }
}

impl Stored for CustomResourceDefinition {
    const KIND: Kind = Kind::of("CustomResourceDefinition", "apiextensions.k8s.io/v1");

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        Self {
            meta,
            spec: Shared::new(object.at("spec").clone()),
            accepted: old.map(|old| Rc::clone(&old.accepted)).unwrap_or_default(),
            conditions: old.map(|old| Rc::clone(&old.conditions)).unwrap_or_default(),
            served: old.and_then(|old| old.served),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        let mut status = json!({"storedVersions": [self.storage_version()]});
        if !self.conditions.is_empty() {
            status.put("acceptedNames", (*self.accepted).clone());
            status.put("conditions", self.conditions.to_vec());
        }
        json!({"spec": &*self.spec, "status": status})
    }

    fn deletion_finalizer(&self) -> Option<&'static str> {
        Some(CLEANUP)
    }
}
