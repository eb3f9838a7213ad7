//! As much of Helm's templates as the exported ones use.

use serde_json::Value;

/// A template with values put in.
pub fn render(template: &str, values: &Value) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        out += &rest[..start];
        let action = &rest[start + 2..];
        let end = end_of(action);
        out += &evaluate(action[..end].trim(), values);
        rest = &action[end + 2..];
    }
    out + rest
}

/// Where an action ends: behind its strings.
fn end_of(action: &str) -> usize {
    let mut in_string = false;
    for (at, c) in action.char_indices() {
        match c {
            '"' => in_string = !in_string,
            '}' if !in_string && action[at..].starts_with("}}") => return at,
            _ => {}
        }
    }
    panic!("an action without an end: {action}")
}

fn evaluate(action: &str, values: &Value) -> String {
    let mut parts = action.split(" | ");
    let value = argument(parts.next().unwrap(), values);
    parts.fold(plain(&value), |text, function| match function {
        "quote" => Value::from(text).to_string(),
        "int64" => {
            text.parse::<i64>().map_or_else(|_| panic!("{text} is no number"), |it| it.to_string())
        }
        other => panic!("unknown function {other}"),
    })
}

fn argument(text: &str, values: &Value) -> Value {
    if text.starts_with('"') {
        return serde_json::from_str(text).unwrap();
    }
    let keys: Vec<String> = match text.strip_prefix("(index .Values ") {
        Some(keys) => {
            let keys = keys.strip_suffix(')').unwrap();
            let all = serde_json::Deserializer::from_str(keys).into_iter::<String>();
            all.map(Result::unwrap).collect()
        }
        None => {
            let keys = text.strip_prefix(".Values.").unwrap_or_else(|| panic!("{text}"));
            keys.split('.').map(str::to_owned).collect()
        }
    };
    keys.iter().fold(values.clone(), |value, key| {
        value.get(key).unwrap_or_else(|| panic!("no value {text}")).clone()
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
