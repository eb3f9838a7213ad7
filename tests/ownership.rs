//! Who owns a pod: adoption, pods of somebody else, and what becomes of dependents.

use statefulset_playground::api::change::Cascade;
use statefulset_playground::client::Deed;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::stateful_set::StatefulSet;
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::playground::{Action, Playground};
use std::rc::Rc;

fn start(before: &str) -> Playground {
    let mut playground = Playground::new();
    playground.update(Action::EditText(format!("{before}{FIRST_TEXT}")));
    playground.update(Action::Restart);
    playground.update(Action::SetSkipWaits(false));
    playground
}

fn run(playground: &mut Playground, seconds: u32) {
    playground.update(Action::SetSpeed(1));
    playground.update(Action::Play);
    for _ in 0..seconds * 10 {
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
}

fn pod(playground: &Playground, name: &str) -> Option<Rc<Pod>> {
    let key = Key::new("default", name);
    playground.with_cluster(|cluster| cluster.store().get::<Pod>(&key).cloned())
}

fn owner(playground: &Playground, name: &str) -> String {
    let owner = pod(playground, name).and_then(|pod| pod.meta.controller().cloned());
    owner.map_or("none".into(), |owner| format!("{}/{}", owner.kind, owner.name))
}

/// A pod that is there before the set, with this in its metadata.
fn stranger(metadata: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-1\n{metadata}spec:\n  containers:\n  - \
         {{name: nginx, image: 'registry.k8s.io/nginx-slim:0.24'}}\n---\n"
    )
}

#[test]
fn an_orphan_with_the_right_name_and_labels_is_adopted_and_then_updated() {
    let mut playground = start(&stranger("  labels: {app: nginx}\n"));
    run(&mut playground, 1);
    assert_eq!(owner(&playground, "web-1"), "StatefulSet/web");
    let first = pod(&playground, "web-1").expect("it is there").meta.uid;
    run(&mut playground, 60);
    let second = pod(&playground, "web-1").expect("it is there");
    assert_ne!(first, second.meta.uid, "a pod of no revision is replaced by the update");
    assert!(second.is_ready());
}

#[test]
fn a_pod_of_another_owner_is_in_the_way() {
    let metadata = "  labels: {app: nginx}\n  ownerReferences:\n  - {apiVersion: example.com/v1, kind: Backup, \
                    name: nightly, uid: 0f5c2a4e-9b1d-4c77-8e36-1d2074a5b9f3, controller: true}\n";
    let mut playground = start(&stranger(metadata));
    run(&mut playground, 30);
    assert_eq!(owner(&playground, "web-1"), "Backup/nightly");
    let why = playground.scene().why.clone();
    assert_eq!(why.headline, "web-1 is not created yet");
    assert_eq!(why.detail, "The API server refuses: pods \"web-1\" already exists");
    let (namespace, name) = ("default".into(), "web-1".into());
    let input = Deed::DeletePod { namespace, name, grace_period_seconds: Some(0) };
    playground.update(Action::Submit(input));
    run(&mut playground, 60);
    assert_eq!(owner(&playground, "web-1"), "StatefulSet/web");
}

#[test]
fn a_pod_whose_labels_do_not_match_is_in_the_way_too() {
    let mut playground = start(&stranger("  labels: {app: other}\n"));
    run(&mut playground, 30);
    assert_eq!(owner(&playground, "web-1"), "none");
    assert!(playground.scene().why.detail.contains("already exists"));
}

#[test]
fn dependents_are_orphaned_and_adopted_again() {
    let mut playground = start("");
    run(&mut playground, 30);
    let before = pod(&playground, "web-0").expect("it is there").meta.uid;
    let (namespace, name) = ("default".into(), "web".into());
    let cascade = Cascade::Orphan;
    playground.update(Action::Submit(Deed::DeleteStatefulSet { namespace, name, cascade }));
    run(&mut playground, 5);
    assert_eq!(owner(&playground, "web-0"), "none");
    playground.update(Action::Apply);
    run(&mut playground, 5);
    assert_eq!(owner(&playground, "web-0"), "StatefulSet/web");
    assert_eq!(pod(&playground, "web-0").expect("it is there").meta.uid, before);
}

#[test]
fn dependents_go_before_or_after_their_owner() {
    for cascade in [Cascade::Foreground, Cascade::Background] {
        let mut playground = start("");
        run(&mut playground, 30);
        let (namespace, name) = ("default".into(), "web".into());
        playground.update(Action::Submit(Deed::DeleteStatefulSet { namespace, name, cascade }));
        let set = |playground: &Playground| {
            let key = Key::new("default", "web");
            playground.with_cluster(|cluster| cluster.store().get::<StatefulSet>(&key).is_some())
        };
        run(&mut playground, 1);
        assert_eq!(set(&playground), cascade == Cascade::Foreground);
        run(&mut playground, 30);
        assert!(!set(&playground));
        assert!(pod(&playground, "web-0").is_none());
    }
}
