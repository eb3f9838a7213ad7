//! What a POST of an object to the endpoint of a kind gives.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go`.

use super::validate::{self, Run};
use super::{ApiObject, Kind, Kubernetes, Status, Tree, decode, rules};
use serde_json::Value;

/// The object that a request's body of JSON asks for, as it would be stored: see [`create`].
///
/// # Errors
/// The server's refusal.
pub fn post(
    body: &str,
    kind: Kind,
    namespace: &str,
    kubernetes: &Kubernetes,
    run: Run,
) -> Result<ApiObject, Status> {
    let value = super::json::parse(body)
        .map_err(|error| Status::bad_request(kind.name(), "", error.to_string()))?;
    admitted(addressed(&value, body, kind)?, kind, namespace, kubernetes, run)
}

/// The object as it would be stored, with its defaults.
///
/// `kind` is the endpoint's kind, one that is checked; `namespace` is the endpoint's, too.
/// What the object does not say (apiVersion, kind, namespace) is the endpoint's.
///
/// # Errors
/// The server's refusal. Names that are taken are for the caller to refuse.
pub fn create(
    value: &Value,
    kind: Kind,
    namespace: &str,
    kubernetes: &Kubernetes,
    run: Run,
) -> Result<ApiObject, Status> {
    let body = value.to_string();
    admitted(addressed(value, &body, kind)?, kind, namespace, kubernetes, run)
}

fn admitted(
    value: Value,
    kind: Kind,
    namespace: &str,
    kubernetes: &Kubernetes,
    run: Run,
) -> Result<ApiObject, Status> {
    let mut object = decode::decode(&value)?;
    object.tree.open("metadata").fill_text("namespace", namespace);
    if object.namespace() != namespace {
        let text = "the namespace of the provided object does not match the namespace sent on the \
                    request";
        return Err(Status::bad_request(kind.name(), object.name(), text));
    }
    rules::apply(&mut object, kubernetes);
    let causes = rules::admit(&object, kubernetes, run);
    match validate::refusal(&object, causes) {
        Some(status) => Err(status),
        None => Ok(object),
    }
}

/// The value with the endpoint's kind and version where it has none.
fn addressed(value: &Value, body: &str, kind: Kind) -> Result<Value, Status> {
    let name = kind.name();
    for key in ["apiVersion", "kind"] {
        if let Some(complaint) = not_text(value, key) {
            let body: String = body.chars().take(30).collect();
            let text = format!(
                "the object provided is unrecognized (must be of type {name}): couldn't get \
                 version/kind; json parse error: {complaint} ({body} ...)"
            );
            return Err(Status::bad_request(name, "", text));
        }
    }
    let mut value = value.clone();
    if value.is_object() {
        value.fill_text("kind", name);
        value.fill_text("apiVersion", kind.api_version());
    }
    let own = |key: &str, default: &'static str| value.opt_text(key).unwrap_or(default).to_owned();
    let (own_kind, own_version) = (own("kind", name), own("apiVersion", kind.api_version()));
    let (group, version) = own_version.rsplit_once('/').unwrap_or(("", &own_version));
    if own_kind == name && group == kind.group() && version.is_empty() {
        value.put("apiVersion", kind.api_version());
        return Ok(value);
    }
    if own_kind == name && group == kind.group() && rules::is_former(kind, version) {
        let text = format!(
            "the API version in the data ({own_version}) does not match the expected API version \
             ({})",
            kind.api_version()
        );
        return Err(Status::bad_request(name, "", text));
    }
    let own = Kind::applied(&own_kind, &own_version);
    if let Some(other) = own.filter(|other| *other != kind) {
        let internal = |kind: Kind| match kind.group() {
            "" => format!("core.{}", kind.name()),
            group => format!("{}.{}", group.split('.').next().unwrap_or_default(), kind.name()),
        };
        let text = format!(
            "{own_kind} in version \"v1\" cannot be handled as a {name}: converting (v1.{}) to \
             ({}): unknown conversion",
            other.name(),
            internal(kind)
        );
        return Err(Status::bad_request(name, "", text));
    }
    if own.is_none() {
        let short = own_version.rsplit('/').next().unwrap_or_default();
        let text = format!(
            "{own_kind} in version \"{short}\" cannot be handled as a {name}: no kind \
             \"{own_kind}\" is registered for version \"{own_version}\" in scheme \
             \"pkg/runtime/scheme.go:111\""
        );
        return Err(Status::bad_request(name, "", text));
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
