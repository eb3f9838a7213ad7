//! What a real server and kubectl made of a manifest applied over another one.
//!
//! Set `SHOW=<part of a case's name>` to see one case's difference only.

use super::{Aside, Client, Deed, Mode, Output, Server, apply, documents};
use crate::api::{Kind, Resource, Tree};
use crate::client::output::Stream;
use crate::client::send::Lines;
use crate::cluster::storage::{Claim, ClaimPhase};
use crate::cluster::{Cluster, ClusterConfig, objects};
use crate::manifest::Manifest;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
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

fn apply_text(cluster: &mut Cluster, yaml: &Value, file: &str) -> Output {
    let manifest = Manifest::parse(yaml.as_str().expect("a manifest"));
    let mut out = Output::default();
    let (at, mode) = (cluster.now(), Mode::default());
    let mut aside = Aside::new(cluster, at);
    let mut client = Client { server: &mut aside, out: &mut out, mode, manager: apply::MANAGER };
    let documents = documents::of(file, &manifest, true).expect("objects");
    apply::all(&mut client, &documents, &mut Lines);
    out
}

/// The recorded server has these two classes, and no default one.
fn cluster_of(case: &Value) -> Cluster {
    let mut config = ClusterConfig::default();
    if case["name"].as_str().is_some_and(|name| name.starts_with("gate-max-unavailable")) {
        config.kubernetes.gates.max_unavailable = true;
    }
    let mut cluster = Cluster::new(config);
    let classes = Resource::named("storageclasses").expect("a resource");
    for class in Aside::new(&mut cluster, 0).list(&classes) {
        let name = class.at("metadata").text("name").to_owned();
        let mut client = Aside::new(&mut cluster, 0);
        let change = super::server::Change::Delete {
            grace_period_seconds: None,
            propagation: "Background".into(),
        };
        let mut out = Output::default();
        let mut client = Client {
            server: &mut client,
            out: &mut out,
            mode: Mode::default(),
            manager: apply::MANAGER,
        };
        client.send(&classes, ("", &name), change).expect("it goes");
    }
    for (name, allow_expansion) in [("expandable", true), ("fixed", false)] {
        let class = json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
            "provisioner": "example.com/none", "allowVolumeExpansion": allow_expansion,
        });
        let objects = vec![crate::api::ApiObject::from_tree(class).expect("an object")];
        let done = Deed::Apply { objects }
            .carry_out(&mut Aside::new(&mut cluster, 0), &mut Output::default());
        assert_eq!(done.failures, []);
    }
    cluster
}

/// The recorded cases bind a claim by a patch of its status; here a volume comes.
fn bind(cluster: &mut Cluster) {
    let claim = cluster.store().list::<Claim>().next().expect("the claim").clone();
    let volume = json!({
        "apiVersion": "v1", "kind": "PersistentVolume",
        "metadata": {"name": claim.volume.as_deref().unwrap_or("volume")},
        "spec": {
            "accessModes": ["ReadWriteOnce", "ReadWriteMany"],
            "capacity": {"storage": "1Ti"},
            "storageClassName": claim.storage_class.as_deref().unwrap_or_default(),
            "hostPath": {"path": "/data"},
        },
    });
    let objects = vec![crate::api::ApiObject::from_tree(volume).expect("an object")];
    let at = cluster.now();
    let mut seat = Aside::new(cluster, at);
    let done = Deed::Apply { objects }.carry_out(&mut seat, &mut Output::default());
    assert_eq!(done.failures, []);
    let is_bound = |cluster: &Cluster| {
        cluster.store().list::<Claim>().any(|claim| claim.phase == ClaimPhase::Bound)
    };
    for _ in 0..1_000 {
        if is_bound(cluster) {
            return;
        }
        cluster.step();
    }
    panic!("the claim is not bound");
}

/// Without the difference that Go prints of two specs, which this playground leaves out.
fn without_additions(stderr: &str) -> String {
    let diff = stderr.find("\n  strings.Join(");
    diff.map_or(stderr.to_owned(), |at| format!("{}\n", &stderr[..at]))
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
    // What binding adds.
    if spec["volumeName"] == "volume" {
        spec.as_object_mut().map(|spec| spec.remove("volumeName"));
    }
    let annotations = metadata["annotations"].as_object().into_iter().flatten();
    let annotations: serde_json::Map<_, _> = annotations
        .filter(|(key, _)| !key.starts_with("pv.kubernetes.io/"))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    serde_json::json!({
        "annotations": annotations,
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
    let name = wanted["metadata"]["name"].as_str().expect("a name");
    let (kind, version) = (wanted["kind"].as_str(), wanted["apiVersion"].as_str());
    let kind = Kind::served(kind.expect("a kind"), version.expect("a version"));
    let key = crate::cluster::meta::Key::new("default", name);
    let object = objects::get(cluster, kind.expect("a kind that is served"), &key);
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
        apply_text(&mut cluster, &case["before"], "before.yaml");
        if case["setup"].as_array().is_some_and(|setup| !setup.is_empty()) {
            bind(&mut cluster);
        }
        let out = apply_text(&mut cluster, &case["after"], "after.yaml");
        let step = last_step(case);
        let wanted = (
            step["stdout"].as_str().unwrap_or_default().to_owned(),
            without_additions(step["stderr"].as_str().unwrap_or_default()),
        );
        let ours = (out.of(Stream::Out), without_additions(&out.of(Stream::Err)));
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
