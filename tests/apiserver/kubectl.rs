//! What `kubectl apply` does with a manifest, as far as the API decides it.

use serde_json::Value;
use statefulset_playground::api::decode::DecodeReason;
use statefulset_playground::api::path::PathStep;
use statefulset_playground::api::validate::Run;
use statefulset_playground::api::{
    ApiObject, FeatureGates, Kind, Kubernetes, Status, StatusReason, Tree, decode, defaults, merge,
    patch, request, update_rules, validate, warnings,
};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::service::Service;
use statefulset_playground::cluster::{Cluster, ClusterConfig, Input};
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
        if each.message.starts_with("Object 'Kind' is missing") {
            outcome.fail(&format!("error: unable to decode \"manifest.yaml\": {}", each.message));
            return outcome;
        }
        if each.message.starts_with("error validating data: ") {
            outcome.fail(&format!(
                "error: error validating \"manifest.yaml\": {}; if you choose to ignore these \
                 errors, turn validation off with --validate=false",
                without_suggestion(&each.message)
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
        Err(error) if error.reason == DecodeReason::NoVersion => {
            return outcome.fail(&format!("Error from server (NotFound): {creating}: {error}"));
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
        let why = match object.name() {
            "" => "resource name may not be empty".to_owned(),
            name => format!("invalid resource name \"{name}\": [may not contain '/']"),
        };
        outcome.fail(&format!(
            "error: error when retrieving current configuration of:\n{}from server for: \
             \"manifest.yaml\": {why}",
            resource_of(value)
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
            outcome.objects.push(with_ports(object).tree);
        }
        Err(status) => outcome.fail(&status.kubectl()),
    }
}

fn without_suggestion(message: &str) -> &str {
    message.split(" (did you mean").next().unwrap_or(message)
}

/// A Service with the node ports that a cluster gives it, as the recordings show them.
pub fn with_ports(object: ApiObject) -> ApiObject {
    if object.kind != Kind::Service {
        return object;
    }
    let mut cluster = Cluster::new(ClusterConfig::default());
    let key = Key::new(object.namespace(), object.name());
    let mut portless = object.clone();
    for port in portless.spec_mut().items_mut("ports") {
        port.drop_field("nodePort");
    }
    let (outcome, _) = cluster.submit(0, &Input::Apply { objects: vec![portless] });
    let Some(service) = cluster.store().get::<Service>(&key) else {
        panic!("{:?}", outcome.refusals);
    };
    let (asked, mut given) = (object.spec().items("ports").to_vec(), object);
    let ports = service.api.spec().items("ports");
    for (index, port) in given.spec_mut().items_mut("ports").iter_mut().enumerate() {
        if ports[index].set("nodePort").is_some() && asked[index].set("nodePort").is_none() {
            port.put("nodePort", "<node-port>");
        }
    }
    given
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
        let (last, value) = (last.map(|last| annotated(&last)), annotated(&value));
        let patch = merge::patch(last.as_ref(), &value, live);
        match replaced(&merge::three_way(last.as_ref(), &value, live), &patch, live, kubernetes) {
            Ok(object) => outcome.objects.push(object.tree),
            Err(status) if status.reason == StatusReason::Forbidden => outcome.fail(&format!(
                "Error from server (Forbidden): error when applying patch:\n{patch}\nto:\n{}for: \
                 \"after.yaml\": error when patching \"after.yaml\": {}",
                resource_of(&value),
                status.message
            )),
            Err(status) => outcome.fail(&status.kubectl()),
        }
    }
    outcome
}

fn name(object: &Value) -> Option<&Value> {
    object.pointer("/metadata/name")
}

/// The object as kubectl sends it: with its namespace, and itself in an annotation.
fn annotated(value: &Value) -> Value {
    const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let mut value = value.clone();
    value.open("metadata").fill_text("namespace", "default");
    value.open("metadata").open("annotations");
    let text = format!("{value}\n");
    value.open("metadata").open("annotations").put(LAST_APPLIED, text);
    value
}

fn resource_of(value: &Value) -> String {
    let (kind, name) = (value.text("kind"), value.at("metadata").text("name"));
    let (resource, version) = match kind {
        "StatefulSet" => ("statefulsets", "apps/v1"),
        "Service" => ("services", "/v1"),
        _ => ("persistentvolumeclaims", "/v1"),
    };
    format!(
        "Resource: \"{version}, Resource={resource}\", GroupVersionKind: \"{version}, \
         Kind={kind}\"\nName: \"{name}\", Namespace: \"default\"\n"
    )
}

/// `expandable` is the one class of the recordings that allows it.
fn replaced(
    merged: &Value,
    patch: &Value,
    live: &Value,
    kubernetes: &Kubernetes,
) -> Result<ApiObject, Status> {
    let old = decode::decode(live)?;
    let mut new = decode::decode(merged).map_err(|error| patch::refusal(patch, &error))?;
    match new.kind {
        Kind::StatefulSet => defaults::stateful_set(&mut new.tree, kubernetes),
        Kind::Service => defaults::service(&mut new.tree, kubernetes),
        _ => defaults::claim(&mut new.tree),
    }
    let causes = update_rules::update(&new, &old, kubernetes);
    let refusal = validate::refusal(&new, causes);
    let is_expandable = new.spec().text("storageClassName") == "expandable";
    match refusal.or_else(|| update_rules::resize(&new, &old, is_expandable)) {
        Some(status) => Err(status),
        None => Ok(new),
    }
}
