//! Commands and what they print: the shell, kubectl and what else a terminal beside a cluster offers.
//!
//! Architecture invariant: commands read API objects from a [`World`](world::World), not the
//! simulator's types. So what they print is tested against objects of a real cluster at a recorded
//! moment.

pub mod busybox;
pub mod editor;
pub mod helm;
pub mod keyboard;
pub mod kubectl;
pub mod minikube;
pub mod network;
pub use crate::client::output;
pub mod shell;
pub mod world;
