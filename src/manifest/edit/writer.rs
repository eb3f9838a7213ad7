//! Where in the text a value goes, and which bytes make way for it.

use super::block::{Block, EditError};
use super::order::{known_name, rank};
use crate::api::path::PathStep;
use crate::manifest::scalar;
use crate::manifest::tree::{Content, Node};
use std::ops::Range;
use std::rc::Rc;

/// How a document is written, and the text to change.
pub(super) struct Writer<'a> {
    text: &'a str,
    pub(super) eol: &'static str,
    /// Columns from a key to the keys below it.
    pub(super) indent: usize,
    /// Columns from a key to the dashes below it.
    pub(super) dash_indent: usize,
    /// Keys and text in double quotes, as in JSON.
    pub(super) json: bool,
}

/// Where a value hangs: behind a key or behind a dash.
enum Holder<'a> {
    Key(&'a Node),
    Dash,
}

impl<'a> Writer<'a> {
    pub(super) fn new(text: &'a str, root: &Node) -> Self {
        let first_key = root.entries().first().map(|(key, _)| &text[key.range.clone()]);
        let is_flow = matches!(root.content, Content::Mapping { flow: true, .. });
        let mut writer = Self {
            text,
            eol: if text.contains("\r\n") { "\r\n" } else { "\n" },
            indent: 2,
            dash_indent: 0,
            json: is_flow && first_key.is_some_and(|key| key.starts_with('"')),
        };
        let indent = writer.find_indent(root);
        let dashes = writer.find_dash_indent(root);
        writer.indent = indent.unwrap_or(2);
        writer.dash_indent = dashes.unwrap_or(0);
        writer
    }

    fn find_indent(&self, node: &Node) -> Option<usize> {
        node.entries().iter().find_map(|(key, value)| {
            let Content::Mapping { entries, flow: false } = &value.content else { return None };
            let inner = self.column(entries.first()?.0.range.start);
            inner.checked_sub(self.column(key.range.start)).filter(|step| *step > 0)
        })
    }

    fn find_dash_indent(&self, node: &Node) -> Option<usize> {
        if matches!(node.content, Content::Alias(_)) {
            return None;
        }
        let in_entries = node.entries().iter().find_map(|(key, value)| match &value.content {
            Content::Sequence { items, flow: false } => {
                let dash = self.dash(items.first()?)?;
                self.column(dash).checked_sub(self.column(key.range.start))
            }
            _ => self.find_dash_indent(value),
        });
        in_entries.or_else(|| node.items().iter().find_map(|item| self.find_dash_indent(item)))
    }

    pub(super) fn put(
        &self,
        root: &Node,
        steps: &[PathStep],
        value: Block,
    ) -> Result<String, EditError> {
        let mut node = root;
        let mut holder = Holder::Dash;
        for (at, step) in steps.iter().enumerate() {
            let rest = || wrap(&steps[at + 1..], value.clone());
            match (&node.content, step) {
                (Content::Alias(_), _) => return Err(EditError::Alias),
                (Content::Mapping { entries, flow }, PathStep::Key(name)) => {
                    if let Some((key, found)) = node.entry(name) {
                        (holder, node) = (Holder::Key(key), found);
                    } else if *flow || entries.is_empty() {
                        return self.insert_flow(node, Some(name), &rest());
                    } else {
                        return self.insert_entry(entries, name, &rest());
                    }
                }
                (Content::Sequence { items, flow }, PathStep::Index(index)) => {
                    if let Some(found) = items.get(*index) {
                        (holder, node) = (Holder::Dash, found);
                    } else if *flow || items.is_empty() {
                        return self.insert_flow(node, None, &rest());
                    } else {
                        return self.append_item(items, &rest());
                    }
                }
                // What was typed there by mistake is for the person to correct.
                _ if !node.is_null() => return Err(EditError::Impossible),
                _ => return self.replace(&holder, node, &wrap(&steps[at..], value.clone())),
            }
        }
        let is_scalar = matches!(node.content, Content::Scalar { .. });
        let is_alias = matches!(node.content, Content::Alias(_));
        if matches!(value, Block::Scalar(..)) != is_scalar && !is_alias && !node.is_null() {
            return Err(EditError::Impossible);
        }
        self.replace(&holder, node, &value)
    }

