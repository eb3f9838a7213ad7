//! Objects that have a table only if there are any: volumes, classes, budgets.

use super::columns;
use super::printed::{Printed, Row};
use crate::api::Kind;
use crate::cluster::objects::{self, unix_millis};
use crate::cluster::storage::{StorageClass, Volume, VolumePhase};
use crate::cluster::{Cluster, Millis};
use std::rc::Rc;

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
    /// The cells below the columns but `ACTIONS`; the first names the object.
    pub cells: Vec<String>,
    /// What can be done to it.
    pub acts: Vec<VolumeAct>,
    /// Something uses it.
    pub is_used: bool,
}

/// The tables that have rows.
pub fn tables(cluster: &Cluster, printed: &mut Printed, now: Millis) -> Vec<ObjectTable> {
    let all =
        [volumes(cluster, printed, now), budgets(cluster, now), classes(cluster, printed, now)];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// An object to which nothing can be done.
fn plain(cells: Vec<String>) -> ObjectRow {
    ObjectRow { cells, acts: Vec::new(), is_used: true }
}

/// What a budget allows depends on its pods, so that its row is not kept.
fn budgets(cluster: &Cluster, now: Millis) -> ObjectTable {
    let budgets = objects::list_of(cluster, Kind::PodDisruptionBudget);
    let rows = budgets.iter().map(|object| Row::of(object, cluster.kubernetes()));
    ObjectTable {
        name: "PodDisruptionBudgets",
        columns: columns::BUDGETS,
        rows: rows.map(|row| plain(row.texts(columns::BUDGETS, unix_millis(now)))).collect(),
        left_out: 0,
    }
}

fn volumes(cluster: &Cluster, printed: &mut Printed, now: Millis) -> ObjectTable {
    let row = |volume: &Rc<Volume>| {
        let mut acts = Vec::new();
        if volume.phase == VolumePhase::Released {
            acts.push(VolumeAct::ClearClaim);
        }
        if !volume.meta.is_terminating() {
            acts.push(VolumeAct::Delete);
        }
        let cells = printed.row(cluster, volume).texts(columns::VOLUMES, unix_millis(now));
        ObjectRow { cells, acts, is_used: volume.phase == VolumePhase::Bound }
    };
    ObjectTable {
        name: "PersistentVolumes",
        columns: columns::VOLUMES,
        rows: cluster.store().list::<Volume>().take(MOST_VOLUMES).map(row).collect(),
        left_out: cluster.store().list::<Volume>().count().saturating_sub(MOST_VOLUMES),
    }
}

/// More volumes than this are not shown: to lay them out takes longer than a frame.
const MOST_VOLUMES: usize = 100;

fn classes(cluster: &Cluster, printed: &mut Printed, now: Millis) -> ObjectTable {
    let classes = cluster.store().list::<StorageClass>();
    let rows = classes.map(|class| printed.row(cluster, class));
    ObjectTable {
        name: "StorageClasses",
        columns: columns::CLASSES,
        rows: rows.map(|row| plain(row.texts(columns::CLASSES, unix_millis(now)))).collect(),
        left_out: 0,
    }
}
