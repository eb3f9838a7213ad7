//! What `kubectl apply` does with a manifest, as far as the API decides it.

use serde_json::Value;
use statefulset_playground::api::decode::DecodeReason;
use statefulset_playground::api::path::PathStep;
use statefulset_playground::api::validate::Run;
use statefulset_playground::api::{
    ApiObject, FeatureGates, Kind, Kubernetes, Status, Tree, decode, defaults, request,
    update_rules, validate, warnings,
};
use statefulset_playground::manifest::Manifest;

/// What was printed on standard error, whether it failed, and the objects that were admitted.
#[derive(Debug, Default)]
pub struct Outcome {
    pub stderr: String,
    pub failed: bool,
    pub objects: Vec<Value>,
}

impl Outcome {
    fn warn(&mut self, text: &str) {
        self.stderr.push_str(&format!("Warning: {text}\n"));
    }

    fn fail(&mut self, text: &str) {
        self.stderr.push_str(text);
        self.stderr.push('\n');
        self.failed = true;
    }
}

pub fn gate_on() -> Kubernetes {
    let kubernetes = Kubernetes::default();
    let gates = FeatureGates { max_unavailable: true, ..kubernetes.gates };
    Kubernetes { gates, ..kubernetes }
}

/// Applies a manifest to an empty namespace `default`.
pub fn apply(text: &str, kubernetes: &Kubernetes) -> Outcome {
    let mut outcome = Outcome::default();
    let manifest = Manifest::parse_for(text, kubernetes);
    let is_syntax = |message: &str| {
        message.starts_with("error converting YAML") || message.starts_with("invalid Yaml document")
    };
    for each in &manifest.diagnostics {
        if is_syntax(&each.message) {
            outcome.fail(&format!("error: error parsing manifest.yaml: {}", each.message));
            return outcome;
        }
        if each.message == "no objects passed to apply" {
            outcome.fail("error: no objects passed to apply");
            return outcome;
        }
        if each.message.starts_with("error validating data: ") {
            outcome.fail(&format!(
                "error: error validating \"manifest.yaml\": {}; if you choose to ignore these \
                 errors, turn validation off with --validate=false",
                each.message
            ));
            return outcome;
        }
    }
    for document in &manifest.documents {
        one(&document.value(), kubernetes, &mut outcome);
    }
    outcome
}

fn one(value: &Value, kubernetes: &Kubernetes, outcome: &mut Outcome) {
    let creating = "error when creating \"manifest.yaml\"";
    let object = match decode::decode(value) {
        Ok(object) => object,
        Err(error) if error.reason == DecodeReason::UnknownKind => {
            let name = &error.name;
            outcome.fail(&format!(
                "error: resource mapping not found for name: \"{name}\" namespace: \"\" from \
                 \"manifest.yaml\": {error}\nensure CRDs are installed first"
            ));
            return;
        }
        Err(error) => {
            let at_client = error.reason == DecodeReason::WrongType
                && error.complaints[0].path.0.first() == Some(&PathStep::Key("metadata".into()));
            let text = match at_client {
                true => {
                    let own = format!("{}.metadata ", error.kind);
                    let text =
                        error.complaints[0].text.replace(&own, "metadataOnlyObject.metadata ");
                    format!("error: unable to decode \"manifest.yaml\": {text}")
                }
                false => format!("Error from server (BadRequest): {creating}: {error}"),
            };
            outcome.fail(&text);
            return;
        }
    };
    let prefix = object.metadata().opt_text("generateName");
    if let (true, Some(prefix)) = (object.name().is_empty(), prefix) {
        outcome.fail(&format!("error: from {prefix}: cannot use generate name with apply"));
        return;
    }
    if object.name().is_empty() || object.name().contains('/') {
        let (resource, version) = match object.kind {
            Kind::StatefulSet => ("statefulsets", "apps/v1"),
            Kind::Service => ("services", "/v1"),
            _ => ("persistentvolumeclaims", "/v1"),
        };
        let (kind, name) = (object.kind.name(), object.name());
        let why = match name {
            "" => "resource name may not be empty".to_owned(),
            name => format!("invalid resource name \"{name}\": [may not contain '/']"),
        };
        outcome.fail(&format!(
            "error: error when retrieving current configuration of:\nResource: \"{version}, \
             Resource={resource}\", GroupVersionKind: \"{version}, Kind={kind}\"\nName: \
             \"{name}\", Namespace: \"default\"\nfrom server for: \"manifest.yaml\": {why}"
        ));
        return;
    }
    if object.namespace() != "default" {
        let namespace = object.namespace();
        outcome.fail(&format!(
            "Error from server (NotFound): {creating}: namespaces \"{namespace}\" not found"
        ));
        return;
    }
    match request::create(value, object.kind, "default", kubernetes, Run::Real) {
        Ok(object) => {
            warnings(&object).iter().for_each(|text| outcome.warn(text));
            outcome.objects.push(object.tree);
        }
        Err(status) => outcome.fail(&status.kubectl()),
    }
}

