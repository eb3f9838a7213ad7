//! JSON texts as trees. Numbers stay the text they are, so that nothing is lost and no binary
//! fractions are needed.

use hifijson::token::Lex;
use hifijson::{SliceLexer, value};
use serde_json::{Map, Number, Value};

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 128;

/// The tree of a JSON text.
///
/// # Errors
/// What is wrong with the text, in words.
pub fn parse(text: &str) -> Result<Value, String> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let json = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        value::parse_bounded(MAX_DEPTH, next, lexer)
    });
    json.map(tree).map_err(|error| error.to_string())
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
}
