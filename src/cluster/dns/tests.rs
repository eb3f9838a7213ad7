//! Names, search lists and answers that are kept.

use super::{Answer, Why, ask};
use crate::api::change::Change;
use crate::api::{ApiObject, Kind};
use crate::cluster::meta::Key;
use crate::cluster::time::SECOND;
use crate::cluster::{Cluster, ClusterConfig, Input, Millis, Outcome, testing};
use serde_json::{Value, json};

const MANIFESTS: fn() -> Vec<Value> = || {
    vec![
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx"},
            "spec": {"clusterIP": "None", "selector": {"app": "nginx"},
                "ports": [{"name": "web", "port": 80}]}}),
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"},
            "spec": {"replicas": 1, "serviceName": "nginx",
                "selector": {"matchLabels": {"app": "nginx"}},
                "template": {"metadata": {"labels": {"app": "nginx"}},
                    "spec": {"terminationGracePeriodSeconds": 2, "containers": [
                        {"name": "nginx", "image": "nginx", "ports": [{"containerPort": 80}]}]}}}}),
    ]
};

fn apply(cluster: &mut Cluster, objects: Vec<Value>) {
    for tree in objects {
        testing::apply(cluster, &ApiObject::from_tree(tree).unwrap());
    }
}

fn run_until(cluster: &mut Cluster, until: Millis) {
    while cluster.next_at().is_some_and(|at| at <= until) {
        cluster.step();
    }
}

/// A cluster with a set of one pod, run for a minute, after this was changed in its manifests.
fn cluster(change: fn(&mut Vec<Value>)) -> Cluster {
    let mut cluster = Cluster::new(ClusterConfig::default());
    let mut objects = MANIFESTS();
    change(&mut objects);
    apply(&mut cluster, objects);
    run_until(&mut cluster, 60 * SECOND);
    cluster
}

fn answer(cluster: &Cluster, name: &str) -> Answer {
    ask(cluster, "default", name, cluster.now()).answer
}

fn is_found(cluster: &Cluster, name: &str) -> bool {
    matches!(answer(cluster, name), Answer::Found(_))
}

#[test]
fn names_are_found_by_the_search_list() {
    let cluster = cluster(|_| {});
    for name in [
        "nginx",
        "web-0.nginx",
        "nginx.default",
        "web-0.nginx.default",
        "web-0.nginx.default.svc",
        "WEB-0.nginx.default.svc.cluster.local.",
    ] {
        assert!(is_found(&cluster, name), "{name}");
    }
    let reply = ask(&cluster, "default", "web-0.nginx", cluster.now());
    assert_eq!(reply.name, "web-0.nginx.default.svc.cluster.local.");
    let other = ask(&cluster, "kube-system", "web-0.nginx", cluster.now());
    assert!(matches!(other.answer, Answer::NoSuchName(Why::NoService { .. })), "{other:?}");
    assert!(!is_found(&cluster, "web-0.nginx."), "a final dot ends the search");
    assert!(matches!(answer(&cluster, "web-0"), Answer::NoSuchName(_)));
    assert_eq!(answer(&cluster, "default.svc.cluster.local"), Answer::NoData(Why::NoAddressHere));
    assert_eq!(answer(&cluster, "kubernetes.io."), Answer::NoSuchName(Why::OutsideZone));
}

#[test]
fn a_service_of_another_name_gives_no_names() {
    let cluster = cluster(|objects| objects[0]["metadata"]["name"] = "web-headless".into());
    assert!(is_found(&cluster, "web-headless"), "the Service selects the pod");
    let pod = Key::new("default", "web-0");
    let service = Key::new("default", "web-headless");
    let why = Why::NotGoverned { service, pod };
    assert_eq!(answer(&cluster, "web-0.web-headless"), Answer::NoSuchName(why));
    let why = Why::NoService { service: Key::new("default", "nginx") };
    assert_eq!(answer(&cluster, "web-0.nginx"), Answer::NoSuchName(why));
}

