//! Namespaces: what they are, and the controller that fills and empties them.
//!
//! Upstream: `pkg/registry/core/namespace/`, `pkg/controller/namespace/`.

mod controller;
mod emptying;
pub mod kind;

pub use kind::Namespace;

use super::journal::Change;
use super::meta::Key;
use super::state::{Acts, Cluster};
use crate::api::{ApiObject, Status, Tree};
use kind::{KUBERNETES, NAME_LABEL};
use serde_json::json;

impl Acts for Namespace {
    /// Only the controller changes the finalizers of a spec.
    ///
    /// Upstream: `pkg/registry/core/namespace/strategy.go`, PrepareForCreate, PrepareForUpdate;
    /// `pkg/apis/core/v1/defaults.go`, SetDefaults_Namespace.
    fn admit(
        _cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        let kept = old.map(|old| old.spec().clone());
        object.tree.put("spec", kept.unwrap_or_else(|| json!({"finalizers": [KUBERNETES]})));
        let name = object.name().to_owned();
        object.tree.open("metadata").open("labels").put(NAME_LABEL, name);
        Ok(())
    }

    fn observe(cluster: &mut Cluster, change: &Change) {
        controller::observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        controller::sync(cluster, key);
    }
}
