//! Every way in which the StatefulSet controller does nothing says what it waits for.

use serde_json::{Value, json};
use statefulset_playground::api::change::Cascade;
use statefulset_playground::api::{ApiObject, Kubernetes, Version};
use statefulset_playground::cluster::apiserver;
use statefulset_playground::cluster::hold::{Awaited, Hold, Intent, PersonAwaited, Phase};
use statefulset_playground::cluster::meta::{Deletion, Key};
use statefulset_playground::cluster::pod::{Condition, ConditionStatus, Pod, PodPhase};
use statefulset_playground::cluster::stateful_set::StatefulSet;
use statefulset_playground::cluster::stateful_set::sync::sync;
use statefulset_playground::cluster::time::{Millis, SECOND};
use statefulset_playground::cluster::{Store, garbage};

/// A set in a store, with somebody who plays its kubelet.
struct World {
    store: Store,
    set: Key,
    kubernetes: Kubernetes,
    now: Millis,
}

impl World {
    /// A set called `web` with these fields of its spec, looked at until nothing more happens.
    fn new(fields: Value) -> Self {
        Self::at(Kubernetes::default(), fields)
    }

    fn at(kubernetes: Kubernetes, fields: Value) -> Self {
        let set = Key::new("default", "web");
        let mut world = Self { store: Store::new(1), set, kubernetes, now: 0 };
        let api = manifest(fields);
        apiserver::stateful_set::create(&mut world.store, &api, &kubernetes, 0).unwrap();
        world.settle();
        world
    }

    /// The same with every pod ready.
    fn ready(fields: Value) -> Self {
        let mut world = Self::new(fields);
        world.make_all_ready();
        world
    }

    fn make_all_ready(&mut self) {
        for _ in 0..10 {
            let pods: Vec<_> = self.store.list::<Pod>().cloned().collect();
            for pod in pods.iter().filter(|pod| !pod.is_ready()) {
                self.phase(pod.meta.name(), PodPhase::Running, ConditionStatus::True);
            }
            self.settle();
        }
    }

    fn settle(&mut self) -> Option<Hold> {
        loop {
            let done = sync(&mut self.store, &self.set, self.kubernetes, self.now);
            let is_quiet = done.report.written.is_empty() && !done.report.wrote_status;
            if is_quiet || done.has_failed() {
                return done.hold;
            }
        }
    }

    fn change(&mut self, fields: Value) {
        let stored = apiserver::stateful_set::get(&self.store, &self.set).unwrap();
        let mut api = apiserver::stateful_set::to_api(&stored);
        merge(api.spec_mut(), fields);
        let kubernetes = self.kubernetes;
        apiserver::stateful_set::update(&mut self.store, &self.set, &api, &kubernetes).unwrap();
    }

    fn phase(&mut self, pod: &str, phase: PodPhase, ready: ConditionStatus) {
        let (key, now) = (self.set.sibling(pod), self.now);
        self.store.update::<Pod>(&key, |pod| {
            pod.node = Some("node".into());
            pod.status.phase = phase;
            pod.status.conditions.ready = Some(Condition::new(ready, now));
        });
    }

    fn unready(&mut self, pod: &str) {
        self.phase(pod, PodPhase::Running, ConditionStatus::False);
    }

    fn terminate(&mut self, pod: &str) {
        let deletion = Deletion { timestamp: self.now + 30 * SECOND, grace_ms: 30 * SECOND };
        let key = self.set.sibling(pod);
        self.store.update::<Pod>(&key, |pod| pod.meta.deletion = Some(deletion));
    }

    fn gone(&mut self, pod: &str) {
        self.store.remove::<Pod>(&self.set.sibling(pod)).unwrap();
    }

    /// Where the next sync stops, what it would do and what it waits for.
    fn hold(&mut self) -> (Phase, Intent, Awaited) {
        let hold = self.settle().expect("a hold");
        assert_eq!((&hold.set, hold.since), (&self.set, self.now));
        (hold.phase, hold.intent, hold.awaited)
    }
}

fn manifest(fields: Value) -> ApiObject {
    let mut set = json!({
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {
            "serviceName": "web",
            "replicas": 3,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "web", "image": "app:1"}]}
            }
        }
    });
    merge(&mut set["spec"], fields);
    ApiObject::from_tree(set).unwrap()
}

fn merge(spec: &mut Value, fields: Value) {
    for (key, value) in fields.as_object().unwrap() {
        spec[key] = value.clone();
    }
}

