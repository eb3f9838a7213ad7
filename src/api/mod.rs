//! What a valid object is: decoding, defaults, validation, update rules, in the API server's words.
//!
//! Architecture invariant: nothing here knows text positions or time.

pub mod decode;
pub mod defaults;
pub mod names;
pub mod object;
pub mod path;
mod pod_defaults;
pub mod quantity;
pub mod request;
pub mod revision;
pub mod schema;
pub mod status;
pub mod update_rules;
pub mod validate;
pub mod version;
pub mod warnings;

pub use object::ApiObject;
pub use status::{FieldError, FieldErrorKind, Status, StatusReason};
pub use version::{FeatureGates, Kubernetes, Version};
pub use warnings::warnings;