    /// Another value for a key or an item.
    fn replace(&self, holder: &Holder, node: &Node, value: &Block) -> Result<String, EditError> {
        let is_inline = match &node.content {
            Content::Alias(_) => return Err(EditError::Alias),
            Content::Scalar { block, .. } => !block && !node.range.is_empty(),
            Content::Sequence { flow, .. } | Content::Mapping { flow, .. } => *flow,
        };
        if is_inline {
            let before = &self.text[node.range.clone()];
            let new = match value {
                Block::Scalar(text, kind) => scalar::write_like(text, *kind, before),
                value => self.flow(value),
            };
            return Ok(self.spliced(node.range.clone(), &new));
        }
        let Holder::Key(key) = holder else { return Err(EditError::Impossible) };
        let colon = self.behind_colon(key)?;
        let end = if node.range.is_empty() { colon } else { node.range.end.max(colon) };
        let is_empty = matches!(value, Block::List(items) if items.is_empty());
        match value {
            Block::Scalar(..) => Ok(self.spliced(colon..end, &format!(" {}", self.flow(value)))),
            _ if is_empty => Ok(self.spliced(colon..end, " []")),
            value => {
                let column = self.column(key.range.start);
                let lines = self.lines_below(column, value).join(self.eol);
                let line_end = self.line_end(colon);
                if end == colon {
                    return Ok(self.spliced(line_end..line_end, &format!("{}{lines}", self.eol)));
                }
                Ok(self.spliced(colon..end, &format!("{}{lines}", self.eol)))
            }
        }
    }

    /// A key into a block map: behind the last entry that usually stands before it.
    fn insert_entry(
        &self,
        entries: &[(Rc<Node>, Rc<Node>)],
        name: &str,
        value: &Block,
    ) -> Result<String, EditError> {
        let (first, _) = entries.first().ok_or(EditError::Impossible)?;
        let column = self.column(first.range.start);
        let mut lines = Vec::new();
        self.entry_lines(&mut lines, column, name, value);
        let own_rank = rank(name);
        let usually_before = |key: &Node| key.key_text().is_some_and(|key| rank(&key) < own_rank);
        let before = entries.iter().rev().find(|(key, _)| usually_before(key));
        let starts_line = self.text[self.line_start(first.range.start)..first.range.start]
            .bytes()
            .all(|byte| byte == b' ');
        match before {
            Some((key, value)) => Ok(self.insert_below(value.range.end.max(key.range.end), &lines)),
            None if starts_line => {
                let at = self.line_start(first.range.start);
                let block = format!("{}{}", lines.join(self.eol), self.eol);
                Ok(self.spliced(at..at, &block))
            }
            None => {
                let (key, value) = &entries[0];
                Ok(self.insert_below(value.range.end.max(key.range.end), &lines))
            }
        }
    }

    fn append_item(&self, items: &[Rc<Node>], value: &Block) -> Result<String, EditError> {
        let last = items.last().ok_or(EditError::Impossible)?;
        let dash = self.dash(last).ok_or(EditError::Impossible)?;
        let mut lines = Vec::new();
        self.item_lines(&mut lines, self.column(dash), value);
        Ok(self.insert_below(last.range.end, &lines))
    }

    /// A value into braces or brackets, at their end.
    fn insert_flow(
        &self,
        node: &Node,
        name: Option<&str>,
        value: &Block,
    ) -> Result<String, EditError> {
        let new = match name {
            Some(name) => format!("{}: {}", self.key(name), self.flow(value)),
            None => self.flow(value),
        };
        let last = match &node.content {
            Content::Mapping { entries, flow: true } => match entries.last() {
                Some((key, value)) if value.range.is_empty() => Some(self.behind_colon(key)?),
                Some((_, value)) => Some(value.range.end),
                None => None,
            },
            Content::Sequence { items, flow: true } => items.last().map(|item| item.range.end),
            _ => return Err(EditError::Impossible),
        };
        Ok(match last {
            Some(end) => self.spliced(end..end, &format!(", {new}")),
            None => self.spliced(node.range.start + 1..node.range.end - 1, &new),
        })
    }

