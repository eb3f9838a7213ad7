//! What deeds do to a cluster and what is printed of them, one by one.

use super::{Aside, Deed, Failure, Output};
use crate::api::change::Cascade;
use crate::api::{ApiObject, StatusReason};
use crate::cluster::apiserver::delete::{FOREGROUND_FINALIZER, ORPHAN_FINALIZER};
use crate::cluster::meta::{Deletion, Key};
use crate::cluster::pod::{Pod, PodPhase};
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::Claim;
use crate::cluster::{Cluster, ClusterConfig, Input};
use serde_json::{Value, json};
use std::rc::Rc;

fn cluster() -> Cluster {
    Cluster::new(ClusterConfig::default())
}

/// What came of a deed.
struct Outcome {
    lines: Vec<String>,
    failures: Vec<Failure>,
}

fn submit(cluster: &mut Cluster, deed: &Deed) -> Outcome {
    let (at, mut out) = (cluster.now(), Output::default());
    let done = deed.carry_out(&mut Aside::new(cluster, at), &mut out);
    let lines = out.text().lines().map(str::to_owned).collect();
    Outcome { lines, failures: done.failures }
}

fn apply(cluster: &mut Cluster, objects: &[Value]) -> Outcome {
    let read = |value: &Value| ApiObject::from_tree(value.clone()).unwrap();
    submit(cluster, &Deed::Apply { objects: objects.iter().map(read).collect() })
}

fn web(spec: Value) -> Value {
    let mut set = json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web"},
        "spec": {
            "serviceName": "nginx",
            "selector": {"matchLabels": {"app": "nginx"}},
            "template": {
                "metadata": {"labels": {"app": "nginx"}},
                "spec": {"containers": [{"name": "nginx", "image": "nginx:1"}]},
            },
        },
    });
    let members = spec.as_object().cloned().unwrap_or_default();
    set["spec"].as_object_mut().unwrap().extend(members);
    set
}

fn service(name: &str, spec: Value) -> Value {
    let mut all = json!({"ports": [{"port": 80}], "selector": {"app": "nginx"}});
    all.as_object_mut().unwrap().extend(spec.as_object().cloned().unwrap_or_default());
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": all})
}

fn claim(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    })
}

fn key(name: &str) -> Key {
    Key::new("default", name)
}

fn set(cluster: &Cluster) -> Rc<StatefulSet> {
    Rc::clone(cluster.store().get(&key("web")).unwrap())
}

fn scale(replicas: i32) -> Deed {
    Deed::Scale { namespace: "default".into(), name: "web".into(), replicas }
}

fn refusal(outcome: &Outcome) -> (StatusReason, String) {
    let [Failure::Server(one)] = outcome.failures.as_slice() else {
        panic!("{:?}", outcome.failures)
    };
    assert_eq!(outcome.lines.join("\n"), one.kubectl());
    (one.reason, one.kubectl())
}

#[test]
fn creates_each_object_on_its_own() {
    let mut cluster = cluster();
    let objects = [service("nginx", json!({})), web(json!({"replicas": -1})), claim("data")];
    let outcome = apply(&mut cluster, &objects);
    let created = ["service/nginx created", "persistentvolumeclaim/data created"];
    assert_eq!(outcome.lines[..2], created);
    assert_eq!(outcome.failures.len(), 1);
    assert!(cluster.store().get::<StatefulSet>(&key("web")).is_none());
    let outcome = apply(&mut cluster, &[web(json!({}))]);
    assert_eq!(outcome.lines, ["statefulset.apps/web created"]);
    assert_eq!(set(&cluster).meta.generation, 1);
}

#[test]
fn applying_the_same_again_writes_nothing() {
    let templates = json!({"volumeClaimTemplates": [claim("www")]});
    for (spec, verb) in [(json!({}), "unchanged"), (templates, "configured")] {
        let mut cluster = cluster();
        let objects = [service("nginx", json!({})), claim("data"), web(spec)];
        apply(&mut cluster, &objects);
        let before = cluster.store().resource_version();
        let outcome = apply(&mut cluster, &objects);
        let lines =
            ["service/nginx", "persistentvolumeclaim/data"].map(|it| it.to_owned() + " unchanged");
        assert_eq!(outcome.lines[..2], lines);
        assert_eq!(outcome.lines[2], format!("statefulset.apps/web {verb}"));
        assert_eq!(cluster.store().resource_version(), before);
    }
}

