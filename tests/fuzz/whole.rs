//! Nothing of a text is lost: every character belongs to a document or to a diagnostic.

use statefulset_playground::manifest::{Content, Document, Manifest, Node, Severity};
use std::ops::Range;

/// Reads a text, and looks for what became of its characters.
pub fn check(text: &str) {
    let manifest = Manifest::parse(text);
    let found = &manifest.diagnostics;
    if found.iter().any(|it| it.message.starts_with("this playground reads at most")) {
        return;
    }
    for part in parts(text) {
        let read: Vec<&Document> = manifest
            .documents
            .iter()
            .filter(|it| it.range.start < part.end && part.start < it.range.end)
            .collect();
        // kubectl may read the separator before a document as a part of it.
        let before = text[..part.start].trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
        let told = || {
            found.iter().filter(|it| {
                let is_read = it.message.starts_with("error converting YAML to JSON: ");
                let start = if is_read { before } else { part.start };
                it.range.start <= part.end && start <= it.range.end
            })
        };
        if read.is_empty() {
            let is_told = told().next().is_some();
            let rest = is_told || syntax(&text[part.clone()]).is_none();
            assert!(rest, "{part:?} is lost of {text:?}");
        }
        for document in read {
            // What kubectl passes over is told by itself.
            let unread = told().filter(|it| it.severity == Severity::Warning);
            let unread = unread.filter(|it| document.range.start <= it.range.start);
            let unread = unread.filter(|it| it.message.starts_with("kubectl does not read"));
            let end = unread.map(|it| it.range.start).next_back();
            let last = document.range.end;
            inside(text, document, end.map_or(last, |end| end.min(last)));
        }
    }
}

/// What is between separators, as lines tell it.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        // A byte order mark counts for nothing at the very beginning.
        let line_begins =
            if at == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        if line_begins.starts_with("---") {
            found.push(start..at);
            start = at + line.len();
        }
        at += line.len();
    }
    found.push(start..text.len());
    found
}

/// Between the values of a document there is nothing but what YAML and JSON are written with.
fn inside(text: &str, document: &Document, end: usize) {
    // The map around the items of a list is not kept.
    if document.is_item {
        return;
    }
    let mut values = Vec::new();
    collect(&document.root, &mut values);
    values.sort_by_key(|range| (range.start, range.end));
    let mut at = document.range.start;
    for range in values.into_iter().chain(std::iter::once(end..end)) {
        if let Some(gap) = text.get(at..range.start)
            && let Some(lost) = syntax(gap)
        {
            panic!("{lost:?} is lost at {at} of {text:?}");
        }
        at = at.max(range.end);
    }
}

fn collect(node: &Node, values: &mut Vec<Range<usize>>) {
    match &node.content {
        Content::Scalar { .. } | Content::Alias(_) => values.push(node.range.clone()),
        Content::Sequence { items, .. } => items.iter().for_each(|item| collect(item, values)),
        Content::Mapping { entries, .. } => {
            for (key, value) in entries {
                collect(key, values);
                collect(value, values);
            }
        }
    }
}

/// What in a text is none of comments, blanks, indicators, anchors, tags and directives.
fn syntax(text: &str) -> Option<&str> {
    const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut rest = text;
    let mut begins_line = true;
    loop {
        let next = rest.chars().next()?;
        let length = match next {
            '#' => rest.find(BREAKS).unwrap_or(rest.len()),
            '%' if begins_line => rest.find(BREAKS).unwrap_or(rest.len()),
            '&' | '!' => rest.find(char::is_whitespace).unwrap_or(rest.len()),
            '|' | '>' => {
                let header = |c: char| "+-".contains(c) || c.is_ascii_digit();
                1 + rest[1..].find(|c| !header(c)).unwrap_or(rest.len() - 1)
            }
            '.' if rest.starts_with("...") && begins_line => 3,
            '-' | '?' | ':' | ',' | '[' | ']' | '{' | '}' | '\u{feff}' => next.len_utf8(),
            next if next.is_whitespace() => next.len_utf8(),
            _ => return Some(rest),
        };
        begins_line = BREAKS.contains(&next);
        rest = &rest[length..];
    }
}
