//! The StatefulSet and its control loop.

pub mod controller;

use super::meta::{Labels, Meta, Shared};
use super::storage::AccessMode;
use super::template::PodTemplate;
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use std::rc::Rc;

/// `spec.podManagementPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodManagementPolicy {
    OrderedReady,
    Parallel,
}

/// `spec.updateStrategy.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStrategyType {
    RollingUpdate,
    OnDelete,
    Recreate,
}

/// A number, or a percentage of the replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    Int(i32),
    Percent(i32),
}

/// `spec.updateStrategy.rollingUpdate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollingUpdate {
    /// Pods below this position keep the current revision.
    pub partition: i32,
    /// How many pods may be unavailable during an update.
    pub max_unavailable: Option<IntOrPercent>,
}

/// What becomes of claims: `spec.persistentVolumeClaimRetentionPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    Retain,
    Delete,
}

/// One of `spec.volumeClaimTemplates`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimTemplate {
    /// Name; claims are called `<name>-<pod>`.
    pub name: Rc<str>,
    /// Labels of the claims.
    pub labels: Rc<Labels>,
    /// Annotations of the claims.
    pub annotations: Rc<Labels>,
    /// Requested size in bytes.
    pub request_bytes: u64,
    /// Requested size as canonical text.
    pub request: Rc<str>,
    /// Class; `None` if the template names none.
    pub storage_class: Option<Rc<str>>,
    /// Requested access modes.
    pub access_modes: Rc<[AccessMode]>,
}

/// What a StatefulSet is asked to be, with every default filled in.
#[derive(Clone, Debug)]
pub struct StatefulSetSpec {
    /// Number of pods.
    pub replicas: i32,
    /// Ordinal of the first pod.
    pub start_ordinal: i32,
    /// One after the other, or all at once.
    pub pod_management_policy: PodManagementPolicy,
    /// Type of the update strategy.
    pub update_strategy: UpdateStrategyType,
    /// The `rollingUpdate` object; `None` if there is none.
    pub rolling_update: Option<RollingUpdate>,
    /// Seconds a pod must be ready to count as available.
    pub min_ready_seconds: i32,
    /// How many old revisions are kept; negative keeps all.
    pub revision_history_limit: i32,
    /// Claims when the set is deleted.
    pub when_deleted: Retention,
    /// Claims when the set is scaled down.
    pub when_scaled: Retention,
    /// Which pods belong to the set.
    pub selector: LabelSelector,
    /// The governing Service; empty if none.
    pub service_name: Rc<str>,
    /// What its pods run.
    pub template: Shared<PodTemplate>,
    /// Claims that every pod gets.
    pub claim_templates: Rc<[ClaimTemplate]>,
    /// The spec as admitted.
    pub api: Shared<apps::StatefulSetSpec>,
}

/// `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
