//! Whether an object that is to be created is valid, in the API server's order and words.
//!
//! Objects must have their defaults filled in before (`api::rules::apply`).
//! Upstream: `pkg/apis/apps/validation/validation.go`, `pkg/apis/core/validation/validation.go`.

mod at;
pub(super) mod budget;
mod checks;
pub(super) mod claim;
pub(super) mod config;
mod container;
pub(super) mod deployment;
mod env;
mod meta;
pub(super) mod pod_template;
mod probe;
mod scheduling;
mod security;
pub(super) mod service;
pub(super) mod stateful_set;
pub(super) mod storage;
mod volume;

use super::{ApiObject, FieldError, Kubernetes, Status, names};
pub(super) use at::At;
pub(super) use checks::Checks;

pub use service::Run;

/// How the objects of a kind are checked: complaints are added to those found so far.
pub(super) type Create = fn(&mut Checks, &At);

/// All complaints of a check.
pub(super) fn complaints(
    check: Create,
    object: &ApiObject,
    kubernetes: &Kubernetes,
) -> Vec<FieldError> {
    let mut checks = Checks { kubernetes, found: Vec::new() };
    check(&mut checks, &At::root(&object.tree));
    checks.found
}

/// What every object must satisfy whose fields are not checked: its metadata.
///
/// Upstream: `pkg/apis/core/validation/validation.go`, ValidateNamespaceName;
/// `pkg/apis/rbac/validation/validation.go`, ValidateRBACName.
#[inline(never)]
pub(super) fn kept(object: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let kind = object.kind;
    let anything: &dyn Fn(&str) -> Vec<String> = &|_| Vec::new();
    let rule: &dyn Fn(&str) -> Vec<String> = match (kind.name(), kind.group()) {
        ("Namespace", "") => &names::dns_label,
        (_, "rbac.authorization.k8s.io") => anything,
        _ => &names::dns_subdomain,
    };
    let mut checks = Checks { kubernetes, found: Vec::new() };
    match kind.is_custom() {
        true => meta::any_meta(&mut checks, &At::root(&object.tree), rule),
        false => meta::object_meta(&mut checks, &At::root(&object.tree), rule),
    }
    if (kind.name(), kind.group()) == ("Namespace", "") {
        // It has its name as a label.
        let details = names::label_value(object.name(), kubernetes);
        let labels = At::root(&object.tree).field("metadata").field("labels");
        checks.invalid_texts(&labels, object.name(), details);
    }
    checks.found
}

/// Whether the addresses and ports that a Service asks for can be had.
pub(super) fn allocation(
    service: &ApiObject,
    kubernetes: &Kubernetes,
    run: Run,
) -> Vec<FieldError> {
    let mut checks = Checks { kubernetes, found: Vec::new() };
    service::allocation(&mut checks, &At::root(&service.tree).field("spec"), run);
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