#[test]
fn a_governing_service_with_an_address_gives_names_too() {
    let cluster = cluster(|objects| {
        objects[0]["spec"].as_object_mut().unwrap().remove("clusterIP");
    });
    let Answer::Found(service) = answer(&cluster, "nginx") else { panic!() };
    assert!(service[0].pod.is_none(), "the Service's own address: {service:?}");
    let Answer::Found(pod) = answer(&cluster, "web-0.nginx") else { panic!() };
    assert_eq!(pod[0].pod, Some(Key::new("default", "web-0")));
}

#[test]
fn a_pod_that_is_not_ready_has_a_name_only_if_the_service_publishes_it() {
    let fail = |objects: &mut Vec<Value>| {
        let container = &mut objects[1]["spec"]["template"]["spec"]["containers"][0];
        container["readinessProbe"] = json!({"httpGet": {"path": "/", "port": 81}});
        container["ports"] = json!([{"containerPort": 80}]);
    };
    let hidden = cluster(fail);
    let pod = Key::new("default", "web-0");
    let why = Why::NotReady { pod };
    assert_eq!(answer(&hidden, "web-0.nginx"), Answer::NoSuchName(why));
    let service = Key::new("default", "nginx");
    assert_eq!(answer(&hidden, "nginx"), Answer::NoSuchName(Why::NoReadyEndpoint { service }));
    let shown = cluster(|objects| {
        let container = &mut objects[1]["spec"]["template"]["spec"]["containers"][0];
        container["readinessProbe"] = json!({"httpGet": {"path": "/", "port": 81}});
        objects[0]["spec"]["publishNotReadyAddresses"] = true.into();
    });
    assert!(is_found(&shown, "web-0.nginx") && is_found(&shown, "nginx"));
}

fn look_up(cluster: &mut Cluster, name: &str) -> Answer {
    let input = Input::LookUp { namespace: "default".into(), name: name.into() };
    match cluster.submit(cluster.now(), &input).0 {
        Outcome::Found(reply) => reply.answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_name_that_was_asked_for_too_early_stays_unknown_while_answers_are_kept() {
    for keeps in [false, true] {
        let mut cluster = Cluster::new(ClusterConfig::default());
        let on = Input::KeepDnsAnswers { on: keeps };
        cluster.submit(0, &on);
        apply(&mut cluster, MANIFESTS());
        let answer = look_up(&mut cluster, "web-0.nginx");
        assert!(matches!(answer, Answer::NoSuchName(_)), "{answer:?}");
        run_until(&mut cluster, 29 * SECOND);
        let reply = ask(&cluster, "default", "web-0.nginx", 29 * SECOND);
        assert_eq!(matches!(reply.answer, Answer::Found(_)), !keeps, "{reply:?}");
        let reply = ask(&cluster, "default", "web-0.nginx", 30 * SECOND);
        assert!(matches!(reply.answer, Answer::Found(_)), "30 s later: {reply:?}");
        run_until(&mut cluster, 31 * SECOND);
        let answer = look_up(&mut cluster, "web-0.nginx");
        assert!(matches!(answer, Answer::Found(_)), "{answer:?}");
    }
}

#[test]
fn a_kept_address_outlives_its_pod() {
    let mut cluster = cluster(|_| {});
    cluster.submit(cluster.now(), &Input::KeepDnsAnswers { on: true });
    let before = look_up(&mut cluster, "web-0.nginx");
    let delete = Change::Delete { grace_period_seconds: None, propagation: "Background".into() };
    let delete = testing::request(Kind::Pod, ("default", "web-0"), delete);
    cluster.submit(cluster.now(), &delete);
    let start = cluster.now();
    run_until(&mut cluster, start + 25 * SECOND);
    assert_eq!(look_up(&mut cluster, "web-0.nginx"), before, "the old address");
    run_until(&mut cluster, start + 31 * SECOND);
    assert_ne!(look_up(&mut cluster, "web-0.nginx"), before, "the new pod's address");
}
