//! Nodes: cordon, drain, and one that is lost, with every way out.

use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::client::nodes::Drain;
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::input::Input;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::node::Node;
use statefulset_playground::cluster::objects::unix_millis;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::time::{MINUTE, Millis, SECOND};
use statefulset_playground::cluster::{Cluster, ClusterConfig};
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::manifest::{Diagnostic, Manifest, Severity};

/// A cluster that plays a set of three pods, one on each node.
struct World {
    cluster: Cluster,
    drains: Vec<Drain>,
}

impl World {
    fn new() -> Self {
        let mut world =
            Self { cluster: Cluster::new(ClusterConfig::default()), drains: Vec::new() };
        world.submit(&Deed::Apply { objects: Manifest::parse(FIRST_TEXT).objects() });
        world.run_until(2 * MINUTE);
        assert_eq!(
            world.pods(),
            ["web-0 minikube ready", "web-1 minikube-m02 ready", "web-2 minikube-m03 ready"]
        );
        world
    }

    fn submit(&mut self, deed: &Deed) -> Vec<String> {
        self.submit_at(self.cluster.now(), deed)
    }

    fn submit_at(&mut self, at: Millis, deed: &Deed) -> Vec<String> {
        let mut out = Output::default();
        let done = deed.carry_out(&mut Aside::new(&mut self.cluster, at), &mut out);
        assert_eq!(done.failures, []);
        self.drains.extend(done.drain);
        out.text().lines().map(str::to_owned).collect()
    }

    fn node(&mut self, node: &str, request: NodeRequest) -> Vec<String> {
        self.submit(&Deed::Node { node: node.into(), request })
    }

    fn at(&mut self, at: Millis, node: &str, request: NodeRequest) {
        self.run_until(at);
        self.submit_at(at, &Deed::Node { node: node.into(), request });
    }

    fn run_until(&mut self, until: Millis) {
        loop {
            let tries_at = self.drains.iter().filter_map(Drain::tries_at).min();
            let tries_at = tries_at.map(|at| Millis::try_from(at - unix_millis(0)).unwrap());
            match (self.cluster.next_at().filter(|at| *at <= until), tries_at) {
                (Some(work), tries_at) if tries_at.is_none_or(|at| work <= at) => {
                    self.cluster.step();
                }
                (_, Some(at)) if at <= until => self.try_again(at),
                _ => return,
            }
        }
    }

    fn try_again(&mut self, at: Millis) {
        let (cluster, mut out) = (&mut self.cluster, Output::default());
        self.drains
            .retain_mut(|drain| drain.poll(&mut Aside::new(cluster, at), &mut out).is_none());
    }

    fn pod(&self, name: &str) -> &Pod {
        self.cluster.store().get::<Pod>(&Key::new("default", name)).expect(name)
    }

    fn pods(&self) -> Vec<String> {
        let pods = self.cluster.store().list::<Pod>();
        pods.map(|pod| {
            let state = match (pod.is_terminating(), pod.is_ready()) {
                (true, _) => "terminating",
                (false, true) => "ready",
                (false, false) => "not ready",
            };
            format!("{} {} {state}", pod.meta.name(), pod.node.as_deref().unwrap_or("-"))
        })
        .collect()
    }

    fn events(&self, reason: &str) -> Vec<(Millis, String)> {
        let events = self.cluster.store().events().numbered().map(|(_, event)| event);
        let mine = events.filter(|event| &*event.reason == reason);
        mine.map(|event| (event.last_at, event.message.to_string())).collect()
    }

    fn taints(&self, node: &str) -> Vec<String> {
        let node = self.cluster.store().get::<Node>(&Node::key(node)).expect(node);
        node.taints.iter().map(|taint| format!("{}:{}", taint.key, taint.effect.name())).collect()
    }
}

/// The node of web-1 is lost two minutes after the start.
const LOST: Millis = 2 * MINUTE;
/// When it is found silent: the last renewal, at most 5 s until that is seen, 50 s of grace.
const UNKNOWN: Millis = LOST + 55 * SECOND;
/// When its pod is evicted.
const EVICTED: Millis = UNKNOWN + 300 * SECOND;

