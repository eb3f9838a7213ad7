//! What happens, when and why: the simulated cluster.
//!
//! One [`Cluster`] holds the [`Store`] (what the API server keeps), the [`Queue`] of work that is due,
//! and what control loops and kubelets remember. [`Cluster::submit`] applies what a person did,
//! [`Cluster::step`] handles the next piece of work.
//!
//! The room stands on floors, each of which uses only those below (`tests/tidy.rs` lists them):
//!
//! 1. time, numbers, names, the queue, events, reasons to wait;
//! 2. what the API server keeps: [`record`], [`journal`], [`store`];
//! 3. what the loops see of each kind: [`pod`], [`storage`], [`service`], and `kind.rs` and `object.rs`
//!    in the folder of a kind's controller: its type, and the object of the API that it stands for;
//! 4. what the loops remember: `memory.rs` in the folder of each, and the [`work`] that they do;
//! 5. [`state`]: all of that, as one value;
//! 6. the API server, the control loops, the kubelets: each a folder or file that reads and writes the
//!    state and queues work, and knows no other but what it asks of it;
//! 7. [`kinds`] and [`watch`], which say who hears of what, and [`dispatch`], which gives out the work.
//!
//! A kind that acts is a folder with its type and controller, and a row in [`kinds`].
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
mod copy_on_write;
pub mod custom_resource_definition;
pub mod deployment;
pub mod dispatch;
pub mod dns;
pub mod endpoints;
pub mod event;
pub mod fault;
pub mod garbage;
pub mod hold;
pub mod input;
pub mod inside;
pub mod invariants;
pub mod journal;
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
pub mod scheduler;
pub mod service;
pub mod simplified;
pub mod state;
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
pub mod work;

pub use config::ClusterConfig;
pub use dispatch::Outcome;
pub use input::Input;
pub use journal::Change;
pub use queue::Queue;
pub use state::Cluster;
pub use step::{Cause, Step};
pub use store::Store;
pub use time::Millis;
pub use work::Work;
