//! kubectl's patch of an object that exists, and how the server refuses one it cannot decode.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go`,
//! applyPatchToObject; `staging/src/k8s.io/apimachinery/pkg/runtime/converter.go`.

use super::decode::{DecodeError, DecodeReason};
use super::schema::Type;
use super::status::quoted;
use super::{FieldError, Status};
use serde_json::Value;

/// The refusal of a patch that makes of an object something that cannot be decoded.
///
/// Only the first wrong type is told; lists that are merged item by item are not shown.
#[inline(never)]
pub fn refusal(patch: &Value, error: &DecodeError) -> Status {
    let texts: Vec<&str> = error.complaints.iter().map(|each| each.text.as_str()).collect();
    let detail = match error.reason {
        DecodeReason::UnknownFields => format!("strict decoding error: {}", texts.join(", ")),
        _ => conversion(texts.first().copied().unwrap_or_default()),
    };
    let cause = FieldError::invalid("patch", quoted(&go(patch)), detail);
    Status::invalid("", "", "", vec![cause])
}

/// The words of the converter for what JSON decoding would call a wrong type.
fn conversion(text: &str) -> String {
    let Some((found, go_type)) = text
        .strip_prefix("json: cannot unmarshal ")
        .and_then(|rest| Some((rest.split_once(" into ")?.0, rest.rsplit_once(" of type ")?.1)))
    else {
        return text.into();
    };
    let found = match found.split(' ').next().unwrap_or_default() {
        "number" if found.contains('.') => "float64",
        "number" => "int64",
        "array" => "slice",
        "object" => "map",
        other => other,
    };
    let name = go_type.strip_prefix("v1.");
    match go_type {
        _ if go_type.starts_with("[]") => format!("cannot restore slice from {found}"),
        _ if go_type.starts_with("map[") => format!("cannot restore map from {found}"),
        _ if name.is_some_and(|name| Type::named(name).is_some()) => {
            format!("cannot restore struct from: {found}")
        }
        _ => format!("unrecognized type: {}", name.map_or(go_type, |_| "string")),
    }
}

/// A value as Go prints what JSON gives.
fn go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(members) => {
            let shown = members.iter().filter(|(key, _)| !key.starts_with('$'));
            let is_merged = |key: &str| members.contains_key(&format!("$setElementOrder/{key}"));
            let members: Vec<String> = shown
                .filter(|(key, _)| !is_merged(key))
                .map(|(key, member)| format!("{key}:{}", go(member)))
                .collect();
            format!("map[{}]", members.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::decode;
    use serde_json::json;

    #[test]
    fn says_of_a_patch_what_the_server_says() {
        let whole = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {
            "replicas": "three",
        }});
        let error = decode::decode(&whole).expect_err("a wrong type");
        let patch = json!({"spec": {"replicas": "three", "$setElementOrder/a": [], "a": [1]}});
        assert_eq!(
            refusal(&patch, &error).kubectl(),
            "The request is invalid: patch: Invalid value: \"map[spec:map[replicas:three]]\": \
             unrecognized type: int32"
        );
    }
}
