//! The tokens of a template.
//!
//! Source: <https://pkg.go.dev/text/template>, "Text and spaces", "Actions".

/// A token with its place in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Where it begins.
    pub at: usize,
    /// What it is.
    pub kind: TokenKind,
    /// As it is written.
    pub text: String,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Text outside of actions.
    Text,
    /// `{{`
    Open,
    /// `}}`
    Close,
    /// White space in an action.
    Space,
    /// A word: a function, a keyword, `true`.
    Word,
    /// `.name`
    Field,
    /// `.`
    Dot,
    /// `$name` or `$`
    Variable,
    /// A text in quotes.
    Text2,
    /// A text in backquotes.
    Raw,
    /// A character in quotes.
    Character,
    /// A number.
    Number,
    /// `|`
    Pipe,
    /// `(`
    Left,
    /// `)`
    Right,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    /// `,`
    Comma,
    /// Another character, which stands nowhere.
    Char,
    /// The end of the text.
    End,
}

/// The tokens of a text, of which the last is [`TokenKind::End`]; and why it ends too early.
pub fn tokens(text: &str) -> (Vec<Token>, Option<(usize, String)>) {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), depth: 0 };
    let wrong = lexer.run().err().map(|why| (lexer.at, why));
    let end = Token { at: text.len(), kind: TokenKind::End, text: String::new() };
    lexer.tokens.push(end);
    (lexer.tokens, wrong)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    depth: usize,
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let text = self.rest().get(..length).unwrap_or_default().to_owned();
        self.tokens.push(Token { at: self.at, kind, text });
        self.at += length;
    }

    fn run(&mut self) -> Result<(), String> {
        let mut trims = false;
        loop {
            let rest = self.rest();
            if trims {
                let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
                self.at += rest.len() - trimmed.len();
            }
            let rest = self.rest();
            let Some(begin) = rest.find("{{") else {
                self.text_token(rest);
                return Ok(());
            };
            let before = &rest[..begin];
            let inside = &rest[begin + 2..];
            let trims_before = trims_left(inside);
            let kept = match trims_before {
                true => before.trim_end_matches([' ', '\t', '\r', '\n']),
                false => before,
            };
            self.text_token(kept);
            self.at += before.len() - kept.len();
            let open = self.at;
            let skipped = if trims_before { 4 } else { 2 };
            let body = &self.rest()[skipped.min(self.rest().len())..];
            // Of a trimmed action, the space behind the minus belongs to the mark.
            if body.starts_with("/*") || inside.starts_with("/*") {
                trims = self.comment(skipped)?;
                continue;
            }
            self.push(TokenKind::Open, 2);
            if trims_before {
                self.at += 2;
            }
            trims = self.action(open)?;
        }
    }

    fn text_token(&mut self, text: &str) {
        if !text.is_empty() {
            self.push(TokenKind::Text, text.len());
        }
    }

    /// Skips a comment. Returns whether the text behind it is trimmed.
    fn comment(&mut self, skipped: usize) -> Result<bool, String> {
        self.at += skipped;
        let rest = self.rest();
        let end = rest.find("*/").ok_or("unclosed comment")?;
        self.at += end + 2;
        let behind = self.rest();
        if behind.starts_with("}}") {
            self.at += 2;
            return Ok(false);
        }
        if trims_right(behind) {
            self.at += 4;
            return Ok(true);
        }
        Err("comment ends before closing delimiter".into())
    }

    /// The tokens up to the end of an action. Returns whether the text behind it is trimmed.
    fn action(&mut self, _open: usize) -> Result<bool, String> {
        self.depth = 0;
        loop {
            let rest = self.rest();
            let is_trimmed = trims_right(rest);
            if is_trimmed || rest.starts_with("}}") {
                if self.depth > 0 {
                    return Err("unclosed left paren".into());
                }
                self.at += if is_trimmed { 2 } else { 0 };
                self.push(TokenKind::Close, 2);
                return Ok(is_trimmed);
            }
            let Some(first) = rest.chars().next() else { return Err("unclosed action".into()) };
            let second = rest.chars().nth(1);
            match first {
                ' ' | '\t' | '\r' | '\n' => self.space(),
                '=' => self.push(TokenKind::Assign, 1),
                ':' if second == Some('=') => self.push(TokenKind::Declare, 2),
                ':' => return Err("expected :=".into()),
                '|' => self.push(TokenKind::Pipe, 1),
                ',' => self.push(TokenKind::Comma, 1),
                '"' => self.quoted('"', TokenKind::Text2, "unterminated quoted string")?,
                '`' => self.raw()?,
                '\'' => {
                    self.quoted('\'', TokenKind::Character, "unterminated character constant")?;
                }
                '$' => self.word(TokenKind::Variable, 1)?,
                '.' if !second.is_some_and(|c| c.is_ascii_digit()) => {
                    let has_name = second.is_some_and(is_word);
                    self.word(if has_name { TokenKind::Field } else { TokenKind::Dot }, 1)?;
                }
                '0'..='9' | '+' | '-' | '.' => self.number()?,
                '(' => {
                    self.push(TokenKind::Left, 1);
                    self.depth += 1;
                }
                ')' => {
                    self.depth = self.depth.checked_sub(1).ok_or("unexpected right paren")?;
                    self.push(TokenKind::Right, 1);
                }
                c if is_word(c) => self.word(TokenKind::Word, 0)?,
                c if c.is_ascii_graphic() => self.push(TokenKind::Char, 1),
                c => return Err(format!("unrecognized character in action: {}", name(c))),
            }
        }
    }

    fn space(&mut self) {
        let rest = self.rest();
        let mut length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        // The space before a minus that trims belongs to the mark.
        if rest[length..].starts_with("-}}") && length > 0 {
            length -= 1;
        }
        if length > 0 {
            self.push(TokenKind::Space, length);
        }
    }

    fn quoted(&mut self, quote: char, kind: TokenKind, wrong: &str) -> Result<(), String> {
        let rest = self.rest();
        let mut is_escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '\n' => return Err(wrong.into()),
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                c if c == quote => {
                    self.push(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(wrong.into())
    }

    fn raw(&mut self) -> Result<(), String> {
        let end = self.rest()[1..].find('`').ok_or("unterminated raw quoted string")?;
        self.push(TokenKind::Raw, end + 2);
        Ok(())
    }

    /// A word behind so many bytes of its sign.
    fn word(&mut self, kind: TokenKind, sign: usize) -> Result<(), String> {
        let rest = self.rest();
        let body = rest.get(sign..).unwrap_or_default();
        let length: usize = body.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
        let behind = body[length..].chars().next();
        let is_end = |c| matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(');
        let ends = behind.is_none_or(is_end) || body[length..].starts_with("}}");
        if !ends {
            let c = behind.unwrap_or(' ');
            return Err(format!("bad character {}", name(c)));
        }
        self.push(kind, sign + length);
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let mut scan = Scan { rest, length: 0 };
        let mut is_right = scan.number();
        // A sign behind a number would make it a complex one.
        if is_right && scan.peek().is_some_and(|c| matches!(c, '+' | '-')) {
            is_right = scan.number() && rest[..scan.length].ends_with('i');
        }
        if !is_right {
            let text = crate::template::format::quote(&rest[..scan.length]);
            return Err(format!("bad number syntax: {text}"));
        }
        self.push(TokenKind::Number, scan.length);
        Ok(())
    }
}

/// Upstream: `text/template/parse/lex.go`, scanNumber.
struct Scan<'a> {
    rest: &'a str,
    length: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<char> {
        self.rest[self.length..].chars().next()
    }

    fn accept(&mut self, is_one: impl Fn(char) -> bool) -> bool {
        let taken = self.peek().filter(|c| is_one(*c));
        self.length += taken.map_or(0, char::len_utf8);
        taken.is_some()
    }

    fn run(&mut self, radix: u32) {
        while self.accept(|c| c == '_' || c.is_digit(radix)) {}
    }

    fn number(&mut self) -> bool {
        let is_sign = |c| matches!(c, '+' | '-');
        self.accept(is_sign);
        let mut radix = 10;
        if self.accept(|c| c == '0') {
            for (letter, own) in [('x', 16), ('o', 8), ('b', 2)] {
                if radix == 10 && self.accept(|c| c.eq_ignore_ascii_case(&letter)) {
                    radix = own;
                }
            }
        }
        self.run(radix);
        if self.accept(|c| c == '.') {
            self.run(radix);
        }
        let exponent = match radix {
            10 => 'e',
            16 => 'p',
            _ => '\0',
        };
        if self.accept(|c| c.eq_ignore_ascii_case(&exponent)) {
            self.accept(is_sign);
            self.run(10);
        }
        self.accept(|c| c == 'i');
        !self.accept(is_word)
    }
}

/// `%#U` of a character.
fn name(c: char) -> String {
    format!("U+{:04X} '{c}'", u32::from(c))
}

/// Whether the inside of an action begins with a minus that trims.
fn trims_left(inside: &str) -> bool {
    let mut chars = inside.chars();
    chars.next() == Some('-') && chars.next().is_some_and(is_space)
}

/// What Go's templates take for space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Whether an action ends here with a minus that trims.
fn trims_right(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next().is_some_and(is_space) && rest.get(1..4) == Some("-}}")
}

#[cfg(test)]
mod tests {
    use crate::template::{Dialect, Set};

    #[test]
    fn only_what_go_takes_for_space_stands_behind_a_minus_that_trims() {
        for text in ["a {{-\u{a0} 1 }}", "{{-\u{2003}/* a */ -}}", "{{ 1 \u{a0}-}}"] {
            assert!(Set::default().add("a", text, Dialect::Helm).is_err(), "{text}");
        }
        assert_eq!(Set::default().add("a", "a {{-\t1\n-}} b", Dialect::Helm), Ok(()));
    }
}