#[test]
fn counts_the_generation_only_for_the_spec_and_shares_the_template() {
    let mut cluster = cluster();
    apply(&mut cluster, &[web(json!({"replicas": 1}))]);
    let template = set(&cluster).spec.template.clone();
    let mut labelled = web(json!({"replicas": 1}));
    labelled["metadata"]["labels"] = json!({"tier": "front"});
    assert_eq!(apply(&mut cluster, &[labelled]).lines, ["statefulset.apps/web configured"]);
    assert_eq!(set(&cluster).meta.generation, 1);
    assert_eq!(set(&cluster).meta.labels.len(), 1);

    apply(&mut cluster, &[web(json!({"replicas": 2}))]);
    assert_eq!((set(&cluster).meta.generation, set(&cluster).spec.replicas), (2, 2));
    assert!(set(&cluster).spec.template == template);

    let mut other = web(json!({"replicas": 2}));
    other["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    apply(&mut cluster, &[other]);
    assert_eq!(set(&cluster).meta.generation, 3);
    assert!(set(&cluster).spec.template != template);
}

#[test]
fn keeps_replicas_that_no_manifest_has_named() {
    let mut cluster = cluster();
    apply(&mut cluster, &[web(json!({}))]);
    assert_eq!(submit(&mut cluster, &scale(5)).lines, ["statefulset.apps/web scaled"]);
    apply(&mut cluster, &[web(json!({"minReadySeconds": 1}))]);
    assert_eq!(set(&cluster).spec.replicas, 5);
    apply(&mut cluster, &[web(json!({"replicas": 2}))]);
    assert_eq!(set(&cluster).spec.replicas, 2);
    apply(&mut cluster, &[web(json!({}))]);
    assert_eq!(set(&cluster).spec.replicas, 1, "the manifest took its number back");
}

#[test]
fn refuses_to_scale_what_is_not_there_or_below_zero() {
    let mut cluster = cluster();
    let (reason, text) = refusal(&submit(&mut cluster, &scale(1)));
    assert_eq!(reason, StatusReason::NotFound);
    assert_eq!(text, "Error from server (NotFound): statefulsets.apps \"web\" not found");
    apply(&mut cluster, &[web(json!({}))]);
    let before = cluster.store().resource_version();
    let (reason, _) = refusal(&submit(&mut cluster, &scale(-1)));
    assert_eq!(reason, StatusReason::Invalid);
    submit(&mut cluster, &scale(1));
    assert_eq!(cluster.store().resource_version(), before);
}

#[test]
fn gives_services_addresses_of_their_own() {
    let mut cluster = cluster();
    let names: Vec<String> = (0..50).map(|number| format!("s{number}")).collect();
    let objects: Vec<Value> = names.iter().map(|name| service(name, json!({}))).collect();
    apply(&mut cluster, &objects);
    let address = |cluster: &Cluster, name: &str| {
        cluster.store().get::<Service>(&key(name)).unwrap().cluster_ip
    };
    let mut all: Vec<_> = names.iter().map(|name| address(&cluster, name).unwrap()).collect();
    assert!(all.iter().all(|ip| ip.octets()[0] == 10 && (96..112).contains(&ip.octets()[1])));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), names.len());

    apply(&mut cluster, &[service("none", json!({"clusterIP": "None"}))]);
    assert!(cluster.store().get::<Service>(&key("none")).unwrap().is_headless());

    let before = address(&cluster, "s0");
    let moved = service("s0", json!({"ports": [{"port": 81}]}));
    assert_eq!(apply(&mut cluster, &[moved]).lines, ["service/s0 configured"]);
    assert_eq!(address(&cluster, "s0"), before);

    let taken = before.unwrap().to_string();
    let (_, text) = refusal(&apply(&mut cluster, &[service("new", json!({"clusterIP": taken}))]));
    assert!(text.ends_with("provided IP is already allocated"), "{text}");
    let (_, text) = refusal(&apply(&mut cluster, &[service("s1", json!({"clusterIP": "None"}))]));
    let why = "spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once set";
    assert_eq!(text, format!("The Service \"s1\" is invalid: {why}"));
}

fn run_pod(cluster: &mut Cluster) {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0"},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "nginx", "image": "nginx:1"}],
            "volumes": [{"name": "www", "persistentVolumeClaim": {"claimName": "data"}}],
        },
    });
    apply(cluster, &[claim("data"), pod]);
}

fn run_until(cluster: &mut Cluster, is_so: impl Fn(&Cluster) -> bool) {
    while !is_so(cluster) {
        cluster.step().expect("it comes to be");
    }
}

fn run_for(cluster: &mut Cluster, ms: u64) {
    let end = cluster.now() + ms;
    while cluster.next_at().is_some_and(|at| at <= end) {
        cluster.step();
    }
}

fn is_in(phase: PodPhase) -> impl Fn(&Cluster) -> bool {
    move |cluster| {
        cluster.store().get::<Pod>(&key("web-0")).is_some_and(|pod| pod.status.phase == phase)
    }
}

