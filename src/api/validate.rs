//! Whether an object that is to be created is valid, in the API server's order and words.
//!
//! Objects must have their defaults filled in before (`api::defaults::apply`).
//! Upstream: `pkg/apis/apps/validation/validation.go`, `pkg/apis/core/validation/validation.go`.

mod at;
pub(super) mod budget;
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

use super::status::quoted;
use super::{ApiObject, FieldError, Kind, Kubernetes, Status, names};
pub(super) use at::At;
use serde_json::{Map, Value};

/// All complaints about an object that is to be created; none if it is valid.
pub fn create(object: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut checks = Checks { kubernetes, found: Vec::new() };
    let root = At::root(&object.tree);
    match object.kind.rules() {
        Some(rules) => (rules.create)(&mut checks, &root),
        None => kept(&mut checks, &root, object.kind),
    }
    checks.found
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

/// How a kind is checked that is to be created: complaints are added to those found so far.
pub(super) type Create = fn(&mut Checks, &At);

/// The complaints found so far, and the Kubernetes that makes them.
pub(super) struct Checks<'a> {
    kubernetes: &'a Kubernetes,
    found: Vec<FieldError>,
}

impl Checks<'_> {
    fn required(&mut self, at: &At) {
        self.required_because(at, "");
    }

    fn required_because(&mut self, at: &At, detail: &str) {
        self.found.push(FieldError::required(at.path.as_str(), detail));
    }

    fn forbidden(&mut self, at: &At, detail: &str) {
        self.found.push(FieldError::forbidden(at.path.as_str(), detail));
    }

    /// `value` is printed as it is: numbers, or what is already JSON.
    fn invalid(&mut self, at: &At, value: &str, detail: &str) {
        self.found.push(FieldError::invalid(at.path.as_str(), value, detail));
    }

    fn invalid_text(&mut self, at: &At, value: &str, detail: &str) {
        self.invalid(at, &quoted(value), detail);
    }

    /// One complaint per text about the same string.
    fn invalid_texts(&mut self, at: &At, value: &str, details: Vec<String>) {
        for detail in details {
            self.invalid_text(at, value, &detail);
        }
    }

    /// The field's own value is wrong.
    fn wrong(&mut self, at: &At, detail: &str) {
        self.invalid(at, &at.printed(), detail);
    }

    fn duplicate(&mut self, at: &At, value: &str) {
        self.found.push(FieldError::duplicate(at.path.as_str(), value));
    }

    fn not_found(&mut self, at: &At) {
        self.found.push(FieldError::not_found(at.path.as_str(), at.string()));
    }

    /// The string must satisfy a rule.
    fn named(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        self.invalid_texts(at, at.string(), rule(at.string()));
    }

    /// The string must satisfy a rule if it is not empty.
    fn named_if_any(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        if !at.string().is_empty() {
            self.named(at, rule);
        }
    }

    /// The string must not be empty, and satisfy a rule.
    fn named_always(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        self.filled(at);
        self.named_if_any(at, rule);
    }

    /// The string must not be empty.
    fn filled(&mut self, at: &At) {
        if at.string().is_empty() {
            self.required(at);
        }
    }

    fn qualified(&mut self, at: &At) {
        self.invalid_texts(at, at.string(), names::qualified_name(at.string(), self.kubernetes));
    }

    /// The string must be one of `supported`.
    fn one_of(&mut self, at: &At, supported: &[&str]) {
        let value = at.string();
        if !supported.contains(&value) {
            self.found.push(FieldError::not_supported(at.path.as_str(), value, supported));
        }
    }

    /// The string must be one of `supported` if there is one.
    fn one_of_if_set(&mut self, at: &At, supported: &[&str]) {
        if !at.value.is_null() {
            self.one_of(at, supported);
        }
    }

    fn non_negative(&mut self, at: &At) {
        if at.number() < 0 {
            self.wrong(at, "must be greater than or equal to 0");
        }
    }

    /// A port's number or name.
    fn port(&mut self, at: &At) {
        if at.value.is_string() {
            return self.named(at, names::port_name);
        }
        for detail in names::port_number(at.number()) {
            self.invalid(at, &at.number().to_string(), &detail);
        }
    }
}

/// Texts met so far. A map of JSON, whose code is there anyway.
#[derive(Default)]
struct Seen(Map<String, Value>);

impl Seen {
    /// Whether a text was met before.
    fn again(&mut self, text: &str) -> bool {
        self.0.insert(text.into(), Value::Null).is_some()
    }

    /// Whether a text was met.
    fn has(&self, text: &str) -> bool {
        self.0.contains_key(text)
    }
}
