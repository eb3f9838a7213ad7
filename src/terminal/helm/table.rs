//! Helm's tables: cells as wide as their columns, a tab between them.
//!
//! Upstream: `github.com/gosuri/uitable` with the separator that `cmd/helm` sets.

use crate::terminal::output::Output;

/// Prints a table with its heads.
pub fn print(head: Option<&[&str]>, rows: &[Vec<String>], out: &mut Output) {
    let heads: Vec<Vec<String>> =
        head.iter().map(|head| head.iter().map(|it| (*it).to_owned()).collect()).collect();
    let all: Vec<&Vec<String>> = heads.iter().chain(rows).collect();
    let columns = all.iter().map(|row| row.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = all.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in &all {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        out.line(&cells.collect::<Vec<_>>().join("\t"));
    }
}
