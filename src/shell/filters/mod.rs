//! Programs that read lines and print others, as the lines come.

mod awk;
mod base64;
mod filter;
mod grep;
mod jq;
mod options;
mod regex;
mod sed;
mod sort;
mod text;

use super::host::Host;
use crate::shell::output::Output;
use filter::{Filter, LINE};

/// Names of the filters, sorted.
pub const NAMES: [&str; 18] = [
    "awk", "base64", "cat", "cut", "grep", "head", "jq", "less", "more", "nl", "rev", "sed",
    "sort", "tail", "tee", "tr", "uniq", "wc",
];

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
            Ok(Lines { filter, files, is_in_place, name: name.clone(), pending: String::new() })
        }
        Err(text) => {
            let status = if matches!(name.as_str(), "grep" | "awk" | "jq") { 2 } else { 1 };
            Err((text, status))
        }
    })
}

impl Lines {
    /// Takes text as it comes.
    pub fn feed(&mut self, text: &str, out: &mut Output) {
        for line in text.split_inclusive('\n') {
            if self.filter.is_done() {
                return;
            }
            if self.pending.len() + line.len() > LINE {
                self.pending.clear();
                continue;
            }
            if !line.ends_with('\n') {
                self.pending.push_str(line);
            } else if self.pending.is_empty() {
                self.filter.line(line, out);
            } else {
                let whole = std::mem::take(&mut self.pending) + line;
                self.filter.line(&whole, out);
            }
        }
    }

    /// Whether it wants no more.
    pub fn is_done(&self) -> bool {
        self.filter.is_done()
    }

    fn close(&mut self, out: &mut Output) {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() && !self.filter.is_done() {
            self.filter.line(&rest, out);
        }
        self.filter.close(out);
    }

    /// Takes the end of what it reads. Returns the exit status.
    pub fn finish(&mut self, host: &mut dyn Host, out: &mut Output) -> i32 {
        self.close(out);
        self.end(host, out)
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

/// Gives a filter the files that it names, or what there is to read. Returns its exit status;
/// none if there is nothing to read.
pub fn read(
    lines: &mut Lines,
    host: &mut dyn Host,
    stdin: &mut Option<String>,
    out: &mut Output,
) -> Option<i32> {
    let files = std::mem::take(&mut lines.files);
    if files.is_empty() {
        let text = stdin.take()?;
        lines.filter.open("", false, out);
        lines.feed(&text, out);
        return Some(lines.finish(host, out));
    }
    let mut failed = 0;
    for file in &files {
        let text = match file.as_str() {
            "-" => Ok(stdin.take().unwrap_or_default()),
            _ => host.read(file),
        };
        match text {
            Ok(text) => {
                let mut own = Output::default();
                let target = if lines.is_in_place { &mut own } else { &mut *out };
                lines.filter.open(file, files.len() > 1, target);
                lines.feed(&text, target);
                lines.close(target);
                if lines.is_in_place
                    && let Err(why) = host.write(file, &own.text(), false)
                {
                    out.error(&format!("{}: {file}: {why}", lines.name));
                    failed = 4;
                }
            }
            Err(why) => {
                out.error(&lines.refusal(file, &why, host.is_busybox()));
                failed = if matches!(lines.name.as_str(), "grep" | "sed" | "awk") { 2 } else { 1 };
            }
        }
    }
    let status = lines.end(host, out);
    Some(if failed != 0 { failed } else { status })
}
