//! The StatefulSet and its control loop.
//!
//! [`observe`] gathers what a sync looks at, [`decide`] says what is to be done about it (as values,
//! phase by phase: [`replicas`], [`condemned`], [`rolling_update`]), [`write`] does it, and
//! [`controller`] says when.
//!
//! Architecture invariant: nothing that decides writes, and nothing that writes decides.

pub mod claims;
mod condemned;
pub mod controller;
pub mod decide;
pub mod identity;
pub mod kind;
pub mod livelock;
pub mod memory;
mod object;
pub mod observe;
pub mod plan;
mod recreate;
mod replicas;
mod revision;
mod rolling_update;
mod roster;
pub mod spec;
mod status;
pub mod sync;
mod waiting;
pub mod wake;
pub mod write;

pub use spec::{
    ClaimTemplate, IntOrPercent, PodManagementPolicy, Retention, RollingUpdate, StatefulSetSpec,
    UpdateStrategyType,
};

pub use kind::{ControllerRevision, SetCondition, StatefulSet, StatefulSetStatus};

use super::journal::Change;
use super::meta::Key;
use super::state::{Acts, Cluster};

impl Acts for StatefulSet {
    fn observe(cluster: &mut Cluster, change: &Change) {
        controller::observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        controller::handle(cluster, key);
    }
}

impl Acts for ControllerRevision {}
