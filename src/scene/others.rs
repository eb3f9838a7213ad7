//! Objects that have a table only if there are any: volumes, classes, budgets.

use super::tables::short_modes;
use super::words::age;
use crate::api::Tree;
use crate::cluster::budget::Budget;
use crate::cluster::storage::{BindingMode, StorageClass, Volume, VolumePhase};
use crate::cluster::{Cluster, Millis};
use serde_json::Value;

/// A table of one kind, in kubectl's own columns.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectTable {
    /// The kind, in the plural.
    pub name: &'static str,
    /// What the columns are called.
    pub columns: &'static [&'static str],
    /// The objects.
    pub rows: Vec<ObjectRow>,
    /// How many more there are.
    pub left_out: usize,
}

/// What a person can do to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeAct {
    /// Take the claim out of it that is gone.
    ClearClaim,
    /// Delete it.
    Delete,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRow {
    /// The cells; the first names the object.
    pub cells: Vec<String>,
    /// What can be done to it.
    pub acts: Vec<VolumeAct>,
    /// Something uses it.
    pub is_used: bool,
}

/// The tables that have rows.
pub fn tables(cluster: &Cluster, now: Millis) -> Vec<ObjectTable> {
    let all = [volumes(cluster), budgets(cluster, now), classes(cluster, now)];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// Upstream: `pkg/printers/internalversion/printers.go`, printPodDisruptionBudget.
fn budgets(cluster: &Cluster, now: Millis) -> ObjectTable {
    let store = cluster.store();
    let row = |budget: &Budget| {
        let amount = |field: &str| match budget.api.spec().at(field) {
            Value::Null => "N/A".to_owned(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        let cells = vec![
            budget.meta.name().to_owned(),
            amount("minAvailable"),
            amount("maxUnavailable"),
            budget.allowance(store).disruptions().to_string(),
            age(cluster.config().elapsed(budget.meta.created_at, now)),
        ];
        ObjectRow { cells, acts: Vec::new(), is_used: true }
    };
    ObjectTable {
        name: "PodDisruptionBudgets",
        columns: &["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"],
        rows: store.list::<Budget>().map(|budget| row(budget)).collect(),
        left_out: 0,
    }
}

/// Upstream: the same file, printPersistentVolume.
fn volumes(cluster: &Cluster) -> ObjectTable {
    let row = |volume: &Volume| {
        let name = volume.meta.name().to_owned();
        let phase = match volume.phase {
            _ if volume.meta.is_terminating() => "Terminating",
            VolumePhase::Available => "Available",
            VolumePhase::Bound => "Bound",
            VolumePhase::Released => "Released",
            VolumePhase::Failed => "Failed",
        };
        let claim = volume.claim.as_ref().map(|(claim, _)| claim.to_string());
        let mut acts = Vec::new();
        if volume.phase == VolumePhase::Released {
            acts.push(VolumeAct::ClearClaim);
        }
        if !volume.meta.is_terminating() {
            acts.push(VolumeAct::Delete);
        }
        let cells = vec![
            name,
            volume.capacity.to_string(),
            short_modes(&volume.access_modes),
            volume.reclaim_policy.name().to_owned(),
            phase.to_owned(),
            claim.unwrap_or_default(),
            volume.storage_class.to_string(),
        ];
        ObjectRow { cells, acts, is_used: volume.phase == VolumePhase::Bound }
    };
    ObjectTable {
        name: "PersistentVolumes",
        columns: &[
            "NAME",
            "ACTIONS",
            "CAPACITY",
            "ACCESS MODES",
            "RECLAIM POLICY",
            "STATUS",
            "CLAIM",
            "STORAGECLASS",
        ],
        rows: cluster.store().list::<Volume>().take(MOST_VOLUMES).map(|it| row(it)).collect(),
        left_out: cluster.store().list::<Volume>().count().saturating_sub(MOST_VOLUMES),
    }
}

/// More volumes than this are not shown: to lay them out takes longer than a frame.
const MOST_VOLUMES: usize = 100;

/// Upstream: the same file, printStorageClass.
fn classes(cluster: &Cluster, now: Millis) -> ObjectTable {
    let row = |class: &StorageClass| {
        let default = if class.is_default { " (default)" } else { "" };
        let mode = match class.binding_mode {
            BindingMode::Immediate => "Immediate",
            BindingMode::WaitForFirstConsumer => "WaitForFirstConsumer",
        };
        let cells = vec![
            format!("{}{default}", class.meta.name()),
            class.provisioner.to_string(),
            class.reclaim_policy.name().to_owned(),
            mode.to_owned(),
            class.allow_expansion.to_string(),
            age(cluster.config().elapsed(class.meta.created_at, now)),
        ];
        ObjectRow { cells, acts: Vec::new(), is_used: true }
    };
    ObjectTable {
        name: "StorageClasses",
        columns: &[
            "NAME",
            "PROVISIONER",
            "RECLAIMPOLICY",
            "VOLUMEBINDINGMODE",
            "ALLOWVOLUMEEXPANSION",
            "AGE",
        ],
        rows: cluster.store().list::<StorageClass>().map(|it| row(it)).collect(),
        left_out: 0,
    }
}