/// Applies `after` where `before` was applied and `live` is what the server holds.
pub fn apply_again(before: &str, live: &[Value], after: &str, kubernetes: &Kubernetes) -> Outcome {
    let mut outcome = Outcome::default();
    let (before, after) = (Manifest::parse(before), Manifest::parse(after));
    for document in &after.documents {
        let value = document.value();
        let is_same = |other: &Value| other["kind"] == value["kind"] && name(other) == name(&value);
        let Some(live) = live.iter().find(|live| is_same(live)) else {
            one(&value, kubernetes, &mut outcome);
            continue;
        };
        let last = before.documents.iter().map(|each| each.value()).find(|other| is_same(other));
        let merged = merge(&last.unwrap_or(Value::Null), live, &value);
        match replaced(&merged, live, kubernetes) {
            Ok(object) => outcome.objects.push(object.tree),
            Err(status) => outcome.fail(&status.kubectl()),
        }
    }
    outcome
}

fn name(object: &Value) -> Option<&Value> {
    object.pointer("/metadata/name")
}

fn replaced(merged: &Value, live: &Value, kubernetes: &Kubernetes) -> Result<ApiObject, Status> {
    let old = decode::decode(live)?;
    let mut new = decode::decode(merged)?;
    match new.kind {
        Kind::StatefulSet => defaults::stateful_set(&mut new.tree, kubernetes),
        Kind::Service => defaults::service(&mut new.tree, kubernetes),
        _ => defaults::claim(&mut new.tree),
    }
    let causes = update_rules::update(&new, &old, kubernetes);
    match validate::refusal(&new, causes) {
        Some(status) => Err(status),
        None => Ok(new),
    }
}

/// The three-way merge: what went from the manifest goes, what is in it comes. Lists of named items
/// are merged item by item.
fn merge(last: &Value, live: &Value, new: &Value) -> Value {
    match (live, new) {
        (Value::Object(live), Value::Object(new)) => {
            let mut merged = live.clone();
            for key in last.as_object().into_iter().flat_map(|last| last.keys()) {
                if !new.contains_key(key) {
                    merged.remove(key);
                }
            }
            for (key, value) in new {
                let before = live.get(key).unwrap_or(&Value::Null);
                let last = last.get(key).unwrap_or(&Value::Null);
                merged.insert(key.clone(), merge(last, before, value));
            }
            Value::Object(merged)
        }
        (Value::Array(live), Value::Array(new))
            if new.iter().all(|item| item["name"].is_string()) =>
        {
            let find = |list: &[Value], name: &Value| {
                list.iter().find(|item| item["name"] == *name).cloned().unwrap_or(Value::Null)
            };
            let last = last.as_array().cloned().unwrap_or_default();
            let each = new
                .iter()
                .map(|item| merge(&find(&last, &item["name"]), &find(live, &item["name"]), item));
            each.collect()
        }
        _ => new.clone(),
    }
}
