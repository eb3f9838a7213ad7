//! Why a configuration does not have the shape of its type, in the words of server-side apply.
//!
//! Upstream: `sigs.k8s.io/structured-merge-diff`, `typed/validate.go`, `typed/helpers.go`.

use super::set::step;
use super::shape::{self, Shape};
use crate::api::Tree;
use crate::api::decode::{self, Complaint, DecodeReason};
use crate::api::path::{FieldPath, PathStep};
use serde_json::Value;

/// What is wrong with a configuration; none if nothing is, or if something else refuses it.
pub fn complaint(said: &Value) -> Option<String> {
    let texts: Vec<String> = match decode::decode(said) {
        Err(error) if error.reason == DecodeReason::UnknownFields => {
            let places = error.complaints.iter().map(|it| place(said, &it.path).0);
            places.map(|place| format!("{place}: field not declared in schema")).collect()
        }
        Err(error) if error.reason == DecodeReason::WrongType => {
            error.complaints.first().and_then(|it| wrong_type(said, it)).into_iter().collect()
        }
        Err(_) => Vec::new(),
        Ok(_) => duplicate("", "", "", said).into_iter().collect(),
    };
    match texts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("errors:\n  {}", several.join("\n  "))),
    }
}

/// A value of another type than its field's.
fn wrong_type(said: &Value, complaint: &Complaint) -> Option<String> {
    let (place, found) = place(said, &complaint.path);
    let (_, wanted) = complaint.text.rsplit_once(" of type ")?;
    let go_type = match found {
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::Array(_) => "[]interface {}",
        _ => "map[string]interface {}",
    };
    let why = match wanted {
        "int32" | "int64" => format!("expected numeric (int or float), got {go_type}"),
        "bool" => format!("expected boolean, got &{{{found}}}"),
        "string" => match found {
            Value::Array(_) | Value::Object(_) => return None,
            scalar => {
                format!("expected string, got &value.valueUnstructured{{Value:{scalar}}}")
            }
        },
        _ => return None,
    };
    Some(format!("{place}: {why}"))
}

/// Two items with the same keys.
fn duplicate(place: &str, parent: &str, field: &str, value: &Value) -> Option<String> {
    match (shape::of(parent, field, value), value) {
        (Shape::Fields, Value::Object(members)) => members
            .iter()
            .find_map(|(name, value)| duplicate(&format!("{place}.{name}"), field, name, value)),
        (shape @ Shape::Items(_), Value::Array(items)) => {
            let mut seen = Vec::new();
            items.iter().find_map(|item| {
                let name = shape::item(shape, item)?;
                if seen.contains(&name) {
                    return Some(format!("{place}: duplicate entries for key {}", step(&name)));
                }
                seen.push(name.clone());
                let place = format!("{place}{}", step(&name));
                item.is_object().then(|| duplicate(&place, field, field, item)).flatten()
            })
        }
        _ => None,
    }
}

/// A place in an object, where items go by their keys, and what stands there.
fn place<'a>(object: &'a Value, path: &FieldPath) -> (String, &'a Value) {
    let (mut text, mut at, mut steps) = (String::new(), object, ["", ""]);
    for each in &path.0 {
        let (name, next) = match each {
            PathStep::Key(key) => {
                steps = [steps[1], key];
                (format!("f:{key}"), at.at(key))
            }
            PathStep::Index(index) => {
                let item = at.get(*index).unwrap_or(&Value::Null);
                let shape = shape::of(steps[0], steps[1], at);
                let keyed = shape::item(shape, item).filter(|_| !shape.keys().is_empty());
                (keyed.unwrap_or_else(|| format!("[{index}]")), item)
            }
        };
        text += &step(&name);
        at = next;
    }
    (text, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn service(port: &Value) -> Value {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
            "spec": {"ports": [port, {"port": 80}]}})
    }

    #[test]
    fn says_of_a_configuration_what_the_server_says() {
        for (port, said) in [
            (json!({"port": 81}), None),
            (
                json!({"port": 81, "prot": 1}),
                Some(".spec.ports[port=81,protocol=\"TCP\"].prot: field not declared in schema"),
            ),
            (
                json!({"port": "x"}),
                Some(
                    ".spec.ports[port=\"x\",protocol=\"TCP\"].port: expected numeric (int or \
                     float), got string",
                ),
            ),
            (
                json!({"port": 80}),
                Some(".spec.ports: duplicate entries for key [port=80,protocol=\"TCP\"]"),
            ),
        ] {
            assert_eq!(complaint(&service(&port)).as_deref(), said);
        }
    }
}