fn image(image: &str) -> Value {
    json!({
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "web", "image": image}]}
    })
}

fn claims() -> Value {
    json!([{
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}}
        }
    }])
}

fn pod_ready(pod: &str) -> Awaited {
    Awaited::PodReady { pod: pod.into() }
}

fn pod_gone(pod: &str) -> Awaited {
    Awaited::PodGone { pod: pod.into() }
}

#[test]
fn a_set_as_asked_waits_for_nothing() {
    let mut world = World::ready(json!({}));
    assert_eq!(world.settle(), None);
}

#[test]
fn the_next_pod_waits_until_the_one_before_is_ready() {
    let mut world = World::new(json!({}));
    let expected = (Phase::Replicas, Intent::Create("web-1".into()), pod_ready("web-0"));
    assert_eq!(world.hold(), expected);
}

#[test]
fn the_next_pod_waits_until_the_one_before_is_available() {
    let mut world = World::new(json!({"minReadySeconds": 10}));
    world.now = 5 * SECOND;
    world.phase("web-0", PodPhase::Running, ConditionStatus::True);
    let (ready_since, available_at) = (5 * SECOND, 15 * SECOND);
    let awaited = Awaited::PodAvailable { pod: "web-0".into(), ready_since, available_at };
    assert_eq!(world.hold(), (Phase::Replicas, Intent::Create("web-1".into()), awaited));
    world.now = 15 * SECOND;
    assert_eq!(world.hold().2, pod_ready("web-1"));
}

#[test]
fn the_replacement_waits_until_a_pod_is_gone() {
    for terminal in [false, true] {
        let mut world = World::ready(json!({}));
        world.terminate("web-1");
        if terminal {
            world.phase("web-1", PodPhase::Failed, ConditionStatus::False);
        }
        let expected = (Phase::Replicas, Intent::Create("web-1".into()), pod_gone("web-1"));
        assert_eq!(world.hold(), expected);
    }
}

#[test]
fn parallel_settles_once_its_pods_are_ready() {
    let mut world = World::new(json!({"podManagementPolicy": "Parallel"}));
    assert_eq!(world.hold(), (Phase::Replicas, Intent::Settle, pod_ready("web-0")));
}

#[test]
fn an_unready_pod_holds_up_a_scale_down() {
    let mut world = World::ready(json!({}));
    world.unready("web-0");
    world.change(json!({"replicas": 1}));
    let expected = (Phase::Replicas, Intent::ScaleDown("web-2".into()), pod_ready("web-0"));
    assert_eq!(world.hold(), expected);
}

#[test]
fn the_next_deletion_waits_until_the_pod_above_is_gone() {
    let mut world = World::ready(json!({}));
    world.change(json!({"replicas": 0}));
    let expected = (Phase::Condemned, Intent::ScaleDown("web-1".into()), pod_gone("web-2"));
    assert_eq!(world.hold(), expected);
    world.gone("web-2");
    world.settle();
    world.gone("web-1");
    assert_eq!(world.hold(), (Phase::Condemned, Intent::Settle, pod_gone("web-0")));
}

#[test]
fn two_sick_pods_hold_up_a_scale_down() {
    let mut world = World::ready(json!({}));
    world.unready("web-1");
    world.unready("web-2");
    world.change(json!({"replicas": 1}));
    let awaited =
        Awaited::EitherAvailable { pod: "web-2".into(), first_unavailable: "web-1".into() };
    assert_eq!(world.hold(), (Phase::Condemned, Intent::ScaleDown("web-2".into()), awaited));
}

#[test]
fn parallel_waits_for_condemned_pods_to_go() {
    let mut world = World::ready(json!({"podManagementPolicy": "Parallel"}));
    world.change(json!({"replicas": 1}));
    assert_eq!(world.hold(), (Phase::Condemned, Intent::Settle, pod_gone("web-2")));
}

#[test]
fn an_update_goes_on_when_the_new_pod_is_ready() {
    let mut world = World::ready(json!({}));
    world.change(json!({"template": image("app:2")}));
    let expected = (Phase::Replicas, Intent::Create("web-2".into()), pod_gone("web-2"));
    assert_eq!(world.hold(), expected);
    world.gone("web-2");
    let expected = (Phase::Replicas, Intent::Update("web-1".into()), pod_ready("web-2"));
    assert_eq!(world.hold(), expected);
}

