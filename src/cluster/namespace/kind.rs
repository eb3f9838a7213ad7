//! What the control loops see of a namespace.

use crate::api::{Status, Tree};
use crate::cluster::meta::{Key, Kind, Meta};
use crate::cluster::record::{Stored, View};
use serde_json::{Value, json};
use std::rc::Rc;

/// The finalizer in the spec that keeps a namespace until it is empty.
pub(super) const KUBERNETES: &str = "kubernetes";

/// The label with a namespace's own name, which it always has.
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Namespaces that may not be deleted.
///
/// Upstream: `staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`.
const IMMORTAL: [&str; 3] = ["default", "kube-public", "kube-system"];

/// A namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace {
    /// Metadata.
    pub meta: Meta,
    /// `spec.finalizers`: it stays until its controller has taken them off.
    pub finalizers: Vec<Rc<str>>,
    /// `status.conditions`, which its controller writes while it is being deleted.
    pub conditions: Rc<[Value]>,
}

impl Namespace {
    /// The key of the namespace of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }
}

impl Stored for Namespace {
    const KIND: Kind = Kind::of("Namespace", "v1");

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        Self {
            meta,
            finalizers: object.at("spec").texts("finalizers").map(Rc::from).collect(),
            conditions: old.map(|old| Rc::clone(&old.conditions)).unwrap_or_default(),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        let names: Vec<&str> = self.finalizers.iter().map(|name| &**name).collect();
        let phase = if self.meta.is_terminating() { "Terminating" } else { "Active" };
        let mut body = json!({"spec": {"finalizers": names}, "status": {"phase": phase}});
        if !self.conditions.is_empty() {
            body.open("status").put("conditions", self.conditions.to_vec());
        }
        body
    }

    fn stays(&self) -> bool {
        !self.finalizers.is_empty()
    }

    fn deletion_refused(&self) -> Option<Status> {
        let name = self.meta.name();
        let refused = IMMORTAL.contains(&name);
        refused.then(|| Status::forbidden(Self::KIND, name, "this namespace may not be deleted"))
    }
}
