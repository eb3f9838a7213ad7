//! head, tail, wc, cut, tr, cat, rev and tee.

use super::filter::{Filter, Made};
use super::options::{Options, with_count};
use crate::shell::output::Output;
use crate::shell::words::unescape;
use std::collections::VecDeque;

/// The header of a file among several.
fn header(name: &str, is_first: &mut bool, out: &mut Output) {
    if !std::mem::take(is_first) {
        out.line("");
    }
    out.line(&format!("==> {name} <=="));
}

/// head and tail.
#[derive(Clone)]
struct Part {
    is_head: bool,
    counts_bytes: bool,
    /// How many lines or bytes.
    count: usize,
    /// Whether the count is from the other end: `head -n -1`, `tail -n +2`.
    is_turned: bool,
    seen: usize,
    kept: VecDeque<String>,
    is_first: bool,
    is_many: bool,
}

/// Reads the command line of head.
pub fn head(words: &[String]) -> Made {
    part("head", words)
}

/// Reads the command line of tail.
pub fn tail(words: &[String]) -> Made {
    part("tail", words)
}

fn part(program: &str, words: &[String]) -> Made {
    let is_head = program == "head";
    let letters = if is_head { "n:c:qv" } else { "n:c:qvfF" };
    let long = [("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("follow", 'f')];
    let mut options = Options::read(program, &with_count(words, "n"), letters, &long)?;
    let counts_bytes = options.has('c');
    let text = options.value('n').or(options.value('c')).unwrap_or("10");
    let what = if counts_bytes { "bytes" } else { "lines" };
    let turn = if is_head { '-' } else { '+' };
    let is_turned = text.starts_with(turn);
    let digits = text.trim_start_matches(['-', '+']);
    let count: usize =
        digits.parse().map_err(|_| format!("{program}: invalid number of {what}: '{text}'"))?;
    let is_quiet = options.has('q');
    let files = std::mem::take(&mut options.rest);
    let is_many = files.len() > 1 && !is_quiet;
    Ok((
        Box::new(Part {
            is_head,
            counts_bytes,
            count,
            is_turned,
            seen: 0,
            kept: VecDeque::new(),
            is_first: true,
            is_many,
        }),
        files,
    ))
}

/// The beginning of a text of at most so many bytes.
fn cut_bytes(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

impl Filter for Part {
    fn open(&mut self, name: &str, _is_one_of_many: bool, out: &mut Output) {
        if self.is_many {
            header(name, &mut self.is_first, out);
        }
        self.seen = 0;
        self.kept.clear();
    }

    fn line(&mut self, line: &str, out: &mut Output) {
        let before = self.seen;
        self.seen += if self.counts_bytes { line.len() } else { 1 };
        match (self.is_head, self.is_turned) {
            (true, false) if self.counts_bytes => {
                out.print(cut_bytes(line, self.count.saturating_sub(before)));
            }
            (true, false) if before < self.count => out.print(line),
            (true, false) => {}
            (false, true) if self.counts_bytes => {
                let skip = self.count.saturating_sub(1).saturating_sub(before);
                out.print(line.get(cut_bytes(line, skip).len()..).unwrap_or_default());
            }
            (false, true) if self.seen >= self.count => out.print(line),
            (false, true) => {}
            _ => {
                self.kept.push_back(line.into());
                if self.kept.len() > self.count && !self.counts_bytes {
                    let line = self.kept.pop_front().unwrap_or_default();
                    if self.is_head {
                        out.print(&line);
                    }
                }
            }
        }
    }

    fn close(&mut self, out: &mut Output) {
        let kept: String = std::mem::take(&mut self.kept).into_iter().collect();
        if self.counts_bytes && !self.is_turned && !self.is_head {
            let head = cut_bytes(&kept, kept.len().saturating_sub(self.count)).len();
            out.print(kept.get(head..).unwrap_or_default());
        } else if self.counts_bytes && self.is_turned && self.is_head {
            out.print(cut_bytes(&kept, kept.len().saturating_sub(self.count)));
        } else if !self.is_head {
            out.print(&kept);
        }
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }

    fn is_done(&self) -> bool {
        self.is_head && !self.is_turned && self.seen >= self.count && !self.is_many
    }
}

/// wc.
#[derive(Clone)]
struct Wc {
    options: Options,
    is_busybox: bool,
    name: String,
    counts: [usize; 4],
    rows: Vec<([usize; 4], String)>,
}

/// Reads the command line of wc.
pub fn wc(words: &[String], is_busybox: bool) -> Made {
    let long = [("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm')];
    let mut options = Options::read("wc", words, "lwcm", &long)?;
    let files = std::mem::take(&mut options.rest);
    Ok((
        Box::new(Wc { options, is_busybox, name: String::new(), counts: [0; 4], rows: Vec::new() }),
        files,
    ))
}

impl Filter for Wc {
    fn open(&mut self, name: &str, _is_one_of_many: bool, _out: &mut Output) {
        self.name = name.into();
    }

    fn line(&mut self, line: &str, _out: &mut Output) {
        let own = [
            usize::from(line.ends_with('\n')),
            line.split_whitespace().count(),
            line.chars().count(),
            line.len(),
        ];
        self.counts.iter_mut().zip(own).for_each(|(count, own)| *count += own);
    }

    fn close(&mut self, _out: &mut Output) {
        self.rows.push((std::mem::take(&mut self.counts), std::mem::take(&mut self.name)));
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        let mut total = [0; 4];
        for (counts, _) in &self.rows {
            total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        if self.rows.len() > 1 {
            self.rows.push((total, "total".into()));
        }
        let none = self.options.given.is_empty();
        let shown = [('l', 0), ('w', 1), ('m', 2), ('c', 3)];
        let shown: Vec<usize> = shown
            .into_iter()
            .filter(|(letter, _)| self.options.has(*letter) || (none && *letter != 'm'))
            .map(|(_, column)| column)
            .collect();
        let is_stdin = self.rows.iter().all(|(_, name)| name.is_empty());
        let width = match () {
            () if shown.len() == 1 && self.rows.len() == 1 => 1,
            () if self.is_busybox => 9,
            () if is_stdin => 7,
            () => total.iter().max().unwrap_or(&0).to_string().len(),
        };
        for (counts, name) in &self.rows {
            let columns = shown.iter().filter_map(|column| counts.get(*column));
            let columns: Vec<String> = columns.map(|count| format!("{count:width$}")).collect();
            let line = format!("{} {name}", columns.join(" "));
            out.line(line.trim_end());
        }
        0
    }
}

/// Places such as `1,3-5,7-`, in their order and apart from each other.
fn ranges(text: &str) -> Option<Vec<(usize, usize)>> {
    let range = |piece: &str| match piece.split_once('-') {
        None => piece.parse().ok().map(|at| (at, at)),
        Some(("", last)) => Some((1, last.parse().ok()?)),
        Some((first, "")) => Some((first.parse().ok()?, usize::MAX)),
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
    };
    let mut ranges: Vec<(usize, usize)> = text.split(',').map(range).collect::<Option<_>>()?;
    if !ranges.iter().all(|(first, last)| *first > 0 && first <= last) {
        return None;
    }
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let touches = next.0 <= before.1.saturating_add(1);
        if touches {
            before.1 = before.1.max(next.1);
        }
        touches
    });
    Some(ranges)
}

/// cut.
#[derive(Clone)]
struct Cut {
    options: Options,
    delimiter: char,
    ranges: Vec<(usize, usize)>,
}

/// Reads the command line of cut.
pub fn cut(words: &[String]) -> Made {
    let long = [
        ("delimiter", 'd'),
        ("fields", 'f'),
        ("characters", 'c'),
        ("only-delimited", 's'),
        ("output-delimiter", 'O'),
    ];
    let mut options = Options::read("cut", words, "d:f:c:b:sO:", &long)?;
    let list = options.value('f').or(options.value('c')).or(options.value('b'));
    let list = list.ok_or(
        "cut: you must specify a list of bytes, characters, or fields\n\
         Try 'cut --help' for more information.",
    )?;
    let ranges = ranges(list).ok_or_else(|| format!("cut: invalid field value '{list}'"))?;
    let mut letters = options.value('d').unwrap_or("\t").chars();
    let delimiter = letters.next().unwrap_or('\t');
    if letters.next().is_some() {
        return Err("cut: the delimiter must be a single character\n\
                    Try 'cut --help' for more information."
            .into());
    }
    let files = std::mem::take(&mut options.rest);
    Ok((Box::new(Cut { options, delimiter, ranges }), files))
}

impl Filter for Cut {
    fn line(&mut self, line: &str, out: &mut Output) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let is_in = |number: usize| {
            let at = self.ranges.partition_point(|(_, last)| *last < number);
            self.ranges.get(at).is_some_and(|(first, _)| *first <= number)
        };
        if !self.options.has('f') {
            let chars = line.chars().enumerate().filter(|(at, _)| is_in(at + 1));
            out.line(&chars.map(|(_, c)| c).collect::<String>());
        } else if line.contains(self.delimiter) {
            let fields = line.split(self.delimiter).enumerate();
            let fields: Vec<&str> =
                fields.filter(|(at, _)| is_in(at + 1)).map(|(_, field)| field).collect();
            let own = self.delimiter.to_string();
            out.line(&fields.join(self.options.value('O').unwrap_or(&own)));
        } else if !self.options.has('s') {
            out.line(line);
        }
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }
}

/// tr.
#[derive(Clone)]
struct Tr {
    /// Each character with its place in the set.
    from: Vec<(char, usize)>,
    to: Vec<char>,
    is_complement: bool,
    deletes: bool,
    squeezes: bool,
    last: Option<char>,
}

/// Reads the command line of tr.
pub fn tr(words: &[String]) -> Made {
    let options = Options::read("tr", words, "cCds", &[("delete", 'd'), ("squeeze-repeats", 's')])?;
    let mut sets = options.rest.iter();
    let Some(from) = sets.next() else { return Err("tr: missing operand".into()) };
    let to = sets.next();
    let (deletes, squeezes) = (options.has('d'), options.has('s'));
    if to.is_none() && !deletes && !squeezes {
        return Err(format!(
            "tr: missing operand after '{from}'\nTwo strings must be given when translating."
        ));
    }
    let mut from: Vec<(char, usize)> = set(from).into_iter().zip(0..).collect();
    from.sort_unstable();
    from.dedup_by_key(|(c, _)| *c);
    let tr = Tr {
        from,
        to: to.map(|text| set(text)).unwrap_or_default(),
        is_complement: options.has('c') || options.has('C'),
        deletes,
        squeezes,
        last: None,
    };
    Ok((Box::new(tr), Vec::new()))
}

/// The characters of a set: ranges, classes, backslashes.
fn set(text: &str) -> Vec<char> {
    let mut text = text.to_owned();
    for (class, range) in [
        ("[:lower:]", "a-z"),
        ("[:upper:]", "A-Z"),
        ("[:digit:]", "0-9"),
        ("[:alpha:]", "A-Za-z"),
        ("[:alnum:]", "0-9A-Za-z"),
        ("[:space:]", " \\t\\n\\r"),
        ("[:blank:]", " \\t"),
        ("[:punct:]", "!\"#$%&'()*+,./:;<=>?@^_`{|}~-"),
    ] {
        text = text.replace(class, range);
    }
    let chars: Vec<char> = unescape(&text, false).0.chars().take(2_000).collect();
    let mut set = Vec::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(last)) if first <= last => {
                set.extend((*first..=*last).take(1_000));
                at += 3;
            }
            _ => {
                set.push(*first);
                at += 1;
            }
        }
    }
    set
}

