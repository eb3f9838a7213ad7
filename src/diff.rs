//! Which lines of a text differ from another's, and the patches that lead from one to the other.

use serde::{Serialize, Serializer};
use serde_json::Value;
use std::ops::Range;

/// Beyond this many differing lines on either side, everything between counts as changed.
const MAX_TABLE: usize = 1_000;

/// A replacement of some bytes of the old text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Bytes of the old text.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Patch {
    /// The patch that was written as this tree; none if it is none.
    pub fn read(tree: &Value) -> Option<Self> {
        let [start, end, text] = tree.as_array()?.as_slice() else { return None };
        let place = |value: &Value| usize::try_from(value.as_u64()?).ok();
        Some(Self { range: place(start)?..place(end)?, replacement: text.as_str()?.into() })
    }

    /// The patches that were written as this tree; none if one of them is none.
    pub fn read_all(tree: &Value) -> Option<Vec<Self>> {
        tree.as_array()?.iter().map(Self::read).collect()
    }
}

/// Where it begins, where it ends, what stands there afterwards.
impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        (self.range.start, self.range.end, &self.replacement).serialize(out)
    }
}

/// Lines of `new`, from 1, that are not in `old` at their place.
pub fn diff_lines(old: &str, new: &str) -> Vec<u32> {
    let (old, new) = (lines(old), lines(new));
    let changed = hunks(&old, &new).into_iter().flat_map(|(_, after)| after);
    changed.map(|line| u32::try_from(line + 1).unwrap_or(u32::MAX)).collect()
}

/// Patches of `old`, in order and apart, that give `new`: of lines.
pub fn patches(old: &str, new: &str) -> Vec<Patch> {
    patches_between(old, new, '\n')
}

/// Patches of `old`, in order and apart, that give `new`: of pieces that end with a character.
pub fn patches_between(old: &str, new: &str, end: char) -> Vec<Patch> {
    let pieces = |text| str::split_inclusive(text, end).collect::<Vec<_>>();
    let (before, after) = (pieces(old), pieces(new));
    let offset = |lines: &[&str], at: usize| lines[..at].iter().map(|line| line.len()).sum();
    let hunks = hunks(&before, &after).into_iter();
    hunks
        .map(|(from, to)| {
            let (start, end): (usize, usize) =
                (offset(&before, from.start), offset(&before, from.end));
            let (new_start, new_end): (usize, usize) =
                (offset(&after, to.start), offset(&after, to.end));
            trimmed(old, start..end, &new[new_start..new_end])
        })
        .collect()
}

/// The text that patches, in order and apart, make of another; none if they do not fit it.
pub fn patched(old: &str, patches: &[Patch]) -> Option<String> {
    let mut text = String::with_capacity(old.len());
    let mut done = 0;
    for Patch { range, replacement } in patches {
        text += old.get(done..range.start)?;
        text += replacement;
        done = range.end.max(range.start);
    }
    text += old.get(done..)?;
    Some(text)
}

/// The patch without what both sides begin and end with.
fn trimmed(old: &str, range: Range<usize>, replacement: &str) -> Patch {
    let before = &old[range.clone()];
    let common = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let head = common(&mut before.chars().zip(replacement.chars()));
    let (left, right) = (&before[head..], &replacement[head..]);
    let tail = common(&mut left.chars().rev().zip(right.chars().rev()));
    Patch {
        range: range.start + head..range.end - tail,
        replacement: right[..right.len() - tail].into(),
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Ranges of lines that differ: by a longest common subsequence between equal head and tail.
fn hunks(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..], &new[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    if a.len() > MAX_TABLE || b.len() > MAX_TABLE {
        return vec![(head..head + a.len(), head..head + b.len())];
    }
    let table = common_lengths(a, b);
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (start_i, start_j) = (i, j);
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            let drop_old = j == b.len() || (i < a.len() && table[i + 1][j] >= table[i][j + 1]);
            if drop_old { i += 1 } else { j += 1 }
        }
        found.push((head + start_i..head + i, head + start_j..head + j));
    }
    found
}

/// `table[i][j]`: length of the longest common subsequence of `a[i..]` and `b[j..]`.
fn common_lengths(a: &[&str], b: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] = match a[i] == b[j] {
                true => table[i + 1][j + 1] + 1,
                false => table[i + 1][j].max(table[i][j + 1]),
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_those_of_the_new_text() {
        let cases = [
            ("a\nb\nc\n", "a\nB\nc\n", vec![2]),
            ("a\nb\n", "a\nx\nb\ny\n", vec![2, 4]),
            ("a\nb\nc\n", "a\nc\n", vec![]),
            ("", "a\n", vec![1]),
            ("a", "a\n", vec![1]),
        ];
        for (old, new, expected) in cases {
            assert_eq!(diff_lines(old, new), expected, "{old:?} -> {new:?}");
        }
    }

    #[test]
    fn patches_are_as_small_as_can_be() {
        let old = "replicas: 3\nkept\nname: é\n";
        let new = "replicas: 5\nkept\nname: è\nmore\n";
        let found: Vec<_> =
            patches(old, new).into_iter().map(|patch| (patch.range, patch.replacement)).collect();
        assert_eq!(found, [(10..11, "5".to_owned()), (23..25, "è\nmore".to_owned())]);
        assert_eq!(patched(old, &patches(old, new)).as_deref(), Some(new));
        assert_eq!(patched("short", &patches(old, new)), None);
    }
}
