//! Reading words: quotes, backslashes and what a dollar sign begins.

use super::parser::{Parser, unexpected};
use super::syntax::{Part, Word, Wrong};
use std::rc::Rc;

/// Characters that end a word.
pub const META: &str = " \t\n;&|<>()";

/// A word that grows.
#[derive(Default)]
struct Growing {
    parts: Word,
    is_begun: bool,
}

impl Growing {
    fn plain(&mut self, c: char) {
        self.is_begun = true;
        match self.parts.last_mut() {
            Some(Part::Plain(text)) => text.push(c),
            _ => self.parts.push(Part::Plain(c.into())),
        }
    }

    fn quoted(&mut self, c: char) {
        match self.parts.last_mut() {
            Some(Part::Quoted(text)) => text.push(c),
            _ => self.parts.push(Part::Quoted(c.into())),
        }
    }

    /// Quotes make a word, even around nothing.
    fn quotes(&mut self) {
        self.is_begun = true;
        if !matches!(self.parts.last(), Some(Part::Quoted(_))) {
            self.parts.push(Part::Quoted(String::new()));
        }
    }
}

impl Parser {
    /// The word that begins here; none if none does.
    ///
    /// # Errors
    /// It goes on in the next line, or is none.
    pub fn word(&mut self) -> Result<Option<Word>, Wrong> {
        let mut word = Growing::default();
        while let Some(c) = self.peek() {
            match c {
                '\'' => {
                    self.at += 1;
                    word.quotes();
                    self.single(&mut word)?;
                }
                '"' => {
                    self.at += 1;
                    word.quotes();
                    self.double(&mut word, Some('"'))?;
                }
                '\\' => self.backslash(&mut word)?,
                '$' if self.peek_at(1) == Some('\'') => {
                    self.at += 2;
                    word.quotes();
                    self.ansi(&mut word)?;
                }
                '$' | '`' => {
                    word.is_begun = true;
                    self.dollar(&mut word, false)?;
                }
                c if META.contains(c) => break,
                c => {
                    self.at += 1;
                    word.plain(c);
                }
            }
        }
        Ok(word.is_begun.then_some(word.parts))
    }

    fn single(&mut self, word: &mut Growing) -> Result<(), Wrong> {
        loop {
            match self.next().ok_or(Wrong::Incomplete)? {
                '\'' => return Ok(()),
                c => word.quoted(c),
            }
        }
    }

    fn backslash(&mut self, word: &mut Growing) -> Result<(), Wrong> {
        self.at += 1;
        match self.next().ok_or(Wrong::Incomplete)? {
            '\n' => {}
            c => {
                word.quotes();
                word.quoted(c);
            }
        }
        Ok(())
    }

