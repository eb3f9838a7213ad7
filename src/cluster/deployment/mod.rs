//! Deployments and ReplicaSets: what they are, and the two controllers that follow them.
//!
//! A Deployment makes a ReplicaSet for each revision of its template ([`revisions`]) and shifts
//! replicas from one to the other ([`rollout`]); a ReplicaSet makes pods without names of their own
//! ([`replica_set`]). [`controller`] says when they look.
//!
//! Simplified: `pod-template-hash` is a hash of the template as JSON; upstream hashes Go's structures.
//!
//! Upstream: `pkg/controller/deployment/`, `pkg/controller/replicaset/`.

pub mod controller;
pub mod kind;
pub mod memory;
mod object;
mod replica_set;
mod revisions;
mod rollout;
mod status;
#[cfg(test)]
mod tests;

pub use kind::{
    Condition, Deployment, DeploymentStatus, HASH_LABEL, REVISION, ReplicaSet, ReplicaSetStatus,
};

use super::journal::Change;
use super::meta::Key;
use super::state::{Acts, Cluster};

impl Acts for Deployment {
    fn observe(cluster: &mut Cluster, change: &Change) {
        controller::observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        controller::handle_deployment(cluster, key);
    }
}

impl Acts for ReplicaSet {
    fn sync(cluster: &mut Cluster, key: &Key) {
        controller::handle_set(cluster, key);
    }
}
