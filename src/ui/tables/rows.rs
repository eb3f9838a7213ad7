//! The rows of the tables: kubectl's words, cell by cell.

use super::row::Cells;
use statefulset_playground::scene::{ClaimRow, EventRow, PodRow, RecordRow};

/// A row of the table Pods.
pub fn pod(row: &PodRow) -> Cells {
    Cells::named(row.cells())
}

/// A row of the table Claims.
pub fn claim(row: &ClaimRow) -> Cells {
    Cells::named(row.cells())
}

/// A row of the table DNS records.
pub fn record(row: &RecordRow) -> Cells {
    Cells::named([&row.name, &row.kind, &row.value, &row.pod].map(String::clone).into())
}

/// A row of the table Events.
pub fn event(row: &EventRow) -> Cells {
    Cells { warning: row.is_warning(), ..Cells::plain(row.cells()) }
}
