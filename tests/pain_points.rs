//! Where people get stuck with StatefulSets: each is played on the application without a page, ends
//! as in a real cluster, and Why names the cause.

use statefulset_playground::api::change::Cascade;
use statefulset_playground::client::Deed;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::fault::Faults;
use statefulset_playground::cluster::template::ProbeKind;
use statefulset_playground::manifest::form::{self, FormField, ProbeField};
use statefulset_playground::playground::{Action, Playground, Tone};
use statefulset_playground::scene::PodRow;

const MINUTE: u64 = 60_000;

/// The first example with three pods that are Ready.
fn ready() -> Playground {
    let mut playground = Playground::new();
    run(&mut playground, MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"]);
    playground
}

fn run(playground: &mut Playground, simulated_ms: u64) {
    let until = playground.playhead() + simulated_ms;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(if simulated_ms < MINUTE { 8 } else { 64 }));
    playground.update(Action::Play);
    while playground.playhead() < until {
        playground.update(Action::Tick { elapsed_ms: 16 });
    }
    playground.update(Action::Pause);
}

fn set(playground: &mut Playground, field: FormField, value: &str) {
    playground.update(Action::SetField(field, Some(value.into())));
}

fn readiness(field: ProbeField) -> FormField {
    FormField::Probe(form::ProbeKind::Readiness, field)
}

fn states(playground: &Playground) -> Vec<String> {
    let scene = playground.scene();
    scene.pods.iter().map(|pod| format!("{} {}", pod.name, pod.ready)).collect()
}

fn pod(playground: &Playground, name: &str) -> PodRow {
    let scene = playground.scene();
    scene.pods.iter().find(|pod| pod.name == name).unwrap_or_else(|| panic!("{name}")).clone()
}

fn why(playground: &Playground) -> String {
    let why = playground.scene().why.clone();
    format!("{}. {}", why.headline, why.detail)
}

fn assert_why(playground: &Playground, parts: &[&str]) {
    let why = why(playground);
    assert!(parts.iter().all(|part| why.contains(part)), "{parts:?} in {why:?}");
}

fn delete_pod(playground: &mut Playground, name: &str) {
    let (namespace, name) = ("default".into(), name.into());
    let input = Deed::DeletePod { namespace, name, grace_period_seconds: None };
    playground.update(Action::Submit(input));
}

fn fail(playground: &mut Playground, pod: &str, probe: ProbeKind) {
    let failing = Input::SetEndpoint {
        namespace: "default".into(),
        pod: pod.into(),
        container: "nginx".into(),
        probe,
        failing: true,
    };
    playground.update(Action::Submit(failing.into()));
}

fn refusal(playground: &Playground) -> String {
    let notice = playground.notice().expect("an answer");
    assert_eq!(notice.tone, Tone::Refused);
    notice.lines.join(" ")
}

