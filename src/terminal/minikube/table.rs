//! minikube's tables.
//!
//! Upstream: `olekukonko/tablewriter` 0.0.5 with borders left and right and `|` in the middle.

use crate::terminal::output::Output;

/// How wide a text stands on the screen: symbols such as ✅ take two columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x2600 { 2 } else { 1 }).sum()
}

/// Prints a table: heads in the middle, cells at the left. The columns of `right` stand at the right.
pub fn print(head: &[&str], rows: &[Vec<String>], right: &[usize], out: &mut Output) {
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
            cells.chain([width(head)]).max().unwrap_or(0)
        })
        .collect();
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let border = format!("|{}|", dashes.join("|"));
    out.line(&border);
    let line = |cells: Vec<String>| format!("|{}|", cells.join("|"));
    out.line(&line(head.iter().zip(&widths).map(|(cell, width)| middle(cell, *width)).collect()));
    out.line(&border);
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, whole))| {
            let space = " ".repeat(whole.saturating_sub(width(cell)));
            match right.contains(&column) && !cell.is_empty() {
                true => format!(" {space}{cell} "),
                false => format!(" {cell}{space} "),
            }
        });
        out.line(&line(cells.collect()));
    }
    out.line(&border);
}

fn middle(cell: &str, whole: usize) -> String {
    let gap = whole.saturating_sub(width(cell));
    let left = gap / 2;
    format!(" {}{cell}{} ", " ".repeat(left), " ".repeat(gap - left))
}
