//! What a valid object is: decoding, defaults, validation, update rules, in the API server's words.
//!
//! Architecture invariant: nothing here knows text positions or time.

pub mod object;
pub mod status;
pub mod version;

pub use object::ApiObject;
pub use status::{FieldError, FieldErrorKind, Status, StatusReason};
pub use version::{FeatureGates, Kubernetes, Version};
