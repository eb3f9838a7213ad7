//! What a real server and kubectl made of a manifest applied over another one.
//!
//! Set `SHOW=<part of a case's name>` to see one case's difference only.

use crate::api::{ApiObject, decode};
use crate::cluster::meta::{Key, Kind, Meta};
use crate::cluster::record::Stored;
use crate::cluster::storage::{Claim, ClaimPhase, StorageClass};
use crate::cluster::{Cluster, ClusterConfig, Input, Outcome, objects};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use std::io::Read;

/// Cases that kubectl refuses by itself, and those that begin with `kubectl create`.
const OUT_OF_SCOPE: [&str; 4] =
    ["immutable/unknown-field", "immutable/wrong-type", "immutable/two-unknown-fields", "create/"];

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/apiserver/updates.jsonl.gz");
    let mut text = String::new();
    let file = std::fs::File::open(path).expect("the recording is there");
    GzDecoder::new(file).read_to_string(&mut text).expect("the recording is gzip");
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
    all.filter(|case| {
        let name = case["name"].as_str().unwrap_or_default();
        last_step(case)["command"] == "kubectl apply -f after.yaml"
            && !OUT_OF_SCOPE.iter().any(|prefix| name.starts_with(prefix))
            && std::env::var("SHOW").map_or(true, |part| name.contains(&part))
    })
    .collect()
}

fn last_step(case: &Value) -> &Value {
    case["steps"].as_array().and_then(|steps| steps.last()).unwrap_or(&Value::Null)
}

fn objects(yaml: &str) -> Vec<ApiObject> {
    serde_yaml::Deserializer::from_str(yaml)
        .map(|document| Value::deserialize(document).expect("YAML"))
        .filter(|value| !value.is_null())
        .map(|value| decode::decode(&value).expect("a valid object"))
        .collect()
}

fn apply(cluster: &mut Cluster, yaml: &Value) -> Outcome {
    let objects = objects(yaml.as_str().expect("a manifest"));
    cluster.submit(cluster.now(), &Input::Apply { objects }).0
}

/// The recorded server has these two classes, and no default one.
fn cluster_of(case: &Value) -> Cluster {
    let mut config = ClusterConfig::default();
    if case["name"].as_str().is_some_and(|name| name.starts_with("gate-max-unavailable")) {
        config.kubernetes.gates.max_unavailable = true;
    }
    let mut cluster = Cluster::new(config);
    let own: Vec<Key> =
        cluster.store.list::<StorageClass>().map(|it| it.meta.key.clone()).collect();
    for key in own {
        cluster.store.remove::<StorageClass>(&key);
    }
    for (name, allow_expansion) in [("expandable", true), ("fixed", false)] {
        let meta = Meta::new(Key::new("", name));
        let body = serde_json::json!({
            "provisioner": "example.com/none", "allowVolumeExpansion": allow_expansion,
        });
        let class = StorageClass::read(meta, &body, None);
        cluster.store.create(class, 0).expect("the name is free");
    }
    cluster
}

/// The recorded cases bind a claim by a patch of its status.
fn bind(cluster: &mut Cluster) {
    cluster.store.update::<Claim>(&Key::new("default", "data"), |claim| {
        claim.phase = ClaimPhase::Bound;
    });
}

fn printed(outcome: &Outcome) -> (String, String) {
    let lines = |all: Vec<String>| all.iter().map(|line| format!("{line}\n")).collect::<String>();
    let warnings = outcome.warnings.iter().map(|text| format!("Warning: {text}"));
    let refusals = outcome.refusals.iter().map(crate::api::Status::kubectl);
    (lines(outcome.lines.clone()), lines(warnings.chain(refusals).collect()))
}

/// kubectl repeats the patch that was forbidden, which is not this room's.
fn without_additions(stderr: &str) -> String {
    let diff = stderr.find("\n  strings.Join(");
    let text = diff.map_or(stderr.to_owned(), |at| format!("{}\n", &stderr[..at]));
    match (text.find("error when applying patch:"), text.rfind("\": ")) {
        (Some(start), Some(end)) => format!("{}{}", &text[..start], &text[end + 3..]),
        _ => text,
    }
}

fn comparable(mut value: Value) -> Value {
    let generation = value.pointer_mut("/metadata/generation").map(Value::take);
    let metadata = value["metadata"].take();
    let mut spec = value["spec"].take();
    for pointer in ["/clusterIP", "/clusterIPs/0"] {
        if let Some(Value::String(ip)) = spec.pointer_mut(pointer)
            && ip.starts_with("10.")
        {
            *ip = "<cluster-ip>".into();
        }
    }
    if let Some(port) = spec.pointer_mut("/ports/0/nodePort") {
        *port = "<node-port>".into();
    }
    for template in spec["volumeClaimTemplates"].as_array_mut().into_iter().flatten() {
        template["metadata"].as_object_mut().map(|meta| meta.remove("creationTimestamp"));
    }
    if let Some(template) = spec.pointer_mut("/template/metadata").and_then(Value::as_object_mut) {
        template.remove("creationTimestamp");
    }
    prune(&mut spec);
    serde_json::json!({
        "annotations": metadata["annotations"],
        "labels": metadata["labels"],
        "generation": generation,
        "spec": spec,
    })
}

/// Takes out nulls, which indexing leaves behind.
fn prune(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, member| !member.is_null());
    }
}

fn stored(cluster: &Cluster, wanted: &Value) -> Value {
    let (kind, name) = (wanted["kind"].as_str(), wanted["metadata"]["name"].as_str());
    let version = wanted["apiVersion"].as_str().expect("a version");
    let kind = Kind::served(kind.expect("a kind"), version).expect("a kind that is served");
    let object = objects::get(cluster, kind, &Key::new("default", name.expect("a name")));
    let mut value = (*object.expect("the object")).clone();
    value.as_object_mut().map(|members| members.remove("status"));
    comparable(value)
}

#[test]
fn applies_a_manifest_over_another_as_recorded() {
    let mut differences = Vec::new();
    let cases = cases();
    for case in &cases {
        let mut cluster = cluster_of(case);
        apply(&mut cluster, &case["before"]);
        if case["setup"].as_array().is_some_and(|setup| !setup.is_empty()) {
            bind(&mut cluster);
        }
        let outcome = apply(&mut cluster, &case["after"]);
        let step = last_step(case);
        let wanted = (
            step["stdout"].as_str().unwrap_or_default().to_owned(),
            without_additions(step["stderr"].as_str().unwrap_or_default()),
        );
        let ours = printed(&outcome);
        if ours != wanted {
            differences.push(format!("{}\n ours   {ours:?}\n theirs {wanted:?}", case["name"]));
        }
        for object in case["objects"].as_array().into_iter().flatten() {
            let (ours, theirs) = (stored(&cluster, object), comparable(object.clone()));
            if ours != theirs {
                differences.push(format!("{}\n ours   {ours}\n theirs {theirs}", case["name"]));
            }
        }
    }
    assert!(!cases.is_empty());
    let first = differences.first().map_or("", String::as_str);
    assert!(differences.is_empty(), "{} differ, first {first}", differences.len());
}
