//! How the API server refuses: field errors and the `Status` that carries them.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go`,
//! `staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go`.

use super::kind::Kind;
use serde::Serialize;
use std::fmt;

/// The kind of a field error, which decides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FieldErrorKind {
    Required,
    Forbidden,
    Invalid,
    NotSupported,
    Duplicate,
    NotFound,
    TooLong,
    TooMany,
    Internal,
}

impl FieldErrorKind {
    /// The words that the message starts with after the path.
    pub fn text(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Forbidden => "Forbidden",
            Self::Invalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Duplicate => "Duplicate value",
            Self::NotFound => "Not found",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::Internal => "Internal error",
        }
    }

    fn shows_value(self) -> bool {
        matches!(self, Self::Invalid | Self::NotSupported | Self::Duplicate | Self::NotFound)
    }
}

/// One complaint about one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Path of the field, such as `spec.template.spec.containers[0].image`.
    pub path: String,
    /// What kind of complaint.
    pub kind: FieldErrorKind,
    /// The offending value as printed (strings Go-quoted, the rest compact JSON); may be empty.
    pub value: String,
    /// What is wrong with it; may be empty.
    pub detail: String,
}

impl FieldError {
    /// The field must have a value.
    pub fn required(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(path, FieldErrorKind::Required, String::new(), detail)
    }

    /// The field must not have this value, or any.
    pub fn forbidden(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(path, FieldErrorKind::Forbidden, String::new(), detail)
    }

    /// The value is malformed or out of range; `value` as printed.
    pub fn invalid(
        path: impl Into<String>,
        value: impl fmt::Display,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(path, FieldErrorKind::Invalid, value.to_string(), detail)
    }

    /// The string is none of `supported`, which are listed as given.
    pub fn not_supported(path: impl Into<String>, value: &str, supported: &[&str]) -> Self {
        let list: Vec<String> = supported.iter().map(|text| quoted(text)).collect();
        let detail = format!("supported values: {}", list.join(", "));
        Self::new(path, FieldErrorKind::NotSupported, quoted(value), detail)
    }

    /// Something before it has the same value; `value` as printed.
    pub fn duplicate(path: impl Into<String>, value: impl fmt::Display) -> Self {
        Self::new(path, FieldErrorKind::Duplicate, value.to_string(), "")
    }

    /// The string names nothing that exists.
    pub fn not_found(path: impl Into<String>, value: &str) -> Self {
        Self::new(path, FieldErrorKind::NotFound, quoted(value), "")
    }

    /// The value is longer than `max` bytes.
    pub fn too_long(path: impl Into<String>, max: usize) -> Self {
        let detail = format!("may not be more than {max} bytes");
        Self::new(path, FieldErrorKind::TooLong, String::new(), detail)
    }

    fn new(
        path: impl Into<String>,
        kind: FieldErrorKind,
        value: String,
        detail: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), kind, value, detail: detail.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.kind.text())?;
        if self.kind.shows_value() {
            write!(f, ": {}", self.value)?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// The machine-readable reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StatusReason {
    /// 400: the object could not be decoded.
    BadRequest,
    /// 403: an admission rule refused it.
    Forbidden,
    /// 404: there is no such object.
    NotFound,
    /// 409: there is one already.
    AlreadyExists,
    /// 409: the object has been modified.
    Conflict,
    /// 413: the request asks for more than the server carries out at once.
    RequestEntityTooLarge,
    /// 415: a patch of a type that the kind does not take.
    UnsupportedMediaType,
    /// 422: validation failed.
    Invalid,
    /// 429: an eviction that a budget forbids.
    TooManyRequests,
    /// 500: an internal error.
    InternalError,
    /// 500: an error without a reason.
    Unknown,
}

impl StatusReason {
    /// The reason as the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::RequestEntityTooLarge => "RequestEntityTooLarge",
            Self::UnsupportedMediaType => "UnsupportedMediaType",
            Self::Invalid => "Invalid",
            Self::TooManyRequests => "TooManyRequests",
            Self::InternalError => "InternalError",
            Self::Unknown => "",
        }
    }
}

/// A refusal by the API server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Why, for machines.
    pub reason: StatusReason,
    /// Why, for people: the server's message.
    pub message: String,
    /// Kind of the object, such as `StatefulSet`.
    pub kind: String,
    /// Name of the object.
    pub name: String,
    /// The field errors of an `Invalid` refusal.
    pub causes: Vec<FieldError>,
}

impl Status {
    /// 422: the object failed validation.
    ///
    /// The message names the kind with its group and lists each distinct complaint once.
    pub fn invalid(kind: &str, group: &str, name: &str, causes: Vec<FieldError>) -> Self {
        let list = match distinct(&causes).as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let dot = if group.is_empty() { "" } else { "." };
        let message = format!("{kind}{dot}{group} {} is invalid: {list}", quoted(name));
        Self { causes, ..Self::new(StatusReason::Invalid, kind, name, message) }
    }

    /// 404: there is no such object.
    pub fn not_found(kind: Kind, name: &str) -> Self {
        let message = format!("{} {} not found", kind.resource(), quoted(name));
        Self::new(StatusReason::NotFound, kind.name(), name, message)
    }

    /// 409: the name is taken.
    pub fn already_exists(kind: Kind, name: &str) -> Self {
        let message = format!("{} {} already exists", kind.resource(), quoted(name));
        Self::new(StatusReason::AlreadyExists, kind.name(), name, message)
    }

    /// 403: an admission rule refused the object.
    pub fn forbidden(kind: Kind, name: &str, why: &str) -> Self {
        let message = format!("{} {} is forbidden: {why}", kind.resource(), quoted(name));
        Self::new(StatusReason::Forbidden, kind.name(), name, message)
    }

    /// 400: the request could not be understood.
    pub fn bad_request(kind: &str, name: &str, message: impl Into<String>) -> Self {
        Self::new(StatusReason::BadRequest, kind, name, message.into())
    }

    /// What kubectl prints on standard error, without a final line break.
    ///
    /// Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go`, `checkErr`.
    pub fn kubectl(&self) -> String {
        if self.reason == StatusReason::Invalid && self.kind.is_empty() && self.causes.is_empty() {
            return format!("The request is invalid: {}", self.message);
        }
        if self.reason == StatusReason::UnsupportedMediaType {
            return format!("error: {}", self.message);
        }
        if self.reason != StatusReason::Invalid || self.causes.is_empty() {
            let reason = match self.reason {
                StatusReason::Unknown => String::new(),
                reason => format!(" ({})", reason.name()),
            };
            return format!("Error from server{reason}: {}", self.message);
        }
        let head = match self.kind.as_str() {
            "" => "The request is invalid: ".to_owned(),
            kind => format!("The {kind} {} is invalid: ", quoted(&self.name)),
        };
        match distinct(&self.causes).as_slice() {
            [one] => format!("{head}{one}"),
            several => several.iter().fold(head, |text, cause| format!("{text}\n* {cause}")),
        }
    }

    fn new(reason: StatusReason, kind: &str, name: &str, message: String) -> Self {
        Self { reason, message, kind: kind.into(), name: name.into(), causes: Vec::new() }
    }
}

/// The complaints' texts, each once.
fn distinct(causes: &[FieldError]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in causes.iter().map(FieldError::to_string) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// A string as Go's `%q` prints it.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' | '\x7f' => out.push_str(&format!("\\x{:02x}", c as u32)),
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Status {}
