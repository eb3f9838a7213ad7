//! Whether an object that is to be created is valid, in the API server's order and words.
//!
//! Objects must have their defaults filled in before (`api::defaults::apply`).
//! Upstream: `pkg/apis/apps/validation/validation.go`, `pkg/apis/core/validation/validation.go`.

mod claim;
mod container;
mod env;
mod meta;
mod pod_template;
mod probe;
mod scheduling;
mod security;
mod service;
mod stateful_set;
mod volume;

use super::status::quoted;
use super::{ApiObject, FieldError, Kubernetes, Status};
use k8s_openapi::api::apps::v1::StatefulSet;
use std::fmt;

/// All complaints about an object that is to be created; none if it is valid.
pub fn create(object: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut checks = Checks::new(kubernetes);
    match object {
        ApiObject::StatefulSet(set) => stateful_set::create(&mut checks, set),
        ApiObject::Service(service) => service::create(&mut checks, service),
        ApiObject::PersistentVolumeClaim(claim) => claim::create(&mut checks, claim),
    }
    checks.found
}

/// Whether a request is to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// It is.
    Real,
    /// `--dry-run=server`: only the answer counts.
    Dry,
}

/// All complaints about an object that is to be stored: first the rules, and if it is valid,
/// whether its addresses and ports can be allocated.
pub fn admit(object: &ApiObject, kubernetes: &Kubernetes, run: Run) -> Vec<FieldError> {
    let found = create(object, kubernetes);
    match object {
        ApiObject::Service(service) if found.is_empty() => {
            let mut checks = Checks::new(kubernetes);
            service::allocation(&mut checks, service, run);
            checks.found
        }
        _ => found,
    }
}

/// All complaints about a StatefulSet that is to be created.
pub fn stateful_set(set: &StatefulSet, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut checks = Checks::new(kubernetes);
    stateful_set::create(&mut checks, set);
    checks.found
}

/// Complaints about a StatefulSet that replaces `old`, apart from immutable fields.
pub(super) fn stateful_set_update(
    set: &StatefulSet,
    old: &StatefulSet,
    kubernetes: &Kubernetes,
) -> Vec<FieldError> {
    let mut checks = Checks::new(kubernetes);
    stateful_set::update(&mut checks, set, old);
    checks.found
}

/// Complaints about a Service that replaces another, apart from immutable fields.
pub(super) fn service_update(
    service: &k8s_openapi::api::core::v1::Service,
    kubernetes: &Kubernetes,
) -> Vec<FieldError> {
    let mut checks = Checks::new(kubernetes);
    service::create(&mut checks, service);
    checks.found
}

/// The refusal of an object with these complaints; none if there are none.
pub fn refusal(object: &ApiObject, causes: Vec<FieldError>) -> Option<Status> {
    let refused = !causes.is_empty();
    refused.then(|| Status::invalid(object.kind(), object.group(), object.name(), causes))
}

/// The complaints found so far, and the Kubernetes that makes them.
struct Checks<'a> {
    kubernetes: &'a Kubernetes,
    found: Vec<FieldError>,
}

impl<'a> Checks<'a> {
    fn new(kubernetes: &'a Kubernetes) -> Self {
        Self { kubernetes, found: Vec::new() }
    }

    fn required(&mut self, path: &Path) {
        self.found.push(FieldError::required(path, ""));
    }

    fn required_because(&mut self, path: &Path, detail: &str) {
        self.found.push(FieldError::required(path, detail));
    }

    fn forbidden(&mut self, path: &Path, detail: &str) {
        self.found.push(FieldError::forbidden(path, detail));
    }

    /// `value` is printed as it is: numbers, or what is already JSON.
    fn invalid(&mut self, path: &Path, value: impl fmt::Display, detail: &str) {
        self.found.push(FieldError::invalid(path, value, detail));
    }

    fn invalid_text(&mut self, path: &Path, value: &str, detail: &str) {
        self.invalid(path, quoted(value), detail);
    }

    /// One complaint per text about the same string.
    fn invalid_texts(&mut self, path: &Path, value: &str, details: Vec<String>) {
        for detail in details {
            self.invalid_text(path, value, &detail);
        }
    }

    fn duplicate_text(&mut self, path: &Path, value: &str) {
        self.found.push(FieldError::duplicate(path, quoted(value)));
    }

    fn duplicate(&mut self, path: &Path, value: impl fmt::Display) {
        self.found.push(FieldError::duplicate(path, value));
    }

    fn not_found(&mut self, path: &Path, value: &str) {
        self.found.push(FieldError::not_found(path, value));
    }

    /// The string must be one of `supported`.
    fn one_of(&mut self, path: &Path, value: &str, supported: &[&str]) {
        if !supported.contains(&value) {
            self.found.push(FieldError::not_supported(path, value, supported));
        }
    }

    fn non_negative(&mut self, path: &Path, value: impl Into<i64>) {
        let value = value.into();
        if value < 0 {
            self.invalid(path, value, "must be greater than or equal to 0");
        }
    }
}

/// A path being built: cheap to extend, printed as the server prints it.
#[derive(Clone, Debug)]
struct Path(String);

impl Path {
    fn root(name: &str) -> Self {
        Self(name.into())
    }

    fn child(&self, name: &str) -> Self {
        Self(format!("{}.{name}", self.0))
    }

    fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    fn key(&self, key: &str) -> Self {
        Self(format!("{}[{key}]", self.0))
    }
}

impl From<&Path> for String {
    fn from(path: &Path) -> Self {
        path.0.clone()
    }
}

/// The items of an optional list, with their paths.
fn items<'a, T: 'a>(
    list: impl IntoIterator<Item = &'a Vec<T>>,
    path: &Path,
) -> impl Iterator<Item = (Path, &'a T)> {
    let path = path.clone();
    let all = list.into_iter().flatten().enumerate();
    all.map(move |(index, item)| (path.index(index), item))
}

/// The text of an optional string; empty if absent.
fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}
