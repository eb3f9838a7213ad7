//! What the API server does with requests: admit, refuse, store, delete.
//!
//! [`submit`] takes what a person did and prints what kubectl prints of it. Control loops use
//! [`pod`], [`claim`] and [`stateful_set`] directly.

mod apply;
pub mod cascade;
pub mod claim;
mod claim_request;
mod delete;
pub mod plain;
pub mod pod;
#[cfg(test)]
mod recorded;
mod request;
mod scale;
mod service;
pub mod stateful_set;
#[cfg(test)]
mod tests;
mod webhook;

pub use apply::api_object;

use super::input::Input;
use super::meta::Key;
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
        Input::Scale { namespace, name, replicas } => {
            scale::scale(cluster, &Key::new(namespace, name), *replicas, &mut outcome)
        }
        Input::DeletePod { namespace, name, grace_period_seconds } => {
            let key = Key::new(namespace, name);
            delete::pod(cluster, &key, *grace_period_seconds, &mut outcome)
        }
        Input::ResizeClaim { namespace, name, storage } => {
            let key = Key::new(namespace, name);
            claim_request::resize(cluster, &key, storage, &mut outcome)
        }
        Input::Volume { name, request } => {
            volumes::submit(cluster, name, *request).map(|lines| outcome.lines.extend(lines))
        }
        Input::DeleteClaim { namespace, name } => {
            delete::claim(cluster, &Key::new(namespace, name), &mut outcome)
        }
        Input::DeleteStatefulSet { namespace, name, cascade } => {
            delete::stateful_set(cluster, &Key::new(namespace, name), *cascade, &mut outcome)
        }
        Input::Request(request) => request::carry_out(cluster, request, &mut outcome),
        Input::CrashContainer { .. }
        | Input::SetEndpoint { .. }
        | Input::SetFaults(_)
        | Input::LookUp { .. }
        | Input::WriteFile { .. }
        | Input::Node { .. }
        | Input::KeepDnsAnswers { .. } => Ok(()),
    };
    outcome.refusals.extend(done.err());
    outcome
}
