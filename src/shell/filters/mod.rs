//! Programs that read lines and print others, as the lines come.

mod awk;
mod base64;
mod filter;
mod grep;
mod jq;
mod options;
mod regex;
mod searches;
mod sed;
mod size;
mod sort;
mod text;

use super::host::{Host, stop};
use crate::shell::output::Output;
use filter::{Filter, LINE};
use std::rc::Rc;

/// Names of the filters, sorted.
pub const NAMES: [&str; 18] = [
    "awk", "base64", "cat", "cut", "grep", "head", "jq", "less", "more", "nl", "rev", "sed",
    "sort", "tail", "tee", "tr", "uniq", "wc",
];

/// How many steps are done between two questions whether to go on: a small part of a slice.
const STEPS: usize = 100_000;

/// How many steps may be done in a substitution, which must end at once.
const AT_ONCE: usize = 8_000_000;

/// A filter with the line that has not ended.
#[derive(Clone)]
pub struct Lines {
    filter: Box<dyn Filter>,
    /// The files that it is to read.
    pub files: Vec<String>,
    /// Whether it writes into the files that it reads.
    is_in_place: bool,
    name: String,
    pending: String,
    /// Whether a line is left out for its length.
    is_cut: bool,
    /// What it has not taken yet, from a place in bytes on.
    text: Rc<str>,
    at: usize,
    /// How it goes through its files; none if it takes what comes.
    reading: Option<Reading>,
}

/// Files that are read one after the other.
#[derive(Clone)]
struct Reading {
    /// Those that have not been opened yet, the next one last.
    files: Vec<String>,
    is_one_of_many: bool,
    /// What `-` stands for.
    stdin: Option<String>,
    /// The one that is open.
    file: Option<String>,
    /// What becomes of it where it is written.
    own: Output,
    failed: i32,
}

/// A filter that was asked for; or what is wrong, and the exit status.
pub type Built = Result<Lines, (String, i32)>;

/// The filter that words name; none if they name another program.
pub fn build(words: &[String], is_busybox: bool) -> Option<Built> {
    let (name, rest) = words.split_first()?;
    let mut is_in_place = false;
    let made = match name.as_str() {
        "grep" | "egrep" | "fgrep" => grep::build(name, rest),
        "head" => text::head(rest),
        "tail" => text::tail(rest),
        "wc" => text::wc(rest, is_busybox),
        "sort" => sort::sort(rest),
        "uniq" => sort::uniq(rest),
        "cut" => text::cut(rest),
        "tr" => text::tr(rest),
        "sed" => sed::build(rest).map(|(filter, files, in_place)| {
            is_in_place = in_place;
            (filter, files)
        }),
        "awk" | "gawk" | "mawk" => awk::build(rest),
        "cat" | "nl" => text::cat(name, rest),
        "less" | "more" => text::cat("less", rest),
        "rev" => Ok((Box::new(text::Rev) as Box<dyn Filter>, rest.to_vec())),
        "tee" => text::tee(rest),
        "base64" => base64::build(rest),
        "jq" if !is_busybox => jq::build(rest),
        _ => return None,
    };
    Some(match made {
        Ok((filter, files)) => {
            let (name, pending, text) = (name.clone(), String::new(), "".into());
            let (is_cut, at, reading) = (false, 0, None);
            Ok(Lines { filter, files, is_in_place, name, pending, is_cut, text, at, reading })
        }
        Err(text) => {
            let status = if matches!(name.as_str(), "grep" | "awk" | "jq") { 2 } else { 1 };
            Err((text, status))
        }
    })
}

impl Lines {
    /// Takes text as it comes, as far as the host lets it go on. Returns the exit status if it wants no
    /// more, or there is no more.
    pub fn go_on(
        &mut self,
        input: &str,
        is_closed: bool,
        host: &mut dyn Host,
        out: &mut Output,
    ) -> Option<i32> {
        self.add(input);
        if self.reading.is_some() {
            return self.read_on(host, out);
        }
        if !self.take(host, out) {
            return None;
        }
        (self.filter.is_done() || is_closed).then(|| {
            self.close(out);
            self.end(host, out)
        })
    }

