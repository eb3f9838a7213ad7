//! What the API server does with requests: admit, refuse, store, delete.
//!
//! [`answer`] carries out the requests of clients, for objects of every kind on one path ([`write`] and
//! [`delete`]). Control loops use [`pod`], [`claim`] and [`stateful_set`] directly.

pub mod claim;
pub mod delete;
pub mod managed;
pub mod pod;
mod request;
pub mod service;
pub mod stateful_set;
mod webhook;
pub mod write;

pub use request::{answer, get, list, uid};
