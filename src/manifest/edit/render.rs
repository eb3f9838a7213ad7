//! How a new value is written, in the style of its document.

use super::block::Block;
use super::writer::Writer;
use crate::manifest::scalar::{self, Kind};

impl Writer<'_> {
    pub(super) fn key(&self, name: &str) -> String {
        if self.json { format!("\"{name}\"") } else { name.into() }
    }

    /// A value on one line.
    pub(super) fn flow(&self, value: &Block) -> String {
        match value {
            Block::Scalar(text, Kind::Text) if self.json => {
                scalar::write_like(text, Kind::Text, "\"")
            }
            Block::Scalar(text, kind) => scalar::write(text, *kind),
            Block::Map(entries) => {
                let each = entries
                    .iter()
                    .map(|(name, value)| format!("{}: {}", self.key(name), self.flow(value)));
                format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
            }
            Block::List(items) => {
                let each = items.iter().map(|item| match item {
                    Block::Scalar(text, Kind::Text) => scalar::write_like(text, Kind::Text, "\""),
                    item => self.flow(item),
                });
                format!("[{}]", each.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The lines of a map or list that hangs below a key at this column.
    pub(super) fn lines_below(&self, column: usize, value: &Block) -> Vec<String> {
        let mut lines = Vec::new();
        match value {
            Block::Scalar(..) => lines.push(format!("{:column$}{}", "", self.flow(value))),
            Block::Map(entries) => {
                for (name, value) in entries {
                    self.entry_lines(&mut lines, column + self.indent, name, value);
                }
            }
            Block::List(items) => {
                for item in items {
                    self.item_lines(&mut lines, column + self.dash_indent, item);
                }
            }
        }
        lines
    }

    pub(super) fn entry_lines(
        &self,
        lines: &mut Vec<String>,
        column: usize,
        name: &str,
        value: &Block,
    ) {
        let of_scalars = |items: &[Block]| items.iter().all(|i| matches!(i, Block::Scalar(..)));
        let on_one_line = match value {
            Block::Scalar(..) => true,
            Block::Map(entries) => entries.is_empty(),
            Block::List(items) => of_scalars(items),
        };
        if on_one_line {
            lines.push(format!("{:column$}{name}: {}", "", self.flow(value)));
        } else {
            lines.push(format!("{:column$}{name}:", ""));
            lines.extend(self.lines_below(column, value));
        }
    }

    pub(super) fn item_lines(&self, lines: &mut Vec<String>, column: usize, item: &Block) {
        let mut own = Vec::new();
        match item {
            Block::Map(entries) if !entries.is_empty() => {
                for (name, value) in entries {
                    self.entry_lines(&mut own, column + 2, name, value);
                }
            }
            item => own.push(format!("{:width$}{}", "", self.flow(item), width = column + 2)),
        }
        if let Some(first) = own.first_mut() {
            first.replace_range(column..=column, "-");
        }
        lines.append(&mut own);
    }
}
