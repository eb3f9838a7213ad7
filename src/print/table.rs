//! Columns of text.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/printers/tabwriter.go` and Go's `text/tabwriter`.

/// The rows of `kubectl get`: every column is as wide as its widest cell and three blanks, and at
/// least six wide; the last is not padded.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    widths: Vec<usize>,
}

const MIN_WIDTH: usize = 6;
const PADDING: usize = 3;

impl Columns {
    /// Lines of `rows`. Widths are remembered, so that later rows stand under earlier ones.
    pub fn lines(&mut self, rows: &[Vec<String>]) -> String {
        for row in rows {
            for (at, cell) in row.iter().enumerate().take(row.len().saturating_sub(1)) {
                if self.widths.len() <= at {
                    self.widths.push(MIN_WIDTH);
                }
                self.widths[at] = self.widths[at].max(width(cell) + PADDING);
            }
        }
        let mut text = String::new();
        for row in rows {
            for (at, cell) in row.iter().enumerate() {
                text.push_str(cell);
                if at + 1 < row.len() {
                    pad(&mut text, self.widths[at] - width(cell));
                }
            }
            text.push('\n');
        }
        text
    }
}

/// Aligns what stands between tabs: a column is a run of consecutive lines that have a tab there; it
/// is as wide as its widest cell and two blanks.
pub fn elastic(text: &str) -> String {
    const PADDING: usize = 2;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let mut widths: Vec<Vec<usize>> =
        lines.iter().map(|cells| vec![0; cells.len().saturating_sub(1)]).collect();
    for from in 0..lines.len() {
        for column in 0..widths[from].len() {
            let has_it = |line: usize| widths[line].len() > column;
            if from > 0 && has_it(from - 1) {
                continue;
            }
            let to = (from..lines.len()).find(|line| !has_it(*line)).unwrap_or(lines.len());
            let cells = lines[from..to].iter().map(|cells| width(cells[column]));
            let widest = cells.max().unwrap_or(0);
            widths[from..to].iter_mut().for_each(|widths| widths[column] = widest + PADDING);
        }
    }
    let mut aligned = String::new();
    for (cells, widths) in lines.iter().zip(&widths) {
        for (at, cell) in cells.iter().enumerate() {
            aligned.push_str(cell);
            if let Some(whole) = widths.get(at) {
                pad(&mut aligned, whole.saturating_sub(width(cell)));
            }
        }
        aligned.push('\n');
    }
    aligned
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

fn pad(text: &mut String, blanks: usize) {
    text.extend(std::iter::repeat_n(' ', blanks));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_widths() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_string()).collect::<Vec<_>>();
        let mut columns = Columns::default();
        let first = columns.lines(&[row(&["NAME", "AGE"]), row(&["web-0", "3s"])]);
        assert_eq!(first, "NAME    AGE\nweb-0   3s\n");
        assert_eq!(columns.lines(&[row(&["a", "3s"])]), "a       3s\n");
        assert_eq!(columns.lines(&[row(&["longer-name", "3s"])]), "longer-name   3s\n");
    }

    #[test]
    fn a_line_without_a_tab_ends_a_column() {
        let text = "Name:\tweb\nNamespace:\tdefault\nContainers:\n  a:\tb\n";
        let aligned = "Name:       web\nNamespace:  default\nContainers:\n  a:  b\n";
        assert_eq!(elastic(text), aligned);
    }
}
