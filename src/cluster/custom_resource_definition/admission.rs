//! Which definitions the API server takes, and what it fills in.
//!
//! Simplified: schemas are not checked, and objects are not held against them.
//!
//! Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`,
//! ValidateCustomResourceDefinition, ValidateCustomResourceDefinitionUpdate; `v1/defaults.go`.

use crate::api::{ApiObject, FieldError, Tree, names};
use serde_json::Value;

/// Fills in what a definition leaves out.
pub fn fill_in(object: &mut ApiObject) {
    let spec = object.spec_mut();
    spec.open("conversion").fill_text("strategy", "None");
    let names = spec.open("names");
    let kind = names.text("kind").to_owned();
    if !kind.is_empty() {
        names.fill_text("singular", &kind.to_lowercase());
        names.fill_text("listKind", &format!("{kind}List"));
    }
}

/// All complaints about a definition.
pub fn complaints(object: &ApiObject) -> Vec<FieldError> {
    let spec = object.spec();
    let (group, own) = (spec.text("group"), spec.at("names"));
    let mut found = Vec::new();
    let full = format!("{}.{group}", own.text("plural"));
    if object.name() != full {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        found.push(FieldError::invalid("metadata.name", Value::from(object.name()), detail));
    }
    if group.is_empty() {
        found.push(FieldError::required("spec.group", ""));
    } else if !group.contains('.') {
        let detail = "should be a domain with at least one dot";
        found.push(FieldError::invalid("spec.group", Value::from(group), detail));
    }
    scope(spec.text("scope"), &mut found);
    versions(spec, &mut found);
    for field in ["plural", "singular", "kind", "listKind"] {
        let (path, name) = (format!("spec.names.{field}"), own.text(field));
        if name.is_empty() {
            found.push(FieldError::required(path, ""));
            continue;
        }
        for problem in names::dns_1035_label(&name.to_lowercase()) {
            let detail = match field {
                "kind" | "listKind" => {
                    format!("may have mixed case, but should otherwise match: {problem}")
                }
                _ => problem,
            };
            found.push(FieldError::invalid(path.as_str(), Value::from(name), detail));
        }
    }
    found
}

fn scope(scope: &str, found: &mut Vec<FieldError>) {
    match scope {
        "Cluster" | "Namespaced" => {}
        "" => found.push(FieldError::required("spec.scope", "")),
        other => {
            let known = ["Cluster", "Namespaced"];
            found.push(FieldError::not_supported("spec.scope", other, &known));
        }
    }
}

fn versions(spec: &Value, found: &mut Vec<FieldError>) {
    let all = spec.items("versions");
    let stored: Vec<&str> =
        all.iter().filter(|it| it.flag("storage")).map(|it| it.text("name")).collect();
    if stored.len() != 1 {
        let all: Vec<String> = all.iter().map(as_go_has_it).collect();
        let detail = "must have exactly one version marked as storage version";
        found.push(FieldError::invalid("spec.versions", format!("[{}]", all.join(",")), detail));
    }
    for (index, version) in all.iter().enumerate() {
        let path = format!("spec.versions[{index}]");
        if version.at("schema").set("openAPIV3Schema").is_none() {
            found.push(FieldError::required(format!("{path}.schema.openAPIV3Schema"), ""));
        }
        for problem in names::dns_1035_label(version.text("name")) {
            let name = Value::from(version.text("name"));
            found.push(FieldError::invalid(format!("{path}.name"), name, problem));
        }
    }
    if let [first, .., last] = stored.as_slice() {
        let detail = format!("must have the storage version {last}");
        let value = Value::from(vec![*first]);
        found.push(FieldError::invalid("status.storedVersions", value, detail));
    }
}

/// A version as a message shows it, without the parts that all versions have in common.
fn as_go_has_it(version: &Value) -> String {
    format!(
        "{{\"Name\":{},\"Served\":{},\"Storage\":{},\"Deprecated\":{},\"DeprecationWarning\":{},\
         \"Schema\":null,\"Subresources\":null,\"AdditionalPrinterColumns\":null,\
         \"SelectableFields\":null}}",
        version.at("name"),
        version.flag("served"),
        version.flag("storage"),
        version.flag("deprecated"),
        version.at("deprecationWarning"),
    )
}

/// All complaints about a definition that replaces another one, whose kind is served already.
pub fn changed(object: &ApiObject, old: &ApiObject) -> Vec<FieldError> {
    let (new, old) = (object.spec(), old.spec());
    let pairs = [
        ("spec.scope", new.text("scope"), old.text("scope")),
        ("spec.names.kind", new.at("names").text("kind"), old.at("names").text("kind")),
    ];
    let differing = pairs.into_iter().filter(|(_, new, old)| new != old);
    differing
        .map(|(path, new, _)| FieldError::invalid(path, Value::from(new), "field is immutable"))
        .collect()
}