impl Filter for Tr {
    fn line(&mut self, line: &str, out: &mut Output) {
        let mut text = String::new();
        for c in line.chars() {
            let at = self.from.binary_search_by_key(&c, |(own, _)| *own).ok();
            let at = at.and_then(|at| self.from.get(at)).map(|(_, at)| *at);
            let is_in = at.is_some() != self.is_complement;
            let c = match at {
                _ if !is_in || (self.to.is_empty() && !self.deletes) => c,
                _ if self.deletes => continue,
                Some(at) if !self.is_complement => {
                    *self.to.get(at).or(self.to.last()).unwrap_or(&c)
                }
                _ => *self.to.last().unwrap_or(&c),
            };
            if self.squeezes && is_in && self.last == Some(c) {
                continue;
            }
            self.last = Some(c);
            text.push(c);
        }
        out.print(&text);
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }
}

/// cat and nl.
#[derive(Clone)]
struct Cat {
    numbers: bool,
    skips_blank: bool,
    number: usize,
}

/// Reads the command line of cat, nl and less.
pub fn cat(name: &str, words: &[String]) -> Made {
    let letters = if name == "less" { "RSFXN" } else { "nbAETvu" };
    let options = Options::read(name, words, letters, &[("number", 'n')])?;
    let numbers = options.has('n') || options.has('N') || options.has('b') || name == "nl";
    let skips_blank = options.has('b') || name == "nl";
    Ok((Box::new(Cat { numbers, skips_blank, number: 0 }), options.rest))
}

