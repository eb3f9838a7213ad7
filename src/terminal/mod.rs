//! Commands and what they print: kubectl and what else a terminal beside a cluster offers.
//!
//! Architecture invariant: commands read API objects from a [`World`](world::World), not the
//! simulator's types. So what they print is tested against objects of a real cluster at a recorded
//! moment.
//!
//! Its floors: what commands work with and on ([`files`], [`job`], [`world`] and the like), then the
//! programs, each of which may use those before it, then the [`computer`] that they are entered at.

pub mod busybox;
pub mod computer;
pub mod container;
pub mod editor;
pub mod files;
pub mod helm;
pub mod job;
pub mod keyboard;
pub mod kubectl;
pub mod minikube;
pub mod network;
pub use crate::shell::output;
pub mod world;
