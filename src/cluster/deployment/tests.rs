//! Deployments as a person sees them: what is made, in which steps, and what is said of it.

use super::*;
use crate::api::ApiObject;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::time::SECOND;
use crate::cluster::{Cluster, ClusterConfig, Input, objects, testing};
use serde_json::{Value, json};

fn deployment(replicas: i32, image: &str, more: &Value) -> ApiObject {
    let mut tree = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "web", "image": image}]}
            }
        }
    });
    for (field, value) in more.as_object().unwrap() {
        tree["spec"][field] = value.clone();
    }
    ApiObject::from_tree(tree).unwrap()
}

fn apply(cluster: &mut Cluster, object: ApiObject) {
    testing::apply(cluster, &object);
}

fn run_until(cluster: &mut Cluster, end: u64) {
    while cluster.next_at().is_some_and(|at| at <= end) {
        cluster.step();
    }
}

fn sizes(cluster: &Cluster) -> Vec<(i32, i32)> {
    let mut sets: Vec<_> = cluster.store().list::<ReplicaSet>().collect();
    sets.sort_by_key(|set| revisions::number_of(set));
    sets.iter().map(|set| (set.replicas, set.status.ready_replicas)).collect()
}

fn messages(cluster: &Cluster, kind: &str) -> Vec<String> {
    let events = cluster.store().events().iter();
    let own = events.filter(|event| event.regarding.kind.name() == kind);
    own.map(|event| event.message.to_string()).collect()
}

fn status(cluster: &Cluster) -> DeploymentStatus {
    cluster.store().get::<Deployment>(&Key::new("default", "web")).unwrap().status.clone()
}

#[test]
fn makes_a_replica_set_and_its_pods_at_once() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    apply(&mut cluster, deployment(3, "nginx:1", &json!({})));
    run_until(&mut cluster, 60 * SECOND);
    assert_eq!(sizes(&cluster), [(3, 3)]);
    let pods: Vec<_> = cluster.store().list::<Pod>().collect();
    assert!(pods.iter().all(|pod| pod.meta.created_at == 0), "created together");
    let set = cluster.store().list::<ReplicaSet>().next().unwrap();
    let name = set.meta.name();
    assert!(pods.iter().all(|pod| pod.meta.name().starts_with(name)));
    assert_eq!(pods[0].meta.name().len(), name.len() + 6);
    let said = format!("Scaled up replica set {name} from 0 to 3");
    assert_eq!(messages(&cluster, "Deployment"), [said]);
    let status = status(&cluster);
    let conditions: Vec<_> = status.conditions.iter().map(|it| (it.type_, it.reason)).collect();
    let wanted =
        [("Available", "MinimumReplicasAvailable"), ("Progressing", "NewReplicaSetAvailable")];
    assert_eq!(conditions, wanted);
    assert_eq!((status.updated_replicas, status.unavailable_replicas), (3, 0));
}

#[test]
fn rolls_in_steps_of_surge_and_unavailability_and_goes_back() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    apply(&mut cluster, deployment(4, "nginx:1", &json!({})));
    run_until(&mut cluster, 60 * SECOND);
    apply(&mut cluster, deployment(4, "nginx:2", &json!({})));
    let mut steps = vec![sizes(&cluster)];
    while cluster.next_at().is_some_and(|at| at <= 120 * SECOND) {
        cluster.step();
        let available: i32 =
            cluster.store().list::<ReplicaSet>().map(|set| set.status.available_replicas).sum();
        let all: i32 = cluster.store().list::<ReplicaSet>().map(|set| set.replicas).sum();
        assert!(available >= 3, "at most 25% are missing: {available}");
        assert!(all <= 5, "at most 25% come besides: {all}");
        if steps.last() != Some(&sizes(&cluster)) {
            steps.push(sizes(&cluster));
        }
    }
    assert_eq!(sizes(&cluster), [(0, 0), (4, 4)], "{steps:?}");
    let said = messages(&cluster, "Deployment");
    assert!(said.iter().any(|text| text.ends_with("from 4 to 3")), "{said:?}");
    apply(&mut cluster, deployment(4, "nginx:1", &json!({})));
    run_until(&mut cluster, 200 * SECOND);
    assert_eq!(cluster.store().list::<ReplicaSet>().count(), 2, "the old one is taken again");
    assert_eq!(sizes(&cluster), [(0, 0), (4, 4)]);
    let revision = &objects::list(&cluster, "Deployment")[0]["metadata"]["annotations"][REVISION];
    assert_eq!(revision, "3");
}

