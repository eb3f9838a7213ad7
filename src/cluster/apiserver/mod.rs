//! What the API server does with requests: admit, refuse, store, delete.
//!
//! [`answer`] carries out the requests of clients. Control loops use [`pod`], [`claim`] and
//! [`stateful_set`] directly.

pub mod cascade;
pub mod claim;
mod claim_request;
mod kinds;
pub mod plain;
pub mod pod;
mod request;
mod service;
pub mod stateful_set;
mod webhook;

pub use kinds::api_object;
pub use request::answer;
