//! Requests that tests of this room send.

use super::{Cluster, Input, Outcome};
use crate::api::change::{Change, FieldValidation, PatchType, Request};
use crate::api::{ApiObject, Kind};

/// A request for an object of a kind.
pub fn request(kind: Kind, (namespace, name): (&str, &str), change: Change) -> Input {
    Input::Request(Box::new(Request {
        kind: kind.name().into(),
        api_version: kind.api_version().into(),
        namespace: namespace.into(),
        name: name.into(),
        change,
        dry_run: false,
        field_validation: FieldValidation::Strict,
        field_manager: String::new(),
    }))
}

/// Creates an object, or changes the one that is there.
///
/// # Panics
/// If it is refused.
pub fn apply(cluster: &mut Cluster, object: &ApiObject) {
    let namespace = if object.kind.is_namespaced() { object.namespace() } else { "" };
    let key = (namespace, object.name());
    let at = cluster.now();
    let create = request(object.kind, key, Change::Create(object.tree.clone()));
    if let Outcome::Reply(_) = cluster.submit(at, &create).0 {
        return;
    }
    let patch = Change::Patch(PatchType::Strategic, object.tree.clone());
    let (outcome, _) = cluster.submit(at, &request(object.kind, key, patch));
    assert_eq!(outcome.refusal(), None);
}
