//! sort and uniq.

use super::filter::{Filter, Made};
use super::options::Options;
use crate::shell::output::Output;
use std::cmp::Ordering;

/// sort.
#[derive(Clone)]
struct Sort {
    options: Options,
    keys: Vec<Key>,
    /// Lines that are not in order yet, a few.
    fresh: Vec<Row>,
    /// Lines in order, in the order in which they came, each shorter than the one before.
    runs: Vec<Vec<Row>>,
}

/// How many lines are put in order at once.
const RUN: usize = 512;

/// A line with what it is put in order by.
#[derive(Clone)]
struct Row {
    line: String,
    parts: Vec<Part>,
}

/// What a key of a line comes to.
#[derive(Clone)]
enum Part {
    /// The line itself.
    Line,
    Number(i128, String),
    Version(String),
    Text(String),
}

/// A key of `-k`.
#[derive(Clone)]
struct Key {
    first: usize,
    last: usize,
    letters: String,
}

/// Reads the command line of sort.
pub fn sort(words: &[String]) -> Made {
    let long = [
        ("reverse", 'r'),
        ("numeric-sort", 'n'),
        ("unique", 'u'),
        ("key", 'k'),
        ("field-separator", 't'),
        ("ignore-case", 'f'),
        ("human-numeric-sort", 'h'),
        ("version-sort", 'V'),
        ("stable", 's'),
    ];
    let mut options = Options::read("sort", words, "rnufhVsbgk:t:", &long)?;
    let mut keys = Vec::new();
    for text in options.values('k') {
        let (first, last) = text.split_once(',').unwrap_or((text, ""));
        let number = |text: &str| -> Option<usize> {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text.get(..end)?.parse().ok()
        };
        let wrong =
            || format!("sort: invalid number at field start: invalid count at start of '{text}'");
        let first_field = number(first).filter(|it| *it > 0).ok_or_else(wrong)?;
        let last_field =
            if last.is_empty() { usize::MAX } else { number(last).ok_or_else(wrong)? };
        let letters = text.chars().filter(char::is_ascii_alphabetic).collect();
        keys.push(Key { first: first_field, last: last_field, letters });
    }
    let files = std::mem::take(&mut options.rest);
    Ok((Box::new(Sort { options, keys, fresh: Vec::new(), runs: Vec::new() }), files))
}

/// The number at the beginning of a text: its sign and whole part, and its fraction.
fn number(text: &str) -> (i128, String) {
    let text = text.trim_start();
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits =
        |text: &str| -> String { text.chars().take_while(char::is_ascii_digit).take(30).collect() };
    let whole = digits(text);
    let rest = text.get(whole.len()..).and_then(|rest| rest.strip_prefix('.'));
    let value = whole.parse::<i128>().unwrap_or(0);
    (if is_negative { -value } else { value }, rest.map(digits).unwrap_or_default())
}

/// Compares numbers inside of names by their values.
fn by_version(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let begin = |text: &str| text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (l, r) = (left.split_at(begin(left)), right.split_at(begin(right)));
        let end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (ld, rd) = (l.1.split_at(end(l.1)), r.1.split_at(end(r.1)));
        let order = l.0.cmp(r.0).then_with(|| number(ld.0).cmp(&number(rd.0)));
        if order != Ordering::Equal || (ld.1.is_empty() && rd.1.is_empty()) {
            return order;
        }
        if ld.0.is_empty() && rd.0.is_empty() {
            return ld.1.cmp(rd.1);
        }
        (left, right) = (ld.1, rd.1);
    }
}

