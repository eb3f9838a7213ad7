//! grep.

use super::filter::{Filter, Made};
use super::options::Options;
use super::regex::{Budget, Dialect, Expression, STATES, TOO_BIG, TooLong, compile};
use crate::shell::output::Output;
use std::collections::VecDeque;

/// How many lines of context are kept.
const CONTEXT: usize = 10_000;

/// The long names of options.
const LONG: [(&str, char); 17] = [
    ("ignore-case", 'i'),
    ("invert-match", 'v'),
    ("extended-regexp", 'E'),
    ("fixed-strings", 'F'),
    ("basic-regexp", 'G'),
    ("perl-regexp", 'P'),
    ("count", 'c'),
    ("line-number", 'n'),
    ("only-matching", 'o'),
    ("word-regexp", 'w'),
    ("regexp", 'e'),
    ("quiet", 'q'),
    ("after-context", 'A'),
    ("before-context", 'B'),
    ("context", 'C'),
    ("max-count", 'm'),
    ("color", 'Z'),
];

/// grep with its options.
#[derive(Clone)]
struct Grep {
    patterns: Vec<Expression>,
    options: Options,
    before: usize,
    after: usize,
    most: usize,
    /// What is put before each line.
    prefix: String,
    name: String,
    number: usize,
    count: usize,
    is_found: bool,
    /// The lines that may become the context of a match, with their numbers.
    kept: VecDeque<(usize, String)>,
    /// How many more lines are the context of a match.
    owed: usize,
    /// The last line that was printed.
    printed: usize,
    /// An error that ends it.
    error: Option<String>,
}

/// Reads the command line.
pub fn build(name: &str, words: &[String]) -> Made {
    let words = super::options::with_count(words, "C");
    let mut options = Options::read("grep", &words, "iyvEFGPcnowxqhHlsrLaZA:B:C:e:m:", &LONG)?;
    let mut texts: Vec<String> = options.values('e').map(str::to_owned).collect();
    if texts.is_empty() {
        if options.rest.is_empty() {
            return Err("Usage: grep [OPTION]... PATTERNS [FILE]...\n\
                        Try 'grep --help' for more information."
                .into());
        }
        texts.push(options.rest.remove(0));
    }
    let dialect = match () {
        () if options.has('F') || name == "fgrep" => Dialect::Fixed,
        () if options.has('E') || options.has('P') || name == "egrep" => Dialect::Extended,
        () => Dialect::Basic,
    };
    let (mut patterns, mut states) = (Vec::new(), 0);
    for text in texts.iter().flat_map(|text| text.split('\n')) {
        let regex = compile(text, dialect, options.has('i') || options.has('y'));
        let pattern = regex.map_err(|why| format!("grep: {why}"))?;
        states += pattern.states();
        if states > STATES {
            return Err(format!("grep: {TOO_BIG}"));
        }
        patterns.push(pattern);
    }
    let number = |letter: char, what: &str| match options.value(letter) {
        None => Ok(None),
        Some(text) => match text.parse::<usize>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("grep: {text}: {what}")),
        },
    };
    let context = number('C', "invalid context length argument")?.unwrap_or(0);
    let before = number('B', "invalid context length argument")?.unwrap_or(context).min(CONTEXT);
    let after = number('A', "invalid context length argument")?.unwrap_or(context).min(CONTEXT);
    let most = number('m', "invalid max count")?.unwrap_or(usize::MAX);
    let files = std::mem::take(&mut options.rest);
    let grep = Grep {
        patterns,
        options,
        before,
        after,
        most,
        prefix: String::new(),
        name: String::new(),
        number: 0,
        count: 0,
        is_found: false,
        kept: VecDeque::new(),
        owed: 0,
        printed: 0,
        error: None,
    };
    Ok((Box::new(grep), files))
}

