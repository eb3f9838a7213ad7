//! The API server's recorded verdicts and words, case by case.
//!
//! Set `SHOW=<part of a case's name>` to see what differs (`SHOW=` shows all), and
//! `CONFORMANCE_DIR=<folder>` to take `validation.jsonl`, `updates.jsonl` and `mutations.jsonl` from
//! another folder.

mod ports;
mod recording;
mod updates;

use crate::kubectl::play;
use crate::kubectl::server::Server;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Service};
use recording::{Tally, comparable, mutated, read_lines, read_value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use statefulset_playground::api::validate::Run;
use statefulset_playground::api::{ApiObject, FeatureGates, Kind, Kubernetes, request};
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::terminal::output::Stream;
use std::collections::BTreeMap;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn kind_of(name: &str) -> Option<Kind> {
    Kind::checked().find(|kind| kind.name() == name)
}

#[test]
fn one_damaged_field_at_a_time() {
    let bases = read_value("bases.json");
    let mut tally = Tally::new("mutations");
    for case in read_lines("mutations.jsonl") {
        let base = &bases[text(&case, "base")];
        let manifest = mutated(&base["manifest"], &case);
        let name = format!("{} {} {} {}", case["base"], case["path"], case["op"], case["value"]);
        let kind = kind_of(text(&base["manifest"], "kind")).unwrap();
        let body = recording::body(&manifest);
        let posted = request::post(&body, kind, "default", &Kubernetes::default(), Run::Dry);
        match (posted, case["code"].as_i64() == Some(201)) {
            (Ok(object), true) => {
                let object = ports::with_ports(object);
                let wanted = recording::with_changes(&base["admitted"], &case["changes"]);
                tally.admitted(&name, &comparable(&object.tree), &wanted);
            }
            (Err(status), false) => tally.message(&name, &status.message, text(&case, "message")),
            (ours, _) => tally.verdict(&name, &format!("{ours:?}"), &case["message"]),
        }
    }
    tally.finish();
}

#[test]
fn kubectl_apply_to_an_empty_namespace() {
    let mut tally = Tally::new("validation");
    for case in read_lines("validation.jsonl") {
        applied(&mut tally, &case);
    }
    tally.finish();
}

/// The Kubernetes of a case; some were recorded with a feature gate on.
fn kubernetes_of(case: &Value) -> Kubernetes {
    let gated = !case["gates"].is_null() || text(case, "name").starts_with("gate-max-unavailable");
    if gated { gate_on() } else { Kubernetes::default() }
}

fn gate_on() -> Kubernetes {
    let kubernetes = Kubernetes::default();
    let gates = FeatureGates { max_unavailable: true, ..kubernetes.gates };
    Kubernetes { gates, ..kubernetes }
}

fn applied(tally: &mut Tally, case: &Value) {
    let name = text(case, "name");
    let mut server = Server::new(Vec::new(), 0);
    server.kubernetes = kubernetes_of(case);
    let files = BTreeMap::from([("manifest.yaml".to_owned(), text(case, "manifest").to_owned())]);
    let (out, status) = play::run("kubectl apply -f manifest.yaml", &mut server, &files);
    let theirs = &case["kubectl"];
    let stderr = out.of(Stream::Err);
    if (status != 0) != (theirs["exit"] != 0) {
        return tally.verdict(name, &stderr, &theirs["stderr"]);
    }
    let wanted = text(theirs, "stderr").trim_end();
    if status != 0 || stderr.trim_end() != wanted {
        return tally.message(name, stderr.trim_end(), wanted);
    }
    if out.of(Stream::Out) != text(theirs, "stdout") {
        return tally.message(name, &out.of(Stream::Out), text(theirs, "stdout"));
    }
    let own = server
        .objects
        .iter()
        .map(|object| ports::with_ports(ApiObject::from_tree((**object).clone()).unwrap()).tree);
    let own = recording::in_order(own);
    let theirs: Vec<Value> = case["objects"].as_array().unwrap().iter().map(comparable).collect();
    tally.admitted(name, &Value::Array(own), &Value::Array(theirs));
}

#[test]
fn posts_of_one_document() {
    let mut tally = Tally::new("posts");
    for case in read_lines("validation.jsonl") {
        let (name, api) = (text(&case, "name"), &case["api"]);
        let manifest = Manifest::parse(text(&case, "manifest"));
        let [document] = manifest.documents.as_slice() else { continue };
        // The recording posts to the endpoint of the kind that the text names first.
        let first = text(&case, "manifest").lines().find_map(|line| line.strip_prefix("kind: "));
        // Texts that are no YAML and duplicate keys never reach the rules.
        let of_text = ["yaml", "already set", "unrecognized"];
        if api.is_null() || of_text.iter().any(|part| text(api, "message").contains(part)) {
            continue;
        }
        let Some(kind) = kind_of(first.unwrap_or(&document.kind)) else { continue };
        let posted =
            request::create(&document.json(), kind, "default", &kubernetes_of(&case), Run::Dry);
        match (posted, api["code"].as_i64() == Some(201)) {
            (Ok(_), true) => tally.message(name, "", ""),
            (Err(status), false) => tally.message(name, &status.message, text(api, "message")),
            (ours, _) => tally.verdict(name, &format!("{ours:?}"), &api["message"]),
        }
    }
    tally.finish();
}

#[test]
fn kubectl_changes_objects_that_exist() {
    let mut tally = Tally::new("updates");
    for case in read_lines("updates.jsonl") {
        updates::changed(&mut tally, &case, kubernetes_of(&case));
    }
    tally.finish();
}

#[test]
fn an_admitted_tree_is_what_a_typed_object_writes() {
    let bases = read_value("bases.json");
    let mut posts: Vec<Value> = Vec::new();
    for case in read_lines("mutations.jsonl") {
        posts.push(mutated(&bases[text(&case, "base")]["manifest"], &case));
    }
    let recorded = read_lines("validation.jsonl");
    let examples = EXAMPLES.iter().map(|example| example.text());
    for text in recorded.iter().map(|case| text(case, "manifest")).chain(examples) {
        posts.extend(Manifest::parse(text).documents.iter().map(|document| document.value()));
    }
    let mut admitted = 0;
    for post in posts {
        let Some(kind) = kind_of(text(&post, "kind")) else { continue };
        let kubernetes = gate_on();
        let Ok(object) = request::create(&post, kind, "default", &kubernetes, Run::Dry) else {
            continue;
        };
        admitted += 1;
        let written = match kind {
            Kind::StatefulSet => written::<StatefulSet>(&object),
            Kind::Service => written::<Service>(&object),
            _ => written::<PersistentVolumeClaim>(&object),
        };
        assert_eq!(without_empty_names(written), object.tree);
    }
    assert!(admitted > 700, "{admitted}");
}

/// Go leaves out the empty name of a secret, which the typed object has.
fn without_empty_names(mut object: Value) -> Value {
    let secrets = object.pointer_mut("/spec/template/spec/imagePullSecrets");
    for secret in secrets.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(members) = secret {
            members.retain(|_, member| member != "");
        }
    }
    object
}

fn written<T: DeserializeOwned + Serialize>(object: &ApiObject) -> Value {
    serde_json::to_value(object.typed::<T>().unwrap()).unwrap()
}
