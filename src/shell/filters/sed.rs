//! sed: substitutions, deletions and what else scripts of one line do.

use super::filter::{Filter, LINE};
use super::options::Options;
use super::regex::{Dialect, compile};
use crate::shell::output::Output;
use regex_lite::{Captures, Regex};

/// Which lines a command is for.
#[derive(Clone)]
enum Address {
    Line(usize),
    Last,
    Match(Regex),
}

/// What a command does.
#[derive(Clone)]
enum Deed {
    Substitute { regex: Regex, with: String, is_global: bool, nth: usize, prints: bool },
    Delete,
    Print,
    Quit,
    Number,
    Append(String),
    Insert(String),
    Change(String),
}

#[derive(Clone)]
struct Command {
    first: Option<Address>,
    last: Option<Address>,
    is_negated: bool,
    deed: Deed,
    /// Whether the range of the command has begun.
    is_open: bool,
}

/// sed with its script.
#[derive(Clone)]
struct Sed {
    commands: Vec<Command>,
    is_quiet: bool,
    number: usize,
    /// The line that may be the last one.
    held: Option<String>,
    has_quit: bool,
}

/// A filter, its files, and whether it writes into them.
pub type InPlace = (Box<dyn Filter>, Vec<String>, bool);

/// Reads the command line: the filter, its files, whether it writes into them.
///
/// # Errors
/// What sed says about it.
pub fn build(words: &[String]) -> Result<InPlace, String> {
    // The ending of `-i.bak` stands in the same word.
    let is_in_place = |word: &str| word.starts_with("-i") || word.starts_with("--in-place");
    let in_place = words.iter().any(|word| is_in_place(word));
    let words: Vec<String> = words.iter().filter(|word| !is_in_place(word)).cloned().collect();
    let long = [("quiet", 'n'), ("silent", 'n'), ("expression", 'e'), ("regexp-extended", 'E')];
    let mut options = Options::read("sed", &words, "nEre:suz", &long)?;
    let mut scripts: Vec<String> = options.values('e').map(str::to_owned).collect();
    if scripts.is_empty() {
        if options.rest.is_empty() {
            return Err(
                "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...".into()
            );
        }
        scripts.push(options.rest.remove(0));
    }
    let is_extended = options.has('E') || options.has('r');
    let dialect = if is_extended { Dialect::Extended } else { Dialect::Basic };
    let mut commands = Vec::new();
    for (number, script) in scripts.iter().enumerate() {
        let mut reader = Reader { chars: script.chars().collect(), at: 0, dialect };
        let wrong =
            |at: usize, why: &str| format!("sed: -e expression #{}, char {at}: {why}", number + 1);
        while let Some(command) = reader.command().map_err(|why| wrong(reader.at, &why))? {
            commands.push(command);
        }
    }
    let is_quiet = options.has('n');
    let files = std::mem::take(&mut options.rest);
    let sed = Sed { commands, is_quiet, number: 0, held: None, has_quit: false };
    Ok((Box::new(sed), files, in_place))
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    dialect: Dialect,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn skip(&mut self, which: &str) {
        while self.peek().is_some_and(|c| which.contains(c)) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> usize {
        let mut number: usize = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit as usize);
            self.at += 1;
        }
        number
    }

    /// The text up to the delimiter, which a backslash may keep.
    fn until(&mut self, delimiter: char) -> Option<String> {
        let (mut text, mut is_in_set) = (String::new(), false);
        loop {
            match self.next()? {
                c if c == delimiter && !is_in_set => return Some(text),
                '\\' => {
                    let c = self.next()?;
                    if c != delimiter {
                        text.push('\\');
                    }
                    text.push(c);
                }
                c => {
                    is_in_set = match c {
                        '[' if !is_in_set => self.closes(delimiter),
                        ']' => false,
                        _ => is_in_set,
                    };
                    text.push(c);
                }
            }
        }
    }

    /// Whether a set that has begun closes, so that the delimiter may stand in it.
    fn closes(&self, delimiter: char) -> bool {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let close = rest.iter().position(|c| *c == ']');
        let end = rest.iter().position(|c| *c == delimiter);
        close.is_some_and(|close| {
            let behind = rest.get(close..).unwrap_or_default();
            end.is_none_or(|end| close < end || behind.contains(&delimiter))
        })
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        Ok(match self.peek() {
            Some(c) if c.is_ascii_digit() => Some(Address::Line(self.number())),
            Some('$') => {
                self.at += 1;
                Some(Address::Last)
            }
            Some('/') => {
                self.at += 1;
                let text = self.until('/').ok_or("unterminated address regex")?;
                let mut ignores_case = false;
                if self.peek() == Some('I') {
                    self.at += 1;
                    ignores_case = true;
                }
                Some(Address::Match(compile(&text, self.dialect, ignores_case)?))
            }
            _ => None,
        })
    }

    fn command(&mut self) -> Result<Option<Command>, String> {
        self.skip(" \t\n;");
        if self.peek().is_none() {
            return Ok(None);
        }
        let first = self.address()?;
        let mut last = None;
        self.skip(" ");
        if first.is_some() && self.peek() == Some(',') {
            self.at += 1;
            self.skip(" ");
            last = Some(self.address()?.ok_or("unexpected `,'")?);
        }
        self.skip(" ");
        let is_negated = self.peek() == Some('!');
        self.at += usize::from(is_negated);
        self.skip(" ");
        let deed = match self.next().ok_or("missing command")? {
            's' => self.substitute()?,
            'd' => Deed::Delete,
            'p' => Deed::Print,
            'q' => Deed::Quit,
            '=' => Deed::Number,
            c @ ('a' | 'i' | 'c') => {
                self.skip(" \\\n");
                let rest = self.chars.get(self.at..).unwrap_or_default();
                let text: String = rest.iter().take_while(|c| **c != '\n').collect();
                self.at += text.chars().count();
                if text.is_empty() {
                    return Err("expected \\ after `a', `c' or `i'".into());
                }
                match c {
                    'a' => Deed::Append(text),
                    'i' => Deed::Insert(text),
                    _ => Deed::Change(text),
                }
            }
            c => return Err(format!("unknown command: `{c}'")),
        };
        self.skip(" ");
        match self.peek() {
            None | Some(';' | '\n') => {}
            Some(_) => return Err("extra characters after command".into()),
        }
        Ok(Some(Command { first, last, is_negated, deed, is_open: false }))
    }

    fn substitute(&mut self) -> Result<Deed, String> {
        let unterminated = || "unterminated `s' command".to_owned();
        let delimiter = self.next().ok_or_else(unterminated)?;
        let text = self.until(delimiter).ok_or_else(unterminated)?;
        let mut with = String::new();
        loop {
            match self.next().ok_or_else(unterminated)? {
                c if c == delimiter => break,
                '\\' => {
                    let c = self.next().ok_or_else(unterminated)?;
                    if c != delimiter {
                        with.push('\\');
                    }
                    with.push(c);
                }
                c => with.push(c),
            }
        }
        let (mut is_global, mut prints, mut ignores_case, mut nth) = (false, false, false, 1);
        while let Some(c) = self.peek() {
            match c {
                'g' => is_global = true,
                'p' => prints = true,
                'i' | 'I' => ignores_case = true,
                '1'..='9' => {
                    nth = self.number();
                    continue;
                }
                ' ' | ';' | '\n' => break,
                _ => return Err("unknown option to `s'".into()),
            }
            self.at += 1;
        }
        let regex = compile(&text, self.dialect, ignores_case)?;
        Ok(Deed::Substitute { regex, with, is_global, nth, prints })
    }
}

