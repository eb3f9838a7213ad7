//! An object as the API server holds it, whatever its kind.

use super::kind::Kind;
use super::tree::Tree;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The annotation in which kubectl keeps the manifest that it applied last.
///
/// Upstream: `staging/src/k8s.io/api/core/v1/annotation_key_constants.go`.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// An object of a kind that the simulated cluster knows: a tree of the shape that the field table
/// gives to its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiObject {
    /// Its kind.
    pub kind: Kind,
    /// All of it, `apiVersion` and `kind` included.
    pub tree: Value,
}

impl ApiObject {
    /// An object without anything but its kind.
    pub fn new(kind: Kind) -> Self {
        let mut tree = Value::Object(Map::new());
        tree.put("apiVersion", kind.api_version());
        tree.put("kind", kind.name());
        tree.open("metadata");
        Self { kind, tree }
    }

    /// The object that a tree is; none if its kind is not simulated. The fields are not checked.
    pub fn from_tree(tree: Value) -> Option<Self> {
        let kind = Kind::applied(tree.text("kind"), tree.text("apiVersion"))?;
        Some(Self { kind, tree })
    }

    /// The object's metadata.
    pub fn metadata(&self) -> &Value {
        self.tree.at("metadata")
    }

    /// The object's spec; null if absent.
    pub fn spec(&self) -> &Value {
        self.tree.at("spec")
    }

    /// The object's spec to write into; empty if absent.
    pub fn spec_mut(&mut self) -> &mut Value {
        self.tree.open("spec")
    }

    /// The object's name; empty if it has none.
    pub fn name(&self) -> &str {
        self.metadata().text("name")
    }

    /// The object's namespace; `default` if it names none.
    pub fn namespace(&self) -> &str {
        self.metadata().opt_text("namespace").unwrap_or("default")
    }

    /// The object as a struct of k8s-openapi, for programs that want types.
    ///
    /// # Errors
    /// If `T` is not the type of the object's kind.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.tree)
    }
}

impl Serialize for ApiObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.tree.serialize(serializer)
    }
}
