//! A JSON text that is read in slices, so that a long one holds up nobody.

use super::{MAX_DEPTH, tree, within_bounds};
use hifijson::token::{Expect, Lex};
use hifijson::{Error, SliceLexer, str::LexAlloc, value};
use serde_json::{Map, Value};

/// How deep values are read one by one; deeper ones are read at once. The inputs of saved work lie
/// three deep, the pauses of its cluster four.
const ONE_BY_ONE: usize = 6;

/// Bytes that are read between two questions whether to go on.
const AT_ONCE: usize = 16 * 1024;

/// A text that is being read. It comes to the same tree, or error, as with [`super::parse`].
pub struct Reading {
    text: String,
    /// How many bytes of it are read.
    at: usize,
    /// What is not at its end yet, outermost first.
    open: Vec<Open>,
    /// Nothing is in the innermost of these yet.
    is_new: bool,
    read: Option<Value>,
}

enum Open {
    Array(Vec<Value>),
    /// With the key of the member that is being read.
    Object(Map<String, Value>, String),
}

impl Open {
    fn end(&self) -> u8 {
        match self {
            Self::Array(_) => b']',
            Self::Object(..) => b'}',
        }
    }

    fn put(&mut self, value: Value) {
        match self {
            Self::Array(items) => items.push(value),
            Self::Object(members, key) => drop(members.insert(std::mem::take(key), value)),
        }
    }

    fn whole(self) -> Value {
        match self {
            Self::Array(items) => Value::Array(items),
            Self::Object(members, _) => Value::Object(members),
        }
    }
}

impl Reading {
    /// Begins with a text.
    ///
    /// # Errors
    /// It holds more values than any text may.
    pub fn new(text: String) -> Result<Self, String> {
        within_bounds(&text)?;
        Ok(Self { text, at: 0, open: Vec::new(), is_new: false, read: None })
    }

    /// How many bytes are read, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.text.len())
    }

    /// Reads on as long as that is allowed, at least some values. Returns the tree, once, when all is read.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn go_on(&mut self, may_go_on: &dyn Fn() -> bool) -> Result<Option<Value>, String> {
        let mut asked_at = self.at;
        while self.read.is_none() {
            self.step().map_err(|error| error.to_string())?;
            if self.at - asked_at >= AT_ONCE {
                asked_at = self.at;
                if !may_go_on() {
                    break;
                }
            }
        }
        Ok(self.read.take())
    }

    /// Reads all of it at once.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn whole(mut self) -> Result<Value, String> {
        loop {
            if let Some(tree) = self.go_on(&|| true)? {
                return Ok(tree);
            }
        }
    }

    fn step(&mut self) -> Result<(), Error> {
        let text = std::mem::take(&mut self.text);
        let mut lexer = SliceLexer::new(text.as_bytes().get(self.at..).unwrap_or_default());
        let done = self.item(&mut lexer);
        self.at = text.len() - lexer.as_slice().len();
        self.text = text;
        done
    }

    /// Reads an item of the innermost value that is open, or where it ends with none.
    fn item(&mut self, lexer: &mut SliceLexer) -> Result<(), Error> {
        let missing = if self.is_new { Expect::ValueOrEnd } else { Expect::Value };
        let mut next = lexer.ws_peek().ok_or(missing)?;
        if let Some(ended) = self.open.pop_if(|open| self.is_new && open.end() == next) {
            return self.put(ended.whole(), lexer.discarded());
        }
        if let Some(Open::Object(_, key)) = self.open.last_mut() {
            lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
            *key = lexer.str_string()?.into_owned();
            lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
            next = lexer.ws_peek().ok_or(Expect::Value)?;
        }
        let begun = match next {
            _ if self.open.len() == ONE_BY_ONE => None,
            b'[' => Some(Open::Array(Vec::new())),
            b'{' => Some(Open::Object(Map::new(), String::new())),
            _ => None,
        };
        if let Some(begun) = begun {
            self.open.push(begun);
            self.is_new = true;
            lexer.discarded();
            return Ok(());
        }
        let value = value::parse_bounded(MAX_DEPTH - self.open.len(), next, lexer)?;
        self.put(tree(value), lexer)
    }

    /// Puts a value where it belongs, and what ends with it where that belongs.
    fn put(&mut self, value: Value, lexer: &mut SliceLexer) -> Result<(), Error> {
        self.is_new = false;
        let mut value = value;
        loop {
            let next = lexer.ws_peek();
            let Some(mut open) = self.open.pop() else {
                self.read = Some(value);
                return next.map_or(Ok(()), |_| Err(Expect::Eof.into()));
            };
            open.put(value);
            match next {
                Some(b',') => {
                    self.open.push(open);
                    lexer.discarded();
                    return Ok(());
                }
                Some(end) if end == open.end() => value = open.whole(),
                _ => return Err(Expect::CommaOrEnd.into()),
            }
            lexer.discarded();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use proptest::prelude::*;

    /// What a text comes to if its slices are as short as they can be.
    fn in_slices(text: &str) -> Result<Value, String> {
        let mut reading = Reading::new(text.into())?;
        loop {
            if let Some(tree) = reading.go_on(&|| false)? {
                return Ok(tree);
            }
        }
    }

    #[test]
    fn comes_to_the_same_in_slices() {
        for text in [
            "",
            " ",
            "1",
            " [ ] ",
            "{}",
            "[[[[[]]]]]",
            "[1,2,[3,{\"a\":[4,{\"b\":5}]}]]",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{1:2}",
            "{\"a\":}",
            "[1 2]",
            "1 2",
            "nul",
            "[}",
            "{]",
            "[",
            "{",
            "{\"a\"",
            "{\"a\":[",
            "[1",
            "[1,",
            "\"a",
            "[\"\\u00e9\\n\"]",
            "{\"a\":1,\"a\":2}",
            "[[1],[2,[3,[4,[5,[6]]]]]]",
            "[]]",
            "{\"a\":{\"b\":{\"c\":{\"d\":[]}}}}",
            "[-]",
            "[1.50e3]",
        ] {
            assert_eq!(in_slices(text), parse(text), "{text}");
        }
        for depth in [3, 4, 127, 128, 129, 10_000] {
            let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(in_slices(&text), parse(&text), "{depth} deep");
        }
    }

    #[test]
    fn reads_on_from_where_it_stopped() {
        let text = format!("[{}0]", "{\"a\": [1, 2, {\"b\": [[[\"c\"]]]}]}, ".repeat(60_000));
        let mut reading = Reading::new(text.clone()).unwrap();
        let (mut slices, mut before) = (0, 0);
        let tree = loop {
            if let Some(tree) = reading.go_on(&|| false).unwrap() {
                break tree;
            }
            let (at, of) = reading.progress();
            assert!(before < at && at < of, "{before} {at} {of}");
            (slices, before) = (slices + 1, at);
        };
        assert_eq!(tree, parse(&text).unwrap());
        assert!(slices > 100, "{slices}");
    }

    proptest! {
        #[test]
        fn comes_to_the_same_whatever_stands_there(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "[", "]", "{", "}", ",", ":", "\"a\"", "\"b\":", "1", "null", " ", "-", "\"", "\\", "é",
                ]),
                0..24,
            )
        ) {
            let text = pieces.concat();
            prop_assert_eq!(in_slices(&text), parse(&text));
        }
    }
}