impl Sort {
    fn key<'a>(&self, line: &'a str, key: &Key) -> &'a str {
        let mut fields: Vec<(usize, usize)> = Vec::new();
        match self.options.value('t').and_then(|text| text.chars().next()) {
            Some(separator) => {
                let mut start = 0;
                for piece in line.split(separator) {
                    fields.push((start, start + piece.len()));
                    start += piece.len() + separator.len_utf8();
                }
            }
            None => {
                let (mut start, mut is_in_word) = (0, false);
                for (at, c) in line.char_indices() {
                    if c.is_whitespace() && is_in_word {
                        fields.push((start, at));
                        start = at;
                    }
                    is_in_word = !c.is_whitespace();
                }
                fields.push((start, line.len()));
            }
        }
        let Some((start, _)) = fields.get(key.first - 1) else { return "" };
        let end = fields.get(key.last.saturating_sub(1)).map_or(line.len(), |(_, end)| *end);
        line.get(*start..end).unwrap_or_default()
    }

    fn has(&self, letters: &str, letter: char) -> bool {
        letters.contains(letter) || (letters.is_empty() && self.options.has(letter))
    }

    fn part(&self, text: &str, letters: &str, is_line: bool) -> Part {
        match () {
            () if "nhg".chars().any(|letter| self.has(letters, letter)) => {
                let (whole, fraction) = number(text);
                Part::Number(whole, fraction)
            }
            () if self.has(letters, 'V') => Part::Version(text.into()),
            () if self.has(letters, 'f') => Part::Text(text.to_lowercase()),
            () if is_line => Part::Line,
            () => Part::Text(text.into()),
        }
    }

    fn row(&self, line: &str) -> Row {
        let parts = match self.keys.is_empty() {
            true => vec![self.part(line, "", true)],
            false => {
                let keys = self.keys.iter();
                keys.map(|key| self.part(self.key(line, key), &key.letters, false)).collect()
            }
        };
        Row { line: line.into(), parts }
    }

    fn by_keys(&self, left: &Row, right: &Row) -> Ordering {
        let mut letters = self.keys.iter().map(|key| key.letters.as_str());
        for parts in left.parts.iter().zip(&right.parts) {
            let letters = letters.next().unwrap_or_default();
            let order = match parts {
                (Part::Line, Part::Line) => left.line.cmp(&right.line),
                (Part::Number(own, rest), Part::Number(other, others)) => {
                    (own, rest).cmp(&(other, others))
                }
                (Part::Version(left), Part::Version(right)) => by_version(left, right),
                (Part::Text(left), Part::Text(right)) => left.cmp(right),
                _ => Ordering::Equal,
            };
            if order != Ordering::Equal {
                return if self.has(letters, 'r') { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }

    fn order(&self, left: &Row, right: &Row) -> Ordering {
        let order = self.by_keys(left, right);
        if order != Ordering::Equal || self.options.has('u') || self.options.has('s') {
            return order;
        }
        let last = left.line.cmp(&right.line);
        if self.options.has('r') { last.reverse() } else { last }
    }

    /// Two runs as one; what came first stays before what is equal.
    fn merged(&self, before: Vec<Row>, after: Vec<Row>) -> Vec<Row> {
        let mut all = Vec::with_capacity(before.len() + after.len());
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
        while let (Some(left), Some(right)) = (before.peek(), after.peek()) {
            let takes_left = self.order(left, right) != Ordering::Greater;
            all.extend(if takes_left { before.next() } else { after.next() });
        }
        all.extend(before.chain(after));
        all
    }

    /// Puts the fresh lines in order, and runs together that are no longer than the last one, or all.
    fn tidy(&mut self, is_end: bool) {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.sort_by(|left, right| self.order(left, right));
        self.runs.push(fresh);
        while let [.., before, last] = self.runs.as_mut_slice() {
            if !is_end && before.len() > last.len() {
                return;
            }
            let (before, last) = (std::mem::take(before), std::mem::take(last));
            let merged = self.merged(before, last);
            self.runs.truncate(self.runs.len().saturating_sub(2));
            self.runs.push(merged);
        }
    }
}

impl Filter for Sort {
    fn line(&mut self, line: &str, _out: &mut Output) {
        let row = self.row(line.strip_suffix('\n').unwrap_or(line));
        self.fresh.push(row);
        if self.fresh.len() >= RUN {
            self.tidy(false);
        }
    }

    fn effort(&self, length: usize) -> usize {
        // Each line is compared with some others, and moved.
        length.saturating_mul(4 + 2 * self.keys.len()).saturating_add(200)
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        self.tidy(true);
        let mut rows = self.runs.pop().unwrap_or_default();
        if self.options.has('u') {
            rows.dedup_by(|right, left| self.by_keys(left, right) == Ordering::Equal);
        }
        rows.iter().for_each(|row| out.line(&row.line));
        0
    }
}

/// uniq.
#[derive(Clone)]
struct Uniq {
    options: Options,
    last: Option<String>,
    count: usize,
}

/// Reads the command line of uniq.
pub fn uniq(words: &[String]) -> Made {
    let long = [("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i')];
    let mut options = Options::read("uniq", words, "cdui", &long)?;
    let files = std::mem::take(&mut options.rest);
    Ok((Box::new(Uniq { options, last: None, count: 0 }), files))
}

impl Uniq {
    fn flush(&mut self, out: &mut Output) {
        let Some(line) = self.last.take() else { return };
        let count = std::mem::take(&mut self.count);
        let is_left_out =
            (self.options.has('d') && count == 1) || (self.options.has('u') && count > 1);
        if is_left_out {
            return;
        }
        match self.options.has('c') {
            true => out.line(&format!("{count:7} {line}")),
            false => out.line(&line),
        }
    }
}

impl Filter for Uniq {
    fn line(&mut self, line: &str, out: &mut Output) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let is_same = self.last.as_ref().is_some_and(|last| match self.options.has('i') {
            true => last.to_lowercase() == line.to_lowercase(),
            false => last == line,
        });
        if !is_same {
            self.flush(out);
            self.last = Some(line.into());
        }
        self.count += 1;
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        self.flush(out);
        0
    }
}
