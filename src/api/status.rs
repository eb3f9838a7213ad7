//! How the API server refuses: field errors and the `Status` that carries them.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go`,
//! `staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of a field error, which decides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// 422: validation failed.
    Invalid,
    /// 500: an internal error.
    InternalError,
}

/// A refusal by the API server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Status {}
