//! What a valid object is: decoding, defaults, validation, update rules, in the API server's words.
//!
//! Each floor uses those before it:
//!
//! 1. Values of any shape: [`tree`], [`json`], [`path`], [`quantity`], [`schema`], [`version`].
//! 2. What is said of values: [`names`], [`selector`], [`strategic`] merges, [`revision`]s.
//! 3. [`kind`]: the table of kinds, which is data alone.
//! 4. [`object`], and [`status`], the refusal of one.
//! 5. What the server does with an object: [`limits`], [`decode`], [`defaults`], [`validate`], [`update_rules`],
//!    `warnings`.
//! 6. [`rules`]: which of that it does with the objects of a kind, a row for each.
//! 7. [`request`]: an object that comes; [`change`]: what one becomes by any request.
//!
//! Architecture invariant: nothing here knows text positions or time.

pub mod allocated;
pub mod base64;
pub mod change;
pub mod custom;
pub mod decode;
pub mod defaults;
mod go_struct;
pub mod json;
pub mod json_diff;
pub mod kind;
mod kinds;
pub mod limits;
pub mod managed;
pub mod merge;
pub mod names;
pub mod object;
pub mod patch;
pub mod path;
mod pod_defaults;
pub mod quantity;
pub mod request;
pub mod resource;
pub mod revision;
pub mod rules;
pub mod schema;
pub mod selector;
pub mod status;
pub mod strategic;
pub mod timestamp;
pub mod tree;
pub mod update_rules;
pub mod validate;
pub mod version;
mod warnings;

pub use kind::Kind;
pub use object::ApiObject;
pub use resource::Resource;
pub use rules::warnings;
pub use status::{FieldError, FieldErrorKind, Status, StatusReason};
pub use tree::Tree;
pub use version::{FeatureGates, Gate, Kubernetes, Version};