#[test]
fn a_parallel_update_goes_on_when_the_new_pod_is_ready() {
    let mut world = World::ready(json!({"podManagementPolicy": "Parallel"}));
    world.change(json!({"template": image("app:2")}));
    let expected = (Phase::Update, Intent::Update("web-1".into()), pod_gone("web-2"));
    assert_eq!(world.hold(), expected);
    world.gone("web-2");
    let expected = (Phase::Update, Intent::Update("web-1".into()), pod_ready("web-2"));
    assert_eq!(world.hold(), expected);
}

#[test]
fn an_update_waits_until_fewer_pods_are_unavailable() {
    let fields = json!({
        "podManagementPolicy": "Parallel",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}}
    });
    let mut world = World::at(Kubernetes::new(Version::V1_37), fields);
    world.make_all_ready();
    world.change(json!({"template": image("app:2")}));
    let unavailable = vec!["web-1".into(), "web-2".into()];
    let awaited = Awaited::FewerUnavailable { unavailable, limit: 2 };
    assert_eq!(world.hold(), (Phase::Update, Intent::Update("web-0".into()), awaited));
}

#[test]
fn on_delete_waits_for_a_person() {
    let mut world = World::ready(json!({"updateStrategy": {"type": "OnDelete"}}));
    world.change(json!({"template": image("app:2")}));
    let awaited = Awaited::Person { reason: PersonAwaited::OnDelete };
    assert_eq!(world.hold(), (Phase::Update, Intent::Update("web-2".into()), awaited));
}

#[test]
fn a_partition_waits_for_a_person() {
    let strategy = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 3}});
    let mut world = World::ready(json!({"updateStrategy": strategy}));
    world.change(json!({"template": image("app:2")}));
    let awaited = Awaited::Person { reason: PersonAwaited::Partition(3) };
    assert_eq!(world.hold(), (Phase::Update, Intent::Update("web-2".into()), awaited));
}

#[test]
fn a_new_pod_waits_until_the_claim_of_the_old_one_is_gone() {
    let policy = json!({"whenScaled": "Delete"});
    let fields =
        json!({"volumeClaimTemplates": claims(), "persistentVolumeClaimRetentionPolicy": policy});
    let mut world = World::ready(fields);
    world.change(json!({"replicas": 2}));
    world.settle();
    world.gone("web-2");
    world.change(json!({"replicas": 3}));
    let (pod, claim) = ("web-2".into(), "data-web-2".into());
    let expected =
        (Phase::Replicas, Intent::Create("web-2".into()), Awaited::ClaimGone { pod, claim });
    assert_eq!(world.hold(), expected);
}

#[test]
fn a_new_pod_waits_until_a_claim_that_is_deleted_is_gone() {
    let mut world = World::ready(json!({"volumeClaimTemplates": claims()}));
    let claim = world.set.sibling("data-web-1");
    apiserver::claim::delete(&mut world.store, &claim, 0).unwrap();
    world.gone("web-1");
    let (pod, claim) = ("web-1".into(), "data-web-1".into());
    let expected =
        (Phase::Replicas, Intent::Create("web-1".into()), Awaited::ClaimGone { pod, claim });
    assert_eq!(world.hold(), expected);
}

#[test]
fn a_refused_pod_waits_until_it_is_accepted() {
    let mut world = World::ready(json!({}));
    world.store.set_pod_policy(Some("denied by policy"));
    world.gone("web-1");
    let message = "pods \"web-1\" is forbidden: denied by policy".into();
    let (phase, _, awaited) = world.hold();
    assert_eq!((phase, awaited), (Phase::Replicas, Awaited::Accepted { message }));
}

#[test]
fn recreate_waits_until_every_old_pod_is_gone() {
    let mut kubernetes = Kubernetes::new(Version::V1_37);
    kubernetes.gates.recreate = true;
    let mut world = World::at(kubernetes, json!({"updateStrategy": {"type": "Recreate"}}));
    world.make_all_ready();
    world.change(json!({"template": image("app:2")}));
    let expected = (Phase::Recreate, Intent::Create("web-0".into()), pod_gone("web-0"));
    assert_eq!(world.hold(), expected);
}

#[test]
fn a_set_that_is_deleted_waits_for_its_dependents() {
    let mut world = World::ready(json!({}));
    let key = world.set.clone();
    apiserver::delete::delete::<StatefulSet>(&mut world.store, &key, Cascade::Foreground, 0)
        .unwrap();
    garbage::collect(&mut world.store, 0);
    assert_eq!(world.hold(), (Phase::Deletion, Intent::GoAway, Awaited::DependentsGone));
}
