//! Objects that have a table only if there are any: budgets.

use super::words::age;
use crate::api::Tree;
use crate::cluster::budget::Budget;
use crate::cluster::{Cluster, Millis};
use serde_json::Value;

/// A table of one kind, in kubectl's own columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectTable {
    /// The kind, in the plural.
    pub name: &'static str,
    /// What the columns are called.
    pub columns: &'static [&'static str],
    /// Cells by row; the first names the object.
    pub rows: Vec<Vec<String>>,
}

/// The tables that have rows.
pub fn tables(cluster: &Cluster, now: Millis) -> Vec<ObjectTable> {
    let all = [budgets(cluster, now)];
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
        vec![
            budget.meta.name().to_owned(),
            amount("minAvailable"),
            amount("maxUnavailable"),
            budget.allowance(store).disruptions().to_string(),
            age(now.saturating_sub(budget.meta.created_at)),
        ]
    };
    ObjectTable {
        name: "PodDisruptionBudgets",
        columns: &["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"],
        rows: store.list::<Budget>().map(|budget| row(budget)).collect(),
    }
}