impl Filter for Cat {
    fn line(&mut self, line: &str, out: &mut Output) {
        if self.numbers && !(self.skips_blank && line == "\n") {
            self.number += 1;
            out.print(&format!("{:6}\t", self.number));
        }
        out.print(line);
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }
}

/// rev.
#[derive(Clone)]
pub struct Rev;

impl Filter for Rev {
    fn line(&mut self, line: &str, out: &mut Output) {
        out.line(&line.strip_suffix('\n').unwrap_or(line).chars().rev().collect::<String>());
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }
}

/// tee.
#[derive(Clone)]
struct Tee {
    files: Vec<String>,
    adds: bool,
    text: String,
}

/// Reads the command line of tee.
pub fn tee(words: &[String]) -> Made {
    let options = Options::read("tee", words, "ai", &[("append", 'a')])?;
    let adds = options.has('a');
    Ok((Box::new(Tee { files: options.rest, adds, text: String::new() }), Vec::new()))
}

impl Filter for Tee {
    fn line(&mut self, line: &str, out: &mut Output) {
        out.print(line);
        self.text.push_str(line);
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }

    fn writes(&mut self) -> Option<(Vec<String>, String, bool)> {
        Some((std::mem::take(&mut self.files), std::mem::take(&mut self.text), self.adds))
    }
}