    /// What stands in double quotes, or to the end of a here-document.
    fn double(&mut self, word: &mut Growing, end: Option<char>) -> Result<(), Wrong> {
        loop {
            let Some(c) = self.peek() else {
                return if end.is_none() { Ok(()) } else { Err(Wrong::Incomplete) };
            };
            match c {
                _ if Some(c) == end => {
                    self.at += 1;
                    return Ok(());
                }
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        None if end.is_some() => return Err(Wrong::Incomplete),
                        Some('\n') => self.at += 1,
                        Some(c) if "$`\\".contains(c) || Some(c) == end => {
                            self.at += 1;
                            word.quoted(c);
                        }
                        _ => word.quoted('\\'),
                    }
                }
                '$' | '`' => self.dollar(word, true)?,
                c => {
                    self.at += 1;
                    word.quoted(c);
                }
            }
        }
    }

    /// `$'..'`.
    fn ansi(&mut self, word: &mut Growing) -> Result<(), Wrong> {
        let mut text = String::new();
        loop {
            match self.next().ok_or(Wrong::Incomplete)? {
                '\'' => break,
                '\\' => {
                    text.push('\\');
                    text.push(self.next().ok_or(Wrong::Incomplete)?);
                }
                c => text.push(c),
            }
        }
        unescape(&text, true).0.chars().for_each(|c| word.quoted(c));
        Ok(())
    }

    /// What `$` or a backquote begins.
    fn dollar(&mut self, word: &mut Growing, is_quoted: bool) -> Result<(), Wrong> {
        let begin = self.next();
        if begin == Some('`') {
            return self.backquotes(word, is_quoted);
        }
        match self.peek() {
            Some('(') if self.peek_at(1) == Some('(') => {
                self.at += 2;
                self.arithmetic(word)
            }
            Some('(') => {
                self.at += 1;
                let list = self.nested(&[], |parser| {
                    parser.expect_char(')')?;
                    Ok(())
                })?;
                word.parts.push(Part::Substitution { list: Rc::new(list), is_quoted });
                Ok(())
            }
            Some('{') => {
                self.at += 1;
                self.braces(word, is_quoted)
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.name();
                word.parts.push(variable(name, is_quoted));
                Ok(())
            }
            Some(c) if "?#@*$!".contains(c) || c.is_ascii_digit() => {
                self.at += 1;
                word.parts.push(variable(c.into(), is_quoted));
                Ok(())
            }
            _ if is_quoted => {
                word.quoted('$');
                Ok(())
            }
            _ => {
                word.plain('$');
                Ok(())
            }
        }
    }

    fn backquotes(&mut self, word: &mut Growing, is_quoted: bool) -> Result<(), Wrong> {
        let mut text = String::new();
        loop {
            match self.next().ok_or(Wrong::Incomplete)? {
                '`' => break,
                '\\' if self.peek().is_some_and(|c| "`\\$".contains(c)) => text.extend(self.next()),
                c => text.push(c),
            }
        }
        let mut inner = Parser::new(&text);
        inner.depth = self.depth;
        inner.aliases = Rc::clone(&self.aliases);
        let list = inner.nested(&[], |parser| parser.expect_end())?;
        word.parts.push(Part::Substitution { list: Rc::new(list), is_quoted });
        Ok(())
    }

    fn arithmetic(&mut self, word: &mut Growing) -> Result<(), Wrong> {
        let (mut text, mut open) = (String::new(), 0_usize);
        loop {
            let c = self.next().ok_or(Wrong::Incomplete)?;
            match c {
                '(' => open += 1,
                ')' if open == 0 => break,
                ')' => open -= 1,
                _ => {}
            }
            text.push(c);
        }
        self.expect_char(')')?;
        let mut inner = Parser::new(&text);
        inner.depth = self.depth + 1;
        inner.check_depth()?;
        word.parts.push(Part::Arithmetic(inner.document()?));
        Ok(())
    }

    fn braces(&mut self, word: &mut Growing, is_quoted: bool) -> Result<(), Wrong> {
        let is_length = self.peek() == Some('#') && self.peek_at(1) != Some('}');
        if is_length {
            self.at += 1;
        }
        let mut name = self.name();
        if name.is_empty() {
            name.extend(self.next());
        }
        let mut rest = String::new();
        let mut open = 0_usize;
        loop {
            match self.next().ok_or(Wrong::Incomplete)? {
                '}' if open == 0 => break,
                '}' => {
                    open -= 1;
                    rest.push('}');
                }
                '{' => {
                    open += 1;
                    rest.push('{');
                }
                c => rest.push(c),
            }
        }
        let bad = || Wrong::Error(format!("bash: ${{{name}{rest}}}: bad substitution"));
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_?#@*$".contains(c);
        if !name.chars().all(is_name) || name.is_empty() {
            return Err(bad());
        }
        let trimmed = rest.strip_prefix(':').unwrap_or(&rest);
        let default = match trimmed.chars().next() {
            None if rest.is_empty() => None,
            Some(letter) if "-=+?#%".contains(letter) => {
                let mut inner = Parser::new(trimmed.get(1..).unwrap_or_default());
                inner.depth = self.depth + 1;
                inner.check_depth()?;
                Some((letter, inner.document()?))
            }
            _ => return Err(bad()),
        };
        word.parts.push(Part::Variable { name, default, is_length, is_quoted });
        Ok(())
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
            self.at += 1;
        }
        name
    }

    /// The whole rest as in double quotes, as a here-document is read.
    ///
    /// # Errors
    /// As of [`Self::word`].
    pub fn document(&mut self) -> Result<Word, Wrong> {
        let mut word = Growing::default();
        self.double(&mut word, None)?;
        Ok(word.parts)
    }

    /// Refuses what is not this character.
    ///
    /// # Errors
    /// It is another one.
    pub fn expect_char(&mut self, wanted: char) -> Result<(), Wrong> {
        match self.peek() {
            Some(c) if c == wanted => {
                self.at += 1;
                Ok(())
            }
            None => Err(Wrong::Incomplete),
            Some(c) => Err(unexpected(&c.to_string())),
        }
    }
}

fn variable(name: String, is_quoted: bool) -> Part {
    Part::Variable { name, default: None, is_length: false, is_quoted }
}

/// Backslash sequences of `echo -e`, `printf` and `$'..'`, and whether `\c` ended the text.
pub fn unescape(text: &str, has_quotes: bool) -> (String, bool) {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('e' | 'E') => out.push('\u{1b}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('\\') => out.push('\\'),
            Some('c') if !has_quotes => return (out, true),
            Some(c @ ('\'' | '"')) if has_quotes => out.push(c),
            Some('x') => digits(&mut chars, 16, 2, &mut out),
            Some('u') => digits(&mut chars, 16, 4, &mut out),
            Some('0') => digits(&mut chars, 8, 3, &mut out),
            Some(c) => {
                out.push('\\');
                out.push(c);
            }
            None => out.push('\\'),
        }
    }
    (out, false)
}

fn digits(
    chars: &mut std::iter::Peekable<std::str::Chars>,
    radix: u32,
    most: usize,
    out: &mut String,
) {
    let (mut number, mut count) = (0, 0);
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)).filter(|_| count < most) {
        number = number * radix + digit;
        count += 1;
        chars.next();
    }
    out.extend(char::from_u32(number));
}

/// Whether a variable may have this name.
pub fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The name and the value of `X=1`; none of other words.
pub fn assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Part::Plain(first)) = word.first() else { return None };
    let (name, value) = first.split_once('=')?;
    if !is_name(name) {
        return None;
    }
    let mut rest = vec![Part::Plain(value.into())];
    rest.extend(word.iter().skip(1).cloned());
    Some((name.into(), rest))
}
