//! What happens, when and why: the simulated cluster.
//!
//! One [`Cluster`] holds the [`Store`] (what the API server keeps), the [`Queue`] of work that is due,
//! and what kubelets remember. [`Cluster::submit`] applies what a person did, [`Cluster::step`] handles
//! the next piece of work. Control loops decide over the store; [`watch`] turns their writes into work.
//!
//! Architecture invariant: nothing here knows text, commands or views, reads a wall clock or
//! iterates a hash map. Time is `u64` milliseconds since the session's start.

pub mod apiserver;
pub mod application;
pub mod attach;
pub mod budget;
pub mod builtin;
pub mod claim_protection;
pub mod config;
pub mod deployment;
pub mod dns;
pub mod endpoints;
pub mod event;
pub mod fault;
pub mod garbage;
pub mod hold;
pub mod input;
pub mod inside;
pub mod invariants;
pub mod kinds;
pub mod kubelet;
pub mod meta;
pub mod namespace;
pub mod node;
pub mod objects;
pub mod pod;
pub mod queue;
pub mod record;
pub mod restart;
pub mod rng;
pub mod run;
pub mod scheduler;
pub mod service;
pub mod simplified;
pub mod stateful_set;
pub mod step;
pub mod storage;
pub mod store;
pub mod template;
#[cfg(test)]
mod testing;
pub mod time;
pub mod volumes;
pub mod watch;

pub use config::ClusterConfig;
pub use input::Input;
pub use queue::Queue;
pub use run::{Cluster, Outcome, Work};
pub use step::{Cause, Change, Step};
pub use store::Store;
pub use time::Millis;
