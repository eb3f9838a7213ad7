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
    lines: Vec<String>,
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
    Ok((Box::new(Sort { options, keys, lines: Vec::new() }), files))
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

    fn texts(&self, left: &str, right: &str, letters: &str) -> Ordering {
        let has = |letter: char| {
            letters.contains(letter) || (letters.is_empty() && self.options.has(letter))
        };
        let order = match () {
            () if has('n') || has('h') || has('g') => number(left).cmp(&number(right)),
            () if has('V') => by_version(left, right),
            () if has('f') => left.to_lowercase().cmp(&right.to_lowercase()),
            () => left.cmp(right),
        };
        if has('r') { order.reverse() } else { order }
    }

    fn order(&self, left: &str, right: &str) -> Ordering {
        if self.keys.is_empty() {
            return self.texts(left, right, "");
        }
        let orders = self
            .keys
            .iter()
            .map(|key| self.texts(self.key(left, key), self.key(right, key), &key.letters));
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

impl Filter for Sort {
    fn line(&mut self, line: &str, _out: &mut Output) {
        self.lines.push(line.strip_suffix('\n').unwrap_or(line).into());
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        let mut lines = std::mem::take(&mut self.lines);
        let is_reverse = self.options.has('r');
        let (is_unique, is_stable) = (self.options.has('u'), self.options.has('s'));
        lines.sort_by(|left, right| {
            let order = self.order(left, right);
            if is_unique || is_stable {
                return order;
            }
            let last = left.cmp(right);
            order.then(if is_reverse { last.reverse() } else { last })
        });
        if is_unique {
            lines.dedup_by(|right, left| self.order(left, right) == Ordering::Equal);
        }
        lines.iter().for_each(|line| out.line(line));
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
