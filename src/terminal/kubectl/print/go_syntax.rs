//! Values as Go prints them with `%#v`, which kubectl does to explain a template that failed.

use serde_json::Value;

/// The value in Go's syntax.
pub fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".into(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", quoted(key), go_syntax(value));
            let members: Vec<String> = members.iter().map(member).collect();
            format!("map[string]interface {{}}{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prints_values_in_go_syntax() {
        let value = json!({"a": [1, "x\ny", null], "b": {"c": true}, "d": {}});
        assert_eq!(
            go_syntax(&value),
            "map[string]interface {}{\"a\":[]interface {}{1, \"x\\ny\", interface {}(nil)}, \
             \"b\":map[string]interface {}{\"c\":true}, \"d\":map[string]interface {}{}}"
        );
    }
}
