//! Scalars: plain, in quotes, and as blocks.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go` (2.4), yaml_parser_scan_block_scalar and what follows.

use super::cursor::{Cursor, Mark};
use super::{Problem, Scanner, Style, Token, TokenKind};

/// Blanks and line breaks within a scalar, which come to less in its value.
#[derive(Default)]
struct Space<'a> {
    blanks: &'a str,
    /// The first line break; empty if there is none.
    first: &'a str,
    /// The other line breaks.
    more: String,
    /// Whether there was a line break, even one that counts for nothing.
    is_broken: bool,
}

impl<'a> Space<'a> {
    fn break_line(&mut self, found: &'a str) {
        match self.is_broken {
            true => self.more.push_str(found),
            false => self.first = found,
        }
        self.is_broken = true;
    }

    /// Adds to a value what the space comes to: one line break is a blank, more are one less.
    fn fold_into(self, text: &mut String) {
        if !self.is_broken {
            text.push_str(self.blanks);
        } else if self.first != "\n" {
            text.push_str(self.first);
            text.push_str(&self.more);
        } else if self.more.is_empty() {
            text.push(' ');
        } else {
            text.push_str(&self.more);
        }
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn plain(&mut self) -> Result<Token, Problem> {
        let start = self.mark();
        let mut end = start;
        let mut text = String::new();
        let mut space = Space::default();
        let is_flow = self.flow_level() > 0;
        while !self.cursor.is_document_indicator() && self.cursor.byte(0) != b'#' {
            let word = self.cursor.run(|it| {
                let byte = it.byte(0);
                !(it.is_blank_or_end(0)
                    || byte == b':' && it.is_blank_or_end(1)
                    || is_flow && matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}'))
            });
            if !word.is_empty() {
                std::mem::take(&mut space).fold_into(&mut text);
                text.push_str(word);
                end = self.mark();
            }
            if !(self.cursor.is_blank() || self.cursor.is_break()) {
                break;
            }
            if self.space(&mut space, self.indent) {
                let words = "found a tab character that violates indentation";
                return Err(self.problem(start, words));
            }
            if !is_flow && self.mark().column.cast_signed() <= self.indent {
                break;
            }
        }
        self.is_key_allowed |= space.is_broken;
        Ok(Token { kind: TokenKind::Scalar(text, Style::Plain), start, end })
    }

    /// Steps over blanks and line breaks; whether a tab stands where a line must be indented by
    /// more than some columns.
    fn space(&mut self, space: &mut Space<'a>, indent: isize) -> bool {
        loop {
            if space.is_broken {
                let is_outside = |it: &Cursor| it.mark.column.cast_signed() <= indent;
                self.cursor.run(|it| it.is_blank() && !(is_outside(it) && it.byte(0) == b'\t'));
                if self.cursor.is_blank() {
                    return true;
                }
            } else {
                space.blanks = self.cursor.blanks();
            }
            if !self.cursor.is_break() {
                return false;
            }
            let found = self.cursor.line_break();
            space.break_line(found);
        }
    }

    pub(super) fn quoted(&mut self) -> Result<Token, Problem> {
        let start = self.mark();
        let quote = self.cursor.byte(0);
        let is_double = quote == b'"';
        self.cursor.skip();
        let mut text = String::new();
        loop {
            if self.cursor.is_document_indicator() {
                return Err(self.problem(start, "found unexpected document indicator"));
            }
            if self.cursor.is_end() {
                return Err(self.problem(start, "found unexpected end of stream"));
            }
            let mut space = Space::default();
            while !self.cursor.is_blank_or_end(0) {
                text.push_str(self.cursor.run(|it| {
                    let byte = it.byte(0);
                    byte != quote && !(is_double && byte == b'\\') && !it.is_blank_or_end(0)
                }));
                let byte = self.cursor.byte(0);
                if byte == b'\'' && !is_double && self.cursor.byte(1) == quote {
                    text.push('\'');
                    self.cursor.skip();
                    self.cursor.skip();
                } else if byte == quote {
                    break;
                } else if byte == b'\\' && is_double {
                    if self.cursor.break_length(1) > 0 {
                        self.cursor.skip();
                        self.cursor.line_break();
                        space.is_broken = true;
                        break;
                    }
                    text.push(self.escape(start)?);
                }
            }
            if self.cursor.byte(0) == quote {
                break;
            }
            self.space(&mut space, isize::MIN);
            space.fold_into(&mut text);
        }
        self.cursor.skip();
        Ok(Token { kind: TokenKind::Scalar(text, Style::Quoted), start, end: self.mark() })
    }

    /// What a backslash and the characters behind it stand for.
    fn escape(&mut self, start: Mark) -> Result<char, Problem> {
        let (meaning, digits) = match self.cursor.byte(1) {
            b'0' => ('\0', 0),
            b'a' => ('\u{7}', 0),
            b'b' => ('\u{8}', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\u{b}', 0),
            b'f' => ('\u{c}', 0),
            b'r' => ('\r', 0),
            b'e' => ('\u{1b}', 0),
            byte @ (b' ' | b'"' | b'\'' | b'\\') => (char::from(byte), 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{a0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return Err(self.problem(start, "found unknown escape character")),
        };
        self.cursor.skip();
        self.cursor.skip();
        if digits == 0 {
            return Ok(meaning);
        }
        let mut value = 0_u64;
        for at in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(at)).to_digit(16) else {
                return Err(self.problem(start, "did not find expected hexdecimal number"));
            };
            value = value << 4 | u64::from(digit);
        }
        let Some(found) = u32::try_from(value).ok().and_then(char::from_u32) else {
            return Err(self.problem(start, "found invalid Unicode character escape code"));
        };
        (0..digits).for_each(|_| self.cursor.skip());
        Ok(found)
    }

    pub(super) fn block_scalar(&mut self, is_literal: bool) -> Result<Token, Problem> {
        let start = self.mark();
        self.cursor.skip();
        let (keeps, increment) = self.block_header(start)?;
        if !self.cursor.ends_line() {
            return Err(self.problem(start, "did not find expected comment or line break"));
        }
        let mut indent = increment.map_or(0, |more| more + self.indent.max(0).cast_unsigned());
        let mut text = String::new();
        let mut first = "";
        let (mut more, mut end) = self.block_breaks(&mut indent, start)?;
        let mut was_blank = false;
        while self.mark().column == indent && !self.cursor.is_end() {
            let is_blank = self.cursor.is_blank();
            if is_literal || was_blank || is_blank || first != "\n" {
                text.push_str(first);
            } else if more.is_empty() {
                text.push(' ');
            }
            text.push_str(&more);
            was_blank = is_blank;
            text.push_str(self.cursor.line());
            first = self.cursor.line_break();
            (more, end) = self.block_breaks(&mut indent, start)?;
        }
        if keeps != Some(false) {
            text.push_str(first);
        }
        if keeps == Some(true) {
            text.push_str(&more);
        }
        Ok(Token { kind: TokenKind::Scalar(text, Style::Block), start, end })
    }

    /// Whether line breaks at the end are kept or, if false, taken away; and by how much more than
    /// its parent the block is indented.
    fn block_header(&mut self, start: Mark) -> Result<(Option<bool>, Option<usize>), Problem> {
        let (mut keeps, mut increment) = (None, None);
        for _ in 0..2 {
            match self.cursor.byte(0) {
                sign @ (b'+' | b'-') if keeps.is_none() => keeps = Some(sign == b'+'),
                b'0' if increment.is_none() => {
                    return Err(self.problem(start, "found an indentation indicator equal to 0"));
                }
                digit @ b'1'..=b'9' if increment.is_none() => {
                    increment = Some(usize::from(digit - b'0'));
                }
                _ => break,
            }
            self.cursor.skip();
        }
        Ok((keeps, increment))
    }

    /// Steps over empty lines and the indentation of the next one, and finds out about the latter if
    /// it is 0; the line breaks, and where the last of them ends.
    fn block_breaks(&mut self, indent: &mut usize, start: Mark) -> Result<(String, Mark), Problem> {
        let mut breaks = String::new();
        let mut end = self.mark();
        let mut deepest = 0;
        loop {
            let wanted = *indent;
            let is_inside = |it: &Cursor| wanted == 0 || it.mark.column < wanted;
            self.cursor.run(|it| is_inside(it) && it.byte(0) == b' ');
            deepest = deepest.max(self.mark().column);
            if is_inside(&self.cursor) && self.cursor.byte(0) == b'\t' {
                let words = "found a tab character where an indentation space is expected";
                return Err(self.problem(start, words));
            }
            if !self.cursor.is_break() {
                break;
            }
            breaks.push_str(self.cursor.line_break());
            end = self.mark();
        }
        if *indent == 0 {
            *indent = deepest.max((self.indent + 1).cast_unsigned()).max(1);
        }
        Ok((breaks, end))
    }
}
