//! What checks write into: the complaints so far, and the ways to complain that kinds share.

use super::at::At;
use crate::api::status::quoted;
use crate::api::{FieldError, Kubernetes, names};
use serde_json::{Map, Value};

/// The complaints found so far, and the Kubernetes that makes them.
pub(in crate::api) struct Checks<'a> {
    pub(super) kubernetes: &'a Kubernetes,
    pub(super) found: Vec<FieldError>,
}

impl Checks<'_> {
    pub(super) fn required(&mut self, at: &At) {
        self.required_because(at, "");
    }

    pub(super) fn required_because(&mut self, at: &At, detail: &str) {
        self.found.push(FieldError::required(at.path.as_str(), detail));
    }

    pub(super) fn forbidden(&mut self, at: &At, detail: &str) {
        self.found.push(FieldError::forbidden(at.path.as_str(), detail));
    }

    /// `value` is printed as it is: numbers, or what is already JSON.
    pub(super) fn invalid(&mut self, at: &At, value: &str, detail: &str) {
        self.found.push(FieldError::invalid(at.path.as_str(), value, detail));
    }

    pub(super) fn invalid_text(&mut self, at: &At, value: &str, detail: &str) {
        self.invalid(at, &quoted(value), detail);
    }

    /// One complaint per text about the same string.
    pub(super) fn invalid_texts(&mut self, at: &At, value: &str, details: Vec<String>) {
        for detail in details {
            self.invalid_text(at, value, &detail);
        }
    }

    /// The field's own value is wrong.
    pub(super) fn wrong(&mut self, at: &At, detail: &str) {
        self.invalid(at, &at.printed(), detail);
    }

    pub(super) fn duplicate(&mut self, at: &At, value: &str) {
        self.found.push(FieldError::duplicate(at.path.as_str(), value));
    }

    pub(super) fn not_found(&mut self, at: &At) {
        self.found.push(FieldError::not_found(at.path.as_str(), at.string()));
    }

    /// The string must satisfy a rule.
    pub(super) fn named(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        self.invalid_texts(at, at.string(), rule(at.string()));
    }

    /// The string must satisfy a rule if it is not empty.
    pub(super) fn named_if_any(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        if !at.string().is_empty() {
            self.named(at, rule);
        }
    }

    /// The string must not be empty, and satisfy a rule.
    pub(super) fn named_always(&mut self, at: &At, rule: fn(&str) -> Vec<String>) {
        self.filled(at);
        self.named_if_any(at, rule);
    }

    /// The string must not be empty.
    pub(super) fn filled(&mut self, at: &At) {
        if at.string().is_empty() {
            self.required(at);
        }
    }

    pub(super) fn qualified(&mut self, at: &At) {
        self.invalid_texts(at, at.string(), names::qualified_name(at.string(), self.kubernetes));
    }

    /// The string must be one of `supported`.
    pub(super) fn one_of(&mut self, at: &At, supported: &[&str]) {
        let value = at.string();
        if !supported.contains(&value) {
            self.found.push(FieldError::not_supported(at.path.as_str(), value, supported));
        }
    }

    /// The string must be one of `supported` if there is one.
    pub(super) fn one_of_if_set(&mut self, at: &At, supported: &[&str]) {
        if !at.value.is_null() {
            self.one_of(at, supported);
        }
    }

    pub(super) fn non_negative(&mut self, at: &At) {
        if at.number() < 0 {
            self.wrong(at, "must be greater than or equal to 0");
        }
    }

    /// A port's number or name.
    pub(super) fn port(&mut self, at: &At) {
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
pub(super) struct Seen(Map<String, Value>);

impl Seen {
    /// Whether a text was met before.
    pub(super) fn again(&mut self, text: &str) -> bool {
        self.0.insert(text.into(), Value::Null).is_some()
    }

    /// Whether a text was met.
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.contains_key(text)
    }
}
