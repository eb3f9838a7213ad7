//! What a POST of an object to the endpoint of a kind gives.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go`.

use super::validate::{self, Run};
use super::{ApiObject, Kubernetes, Status, decode, defaults};
use serde_json::Value;

/// The object as it would be stored, with its defaults.
///
/// `kind` is the endpoint's kind, one of [`ApiObject::KINDS`]; `namespace` is the endpoint's, too.
/// What the object does not say (apiVersion, kind, namespace) is the endpoint's.
///
/// # Errors
/// The server's refusal. Names that are taken are for the caller to refuse.
pub fn create(
    value: &Value,
    kind: &str,
    namespace: &str,
    kubernetes: &Kubernetes,
    run: Run,
) -> Result<ApiObject, Status> {
    let mut object = decode::decode(&addressed(value, kind)?)?;
    let meta = object.metadata_mut();
    if meta.namespace.as_deref().unwrap_or_default().is_empty() {
        meta.namespace = Some(namespace.into());
    }
    if object.namespace() != namespace {
        let text = "the namespace of the provided object does not match the namespace sent on the \
                    request";
        return Err(Status::bad_request(kind, object.name(), text));
    }
    defaults::apply(&mut object, kubernetes);
    let causes = validate::admit(&object, kubernetes, run);
    match validate::refusal(&object, causes) {
        Some(status) => Err(status),
        None => Ok(object),
    }
}

/// The value with the endpoint's kind and version where it has none.
fn addressed(value: &Value, kind: &str) -> Result<Value, Status> {
    for key in ["apiVersion", "kind"] {
        if let Some(complaint) = not_text(value, key) {
            let body: String = value.to_string().chars().take(30).collect();
            let text = format!(
                "the object provided is unrecognized (must be of type {kind}): couldn't get \
                 version/kind; json parse error: {complaint} ({body} ...)"
            );
            return Err(Status::bad_request(kind, "", text));
        }
    }
    let endpoint = ApiObject::KINDS.iter().find(|(known, _)| *known == kind);
    let version = endpoint.map_or("", |(_, version)| version);
    let written =
        |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (own_kind, own_version) =
        (written("kind").unwrap_or(kind), written("apiVersion").unwrap_or(version));
    let known = ApiObject::KINDS.contains(&(own_kind, own_version));
    if !known || own_kind != kind {
        let short = own_version.rsplit('/').next().unwrap_or_default();
        let text = format!(
            "{own_kind} in version \"{short}\" cannot be handled as a {kind}: no kind \
             \"{own_kind}\" is registered for version \"{own_version}\" in scheme \
             \"pkg/runtime/scheme.go:111\""
        );
        return Err(Status::bad_request(kind, "", text));
    }
    let mut value = value.clone();
    if let Value::Object(members) = &mut value {
        members.insert("kind".into(), own_kind.into());
        members.insert("apiVersion".into(), own_version.into());
    }
    Ok(value)
}

fn not_text(value: &Value, key: &str) -> Option<String> {
    let found = match value.get(key)? {
        Value::Null | Value::String(_) => return None,
        other => decode::json_type(other),
    };
    Some(format!("json: cannot unmarshal {found} into Go struct field .{key} of type string"))
}