fn lost() -> World {
    let mut world = World::new();
    world.at(LOST, "minikube-m02", NodeRequest::Lose);
    world
}

fn evicted() -> World {
    let mut world = lost();
    world.run_until(EVICTED + 10 * MINUTE);
    assert_eq!(
        world.pods(),
        ["web-0 minikube ready", "web-1 minikube-m02 terminating", "web-2 minikube-m03 ready"]
    );
    world
}

fn assert_replaced(world: &mut World, nodes: &[&str]) {
    let end = world.cluster.now() + 3 * MINUTE;
    world.run_until(end);
    let pod = world.pod("web-1");
    assert!(pod.is_ready(), "{:?}", world.pods());
    assert!(nodes.contains(&&**pod.node.as_ref().unwrap()), "{:?}", world.pods());
}

#[test]
fn a_lost_node_is_noticed_after_its_grace_and_its_pods_are_evicted_five_minutes_later() {
    let mut world = lost();
    world.run_until(UNKNOWN - 1);
    assert!(world.pod("web-1").is_ready(), "nobody knows yet");
    world.run_until(UNKNOWN);
    assert!(!world.pod("web-1").is_ready());
    assert!(world.pod("web-1").status.containers[0].ready, "only the condition is changed");
    assert_eq!(
        world.events("NodeNotReady"),
        [
            (UNKNOWN, "Node minikube-m02 status is now: NodeNotReady".into()),
            (UNKNOWN, "Node is not ready".into()),
        ]
    );
    let unreachable = "node.kubernetes.io/unreachable";
    assert_eq!(
        world.taints("minikube-m02"),
        [format!("{unreachable}:NoSchedule"), format!("{unreachable}:NoExecute"),]
    );
    world.run_until(EVICTED - 1);
    assert!(!world.pod("web-1").is_terminating());
    world.run_until(EVICTED);
    assert!(world.pod("web-1").is_terminating());
    let target = world.pod("web-1").status.conditions.disruption_target.clone().unwrap();
    assert_eq!(&*target.reason, "DeletionByTaintManager");
    let marking = (EVICTED, "Marking for deletion Pod default/web-1".into());
    assert_eq!(world.events("TaintManagerEviction"), [marking]);
    world.run_until(EVICTED + 60 * MINUTE);
    assert!(world.pod("web-1").is_terminating(), "and so it stays");
}

#[test]
fn a_node_that_returns_in_time_keeps_its_pods() {
    let mut world = lost();
    world.at(UNKNOWN + MINUTE, "minikube-m02", NodeRequest::Regain);
    let uid = world.pod("web-1").meta.uid;
    world.run_until(UNKNOWN + 2 * MINUTE);
    assert!(world.pod("web-1").is_ready());
    assert!(world.taints("minikube-m02").is_empty());
    let (_, message) = &world.events("TaintManagerEviction")[0];
    assert_eq!(message, "Cancelling deletion of Pod default/web-1");
    world.run_until(EVICTED + MINUTE);
    assert_eq!(world.pod("web-1").meta.uid, uid);
}

#[test]
fn a_node_that_returns_late_confirms_the_deletion() {
    let mut world = evicted();
    let uid = world.pod("web-1").meta.uid;
    let now = world.cluster.now();
    world.at(now, "minikube-m02", NodeRequest::Regain);
    assert_replaced(&mut world, &["minikube", "minikube-m02", "minikube-m03"]);
    assert_ne!(world.pod("web-1").meta.uid, uid);
}

#[test]
fn a_forced_deletion_lets_the_pod_be_replaced_elsewhere() {
    let mut world = evicted();
    world.submit(&Deed::DeletePod {
        namespace: "default".into(),
        name: "web-1".into(),
        grace_period_seconds: Some(0),
    });
    assert_replaced(&mut world, &["minikube", "minikube-m03"]);
}

