//! Whether an object that is to be created is valid, in the API server's order and words.
//!
//! Objects must have their defaults filled in before (`api::defaults::apply`).
//! Upstream: `pkg/apis/apps/validation/validation.go`, `pkg/apis/core/validation/validation.go`.

mod at;
mod budget;
mod checks;
mod claim;
mod config;
mod container;
mod deployment;
mod env;
mod meta;
mod pod_template;
mod probe;
mod scheduling;
mod security;
mod service;
mod stateful_set;
pub(super) mod storage;
mod volume;

use super::{ApiObject, FieldError, Kind, Kubernetes, Status, names};
use at::At;
use checks::Checks;

pub use service::Run;

/// All complaints about an object that is to be created; none if it is valid.
pub fn create(object: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut checks = Checks { kubernetes, found: Vec::new() };
    let root = At::root(&object.tree);
    match check_of(object.kind) {
        Some(check) => check(&mut checks, &root),
        None => kept(&mut checks, &root, object.kind),
    }
    checks.found
}

/// How the objects of a kind are checked; none if only their metadata is.
fn check_of(kind: Kind) -> Option<fn(&mut Checks, &At)> {
    Some(match kind {
        Kind::ConfigMap => config::map,
        Kind::Deployment => deployment::create,
        Kind::PersistentVolume => storage::volume,
        Kind::PersistentVolumeClaim => claim::create,
        Kind::Pod => pod_template::pod,
        Kind::PodDisruptionBudget => budget::create,
        Kind::ReplicaSet => deployment::replica_set,
        Kind::Secret => config::secret,
        Kind::Service => service::create,
        Kind::StatefulSet => stateful_set::create,
        Kind::StorageClass => storage::class,
        Kind::VolumeAttributesClass => storage::attributes_class,
        _ => return None,
    })
}

/// What every object must satisfy whose fields are not checked: its metadata.
///
/// Upstream: `pkg/apis/core/validation/validation.go`, ValidateNamespaceName;
/// `pkg/apis/rbac/validation/validation.go`, ValidateRBACName.
#[inline(never)]
fn kept(checks: &mut Checks, root: &At, kind: Kind) {
    let anything: &dyn Fn(&str) -> Vec<String> = &|_| Vec::new();
    let rule: &dyn Fn(&str) -> Vec<String> = match (kind.name(), kind.group()) {
        ("Namespace", "") => &names::dns_label,
        (_, "rbac.authorization.k8s.io") => anything,
        _ => &names::dns_subdomain,
    };
    meta::object_meta(checks, root, rule);
}

/// All complaints about an object that is to be stored: first the rules, and if it is valid,
/// whether its addresses and ports can be allocated.
pub fn admit(object: &ApiObject, kubernetes: &Kubernetes, run: Run) -> Vec<FieldError> {
    let found = create(object, kubernetes);
    if object.kind != Kind::Service || !found.is_empty() {
        return found;
    }
    let mut checks = Checks { kubernetes, found };
    service::allocation(&mut checks, &At::root(&object.tree).field("spec"), run);
    checks.found
}

/// Complaints about a StatefulSet that replaces `old`, apart from immutable fields.
pub(super) fn stateful_set_update(
    set: &ApiObject,
    old: &ApiObject,
    kubernetes: &Kubernetes,
) -> Vec<FieldError> {
    let mut checks = Checks { kubernetes, found: Vec::new() };
    stateful_set::update(&mut checks, &At::root(&set.tree), &At::root(&old.tree));
    checks.found
}

/// The refusal of an object with these complaints; none if there are none.
pub fn refusal(object: &ApiObject, causes: Vec<FieldError>) -> Option<Status> {
    let (kind, refused) = (object.kind, !causes.is_empty());
    refused.then(|| Status::invalid(kind.name(), kind.group(), object.name(), causes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_table_of_kinds_calls_checked_is_checked() {
        for kind in Kind::all() {
            assert_eq!(kind.is_checked(), check_of(kind).is_some(), "{kind:?}");
        }
    }
}