#[test]
fn recreate_waits_until_the_old_pods_are_gone() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    let strategy = json!({"strategy": {"type": "Recreate"}});
    apply(&mut cluster, deployment(2, "nginx:1", &strategy));
    run_until(&mut cluster, 60 * SECOND);
    let old: Vec<_> = cluster.store().list::<Pod>().map(|pod| pod.meta.uid).collect();
    apply(&mut cluster, deployment(2, "nginx:2", &strategy));
    while cluster.next_at().is_some_and(|at| at <= 200 * SECOND) {
        cluster.step();
        let uids: Vec<_> = cluster.store().list::<Pod>().map(|pod| pod.meta.uid).collect();
        let is_old = |uid: &_| old.contains(uid);
        assert!(uids.iter().all(is_old) || !uids.iter().any(is_old), "never both");
    }
    assert_eq!(sizes(&cluster), [(0, 0), (2, 2)]);
}

#[test]
fn a_broken_image_leaves_the_old_pods_and_misses_the_deadline() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    let more = json!({"progressDeadlineSeconds": 60});
    apply(&mut cluster, deployment(4, "nginx:1", &more));
    run_until(&mut cluster, 60 * SECOND);
    let faults = crate::cluster::fault::Faults { no_images: true, ..Default::default() };
    cluster.submit(cluster.now(), &Input::SetFaults(faults));
    apply(&mut cluster, deployment(4, "nginx:broken", &more));
    run_until(&mut cluster, 200 * SECOND);
    assert_eq!(sizes(&cluster), [(3, 3), (2, 0)]);
    let status = status(&cluster);
    let progressing = status.progressing().unwrap();
    assert_eq!((progressing.is_true, progressing.reason), (false, "ProgressDeadlineExceeded"));
    assert_eq!(status.unavailable_replicas, 2);
}

#[test]
fn scaling_and_deleting_take_the_pods_with_them() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    apply(&mut cluster, deployment(3, "nginx:1", &json!({})));
    run_until(&mut cluster, 60 * SECOND);
    apply(&mut cluster, deployment(1, "nginx:1", &json!({})));
    run_until(&mut cluster, 120 * SECOND);
    assert_eq!(sizes(&cluster), [(1, 1)]);
    assert_eq!(cluster.store().list::<Pod>().count(), 1);
    for propagation in ["Foreground", "Background"] {
        let request = crate::api::change::Request {
            kind: "Deployment".into(),
            api_version: "apps/v1".into(),
            namespace: "default".into(),
            name: "web".into(),
            change: crate::api::change::Change::Delete {
                grace_period_seconds: None,
                propagation: propagation.into(),
            },
            dry_run: false,
            field_validation: Default::default(),
            field_manager: String::new(),
        };
        cluster.submit(cluster.now(), &Input::Request(Box::new(request)));
        let end = cluster.now() + 60 * SECOND;
        run_until(&mut cluster, end);
        assert_eq!(cluster.store().list::<Deployment>().count(), 0);
        assert_eq!(cluster.store().list::<ReplicaSet>().count(), 0, "{propagation}");
        assert_eq!(cluster.store().list::<Pod>().count(), 0, "{propagation}");
        apply(&mut cluster, deployment(2, "nginx:1", &json!({})));
        let end = cluster.now() + 60 * SECOND;
        run_until(&mut cluster, end);
        assert_eq!(sizes(&cluster), [(2, 2)]);
    }
}
