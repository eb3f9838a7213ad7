//! sed: substitutions, deletions and what else scripts of one line do.

use super::filter::{Filter, LINE};
use super::options::Options;
use super::regex::{Budget, Dialect, Expression, STATES, TOO_BIG, TooLong, compile, compile_whole};
use crate::shell::output::Output;
use regex_lite::Captures;

/// Which lines a command is for.
#[derive(Clone)]
enum Address {
    Line(usize),
    Last,
    Match(Expression),
}

/// What a command does.
#[derive(Clone)]
enum Deed {
    Substitute { regex: Expression, with: String, is_global: bool, nth: usize, prints: bool },
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
    /// An error that ends it.
    error: Option<String>,
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
    if commands.iter().flat_map(Command::regexes).map(Expression::states).sum::<usize>() > STATES {
        return Err(format!("sed: {TOO_BIG}"));
    }
    let is_quiet = options.has('n');
    let files = std::mem::take(&mut options.rest);
    let sed = Sed { commands, is_quiet, number: 0, held: None, has_quit: false, error: None };
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
        let regex = compile_whole(&text, self.dialect, ignores_case)?;
        Ok(Deed::Substitute { regex, with, is_global, nth, prints })
    }
}

/// A line that commands look at.
struct Seen<'a> {
    line: &'a str,
    number: usize,
    is_last: bool,
}

impl Address {
    fn fits(&self, seen: &Seen, budget: &mut Budget) -> Result<bool, TooLong> {
        Ok(match self {
            Self::Line(own) => *own == seen.number,
            Self::Last => seen.is_last,
            Self::Match(regex) => return regex.is_match(seen.line, budget),
        })
    }

    fn regex(&self) -> Option<&Expression> {
        match self {
            Self::Match(regex) => Some(regex),
            _ => None,
        }
    }
}

impl Command {
    fn is_for(&mut self, seen: &Seen, budget: &mut Budget) -> Result<bool, TooLong> {
        let Some(first) = &self.first else { return Ok(!self.is_negated) };
        let number = seen.number;
        let is_for = match &self.last {
            None => first.fits(seen, budget)?,
            Some(last) if self.is_open => {
                self.is_open = match last {
                    Address::Line(end) => number < *end,
                    _ => !last.fits(seen, budget)?,
                };
                !matches!(last, Address::Line(end) if number > *end)
            }
            Some(last) => {
                let begins = first.fits(seen, budget)?;
                self.is_open = begins && !matches!(last, Address::Line(end) if number >= *end);
                begins
            }
        };
        Ok(is_for != self.is_negated)
    }

    /// The expressions in it.
    fn regexes(&self) -> impl Iterator<Item = &Expression> {
        let addresses = [&self.first, &self.last].into_iter().flatten().filter_map(Address::regex);
        addresses.chain(match &self.deed {
            Deed::Substitute { regex, .. } => Some(regex),
            _ => None,
        })
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

/// A line with what stands in place of matches; none if there is no match.
fn substitute(
    line: &str,
    (regex, with): (&Expression, &str),
    (from, is_global): (usize, bool),
    budget: &mut Budget,
) -> Result<Option<String>, TooLong> {
    let (mut out, mut end, mut is_changed, mut number) = (String::new(), 0, false, 0);
    regex.captures(line, budget, |captures| {
        number += 1;
        let Some(whole) = captures.get(0).filter(|_| number >= from) else { return true };
        out.push_str(line.get(end..whole.start()).unwrap_or_default());
        replacement(with, captures, &mut out);
        end = whole.end();
        is_changed = true;
        is_global && out.len() <= LINE
    })?;
    out.push_str(line.get(end..).unwrap_or_default());
    Ok(is_changed.then_some(out))
}

impl Sed {
    fn run(&mut self, line: &str, is_last: bool, out: &mut Output) {
        self.number += 1;
        if let Err(why) = self.try_run(line, is_last, out) {
            self.error = Some(why.told("sed"));
        }
    }

    fn try_run(&mut self, line: &str, is_last: bool, out: &mut Output) -> Result<(), TooLong> {
        let has_end = line.ends_with('\n');
        let mut text = line.strip_suffix('\n').unwrap_or(line).to_owned();
        let number = self.number;
        let (mut is_deleted, mut behind) = (false, Vec::new());
        let mut budget = Budget::default();
        for command in &mut self.commands {
            budget.spend(1)?;
            if !command.is_for(&Seen { line: &text, number, is_last }, &mut budget)? {
                continue;
            }
            match &command.deed {
                Deed::Substitute { regex, with, is_global, nth, prints } => {
                    let how = (*nth, *is_global);
                    if let Some(new) = substitute(&text, (regex, with), how, &mut budget)? {
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
                Deed::Print => {
                    budget.spend(text.len())?;
                    out.line(&text);
                }
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
        Ok(())
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

    fn finish(&mut self, out: &mut Output) -> i32 {
        match self.error.take() {
            Some(text) => {
                out.error(&text);
                4
            }
            None => 0,
        }
    }

    fn is_done(&self) -> bool {
        self.has_quit || self.error.is_some()
    }

    fn effort(&self, length: usize) -> usize {
        let own = self.commands.iter().flat_map(Command::regexes).map(|regex| regex.steps(length));
        own.fold(length + self.commands.len(), usize::saturating_add)
    }
}
