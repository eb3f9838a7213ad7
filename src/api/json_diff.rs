//! The difference of two values as the server prints it in a refusal: a unified diff of their JSON.
//!
//! Upstream: `k8s.io/utils/diff` and `staging/src/k8s.io/apimachinery/pkg/util/diff`.

use serde_json::{Map, Value};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// How many pairs of lines are compared at most.
const MOST_PAIRS: usize = 1 << 20;

/// A value in lines.
pub fn print(lines: &mut Vec<String>, value: &Value, depth: usize) {
    let blank = " ".repeat(depth);
    match value {
        Value::Object(members) if !members.is_empty() => {
            lines.push(format!("{blank}{{"));
            print_members(lines, members, depth);
            lines.push(format!("{blank}}}"));
        }
        Value::Array(items) if !items.is_empty() => {
            lines.push(format!("{blank}["));
            for (at, item) in items.iter().enumerate() {
                print(lines, item, depth + 1);
                end_member(lines, at + 1 < items.len());
            }
            lines.push(format!("{blank}]"));
        }
        other => lines.push(format!("{blank}{other}")),
    }
}

fn print_members(lines: &mut Vec<String>, members: &Map<String, Value>, depth: usize) {
    for (at, (key, member)) in members.iter().enumerate() {
        let start = lines.len();
        print(lines, member, depth + 1);
        let name = Value::from(key.as_str());
        lines[start] = format!("{}{name}: {}", " ".repeat(depth + 1), lines[start].trim_start());
        end_member(lines, at + 1 < members.len());
    }
}

/// Puts a comma behind the last line where another member follows.
pub fn end_member(lines: &mut [String], is_followed: bool) {
    if let Some(last) = lines.last_mut().filter(|_| is_followed) {
        last.push(',');
    }
}

/// The unified diff of two lists of lines, without a header; empty if they are equal.
pub fn unified(old: &[String], new: &[String]) -> String {
    let ops = operations(old, new);
    let mut text = String::new();
    let mut at = 0;
    while let Some(first) = ops[at..].iter().position(|op| op.mark != ' ').map(|it| at + it) {
        let mut end = first;
        let mut last = first;
        while end < ops.len() && end <= last + 2 * CONTEXT + 1 {
            if ops[end].mark != ' ' {
                last = end;
            }
            end += 1;
        }
        let start = first.saturating_sub(CONTEXT).max(at);
        let end = (last + 1 + CONTEXT).min(ops.len());
        let count = |skip: char| ops[start..end].iter().filter(|op| op.mark != skip).count();
        let (from, to) = (ops[start].old + 1, ops[start].new + 1);
        text += &format!("@@ -{from},{} +{to},{} @@\n", count('+'), count('-'));
        for op in &ops[start..end] {
            text += &format!("{}{}\n", op.mark, op.line);
        }
        at = end;
    }
    text
}

/// One line of a diff: kept (blank), gone (`-`) or new (`+`), with the places before it.
struct Operation<'a> {
    mark: char,
    line: &'a str,
    old: usize,
    new: usize,
}

fn operations<'a>(old: &'a [String], new: &'a [String]) -> Vec<Operation<'a>> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let pairs = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = pairs.take_while(|(one, other)| one == other).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let kept =
        |at: usize, new_at: usize| Operation { mark: ' ', line: &old[at], old: at, new: new_at };
    let mut found: Vec<Operation> = (0..head).map(|at| kept(at, at)).collect();
    let longest = longest(&old[head..old_end], &new[head..new_end]);
    let (mut i, mut j) = (head, head);
    while i < old_end || j < new_end {
        let length = |i: usize, j: usize| -> u32 {
            longest.get(i - head).and_then(|row| row.get(j - head)).copied().unwrap_or(0)
        };
        let is_kept = !longest.is_empty() && i < old_end && j < new_end && old[i] == new[j];
        let is_gone = i < old_end && (j == new_end || length(i + 1, j) >= length(i, j + 1));
        let (mark, line) = match (is_kept, is_gone) {
            (true, _) => (' ', &old[i]),
            (false, true) => ('-', &old[i]),
            (false, false) => ('+', &new[j]),
        };
        found.push(Operation { mark, line, old: i, new: j });
        i += usize::from(mark != '+');
        j += usize::from(mark != '-');
    }
    found.extend((0..tail).map(|at| kept(old_end + at, new_end + at)));
    found
}

/// How long the longest common part of what stands from two places on is; nothing if that are too many
/// lines, which then all count as changed.
fn longest(old: &[String], new: &[String]) -> Vec<Vec<u32>> {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut longest = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            longest[i][j] = match a == b {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_are_far_apart_have_parts_of_their_own() {
        let lines = |first: &str, last: &str| -> Vec<String> {
            let middle = (0..9).map(|n| n.to_string());
            [first.to_owned()].into_iter().chain(middle).chain([last.to_owned()]).collect()
        };
        let text = unified(&lines("a", "b"), &lines("c", "d"));
        assert_eq!(text.matches("@@ -").count(), 2, "{text}");
        assert!(text.contains("@@ -8,4 +8,4 @@"), "{text}");
    }

    #[test]
    fn many_lines_are_compared_in_time() {
        let lines = |changed: usize, last: &str| -> Vec<String> {
            let own = (0..3_000).map(|at| format!("{at}{}", if at < changed { last } else { "" }));
            own.chain([last.to_owned()]).collect()
        };
        let text = unified(&lines(0, "a"), &lines(0, "b"));
        assert_eq!(text, "@@ -2998,4 +2998,4 @@\n 2997\n 2998\n 2999\n-a\n+b\n");
        let text = unified(&lines(2_000, "a"), &lines(2_000, "b"));
        assert!(text.starts_with("@@ -1,3001 +1,3001 @@\n-0a\n-1a\n"), "{}", &text[..80]);
    }
}