#[test]
fn a_deleted_node_lets_its_pods_be_collected() {
    let mut world = evicted();
    let deleted = world.cluster.now();
    assert_eq!(world.node("minikube-m02", NodeRequest::Delete), ["node \"minikube-m02\" deleted"]);
    world.run_until(deleted + 39 * SECOND);
    assert!(world.pod("web-1").is_terminating(), "the quarantine is not over");
    world.run_until(deleted + 61 * SECOND);
    assert_replaced(&mut world, &["minikube", "minikube-m03"]);
}

#[test]
fn an_out_of_service_taint_lets_its_pods_be_collected() {
    let mut world = evicted();
    let lines = world.node("minikube-m02", NodeRequest::TaintOutOfService);
    assert_eq!(lines, ["node/minikube-m02 tainted"]);
    assert_replaced(&mut world, &["minikube", "minikube-m03"]);
}

#[test]
fn an_out_of_service_taint_evicts_at_once() {
    let mut world = lost();
    world.at(UNKNOWN + MINUTE, "minikube-m02", NodeRequest::TaintOutOfService);
    assert_replaced(&mut world, &["minikube", "minikube-m03"]);
}

#[test]
fn nothing_is_evicted_when_every_node_is_lost() {
    let mut world = World::new();
    for node in ["minikube", "minikube-m02", "minikube-m03"] {
        world.at(LOST, node, NodeRequest::Lose);
    }
    world.run_until(60 * MINUTE);
    assert_eq!(
        world.pods(),
        [
            "web-0 minikube not ready",
            "web-1 minikube-m02 not ready",
            "web-2 minikube-m03 not ready"
        ]
    );
    for node in ["minikube", "minikube-m02", "minikube-m03"] {
        world.at(61 * MINUTE, node, NodeRequest::Regain);
    }
    world.run_until(63 * MINUTE);
    assert!(world.pods().iter().all(|pod| pod.ends_with(" ready") && !pod.ends_with("not ready")));
}

#[test]
fn a_cordoned_node_takes_no_pods_and_a_drained_one_loses_them() {
    let mut world = World::new();
    let lines = world.node("minikube-m02", NodeRequest::Cordon);
    assert_eq!(lines, ["node/minikube-m02 cordoned"]);
    let lines = world.node("minikube-m02", NodeRequest::Drain);
    assert_eq!(lines, ["node/minikube-m02 already cordoned", "evicting pod default/web-1"]);
    assert_eq!(world.taints("minikube-m02"), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    assert_replaced(&mut world, &["minikube", "minikube-m03"]);
    for node in ["minikube", "minikube-m03"] {
        world.node(node, NodeRequest::Drain);
    }
    let now = world.cluster.now();
    world.run_until(now + MINUTE);
    let scheduled = world.pod("web-0").status.conditions.scheduled.clone().unwrap();
    assert!(
        scheduled.message.starts_with("0/3 nodes are available: 3 node(s) were unschedulable."),
        "{scheduled:?}"
    );
    let lines = world.node("minikube-m02", NodeRequest::Uncordon);
    assert_eq!(lines, ["node/minikube-m02 uncordoned"]);
    world.run_until(now + 4 * MINUTE);
    assert_eq!(
        world.pods(),
        ["web-0 minikube-m02 ready", "web-1 minikube-m02 ready", "web-2 minikube-m02 ready"]
    );
}

/// Budgets for the pods of the first example, with this in their spec.
fn budget(spec: &str) -> Deed {
    let text = format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web}}\nspec:\n  \
         selector: {{matchLabels: {{app: nginx}}}}\n  {spec}\n"
    );
    let manifest = Manifest::parse(&text);
    let wrong = |it: &&Diagnostic| it.severity == Severity::Error;
    assert_eq!(manifest.diagnostics.iter().find(wrong), None);
    Deed::Apply { objects: manifest.objects() }
}