    pub(super) fn remove(&self, root: &Node, steps: &[PathStep]) -> Result<String, EditError> {
        let (last, parents) = steps.split_last().ok_or(EditError::Impossible)?;
        let (mut parent, mut is_in_flow) = (root, false);
        for step in parents {
            is_in_flow = is_flow(parent);
            let next = match (&parent.content, step) {
                (Content::Alias(_), _) => return Err(EditError::Alias),
                (_, PathStep::Key(key)) => parent.get(key),
                (_, PathStep::Index(index)) => parent.items().get(*index),
            };
            parent = next.ok_or(EditError::Impossible)?;
        }
        match (&parent.content, last) {
            (Content::Alias(_), _) => Err(EditError::Alias),
            (Content::Mapping { entries, flow }, PathStep::Key(name)) => {
                // Braces in a block were there before anything stood in them.
                let keeps_braces = *flow && !is_in_flow;
                if entries.len() == 1 && !parents.is_empty() && !keeps_braces {
                    return self.remove(root, parents);
                }
                let is_named = |key: &Node| key.key_text().as_deref() == Some(name);
                let at = entries.iter().rposition(|(key, _)| is_named(key));
                let at = at.ok_or(EditError::Impossible)?;
                let (key, value) = &entries[at];
                let end = match value.range.is_empty() {
                    true => self.behind_colon(key)?,
                    false => value.range.end.max(key.range.end),
                };
                let next = entries.get(at + 1).map(|(key, _)| key.range.start);
                let previous = at.checked_sub(1).map(|before| entries[before].1.range.end);
                match flow {
                    true => Ok(self.cut_flow(key.range.start..end, previous, next)),
                    false => self.cut_lines(key.range.start, key.range.start..end, next),
                }
            }
            (Content::Sequence { items, flow }, PathStep::Index(at)) => {
                if items.len() == 1 && !parents.is_empty() {
                    return self.remove(root, parents);
                }
                let range = items[*at].range.clone();
                if *flow {
                    let next = items.get(at + 1).map(|item| item.range.start);
                    let previous = at.checked_sub(1).map(|before| items[before].range.end);
                    return Ok(self.cut_flow(range, previous, next));
                }
                let dash = self.dash(&items[*at]).ok_or(EditError::Impossible)?;
                self.cut_lines(dash, range, None)
            }
            _ => Err(EditError::Impossible),
        }
    }

    /// Without what stands from `start` on: whole lines, or up to what follows a dash's first key.
    fn cut_lines(
        &self,
        start: usize,
        range: Range<usize>,
        next: Option<usize>,
    ) -> Result<String, EditError> {
        let line = self.line_start(start);
        if self.text[line..start].bytes().any(|byte| byte != b' ') {
            let next = next.ok_or(EditError::Impossible)?;
            return Ok(self.spliced(start..next, ""));
        }
        let end = self.line_end(range.end);
        match self.text[end..].starts_with(['\r', '\n']) {
            true => {
                let end = end + self.text[end..].find('\n').map_or(0, |at| at + 1);
                Ok(self.spliced(line..end, ""))
            }
            false => {
                let before = self.text[..line].strip_suffix('\n').unwrap_or(&self.text[..line]);
                let before = before.strip_suffix('\r').unwrap_or(before);
                Ok(self.spliced(before.len()..end, ""))
            }
        }
    }

    fn cut_flow(
        &self,
        range: Range<usize>,
        previous: Option<usize>,
        next: Option<usize>,
    ) -> String {
        match (previous, next) {
            (_, Some(next)) => self.spliced(range.start..next, ""),
            (Some(previous), None) => self.spliced(previous..range.end, ""),
            (None, None) => self.spliced(range, ""),
        }
    }

    /// Lines behind the line that holds an offset.
    fn insert_below(&self, offset: usize, lines: &[String]) -> String {
        let end = self.line_end(offset);
        self.spliced(end..end, &format!("{}{}", self.eol, lines.join(self.eol)))
    }

    fn spliced(&self, range: Range<usize>, replacement: &str) -> String {
        [&self.text[..range.start], replacement, &self.text[range.end..]].concat()
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// The end of a line, before its line break.
    fn line_end(&self, offset: usize) -> usize {
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        end - usize::from(self.text[offset..end].ends_with('\r'))
    }

    fn column(&self, offset: usize) -> usize {
        offset - self.line_start(offset)
    }

    fn behind_colon(&self, key: &Node) -> Result<usize, EditError> {
        let colon = self.text[key.range.end..].find(':').ok_or(EditError::Impossible)?;
        Ok(key.range.end + colon + 1)
    }

    /// Where the dash of a block list's item stands.
    fn dash(&self, item: &Node) -> Option<usize> {
        let mut end = item.range.start;
        loop {
            let start = self.line_start(end);
            let line = &self.text[start..end];
            let code = line.split(" #").next().unwrap_or(line);
            if let Some(dash) = code.rfind('-')
                && code[dash + 1..].bytes().all(|byte| byte == b' ' || byte == b'\r')
            {
                return Some(start + dash);
            }
            end = start.checked_sub(1)?;
        }
    }
}

/// The value below the keys and indexes that lead to it.
fn wrap(steps: &[PathStep], value: Block) -> Block {
    steps.iter().rev().fold(value, |value, step| match step {
        PathStep::Key(name) => Block::Map(vec![(known_name(name), value)]),
        PathStep::Index(_) => Block::List(vec![value]),
    })
}

fn is_flow(node: &Node) -> bool {
    matches!(
        node.content,
        Content::Mapping { flow: true, .. } | Content::Sequence { flow: true, .. }
    )
}
