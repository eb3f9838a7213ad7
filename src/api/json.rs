//! JSON texts as trees. Numbers stay the text they are, so that nothing is lost and no binary
//! fractions are needed.

mod reading;

pub use reading::Reading;

use hifijson::token::Lex;
use hifijson::{SliceLexer, value};
use serde_json::{Map, Number, Value};

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 128;

/// More values are refused: each takes some dozens of times the memory of its shortest text. A session
/// of sixty thousand inputs has a million.
const MAX_VALUES: usize = 1_500_000;

/// The tree of a JSON text.
///
/// # Errors
/// What is wrong with the text, in words.
pub fn parse(text: &str) -> Result<Value, String> {
    within_bounds(text)?;
    let mut lexer = SliceLexer::new(text.as_bytes());
    let json = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        value::parse_bounded(MAX_DEPTH, next, lexer)
    });
    json.map(tree).map_err(|error| error.to_string())
}

fn within_bounds(text: &str) -> Result<(), String> {
    // Nothing shorter holds as many.
    match text.len() > MAX_VALUES && values(text) > MAX_VALUES {
        true => Err(format!("it holds more than {MAX_VALUES} values")),
        false => Ok(()),
    }
}

/// How many values a text holds, about, if it is JSON: what stands behind brackets and commas.
fn values(text: &str) -> usize {
    let (mut count, mut is_text, mut is_escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b',' | b'[' | b'{' if !is_text => count += 1,
            _ => {}
        }
    }
    count
}

fn tree<Text: Into<String>>(json: value::Value<&str, Text>) -> Value {
    match json {
        value::Value::Null => Value::Null,
        value::Value::Bool(flag) => Value::Bool(flag),
        value::Value::Number((digits, _)) => Value::Number(number(digits)),
        value::Value::String(text) => Value::String(text.into()),
        value::Value::Array(items) => Value::Array(items.into_iter().map(tree).collect()),
        value::Value::Object(members) => {
            let mut map = Map::new();
            for (key, value) in members {
                map.insert(key.into(), tree(value));
            }
            Value::Object(map)
        }
    }
}

/// The number of these digits.
pub fn number(digits: &str) -> Number {
    Number::from_string_unchecked(digits.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_serde_json_writes() {
        let tree = json!({"a": [1, -2, 18446744073709551615_u64, true, null], "b": {"c": "é\n\""}});
        assert_eq!(parse(&tree.to_string()), Ok(tree));
        assert_eq!(parse("1.50").map(|number| number.to_string()), Ok("1.50".into()));
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "{", "[1,]", "{\"a\" 1}", "1 2", "nul", "\"\u{1}\""] {
            assert!(parse(text).is_err_and(|error| !error.is_empty()), "{text}");
        }
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn counts_values_outside_of_texts() {
        let many = |count: usize| parse(&format!("[{}0]", "0,".repeat(count)));
        let error = many(MAX_VALUES).expect_err("too many values");
        assert_eq!(error, "it holds more than 1500000 values");
        assert!(parse(&format!("[{}0]", "[],".repeat(MAX_VALUES / 2))).is_err());
        let text = format!("[\"\\\"{}\"]", "[,{".repeat(MAX_VALUES));
        assert!(parse(&text).is_ok_and(|tree| tree[0].as_str().is_some_and(|it| it.len() > 9)));
    }
}
