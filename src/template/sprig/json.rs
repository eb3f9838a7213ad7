//! Texts of JSON, and what is wrong with them in Go's words.
//!
//! Upstream: `encoding/json`, scanner.go.

use crate::api;
use serde_json::Value;

/// A text of JSON as a tree.
///
/// # Errors
/// In Go's words.
pub fn parse(text: &str) -> Result<Value, String> {
    if let Some(why) = (Scanner { rest: text }).wrong() {
        return Err(why);
    }
    api::json::parse(text)
}

/// What ends too early.
const SHORT: &str = "unexpected end of JSON input";
/// Deeper nesting is not looked into.
const DEPTH: usize = 128;

struct Scanner<'a> {
    rest: &'a str,
}

type Done = Result<(), String>;

impl Scanner<'_> {
    fn wrong(&mut self) -> Option<String> {
        let done = self.value(0).and_then(|()| {
            self.blanks();
            match self.rest.chars().next() {
                Some(c) => Err(invalid(c, "after top-level value")),
                None => Ok(()),
            }
        });
        done.err()
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn peek(&mut self) -> Result<char, String> {
        self.blanks();
        self.rest.chars().next().ok_or_else(|| SHORT.into())
    }

    fn take(&mut self) -> Result<char, String> {
        let c = self.rest.chars().next().ok_or(SHORT)?;
        self.rest = &self.rest[c.len_utf8()..];
        Ok(c)
    }

    fn value(&mut self, depth: usize) -> Done {
        if depth > DEPTH {
            return Err("exceeded max depth".into());
        }
        match self.peek()? {
            '{' => self.members(depth),
            '[' => self.items(depth),
            '"' => self.string(),
            'n' => self.word("null"),
            't' => self.word("true"),
            'f' => self.word("false"),
            '-' | '0'..='9' => self.number(),
            c => Err(invalid(c, "looking for beginning of value")),
        }
    }

    fn members(&mut self, depth: usize) -> Done {
        self.take()?;
        if self.peek()? == '}' {
            return self.take().map(drop);
        }
        loop {
            match self.peek()? {
                '"' => self.string()?,
                c => return Err(invalid(c, "looking for beginning of object key string")),
            }
            match self.peek()? {
                ':' => self.take()?,
                c => return Err(invalid(c, "after object key")),
            };
            self.value(depth + 1)?;
            match self.peek()? {
                ',' => self.take()?,
                '}' => return self.take().map(drop),
                c => return Err(invalid(c, "after object key:value pair")),
            };
        }
    }

    fn items(&mut self, depth: usize) -> Done {
        self.take()?;
        if self.peek()? == ']' {
            return self.take().map(drop);
        }
        loop {
            self.value(depth + 1)?;
            match self.peek()? {
                ',' => self.take()?,
                ']' => return self.take().map(drop),
                c => return Err(invalid(c, "after array element")),
            };
        }
    }

    fn string(&mut self) -> Done {
        self.take()?;
        loop {
            match self.take()? {
                '"' => return Ok(()),
                '\\' => self.escape()?,
                c if u32::from(c) < 0x20 => return Err(invalid(c, "in string literal")),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Done {
        match self.take()? {
            'b' | 'f' | 'n' | 'r' | 't' | '\\' | '/' | '"' => Ok(()),
            'u' => {
                for _ in 0..4 {
                    let c = self.take()?;
                    if !c.is_ascii_hexdigit() {
                        return Err(invalid(c, "in \\u hexadecimal character escape"));
                    }
                }
                Ok(())
            }
            c => Err(invalid(c, "in string escape code")),
        }
    }

    fn word(&mut self, word: &str) -> Done {
        for (at, wanted) in word.char_indices() {
            let c = self.take()?;
            if c != wanted {
                let context = format!("in literal {word} (expecting '{wanted}')");
                // Only the first letter has led here.
                return Err(invalid(
                    c,
                    if at == 0 { "looking for beginning of value" } else { &context },
                ));
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Done {
        if self.rest.starts_with('-') {
            self.take()?;
        }
        match self.take()? {
            '0' => {}
            '1'..='9' => self.digits(),
            c => return Err(invalid(c, "in numeric literal")),
        }
        if self.rest.starts_with('.') {
            self.take()?;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if self.rest.starts_with(['e', 'E']) {
            self.take()?;
            if self.rest.starts_with(['+', '-']) {
                self.take()?;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
    }

    fn some_digits(&mut self, context: &str) -> Done {
        match self.take()? {
            '0'..='9' => {
                self.digits();
                Ok(())
            }
            c => Err(invalid(c, context)),
        }
    }
}

/// `invalid character 'x' …`
fn invalid(c: char, context: &str) -> String {
    let shown = match c {
        '\'' => "'\\''".into(),
        '"' => "'\"'".into(),
        c => {
            let quoted = crate::template::format::quote(&c.to_string());
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    };
    format!("invalid character {shown} {context}")
}