#[test]
fn a_bad_image_stays_stuck_after_it_was_reverted() {
    let mut playground = ready();
    set(&mut playground, FormField::Image, "registry.k8s.io/does-not-exist:1");
    run(&mut playground, 5 * MINUTE);
    assert_eq!(pod(&playground, "web-2").ready, "0/1");
    assert_eq!(pod(&playground, "web-1").ready, "1/1", "the update stops at the first pod");
    set(&mut playground, FormField::Image, "registry.k8s.io/nginx-slim:0.24");
    run(&mut playground, 10 * MINUTE);
    assert_eq!(pod(&playground, "web-2").ready, "0/1", "the broken pod is not replaced");
    assert_why(&playground, &["web-2", "ImagePullBackOff"]);
    delete_pod(&mut playground, "web-2");
    run(&mut playground, MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"]);
}

#[test]
fn claim_templates_and_the_policy_cannot_be_changed() {
    for (field, value) in
        [(FormField::StorageSize, "5Gi"), (FormField::PodManagementPolicy, "Parallel")]
    {
        let mut playground = ready();
        set(&mut playground, field, value);
        let told = refusal(&playground);
        assert!(told.contains("spec: Forbidden: updates to statefulset spec"), "{told}");
        assert!(!playground.notice().expect("an answer").remedies.is_empty(), "a way around");
    }
}

#[test]
fn scaling_down_halts_while_another_pod_is_not_ready() {
    let mut playground = Playground::new();
    set(&mut playground, readiness(ProbeField::Enabled), "true");
    playground.update(Action::Restart);
    run(&mut playground, MINUTE);
    fail(&mut playground, "web-0", ProbeKind::Readiness);
    run(&mut playground, MINUTE);
    set(&mut playground, FormField::Replicas, "1");
    run(&mut playground, 5 * MINUTE);
    assert_eq!(states(&playground), ["web-0 0/1", "web-1 1/1", "web-2 1/1"]);
    assert_why(&playground, &["web-2 is not deleted yet", "web-0"]);
}

#[test]
fn claims_are_left_behind() {
    let mut playground = ready();
    set(&mut playground, FormField::Replicas, "1");
    run(&mut playground, MINUTE);
    playground.update(Action::delete_set("default", "web", Cascade::Background));
    run(&mut playground, MINUTE);
    let scene = playground.scene();
    assert!(scene.pods.is_empty());
    let left: Vec<_> = scene.claims.iter().map(|claim| (&*claim.name, &*claim.status)).collect();
    assert_eq!(left, [("www-web-0", "Bound"), ("www-web-1", "Bound"), ("www-web-2", "Bound")]);
    assert_why(&playground, &["There is no StatefulSet web"]);
}

#[test]
fn a_claim_deleted_under_a_pod_goes_with_it_and_the_next_pod_gets_a_new_one() {
    let mut playground = ready();
    let before = playground.scene().claims[0].volume.clone();
    let (namespace, name) = ("default".into(), "www-web-0".into());
    playground.update(Action::Submit(Deed::DeleteClaim { namespace, name }));
    run(&mut playground, MINUTE);
    assert_eq!(playground.scene().claims[0].status, "Terminating", "a pod uses it");
    delete_pod(&mut playground, "web-0");
    run(&mut playground, 2 * MINUTE);
    assert_eq!(pod(&playground, "web-0").ready, "1/1");
    let claim = playground.scene().claims[0].clone();
    assert_eq!((&*claim.name, &*claim.status), ("www-web-0", "Bound"));
    assert_ne!(claim.volume, before, "the data is gone");
}

#[test]
fn a_peer_has_no_name_before_it_is_ready() {
    let mut playground = Playground::new();
    set(&mut playground, readiness(ProbeField::Enabled), "true");
    set(&mut playground, readiness(ProbeField::InitialDelaySeconds), "30");
    playground.update(Action::Restart);
    let name = "web-0.nginx.default.svc.cluster.local";
    let resolves = |playground: &Playground| {
        playground.scene().records.iter().any(|record| record.name == name)
    };
    run(&mut playground, 20_000);
    assert_eq!(pod(&playground, "web-0").status, "Running");
    assert!(!resolves(&playground));
    assert_why(&playground, &["web-1 is not created yet", "web-0"]);
    run(&mut playground, 40_000);
    assert_eq!(pod(&playground, "web-0").ready, "1/1");
    assert!(resolves(&playground));
}

#[test]
fn a_missing_or_misnamed_service_gives_no_names() {
    let mut playground = Playground::new();
    let misnamed = playground.manifest().text.replace("serviceName: nginx", "serviceName: ngins");
    playground.update(Action::SetAutoApply(false));
    playground.update(Action::EditText(misnamed));
    playground.update(Action::Restart);
    run(&mut playground, 2 * MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"], "pods do come up");
    let scene = playground.scene();
    assert!(scene.records.iter().all(|record| !record.name.starts_with("web-")));
    assert_why(&playground, &["have no names", "serviceName is ngins", "selects them is nginx"]);
    assert!(scene.lookup.why.contains("no Service ngins"), "{:?}", scene.lookup);

    let text = playground.manifest().text.to_string();
    let set_alone = text.split("---\n").find(|it| it.contains("kind: StatefulSet")).unwrap();
    playground.update(Action::EditText(set_alone.into()));
    playground.update(Action::Restart);
    run(&mut playground, 2 * MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"], "pods do come up");
    assert_why(&playground, &["have no names", "there is no Service ngins"]);
}

#[test]
fn a_quorum_deadlocks_with_ordered_ready() {
    let mut playground = Playground::new();
    set(&mut playground, readiness(ProbeField::Enabled), "true");
    playground.update(Action::Restart);
    run(&mut playground, 3_400);
    fail(&mut playground, "web-0", ProbeKind::Readiness);
    run(&mut playground, 20 * MINUTE);
    assert_eq!(states(&playground), ["web-0 0/1"], "it waits for peers that are not created");
    assert_why(&playground, &["web-1 is not created yet", "web-0", "OrderedReady waits for it"]);
}

#[test]
fn a_pod_below_the_partition_returns_on_the_old_revision() {
    let mut playground = ready();
    let old = pod(&playground, "web-0").revision;
    set(&mut playground, FormField::Partition, "2");
    set(&mut playground, FormField::Image, "registry.k8s.io/nginx-slim:0.25");
    run(&mut playground, 2 * MINUTE);
    assert_ne!(pod(&playground, "web-2").revision, old, "the canary");
    assert_why(&playground, &["partition 2"]);
    delete_pod(&mut playground, "web-0");
    run(&mut playground, MINUTE);
    let returned = pod(&playground, "web-0");
    assert_eq!((returned.ready.as_str(), returned.revision), ("1/1", old));
}

#[test]
fn min_ready_seconds_delay_every_step() {
    let mut playground = Playground::new();
    set(&mut playground, FormField::MinReadySeconds, "60");
    playground.update(Action::Restart);
    run(&mut playground, 30_000);
    assert_eq!(states(&playground), ["web-0 1/1"]);
    assert_why(&playground, &["web-1 is not created yet", "minReadySeconds 60"]);
    run(&mut playground, MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1"]);
}

#[test]
fn parallel_does_not_make_updates_parallel() {
    let mut playground = Playground::new();
    playground.update(Action::SetAutoApply(false));
    set(&mut playground, FormField::PodManagementPolicy, "Parallel");
    playground.update(Action::Restart);
    run(&mut playground, MINUTE);
    set(&mut playground, FormField::Image, "registry.k8s.io/nginx-slim:0.25");
    playground.update(Action::Apply);
    let mut most_missing = 0;
    for _ in 0..600 {
        run(&mut playground, 100);
        let up = states(&playground).iter().filter(|state| state.ends_with("1/1")).count();
        most_missing = most_missing.max(3 - up);
    }
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"]);
    assert_eq!(most_missing, 1, "one at a time");
}

#[test]
fn deleting_the_set_is_not_ordered() {
    let mut playground = ready();
    playground.update(Action::delete_set("default", "web", Cascade::Background));
    run(&mut playground, 500);
    let scene = playground.scene();
    assert_eq!(scene.pods.len(), 3);
    assert!(scene.pods.iter().all(|pod| pod.status == "Terminating"), "all at once");
}

#[test]
fn a_liveness_probe_kills_a_slow_starter_again_and_again() {
    let liveness = |field| FormField::Probe(form::ProbeKind::Liveness, field);
    let mut playground = Playground::new();
    let slow = Faults { slow_start_seconds: 60, ..Faults::default() };
    playground.update(Action::SetAutoApply(false));
    set(&mut playground, liveness(ProbeField::Enabled), "true");
    playground.update(Action::Restart);
    playground.update(Action::Submit(Input::SetFaults(slow).into()));
    run(&mut playground, 10 * MINUTE);
    let first = pod(&playground, "web-0");
    assert!(!first.restarts.starts_with('0'), "{first:?}");
    assert!(states(&playground).iter().all(|state| state.ends_with("0/1")), "none ever gets there");
    let scene = playground.scene();
    assert!(scene.events.iter().any(|event| event.message.contains("Liveness probe failed")));
    assert_why(&playground, &["web-0"]);
    set(&mut playground, FormField::Probe(form::ProbeKind::Startup, ProbeField::Enabled), "true");
    set(
        &mut playground,
        FormField::Probe(form::ProbeKind::Startup, ProbeField::FailureThreshold),
        "30",
    );
    playground.update(Action::Restart);
    playground.update(Action::Submit(Input::SetFaults(slow).into()));
    run(&mut playground, 6 * MINUTE);
    assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"]);
    assert_eq!(pod(&playground, "web-0").restarts, "0", "a startup probe gives it time");
}

#[test]
fn a_container_that_ends_by_itself_backs_off() {
    let mut playground = Playground::new();
    let crashing = Input::SetFaults(Faults { crash_after_seconds: 5, ..Faults::default() });
    playground.update(Action::Submit(crashing.into()));
    run(&mut playground, 5 * MINUTE);
    assert_why(&playground, &["web-0", "CrashLoopBackOff"]);
    playground.update(Action::Submit(Input::SetFaults(Faults::default()).into()));
    delete_pod(&mut playground, "web-0");
    run(&mut playground, 2 * MINUTE);
    assert_eq!(pod(&playground, "web-0").ready, "1/1", "the next pod is well");
}

fn node(playground: &mut Playground, node: &str, request: NodeRequest) {
    playground.update(Action::Submit(Deed::Node { node: node.into(), request }));
}

#[test]
fn a_pod_of_a_lost_node_stays_terminating_until_somebody_vouches_for_it() {
    let mut playground = ready();
    let lost = pod(&playground, "web-1").node;
    node(&mut playground, &lost, NodeRequest::Lose);
    run(&mut playground, MINUTE);
    assert_why(&playground, &["web-1 is not Ready", &lost, "it is evicted at"]);
    run(&mut playground, 20 * MINUTE);
    assert_eq!(pod(&playground, "web-1").status, "Terminating");
    assert_why(&playground, &["web-1 is terminating", "nobody can confirm", "out-of-service"]);
    assert_why(&playground, &["Bring", "as the last resort", "damage their data"]);
    assert_eq!(playground.scene().why.command, format!("kubectl describe node {lost}"));
    let ways: [&dyn Fn(&mut Playground); 4] = [
        &|it| node(it, &lost, NodeRequest::Regain),
        &|it| node(it, &lost, NodeRequest::Delete),
        &|it| node(it, &lost, NodeRequest::TaintOutOfService),
        &|it| {
            it.update(Action::Submit(Deed::DeletePod {
                namespace: "default".into(),
                name: "web-1".into(),
                grace_period_seconds: Some(0),
            }));
        },
    ];
    for way in ways {
        // Each from the same state: undo takes the way before back.
        way(&mut playground);
        run(&mut playground, 5 * MINUTE);
        assert_eq!(states(&playground), ["web-0 1/1", "web-1 1/1", "web-2 1/1"]);
        assert_why(&playground, &["All 3 pods of web are Ready"]);
        playground.update(Action::Undo);
        assert_eq!(pod(&playground, "web-1").status, "Terminating");
    }
}

#[test]
fn a_pod_for_which_every_node_is_cordoned_waits_for_one() {
    let mut playground = ready();
    for name in ["minikube", "minikube-m02", "minikube-m03"] {
        node(&mut playground, name, NodeRequest::Cordon);
    }
    delete_pod(&mut playground, "web-2");
    run(&mut playground, MINUTE);
    assert_why(&playground, &["web-2", "0/3 nodes are available: 3 node(s) were unschedulable"]);
    assert_eq!(playground.scene().why.command, "kubectl uncordon minikube");
    node(&mut playground, "minikube", NodeRequest::Uncordon);
    run(&mut playground, MINUTE);
    assert_eq!(pod(&playground, "web-2").ready, "1/1");
}

#[test]
fn a_fault_of_images_or_probes_holds_a_roll_out_and_its_end_lets_it_go_on() {
    let mut playground = Playground::new();
    set(&mut playground, readiness(ProbeField::Enabled), "true");
    let faults = |faults| Action::Submit(Input::SetFaults(faults).into());
    playground.update(Action::Restart);
    playground.update(faults(Faults { no_images: true, ..Faults::default() }));
    run(&mut playground, MINUTE);
    assert_why(&playground, &["web-0", "ImagePullBackOff"]);
    playground.update(faults(Faults {
        fail_from_seconds: 10,
        fail_for_seconds: 60,
        ..Faults::default()
    }));
    delete_pod(&mut playground, "web-0");
    run(&mut playground, 12_000);
    assert_eq!(pod(&playground, "web-0").ready, "1/1", "it is Ready before its probes fail");
    run(&mut playground, 50_000);
    assert_eq!(pod(&playground, "web-0").ready, "0/1");
    run(&mut playground, 3 * MINUTE);
    assert_eq!(pod(&playground, "web-0").ready, "1/1", "and again when they do not any more");
}
