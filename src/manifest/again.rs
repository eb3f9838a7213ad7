//! What need not be read again: documents whose part of the text is as it was.

use super::contents::{Manifest, Part};
use super::diagnostic::Diagnostic;
use super::document::Document;
use super::split::Chunk;
use super::tree::{Content, Node};
use std::ops::Range;
use std::rc::Rc;

/// A part of a text that is to be read.
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    pub(super) chunk: &'a Chunk,
    /// The line, from 0, in which it begins.
    pub(super) line: usize,
    /// How many parts come before it.
    pub(super) at: usize,
    /// How many come from here on.
    pub(super) left: usize,
}

/// Whether a part begins a line; a first part that follows a byte order mark does not.
fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text[..at].ends_with('\n')
}

/// How far places have moved.
#[derive(Clone, Copy)]
struct Move {
    bytes: isize,
    lines: i64,
}

impl Move {
    fn range(self, range: &Range<usize>) -> Range<usize> {
        range.start.saturating_add_signed(self.bytes)..range.end.saturating_add_signed(self.bytes)
    }

    fn diagnostic(self, found: &Diagnostic) -> Diagnostic {
        let line = u32::try_from(i64::from(found.line) + self.lines).unwrap_or(found.line);
        Diagnostic { line, range: self.range(&found.range), ..found.clone() }
    }

    fn document(self, document: &Document) -> Option<Document> {
        let root = self.node(&document.root)?;
        Some(Document { range: self.range(&document.range), root, ..document.clone() })
    }

    /// None if there are aliases: what they refer to is shared.
    fn node(self, node: &Rc<Node>) -> Option<Rc<Node>> {
        if self.bytes == 0 {
            return Some(Rc::clone(node));
        }
        let content = match &node.content {
            Content::Scalar { .. } => node.content.clone(),
            Content::Alias(_) => return None,
            Content::Sequence { items, flow } => {
                let items = items.iter().map(|item| self.node(item)).collect::<Option<_>>()?;
                Content::Sequence { items, flow: *flow }
            }
            Content::Mapping { entries, flow } => {
                let moved = entries
                    .iter()
                    .map(|(key, value)| Some((self.node(key)?, self.node(value)?)))
                    .collect::<Option<_>>()?;
                Content::Mapping { entries: moved, flow: *flow }
            }
        };
        Some(Rc::new(Node { range: self.range(&node.range), content }))
    }
}

impl Manifest {
    /// What was read from the same part of this text, where it is now; none if there is no such part
    /// as far from the beginning or from the end.
    #[inline(never)]
    pub(super) fn part(&self, place: &Place) -> Option<(Vec<Document>, Vec<Diagnostic>)> {
        let from_end = self.parts.len().checked_sub(place.left);
        let Chunk { range, from, kind } = place.chunk;
        let is_same = |part: &&Part| {
            let chunk = &part.chunk;
            chunk.kind == *kind
                && self.text[chunk.from..chunk.range.end] == place.text[*from..range.end]
                && chunk.range.len() == range.len()
                && begins_line(&self.text, chunk.from) == begins_line(place.text, *from)
        };
        let part = self.parts.get(place.at).filter(is_same);
        let part = part.or_else(|| self.parts.get(from_end?).filter(is_same))?;
        let moved = Move {
            bytes: range.start.checked_signed_diff(part.chunk.range.start)?,
            lines: i64::try_from(place.line).ok()? - i64::try_from(part.line).ok()?,
        };
        let documents = &self.documents[part.documents.clone()];
        let documents = documents.iter().map(|each| moved.document(each)).collect::<Option<_>>()?;
        Some((documents, part.found.iter().map(|each| moved.diagnostic(each)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Reading;
    use crate::manifest::examples::FIRST_TEXT;

    /// Reading on from one text to the other comes to the same as reading the other.
    fn check(before: &str, after: &str) {
        let old = Manifest::parse(before);
        let again = old.parse_again(after, &old.kubernetes);
        assert_eq!(format!("{again:#?}"), format!("{:#?}", Manifest::parse(after)), "{after:?}");
        let mut reading = Reading::new(after, &old.kubernetes);
        while !reading.go_on(Some(&old), &|| false) {}
        assert_eq!(format!("{again:?}"), format!("{:?}", reading.done()), "in slices: {after:?}");
    }

    #[test]
    fn reading_again_comes_to_the_same() {
        let broken = "kind: [\n";
        let wrong = "apiVersion: v1\nkind: Service\nmetadata: {name: a, name: b}\nspecs: 1\n";
        let alias = "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\ndata: {b: *m}\n";
        let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", wrong.replace('\n', "\n  "));
        let parts =
            ["", "# said\n", FIRST_TEXT, broken, wrong, alias, &list, "a: b\r\n", "\u{feff}"];
        for first in parts {
            for second in parts {
                let text = format!("{first}---\n{second}---\n{wrong}");
                check(&text, &format!("# é\n{text}"));
                check(&text, &format!("{text}# é\n"));
                check(&text, &format!("\u{feff}{text}"));
                check(&format!("\u{feff}{text}"), &text);
                check(&text, &format!("{second}---\n{first}--- x\n{wrong}"));
                check(&text, &format!("{first}---\n---\n{second}---\n{wrong}"));
                check(&text, second);
                check(second, &text);
            }
        }
    }
}
