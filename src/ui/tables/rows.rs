//! The rows of the tables: kubectl's words, cell by cell.

use super::row::Cells;
use crate::ui::format::clock;
use statefulset_playground::scene::{ClaimRow, EventRow, PodRow, RecordRow};

/// A row of the table Pods.
pub fn pod(row: &PodRow) -> Cells {
    let ready_since = row.ready_at.map_or_else(|| "-".to_owned(), clock);
    Cells::named(&[
        &row.name,
        &row.ready,
        &row.status,
        &row.restarts,
        &row.age,
        &clock(row.created_at),
        &ready_since,
        &row.ip,
        &row.node,
        &row.revision,
    ])
}

/// A row of the table Claims.
pub fn claim(row: &ClaimRow) -> Cells {
    Cells::named(&[
        &row.name,
        &row.status,
        &row.volume,
        &row.capacity,
        &row.access_modes,
        &row.storage_class,
        &row.age,
        &row.used_by,
        &row.files,
    ])
}

/// A row of the table DNS records.
pub fn record(row: &RecordRow) -> Cells {
    Cells::named(&[&row.name, &row.kind, &row.value, &row.pod])
}

/// A row of the table Events.
pub fn event(row: &EventRow) -> Cells {
    let kind = if row.warning { "Warning" } else { "Normal" };
    let count = row.count.to_string();
    let cells = [&clock(row.at), kind, &row.reason, &row.object, &row.message, &count];
    Cells { warning: row.warning, ..Cells::plain(&cells) }
}
