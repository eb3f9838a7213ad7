//! Which lists and maps of the API are owned item by item, and by what their items are told apart.
//!
//! Upstream: the marks `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and
//! `x-kubernetes-map-type` in `api/openapi-spec/swagger.json`.

use crate::api::Tree;
use serde_json::{Map, Value};

/// How a value is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As a whole.
    Atomic,
    /// Field by field.
    Fields,
    /// Item by item, told apart by these fields.
    Items(&'static [&'static str]),
    /// Item by item, told apart by what they are.
    Set,
}

impl Shape {
    /// The fields that tell items apart.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Items(keys) => keys,
            _ => &[],
        }
    }
}

/// Objects that are owned as a whole although they have fields: selectors and references.
const ATOMIC: [&str; 17] = [
    "configMapKeyRef",
    "dataSource",
    "fieldRef",
    "fileKeyRef",
    "labelSelector",
    "matchLabelKeys",
    "namespaceSelector",
    "nodeSelector",
    "podSelector",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "resourceFieldRef",
    "roleRef",
    "scaleTargetRef",
    "scopeSelector",
    "secretKeyRef",
    "selector",
    "targetRef",
];

/// Lists of named things, wherever they stand.
const NAMED: [&str; 10] = [
    "claims",
    "containers",
    "drivers",
    "env",
    "ephemeralContainers",
    "initContainers",
    "resourceClaims",
    "schedulingGates",
    "volumes",
    "webhooks",
];

/// How the value of a field is owned; `parent` is the field that it stands in, empty for the whole
/// object.
pub fn of(parent: &str, field: &str, value: &Value) -> Shape {
    match value {
        Value::Object(_) if is_atomic(parent, field) => Shape::Atomic,
        Value::Object(_) => Shape::Fields,
        Value::Array(_) => of_list(parent, field),
        _ => Shape::Atomic,
    }
}

fn is_atomic(parent: &str, field: &str) -> bool {
    let is_secret = field.ends_with("ecretRef") && parent != "envFrom";
    is_secret || parent == "ownerReferences" || ATOMIC.contains(&field)
}

fn of_list(parent: &str, field: &str) -> Shape {
    let keys: &[&str] = match field {
        "ports" if parent.ends_with("ontainers") => &["containerPort", "protocol"],
        "ports" if parent == "spec" => &["port", "protocol"],
        "imagePullSecrets" if parent == "spec" => &["name"],
        "secrets" if parent.is_empty() => &["name"],
        "addresses" | "conditions" if parent == "status" => &["type"],
        "finalizers" if parent == "metadata" => return Shape::Set,
        "ownerReferences" => &["uid"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "hostAliases" | "podIPs" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
        "podCIDRs" => return Shape::Set,
        _ if NAMED.contains(&field) => &["name"],
        _ => return Shape::Atomic,
    };
    Shape::Items(keys)
}

/// What an item of a list is called in a set of fields; none if it lacks a key.
pub fn item(shape: Shape, item: &Value) -> Option<String> {
    let Shape::Items(keys) = shape else { return Some(format!("v:{item}")) };
    let mut own = Map::new();
    for key in keys {
        let value = match (item.set(key), *key) {
            (Some(value), _) => value.clone(),
            (None, "protocol") => "TCP".into(),
            (None, _) => return None,
        };
        own.insert((*key).into(), value);
    }
    Some(format!("k:{}", Value::Object(own)))
}
