//! JSON with its places in the text, read and refused as kubectl does.
//!
//! Upstream: Go's `encoding/json`, `scanner.go`, `decode.go`.

use super::decimal;
use super::tree::{Content, MOST_NODES, Node, TreeError};
use crate::api::json::number;
use serde_json::Value;
use std::rc::Rc;

/// What may stand between values.
pub(super) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// No manifest for a person nests deeper.
const MAX_DEPTH: usize = 100;

/// The value that begins at a byte, and where it ends.
pub(super) fn read(text: &str, at: usize) -> Result<(Rc<Node>, usize), TreeError> {
    let mut reader = Reader { text, at, left: MOST_NODES };
    let node = reader.value(0)?;
    Ok((node, reader.at))
}

/// How many bytes a byte order mark has, which kubectl takes away before it reads.
pub(super) fn mark_length(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many more nodes there may be.
    left: usize,
}

type Read<T> = Result<T, TreeError>;

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at = self.text.len() - rest.trim_start_matches(SPACE).len();
    }

    fn take_if(&mut self, wanted: u8) -> bool {
        let is_there = self.byte() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    /// The character that comes next is not what may stand there.
    fn refuse<T>(&self, context: &str) -> Read<T> {
        let words = match self.byte() {
            None => "unexpected EOF".into(),
            Some(byte) => {
                let shown = match byte {
                    b'\'' => "\\'".into(),
                    b'"' => "\"".into(),
                    byte => {
                        let quoted = crate::api::status::quoted(&char::from(byte).to_string());
                        quoted[1..quoted.len() - 1].to_owned()
                    }
                };
                let offset = self.at + 1 - mark_length(self.text);
                format!("json: offset {offset}: invalid character '{shown}' {context}")
            }
        };
        Err(TreeError::Syntax(self.at, words))
    }

    fn value(&mut self, depth: usize) -> Read<Rc<Node>> {
        self.skip_space();
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(TreeError::TooDeep(start));
        }
        self.count(start)?;
        let content = match self.byte() {
            Some(b'{') => self.members(depth)?,
            Some(b'[') => self.items(depth)?,
            _ => Content::Scalar { value: self.scalar()?, block: false },
        };
        Ok(Rc::new(Node { range: start..self.at, content }))
    }

    fn count(&mut self, at: usize) -> Read<()> {
        self.left = self.left.checked_sub(1).ok_or(TreeError::TooLarge(at))?;
        Ok(())
    }

    fn scalar(&mut self) -> Read<Value> {
        match self.byte() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => self.refuse("looking for beginning of value"),
        }
    }

    fn members(&mut self, depth: usize) -> Read<Content> {
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take_if(b'}') {
            return Ok(Content::Mapping { entries, flow: true });
        }
        loop {
            self.skip_space();
            let start = self.at;
            if self.byte() != Some(b'"') {
                return self.refuse("looking for beginning of object key string");
            }
            self.count(start)?;
            let value = Value::String(self.string()?);
            let content = Content::Scalar { value, block: false };
            let key = Rc::new(Node { range: start..self.at, content });
            self.skip_space();
            if !self.take_if(b':') {
                return self.refuse("after object key");
            }
            entries.push((key, self.value(depth + 1)?));
            self.skip_space();
            if self.take_if(b'}') {
                return Ok(Content::Mapping { entries, flow: true });
            }
            if !self.take_if(b',') {
                return self.refuse("after object key:value pair");
            }
        }
    }

    fn items(&mut self, depth: usize) -> Read<Content> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take_if(b']') {
            return Ok(Content::Sequence { items, flow: true });
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take_if(b']') {
                return Ok(Content::Sequence { items, flow: true });
            }
            if !self.take_if(b',') {
                return self.refuse("after array element");
            }
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        for wanted in word.chars() {
            if self.byte().map(char::from) != Some(wanted) {
                return self.refuse(&format!("in literal {word} (expecting '{wanted}')"));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, context: &str) -> Read<()> {
        if !self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.refuse(context);
        }
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        self.take_if(b'-');
        if !self.take_if(b'0') {
            self.digits("in numeric literal")?;
        }
        let whole = self.at;
        if self.take_if(b'.') {
            self.digits("after decimal point in numeric literal")?;
        }
        if self.take_if(b'e') || self.take_if(b'E') {
            let _ = self.take_if(b'+') || self.take_if(b'-');
            self.digits("in exponent of numeric literal")?;
        }
        let text = &self.text[start..self.at];
        let is_whole = whole == self.at && text.parse::<i64>().is_ok();
        let fraction = if is_whole { None } else { decimal::canonical(text) };
        Ok(Value::Number(number(fraction.as_deref().unwrap_or(text))))
    }

    fn string(&mut self) -> Read<String> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let end = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            self.at += end;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.refuse("in string literal"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let meaning = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code(),
            _ => return self.refuse("in string escape code"),
        };
        self.at += 1;
        Ok(meaning)
    }

    /// `\u` and four digits, or two of them for a character beyond.
    fn code(&mut self) -> Read<char> {
        let first = self.unit()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 1;
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Read<u32> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.refuse("in \\u hexadecimal character escape");
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}
