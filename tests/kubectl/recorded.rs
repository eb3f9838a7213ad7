//! A recorded cluster as commands see it, and how outputs are compared.

use super::server::Server;
use super::transcript::{Command, Transcript};
use statefulset_playground::api::timestamp;

/// The cluster of a command: the objects of its state, at its moment.
pub fn world(transcript: &Transcript, command: &Command) -> Server {
    let Some((state, now)) = &command.state else { return Server::new(Vec::new(), 0) };
    Server::new(transcript.objects(*state), timestamp::parse(now).unwrap())
}

/// Whether two outputs are the same but for ages and names of temporary files.
pub fn is_same_text(ours: &str, theirs: &str) -> bool {
    let (left, right) = (tokens(&masked(ours)), tokens(&masked(theirs)));
    left.len() == right.len()
        && left.iter().zip(&right).all(|(left, right)| is_same_token(left, right))
}

/// Words and the gaps between them. A gap's width may depend on an age.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut is_gap = false;
    for c in text.chars() {
        let gap = c == ' ';
        match tokens.last_mut() {
            Some(last) if gap == is_gap && c != '\n' && !last.ends_with('\n') => last.push(c),
            _ => tokens.push(c.into()),
        }
        is_gap = gap;
    }
    tokens
}

fn is_same_token(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let (Some(a), Some(b)) = (age(left), age(right)) else {
        // Gaps of at least two blanks may be one wider beside an age of another width.
        let is_gap = |text: &str| text.len() > 1 && text.bytes().all(|byte| byte == b' ');
        return is_gap(left) && is_gap(right) && left.len().abs_diff(right.len()) <= 2;
    };
    let unit = if a.min(b) < 600 { 1 } else { 60 };
    a.abs_diff(b) <= unit
}

/// The seconds of an age such as `2m14s`.
fn age(text: &str) -> Option<u64> {
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let (mut seconds, mut digits) = (0, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        seconds += digits.parse::<u64>().ok()? * unit;
        digits.clear();
    }
    digits.is_empty().then_some(seconds)
}

/// A text without the numbers of temporary files and the times of their headers.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for line in text.lines() {
        let is_header =
            ["diff -u -N", "--- /tmp/", "+++ /tmp/"].iter().any(|it| line.starts_with(it));
        let line = if is_header { line.split('\t').next().unwrap_or(line) } else { line };
        let mut rest = line;
        while let Some(at) =
            ["/LIVE-", "/MERGED-"].iter().filter_map(|it| Some(rest.find(it)? + it.len())).min()
        {
            masked.push_str(&rest[..at]);
            rest = rest[at..].trim_start_matches(|c: char| c.is_ascii_digit());
            rest = rest.strip_prefix("<n>").or(rest.strip_prefix('N')).unwrap_or(rest);
        }
        masked.push_str(rest);
        masked.push('\n');
    }
    if !text.ends_with('\n') {
        masked.pop();
    }
    masked
}