    fn add(&mut self, input: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            (self.text, self.at) = (input.into(), 0);
        } else if !input.is_empty() {
            (self.text, self.at) = (format!("{rest}{input}").into(), 0);
        }
    }

    /// Takes the lines that are there. Returns whether it has taken all, or wants no more.
    fn take(&mut self, host: &mut dyn Host, out: &mut Output) -> bool {
        let may_wait = host.session().may_wait();
        let text = Rc::clone(&self.text);
        let (mut spent, mut all): (usize, usize) = (0, 0);
        while let Some(line) = text.get(self.at..).and_then(|it| it.split_inclusive('\n').next()) {
            if self.filter.is_done() {
                self.at = text.len();
                break;
            }
            if spent > STEPS {
                spent = 0;
                if may_wait && !host.may_go_on() {
                    return false;
                }
            }
            let steps = self.filter.effort(line.len()).saturating_add(64);
            (spent, all) = (spent.saturating_add(steps), all.saturating_add(steps));
            if !may_wait && all > AT_ONCE {
                let name = &self.name;
                let why = format!("bash: $(..): stopped: too much to do at once for {name}");
                stop(host, Some(why), out);
                self.at = text.len();
                break;
            }
            self.at += line.len();
            self.one(line, out);
        }
        true
    }

    fn one(&mut self, line: &str, out: &mut Output) {
        let has_end = line.ends_with('\n');
        if self.is_cut || self.pending.len() + line.len() > LINE {
            if !self.is_cut {
                let name = &self.name;
                out.error(&format!("{name}: a line of more than {LINE} bytes is left out"));
            }
            self.is_cut = !has_end;
            self.pending.clear();
        } else if !has_end {
            self.pending.push_str(line);
        } else if self.pending.is_empty() {
            self.filter.line(line, out);
        } else {
            let whole = std::mem::take(&mut self.pending) + line;
            self.filter.line(&whole, out);
        }
    }

    /// Goes through its files.
    fn read_on(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
        loop {
            let reading = self.reading.as_mut()?;
            let Some(file) = reading.file.clone() else {
                let Some(file) = reading.files.pop() else {
                    let failed = reading.failed;
                    let status = self.end(host, out);
                    return Some(if failed != 0 { failed } else { status });
                };
                self.open(file, host, out);
                continue;
            };
            let mut own = match self.is_in_place {
                true => std::mem::take(&mut reading.own),
                false => std::mem::take(out),
            };
            let is_through = self.take(host, &mut own);
            if is_through {
                self.close(&mut own);
            }
            let reading = self.reading.as_mut()?;
            if !self.is_in_place {
                *out = own;
            } else if !is_through {
                reading.own = own;
            } else if let Err(why) = host.write(&file, &own.text(), false) {
                out.error(&format!("{}: {file}: {why}", self.name));
                reading.failed = 4;
            }
            if !is_through {
                return None;
            }
            reading.file = None;
        }
    }

    fn open(&mut self, file: String, host: &mut dyn Host, out: &mut Output) {
        let Some(reading) = &mut self.reading else { return };
        let text = match file.as_str() {
            "-" => Ok(reading.stdin.take().unwrap_or_default()),
            _ => host.read(&file),
        };
        match text {
            Ok(text) => {
                let target = if self.is_in_place { &mut reading.own } else { &mut *out };
                self.filter.open(&file, reading.is_one_of_many, target);
                (self.text, self.at) = (text.into(), 0);
                reading.file = Some(file);
            }
            Err(why) => {
                let name = self.name.as_str();
                reading.failed = if matches!(name, "grep" | "sed" | "awk") { 2 } else { 1 };
                out.error(&self.refusal(&file, &why, host.is_busybox()));
            }
        }
    }

    fn close(&mut self, out: &mut Output) {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() && !self.filter.is_done() {
            self.filter.line(&rest, out);
        }
        self.filter.close(out);
    }

    fn end(&mut self, host: &mut dyn Host, out: &mut Output) -> i32 {
        let mut status = self.filter.finish(out);
        if let Some((files, text, adds)) = self.filter.writes() {
            for file in files {
                if let Err(why) = host.write(&file, &text, adds) {
                    out.error(&format!("{}: {file}: {why}", self.name));
                    status = 1;
                }
            }
        }
        status
    }

    /// Why a file cannot be opened, in the program's words.
    fn refusal(&self, file: &str, why: &str, is_busybox: bool) -> String {
        let name = &self.name;
        match name.as_str() {
            "cat" | "tail" if is_busybox => format!("{name}: can't open '{file}': {why}"),
            _ if is_busybox => format!("{name}: {file}: {why}"),
            "head" | "tail" => format!("{name}: cannot open '{file}' for reading: {why}"),
            "sed" => format!("sed: can't read {file}: {why}"),
            "sort" => format!("sort: cannot read: {file}: {why}"),
            "jq" => format!("jq: error: Could not open {file}: {why}"),
            "awk" => format!("awk: cannot open \"{file}\" ({why})"),
            _ => format!("{name}: {file}: {why}"),
        }
    }
}

/// Gives a filter the files that it names, or what there is to read. Returns whether there is something
/// to read.
pub fn read(lines: &mut Lines, stdin: &mut Option<String>, out: &mut Output) -> bool {
    let mut files = std::mem::take(&mut lines.files);
    if files.is_empty() {
        let Some(text) = stdin.take() else { return false };
        lines.filter.open("", false, out);
        lines.text = text.into();
        return true;
    }
    let is_one_of_many = files.len() > 1;
    files.reverse();
    let stdin = if files.iter().any(|file| file == "-") { stdin.take() } else { None };
    let (file, own, failed) = (None, Output::default(), 0);
    lines.reading = Some(Reading { files, is_one_of_many, stdin, file, own, failed });
    true
}