impl Grep {
    /// Where the line matches: all places if they are to be printed, else one.
    fn found(&self, line: &str) -> Result<Vec<(usize, usize)>, TooLong> {
        let (is_word, is_line) = (self.options.has('w'), self.options.has('x'));
        let takes_all = self.options.has('o');
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_wanted = |(start, end): (usize, usize)| {
            let before = line.get(..start).and_then(|text| text.chars().next_back());
            let behind = line.get(end..).and_then(|text| text.chars().next());
            let is_apart = !before.is_some_and(is_part) && !behind.is_some_and(is_part);
            (!is_word || is_apart) && (!is_line || (start == 0 && end == line.len()))
        };
        let mut all = Vec::new();
        let mut budget = Budget::default();
        for pattern in &self.patterns {
            all.extend(pattern.places(line, &mut budget, takes_all, is_wanted)?);
            if !takes_all && !all.is_empty() {
                break;
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    fn print(&mut self, number: usize, mark: char, text: &str, out: &mut Output) {
        let has_context = self.before + self.after > 0;
        if has_context && self.printed > 0 && number > self.printed + 1 {
            out.line("--");
        }
        self.printed = number;
        if !self.prefix.is_empty() {
            out.print(&format!("{}{mark}", self.prefix));
        }
        if self.options.has('n') {
            out.print(&format!("{number}{mark}"));
        }
        out.line(text);
    }
}

impl Filter for Grep {
    fn effort(&self, length: usize) -> usize {
        let own = self.patterns.iter().map(|pattern| pattern.steps(length));
        own.fold(length, usize::saturating_add)
    }

    fn open(&mut self, name: &str, is_one_of_many: bool, _out: &mut Output) {
        let shows = self.options.has('H') || (is_one_of_many && !self.options.has('h'));
        self.prefix = if shows { name.into() } else { String::new() };
        self.name = name.into();
        (self.number, self.count, self.owed, self.printed) = (0, 0, 0, 0);
        self.kept.clear();
    }

    fn line(&mut self, line: &str, out: &mut Output) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        self.number += 1;
        let found = match self.found(line) {
            Ok(found) => found,
            Err(why) => {
                self.error = Some(why.told("grep"));
                return;
            }
        };
        let is_match = found.is_empty() == self.options.has('v') && self.count < self.most;
        let is_silent = ['q', 'c', 'l', 'L'].into_iter().any(|letter| self.options.has(letter));
        if !is_match {
            if is_silent || self.options.has('o') {
            } else if self.owed > 0 {
                self.owed -= 1;
                self.print(self.number, '-', line, out);
            } else if self.before > 0 {
                self.kept.push_back((self.number, line.into()));
                if self.kept.len() > self.before {
                    self.kept.pop_front();
                }
            }
            return;
        }
        self.is_found = true;
        self.count += 1;
        if is_silent {
            return;
        }
        for (number, text) in std::mem::take(&mut self.kept) {
            self.print(number, '-', &text, out);
        }
        self.owed = self.after;
        if !self.options.has('o') {
            self.print(self.number, ':', line, out);
        } else if !self.options.has('v') {
            let mut from = 0;
            for (start, end) in found {
                if start >= from && end > start {
                    self.print(self.number, ':', line.get(start..end).unwrap_or_default(), out);
                    from = end;
                }
            }
        }
    }

    fn close(&mut self, out: &mut Output) {
        let quiet = self.options.has('q');
        if self.options.has('c') && !quiet {
            let prefix = &self.prefix;
            let mark = if prefix.is_empty() { "" } else { ":" };
            out.line(&format!("{prefix}{mark}{}", self.count));
        } else if (self.options.has('l') && self.count > 0 && !quiet)
            || (self.options.has('L') && self.count == 0)
        {
            out.line(if self.name.is_empty() { "(standard input)" } else { &self.name });
        }
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        match self.error.take() {
            Some(text) => {
                out.error(&text);
                2
            }
            None => i32::from(!self.is_found),
        }
    }

    fn is_done(&self) -> bool {
        self.error.is_some()
            || (self.is_found && self.options.has('q'))
            || (self.count >= self.most && self.owed == 0)
    }
}
