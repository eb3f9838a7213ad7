//! What the API server does with requests: admit, refuse, store, delete.
//!
//! [`submit`] takes what a person did and prints what kubectl prints of it. Control loops use
//! [`pod`], [`claim`] and [`stateful_set`] directly.

mod apply;
pub mod claim;
pub mod delete;
pub mod pod;
#[cfg(test)]
mod recorded;
mod request;
mod scale;
pub mod service;
pub mod stateful_set;
#[cfg(test)]
mod tests;
mod webhook;
pub mod write;

use super::input::Input;
use super::run::Outcome;
use super::{Cluster, volumes};

/// Carries out a request that changes objects. What is refused leaves no trace but the refusal.
pub fn submit(cluster: &mut Cluster, input: &Input) -> Outcome {
    let mut outcome = Outcome::default();
    let done = match input {
        Input::Apply { objects } => {
            objects.iter().for_each(|object| apply::apply(cluster, object, &mut outcome));
            Ok(())
        }
        Input::Volume { name, request } => {
            volumes::submit(cluster, name, *request).map(|lines| outcome.lines.extend(lines))
        }
        Input::Request(request) => request::carry_out(cluster, request, &mut outcome),
        _ => scale::carry_out(cluster, input, &mut outcome),
    };
    outcome.refusals.extend(done.err());
    outcome
}