#[test]
fn a_drain_takes_what_a_budget_allows_and_tries_again() {
    let mut world = World::new();
    let applied = world.submit(&budget("minAvailable: 2"));
    assert_eq!(applied, ["poddisruptionbudget.policy/web created"]);
    let first = world.node("minikube-m02", NodeRequest::Drain);
    assert_eq!(first, ["node/minikube-m02 cordoned", "evicting pod default/web-1"]);
    let second = world.node("minikube-m03", NodeRequest::Drain);
    assert_eq!(
        second,
        [
            "node/minikube-m03 cordoned",
            "evicting pod default/web-2",
            "error when evicting pods/\"web-2\" -n \"default\" (will retry after 5s): Cannot evict \
             pod as it would violate the pod's disruption budget.",
        ]
    );
    assert_eq!(world.pods()[1..], ["web-1 minikube-m02 terminating", "web-2 minikube-m03 ready"]);
    let condition = world.pod("web-1").status.conditions.disruption_target.clone();
    assert_eq!(&*condition.expect("a reason to go").reason, "EvictionByEvictionAPI");

    // web-1 is Ready again after some seconds, elsewhere; then the next try succeeds.
    world.run_until(3 * MINUTE);
    assert_eq!(
        world.pods(),
        ["web-0 minikube ready", "web-1 minikube ready", "web-2 minikube ready"]
    );
}

#[test]
fn a_drain_that_a_budget_never_lets_end_is_given_up() {
    for spec in ["maxUnavailable: 0", "minAvailable: 100%", "minAvailable: 3"] {
        let mut world = World::new();
        world.submit(&budget(spec));
        world.node("minikube-m02", NodeRequest::Drain);
        world.run_until(10 * MINUTE);
        assert_eq!(world.pods()[1], "web-1 minikube-m02 ready", "{spec}");
        world.drains.clear();
        assert_eq!(world.cluster.next_at(), None, "{spec}: something goes on");
    }
}

#[test]
fn pods_that_are_not_ready_are_let_go_by_policy() {
    let cases = [
        ("minAvailable: 2", true),
        ("minAvailable: 3", false),
        ("minAvailable: 3\n  unhealthyPodEvictionPolicy: AlwaysAllow", true),
        ("maxUnavailable: 1", true),
        ("maxUnavailable: 34%", true),
        ("maxUnavailable: 0", false),
    ];
    for (spec, goes) in cases {
        let mut world = World::new();
        world.submit(&budget(spec));
        let crash = Input::CrashContainer {
            namespace: "default".into(),
            pod: "web-1".into(),
            container: "nginx".into(),
            exit_code: 1,
        };
        world.submit(&crash.into());
        while world.pod("web-1").is_ready() {
            world.cluster.step();
        }
        world.node("minikube-m02", NodeRequest::Drain);
        assert_eq!(world.pod("web-1").is_terminating(), goes, "{spec}");
    }
}

#[test]
fn a_budget_is_refused_in_the_servers_words() {
    let cases = [
        (
            "minAvailable: -1",
            "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0",
        ),
        (
            "maxUnavailable: 101%",
            "spec.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%",
        ),
        (
            "minAvailable: half",
            "spec.minAvailable: Invalid value: \"half\": a valid percent string must be a numeric string \
             followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
        (
            "unhealthyPodEvictionPolicy: Never",
            "spec.unhealthyPodEvictionPolicy: Unsupported value: \"Never\": supported values: \
             \"AlwaysAllow\", \"IfHealthyBudget\"",
        ),
        (
            "{minAvailable: 1, maxUnavailable: 1}",
            "spec: Invalid value: {\"maxUnavailable\":1,\"minAvailable\":1}: minAvailable and \
             maxUnavailable cannot be both set",
        ),
    ];
    for (spec, words) in cases {
        let text = format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web}}\nspec:\n  {spec}\n"
        );
        let found = Manifest::parse(&text).diagnostics;
        let said: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
        assert!(said.iter().any(|message| message.contains(words)), "{said:?}");
    }
}
