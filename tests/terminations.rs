//! Why a pod that is being deleted is still there: what the sentence says, and that it recommends
//! nothing that does harm.

use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::time::{MINUTE, Millis, SECOND};
use statefulset_playground::cluster::{Cluster, ClusterConfig};
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::scene::{Why, why_of};

/// A cluster, and the moment.
struct World(Cluster, Millis);

impl World {
    /// The first example with some texts in place of others, after two minutes.
    fn with(changes: &[(&str, &str)]) -> Self {
        let mut text = FIRST_TEXT.to_owned();
        for (old, new) in changes {
            assert!(text.contains(old), "{old}");
            text = text.replace(old, new);
        }
        let mut world = Self(Cluster::new(ClusterConfig::default()), 0);
        world.submit(&Deed::Apply { objects: Manifest::parse(&text).objects() });
        world.run_for(2 * MINUTE);
        assert!(world.pod("web-1").is_ready());
        world
    }

    fn submit(&mut self, deed: &Deed) {
        let mut aside = Aside::new(&mut self.0, self.1);
        assert_eq!(deed.carry_out(&mut aside, &mut Output::default()).failures, []);
    }

    fn run_for(&mut self, time: Millis) {
        self.1 += time;
        while self.0.next_at().is_some_and(|at| at <= self.1) {
            self.0.step();
        }
    }

    fn pod(&self, name: &str) -> &Pod {
        self.0.store().get::<Pod>(&Key::new("default", name)).expect(name)
    }

    fn delete(&mut self, name: &str, grace_period_seconds: Option<i64>) {
        let (namespace, name) = ("default".into(), name.into());
        self.submit(&Deed::DeletePod { namespace, name, grace_period_seconds });
    }

    fn node(&mut self, request: NodeRequest) {
        let node = self.pod("web-1").node.clone().expect("it runs").to_string();
        self.submit(&Deed::Node { node, request });
    }

    fn why(&self) -> Why {
        why_of(&self.0, &Key::new("default", "web"))
    }
}

/// All that the panel says.
fn words(why: &Why) -> String {
    format!("{}. {} {}", why.headline, why.detail, why.command)
}

/// What the panel says has these parts, one behind the other.
fn assert_in_order(why: &Why, parts: &[&str]) {
    let words = words(why);
    let mut rest = words.as_str();
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} in order in {words:?}"));
        rest = &rest[at + part.len()..];
    }
}

fn assert_harmless(why: &Why) {
    assert!(!why.command.contains("--force"), "{why:?}");
    assert!(!why.command.contains("--grace-period"), "{why:?}");
}

const GRACE: &str = "terminationGracePeriodSeconds: 10";

#[test]
fn an_ordinary_termination_says_how_long_it_may_take_and_recommends_nothing() {
    let mut world = World::with(&[(GRACE, "terminationGracePeriodSeconds: 40")]);
    world.delete("web-1", None);
    world.run_for(50);
    let why = world.why();
    assert_in_order(
        &why,
        &["web-1 is still terminating", "until 02:40.", "grace period of 40 s", "SIGKILL"],
    );
    assert_eq!((why.command.as_str(), why.waiting), ("", true));
    assert!(!words(&why).contains("forc"), "{why:?}");
}

#[test]
fn a_pre_stop_hook_that_hangs_ends_with_the_grace_period() {
    let ports = "          ports:\n            - name: web";
    let hook = "          lifecycle: {preStop: {sleep: {seconds: 25}}}\n          ports:\n            \
                - name: web";
    let changes = [(ports, hook), (GRACE, "terminationGracePeriodSeconds: 30")];
    let mut world = World::with(&changes);
    world.delete("web-1", None);
    world.run_for(SECOND);
    let why = world.why();
    let parts = ["preStop hook of nginx takes until 02:25.", "SIGTERM", "SIGKILL at 02:30."];
    assert_in_order(&why, &parts);
    assert_eq!(why.command, "");
    let mut world = World::with(&changes);
    world.delete("web-1", Some(10));
    world.run_for(SECOND);
    let why = world.why();
    assert_in_order(
        &why,
        &["preStop hook of nginx does not end in time", "SIGKILL", "02:1", "10 s"],
    );
    assert_eq!(why.command, "");
    assert!(!words(&why).contains("forc"), "{why:?}");
}

#[test]
fn on_a_lost_node_force_comes_last_and_with_its_risk() {
    let mut world = World::with(&[]);
    world.node(NodeRequest::Lose);
    world.run_for(10 * MINUTE);
    assert!(world.pod("web-1").is_terminating());
    let why = world.why();
    let ways = [
        "nobody can confirm",
        "Bring minikube-m",
        "out-of-service",
        "deleting the Node object",
        "last resort",
        "two pods web-1 may run at once",
        "damage their data",
    ];
    assert_in_order(&why, &ways);
    assert_harmless(&why);
    assert!(why.command.starts_with("kubectl describe node minikube-m"), "{why:?}");
    world.node(NodeRequest::TaintOutOfService);
    let why = world.why();
    assert_in_order(&why, &["tainted out-of-service: the pod is collected within 20 s"]);
    assert!(why.command.is_empty() && !words(&why).contains("forc"), "{why:?}");
    world.run_for(3 * MINUTE);
    assert!(world.pod("web-1").is_ready(), "it runs elsewhere");
}

#[test]
fn a_volume_that_is_not_detached_is_not_freed_by_deleting_the_pod() {
    let class = "storageClassName: fast\n        accessModes:";
    let mut world = World::with(&[("accessModes:", class)]);
    let lost = world.pod("web-1").node.clone().expect("it runs");
    world.node(NodeRequest::Lose);
    world.run_for(2 * MINUTE);
    world.delete("web-1", Some(0));
    world.run_for(MINUTE);
    assert_ne!(world.pod("web-1").node.as_ref(), Some(&lost));
    let why = world.why();
    let attached = format!("is attached to {lost} until");
    let parts = ["web-1 waits: its volume pvc-", &attached, "by force", "out-of-service"];
    assert_in_order(&why, &parts);
    assert_in_order(&why, &["To delete the pod, even by force, detaches nothing"]);
    assert_harmless(&why);
}
