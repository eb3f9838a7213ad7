//! What the controller sees of a StatefulSet and of the revisions of its template.

use super::spec::StatefulSetSpec;
use crate::cluster::meta::{Meta, Shared};
use crate::cluster::pod::ConditionStatus;
use crate::cluster::template::PodTemplate;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatefulSetStatus {
    pub observed_generation: i64,
    pub replicas: i32,
    pub ready_replicas: i32,
    pub current_replicas: i32,
    pub updated_replicas: i32,
    pub available_replicas: i32,
    /// Name of the current revision; empty before the first status write.
    pub current_revision: Rc<str>,
    /// Name of the update revision; empty before the first status write.
    pub update_revision: Rc<str>,
    /// `None` before the first status write.
    pub collision_count: Option<i32>,
    /// Conditions; only the strategy Recreate writes one.
    pub conditions: Vec<SetCondition>,
}

/// A condition of a StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetCondition {
    /// Type; `Progressing` is the only one.
    pub type_: Rc<str>,
    /// True or False.
    pub status: ConditionStatus,
    /// When the status last changed.
    pub since: Millis,
    /// Machine-readable reason.
    pub reason: Rc<str>,
    /// Text for people.
    pub message: Rc<str>,
}

/// A StatefulSet.
#[derive(Clone, Debug, PartialEq)]
pub struct StatefulSet {
    /// Metadata.
    pub meta: Meta,
    /// What it is asked to be.
    pub spec: Shared<StatefulSetSpec>,
    /// What the controller last wrote of it.
    pub status: StatefulSetStatus,
}

/// A ControllerRevision: one pod template that the set has had.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerRevision {
    /// Metadata.
    pub meta: Meta,
    /// Its number; the highest is the newest.
    pub revision: i64,
    /// The patch that restores the template; its bytes make the name.
    pub data: Rc<str>,
    /// The template.
    pub template: Shared<PodTemplate>,
}
