//! What the API server does with a person's requests: admit, refuse, delete.

use super::Cluster;
use super::input::Input;
use super::run::Outcome;

/// Carries out a request that changes objects.
pub fn submit(_cluster: &mut Cluster, _input: &Input) -> Outcome {
    Outcome::default()
}
