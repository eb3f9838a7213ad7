//! The environment of a container.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeContainerEnvVars,
//! describeContainerEnvFrom; `staging/src/k8s.io/kubectl/pkg/util/fieldpath/fieldpath.go`.

use super::text::Text;
use crate::api::Tree;
use crate::api::quantity::Quantity;
use serde_json::Value;

/// Writes which config maps and secrets give the container variables, if any do.
pub fn sources(container: &Value, text: &mut Text) {
    let sources = container.items("envFrom");
    if !sources.is_empty() {
        text.head(2, "Environment Variables from");
    }
    for source in sources {
        let (from, reference) = match (source.set("configMapRef"), source.set("secretRef")) {
            (Some(map), _) => ("ConfigMap", map),
            (None, Some(secret)) => ("Secret", secret),
            (None, None) => ("", &Value::Null),
        };
        let (name, optional) = (reference.text("name"), reference.flag("optional"));
        let prefix = match source.text("prefix") {
            "" => String::new(),
            prefix => format!(" with prefix '{prefix}'"),
        };
        text.raw(3, format_args!("{name}\t{from}{prefix}\tOptional: {optional}"));
    }
}

/// Writes the variables of a container; those that name fields with their values in the pod.
pub fn variables(container: &Value, pod: &Value, text: &mut Text) {
    let variables = container.items("env");
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    text.raw(2, format_args!("Environment:{none}"));
    for variable in variables {
        let name = variable.text("name");
        let Some(from) = variable.set("valueFrom") else {
            for (at, line) in variable.text("value").split('\n').enumerate() {
                let title = if at == 0 { format!("{name}:") } else { String::new() };
                text.raw(3, format_args!("{title}\t{line}"));
            }
            continue;
        };
        if let Some(field) = from.set("fieldRef") {
            let (version, path) = (field.text("apiVersion"), field.text("fieldPath"));
            text.put(3, name, format_args!("{} ({version}:{path})", field_value(pod, path)));
        } else if let Some(field) = from.set("resourceFieldRef") {
            let resource = field.text("resource");
            let value = resource_value(container, field).unwrap_or_default();
            let is_limit = matches!(resource, "limits.cpu" | "limits.memory");
            let value = if value == "0" && is_limit { "node allocatable".into() } else { value };
            text.put(3, name, format_args!("{value} ({resource})"));
        } else if let Some(key) = from.set("secretKeyRef") {
            reference(name, key, "in secret", text);
        } else if let Some(key) = from.set("configMapKeyRef") {
            reference(name, key, "of config map", text);
        }
    }
}

fn reference(name: &str, reference: &Value, within: &str, text: &mut Text) {
    let (key, owner) = (reference.text("key"), reference.text("name"));
    let optional = reference.flag("optional");
    text.put(
        3,
        name,
        format_args!("<set to the key '{key}' {within} '{owner}'>\tOptional: {optional}"),
    );
}

/// A field of the pod's metadata; empty for any other field.
fn field_value(pod: &Value, path: &str) -> String {
    let meta = pod.at("metadata");
    let Some(path) = path.strip_prefix("metadata.") else { return String::new() };
    let keyed = |field: &str| {
        let key = path.strip_prefix(field)?.strip_prefix("['")?.strip_suffix("']")?;
        Some(meta.at(field).text(key).to_owned())
    };
    match path {
        "name" | "namespace" | "uid" => meta.text(path).into(),
        "labels" | "annotations" => {
            let members = meta.members(path);
            let lines = members.map(|(key, value)| format!("{key}={value}"));
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => keyed("labels").or_else(|| keyed("annotations")).unwrap_or_default(),
    }
}

/// A limit or request of the container, counted in divisors and rounded up.
fn resource_value(container: &Value, field: &Value) -> Option<String> {
    let (list, name) = field.text("resource").split_once('.')?;
    let quantity = container.at("resources").at(list).opt_text(name).unwrap_or("0");
    let quantity = Quantity::parse(quantity).ok()?;
    let divisor = match field.opt_text("divisor").unwrap_or("0") {
        "0" => "1",
        divisor => divisor,
    };
    let divisor = Quantity::parse(divisor).ok()?;
    let (amount, unit) = match name {
        "cpu" => (quantity.millis(), divisor.millis()),
        _ => (quantity.value(), divisor.value()),
    };
    (unit > 0).then(|| ((amount + unit - 1) / unit).to_string())
}