fn delete_pod(cluster: &mut Cluster, grace_period_seconds: Option<i64>) -> Outcome {
    let (namespace, name) = ("default".into(), "web-0".into());
    submit(cluster, &Deed::DeletePod { namespace, name, grace_period_seconds })
}

fn pod_deletion(cluster: &Cluster) -> Option<Option<Deletion>> {
    cluster.store().get::<Pod>(&key("web-0")).map(|pod| pod.meta.deletion)
}

#[test]
fn gives_a_running_pod_its_grace_period() {
    let mut cluster = cluster();
    run_pod(&mut cluster);
    run_until(&mut cluster, is_in(PodPhase::Running));
    let now = cluster.now();
    let outcome = delete_pod(&mut cluster, None);
    assert_eq!(outcome.lines, ["pod \"web-0\" deleted from default namespace"]);
    let after = |grace_ms| Some(Some(Deletion { timestamp: now + grace_ms, grace_ms }));
    assert_eq!(pod_deletion(&cluster), after(30_000));
    delete_pod(&mut cluster, Some(60));
    assert_eq!(pod_deletion(&cluster), after(30_000), "it never gets longer");
    delete_pod(&mut cluster, Some(5));
    assert_eq!(pod_deletion(&cluster), after(5_000));
    let outcome = delete_pod(&mut cluster, Some(0));
    assert!(outcome.lines[0].starts_with("Warning: Immediate deletion does not wait"));
    assert_eq!(outcome.lines[1..], ["pod \"web-0\" force deleted from default namespace"]);
    assert_eq!(pod_deletion(&cluster), None);
    assert_eq!(refusal(&delete_pod(&mut cluster, None)).0, StatusReason::NotFound);
}

#[test]
fn removes_a_pod_at_once_that_nothing_runs() {
    let mut pending = cluster();
    run_pod(&mut pending);
    delete_pod(&mut pending, None);
    assert_eq!(pod_deletion(&pending), None);
    let mut failed = cluster();
    run_pod(&mut failed);
    run_until(&mut failed, is_in(PodPhase::Running));
    let crash = Input::CrashContainer {
        namespace: "default".into(),
        pod: "web-0".into(),
        container: "nginx".into(),
        exit_code: 1,
    };
    submit(&mut failed, &crash.into());
    run_until(&mut failed, is_in(PodPhase::Failed));
    delete_pod(&mut failed, None);
    assert_eq!(pod_deletion(&failed), None);
}

#[test]
fn keeps_a_claim_that_a_pod_mounts() {
    let mut cluster = cluster();
    run_pod(&mut cluster);
    run_until(&mut cluster, is_in(PodPhase::Running));
    let delete = Deed::DeleteClaim { namespace: "default".into(), name: "data".into() };
    let outcome = submit(&mut cluster, &delete);
    let line = "persistentvolumeclaim \"data\" deleted from default namespace";
    assert_eq!(outcome.lines, [line]);
    let mut labelled = claim("data");
    labelled["metadata"]["labels"] = json!({"tier": "front"});
    let outcome = apply(&mut cluster, &[labelled]);
    let warning = "Warning: Detected changes to resource data which is currently being deleted.";
    assert_eq!(outcome.lines[0], warning);
    run_for(&mut cluster, 1_000);
    let stored = cluster.store().get::<Claim>(&key("data")).unwrap();
    assert!(stored.meta.is_terminating());
    delete_pod(&mut cluster, Some(0));
    run_for(&mut cluster, 1_000);
    assert!(cluster.store().get::<Claim>(&key("data")).is_none());
    assert_eq!(refusal(&submit(&mut cluster, &delete)).0, StatusReason::NotFound);
}

#[test]
fn deletes_a_set_as_the_cascade_says() {
    let cases = [
        (Cascade::Background, None),
        (Cascade::Foreground, Some(FOREGROUND_FINALIZER)),
        (Cascade::Orphan, Some(ORPHAN_FINALIZER)),
    ];
    for (cascade, finalizer) in cases {
        let mut cluster = cluster();
        apply(&mut cluster, &[web(json!({}))]);
        let (namespace, name) = ("default".into(), "web".into());
        let delete = Deed::DeleteStatefulSet { namespace, name, cascade };
        let outcome = submit(&mut cluster, &delete);
        let line = "statefulset.apps \"web\" deleted from default namespace";
        assert_eq!(outcome.lines, [line]);
        let stored = cluster.store().get::<StatefulSet>(&key("web"));
        let Some(finalizer) = finalizer else {
            assert!(stored.is_none());
            assert_eq!(refusal(&submit(&mut cluster, &delete)).0, StatusReason::NotFound);
            continue;
        };
        let meta = &stored.unwrap().meta;
        assert!(meta.is_terminating());
        assert_eq!((meta.generation, &*meta.finalizers[0]), (2, finalizer));
    }
}