impl Address {
    fn fits(&self, line: &str, number: usize, is_last: bool) -> bool {
        match self {
            Self::Line(own) => *own == number,
            Self::Last => is_last,
            Self::Match(regex) => regex.is_match(line),
        }
    }
}

impl Command {
    fn is_for(&mut self, line: &str, number: usize, is_last: bool) -> bool {
        let Some(first) = &self.first else { return !self.is_negated };
        let is_for = match &self.last {
            None => first.fits(line, number, is_last),
            Some(last) if self.is_open => {
                self.is_open = match last {
                    Address::Line(end) => number < *end,
                    _ => !last.fits(line, number, is_last),
                };
                !matches!(last, Address::Line(end) if number > *end)
            }
            Some(last) => {
                let begins = first.fits(line, number, is_last);
                self.is_open = begins && !matches!(last, Address::Line(end) if number >= *end);
                begins
            }
        };
        is_for != self.is_negated
    }
}

/// Writes what a match is replaced by.
fn replacement(with: &str, captures: &Captures, out: &mut String) {
    let mut chars = with.chars();
    let group = |number: usize| captures.get(number).map_or("", |found| found.as_str());
    while let Some(c) = chars.next() {
        if out.len() > LINE {
            return;
        }
        match c {
            '&' => out.push_str(group(0)),
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c) => match c.to_digit(10) {
                    Some(number) => out.push_str(group(number as usize)),
                    None => out.push(c),
                },
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
}

fn substitute(
    line: &str,
    regex: &Regex,
    with: &str,
    from: usize,
    is_global: bool,
) -> Option<String> {
    let (mut out, mut end, mut is_changed) = (String::new(), 0, false);
    for (number, captures) in regex.captures_iter(line).enumerate() {
        let Some(whole) = captures.get(0).filter(|_| number + 1 >= from) else { continue };
        out.push_str(line.get(end..whole.start()).unwrap_or_default());
        replacement(with, &captures, &mut out);
        end = whole.end();
        is_changed = true;
        if !is_global || out.len() > LINE {
            break;
        }
    }
    out.push_str(line.get(end..).unwrap_or_default());
    is_changed.then_some(out)
}

impl Sed {
    fn run(&mut self, line: &str, is_last: bool, out: &mut Output) {
        self.number += 1;
        let has_end = line.ends_with('\n');
        let mut text = line.strip_suffix('\n').unwrap_or(line).to_owned();
        let number = self.number;
        let (mut is_deleted, mut behind) = (false, Vec::new());
        for command in &mut self.commands {
            if !command.is_for(&text, number, is_last) {
                continue;
            }
            match &command.deed {
                Deed::Substitute { regex, with, is_global, nth, prints } => {
                    if let Some(new) = substitute(&text, regex, with, *nth, *is_global) {
                        text = new;
                        if *prints {
                            out.line(&text);
                        }
                    }
                }
                Deed::Delete => {
                    is_deleted = true;
                    break;
                }
                Deed::Print => out.line(&text),
                Deed::Quit => {
                    self.has_quit = true;
                    break;
                }
                Deed::Number => out.line(&number.to_string()),
                Deed::Append(text) => behind.push(text.clone()),
                Deed::Insert(text) => out.line(text),
                Deed::Change(text) => {
                    out.line(text);
                    is_deleted = true;
                    break;
                }
            }
        }
        if !is_deleted && !self.is_quiet {
            out.print(&text);
            if has_end || !behind.is_empty() {
                out.print("\n");
            }
        }
        behind.iter().for_each(|text| out.line(text));
    }
}

impl Filter for Sed {
    fn open(&mut self, _name: &str, _is_one_of_many: bool, _out: &mut Output) {
        self.number = 0;
    }

    fn line(&mut self, line: &str, out: &mut Output) {
        let looks_ahead = self.commands.iter().any(|command| {
            matches!(command.first, Some(Address::Last))
                || matches!(command.last, Some(Address::Last))
        });
        if !looks_ahead {
            return self.run(line, false, out);
        }
        if let Some(line) = self.held.replace(line.into()) {
            self.run(&line, false, out);
        }
    }

    fn close(&mut self, out: &mut Output) {
        if let Some(line) = self.held.take().filter(|_| !self.has_quit) {
            self.run(&line, true, out);
        }
    }

    fn finish(&mut self, _out: &mut Output) -> i32 {
        0
    }

    fn is_done(&self) -> bool {
        self.has_quit
    }
}
