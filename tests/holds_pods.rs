//! Every way in which a pod waits, for the scheduler, its claims or its kubelet, is told by Why.

use statefulset_playground::client::Deed;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::fault::{Faults, Provisioner};
use statefulset_playground::cluster::template::ProbeKind;
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::manifest::form::{self, FormField, ProbeField};
use statefulset_playground::playground::{Action, Playground};

/// The first example with a field set, started anew.
fn start(fields: &[(FormField, &str)]) -> Playground {
    let mut playground = Playground::new();
    for (field, value) in fields {
        playground.update(Action::SetField(*field, Some((*value).into())));
    }
    playground.update(Action::Restart);
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(1));
    playground
}

/// Lets time run in small steps until Why says all of this. Returns what it says.
fn until(playground: &mut Playground, parts: &[&str]) -> String {
    playground.update(Action::Play);
    for _ in 0..60_000 {
        let why = playground.scene().why.clone();
        let said = format!("{}. {}", why.headline, why.detail);
        if parts.iter().all(|part| said.contains(part)) {
            return said;
        }
        playground.update(Action::Tick { elapsed_ms: 50 });
    }
    let why = playground.scene().why.clone();
    panic!("{parts:?} in {why:?}");
}

fn submit(playground: &mut Playground, deed: impl Into<Deed>) {
    playground.update(Action::Submit(deed.into()));
}

fn probe(kind: form::ProbeKind, field: ProbeField) -> FormField {
    FormField::Probe(kind, field)
}

#[test]
fn a_claim_of_a_class_that_does_not_exist() {
    let mut playground = start(&[(FormField::StorageClass, "gold")]);
    until(
        &mut playground,
        &["web-0", "claim www-web-0 is not bound: there is no StorageClass gold"],
    );
    assert_eq!(playground.scene().why.command, "kubectl describe pvc www-web-0");
}

#[test]
fn volumes_sandbox_and_image_on_the_way_up() {
    let mut playground = start(&[]);
    for words in ["mounting volumes", "creating the sandbox", "pulling the image"] {
        until(&mut playground, &["web-0 is ContainerCreating", words]);
    }
    until(&mut playground, &["web-1"]);
}

#[test]
fn an_image_that_cannot_be_pulled() {
    let mut playground = start(&[(FormField::Image, "registry.k8s.io/does-not-exist:1")]);
    let said = until(&mut playground, &["web-0 is ErrImagePull", "next try at"]);
    assert!(said.contains("cannot be pulled"), "{said}");
    until(&mut playground, &["web-0 is ImagePullBackOff", "next try at"]);
}

#[test]
fn a_container_that_crashes() {
    let mut playground = start(&[]);
    submit(
        &mut playground,
        Input::SetFaults(Faults { crash_after_seconds: 1, ..Faults::default() }),
    );
    playground.update(Action::Play);
    until(&mut playground, &["web-0 is CrashLoopBackOff", "it crashed, next start at"]);
}

#[test]
fn probes_that_fail_and_that_have_not_asked() {
    let readiness = form::ProbeKind::Readiness;
    let fields = [
        (probe(readiness, ProbeField::Enabled), "true"),
        (probe(readiness, ProbeField::InitialDelaySeconds), "20"),
    ];
    let mut playground = start(&fields);
    until(&mut playground, &["web-0", "readiness probe has not asked yet, next attempt at"]);
    submit(
        &mut playground,
        Input::SetEndpoint {
            namespace: "default".into(),
            pod: "web-0".into(),
            container: "nginx".into(),
            probe: ProbeKind::Readiness,
            failing: true,
        },
    );
    until(&mut playground, &["web-0", "readiness probe failed 1 of 3 times, next attempt at"]);
    until(&mut playground, &["web-0", "readiness probe fails, next attempt at"]);
}

#[test]
fn a_pod_that_is_being_stopped() {
    let mut playground = start(&[]);
    until(&mut playground, &["All 3 pods of web are Ready"]);
    let (namespace, name) = ("default".into(), "web-1".into());
    submit(&mut playground, Deed::DeletePod { namespace, name, grace_period_seconds: None });
    until(&mut playground, &["web-1 is not created yet", "web-1 is still terminating"]);
}

/// A manifest instead of the first example.
fn start_text(text: &str) -> Playground {
    let mut playground = Playground::new();
    playground.update(Action::EditText(text.into()));
    playground.update(Action::Restart);
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(1));
    playground
}

/// The first example with this before its set, and this class in its claims.
fn with_class(before: &str, class: &str) -> Playground {
    let named = format!("storageClassName: {class}\n        accessModes:");
    start_text(&format!("{before}{}", FIRST_TEXT.replace("accessModes:", &named)))
}

#[test]
fn claims_that_wait_for_their_volumes() {
    let class = |provisioner: &str| {
        format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: mine}}\n\
             provisioner: {provisioner}\n---\n"
        )
    };
    let cases = [
        (class("kubernetes.io/no-provisioner"), "mine", "class mine has no provisioner: a person"),
        (class("example.com/disks"), "mine", "no provisioner of class mine is running"),
        (String::new(), "\"\"", "it names no storage class"),
        (String::new(), "standard", "its volume is made until 00:00.5"),
        (String::new(), "local-path", "it waits until its pod has a node"),
    ];
    for (before, class, words) in cases {
        let mut playground = with_class(&before, class);
        until(&mut playground, &["claim www-web-0 is not bound", words]);
    }
}

#[test]
fn a_provisioner_that_has_no_room() {
    let mut playground = start(&[]);
    let provisioner = Provisioner::Full;
    submit(&mut playground, Input::SetFaults(Faults { provisioner, ..Faults::default() }));
    until(&mut playground, &["claim www-web-0", "no volume could be made for it, next try at"]);
}

#[test]
fn a_disk_that_another_node_has() {
    let mut playground = with_class("", "fast");
    until(&mut playground, &["All 3 pods of web are Ready"]);
    for request in [NodeRequest::Lose, NodeRequest::Cordon] {
        submit(&mut playground, Deed::Node { node: "minikube-m02".into(), request });
    }
    let (namespace, name) = ("default".into(), "web-1".into());
    submit(&mut playground, Deed::DeletePod { namespace, name, grace_period_seconds: Some(0) });
    let said = until(&mut playground, &["is attached to minikube-m02 until"]);
    assert!(said.contains("web-1"), "{said}");
}

#[test]
fn pods_that_no_node_will_have() {
    let placed = |spec: &str| {
        let at = "      terminationGracePeriodSeconds:";
        assert!(FIRST_TEXT.contains(at));
        FIRST_TEXT.replace(at, &format!("      {spec}\n{at}"))
    };
    let apart = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [\
        {labelSelector: {matchLabels: {app: nginx}}, topologyKey: topology.kubernetes.io/zone}]}}";
    let spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/os, minDomains: 2, \
        whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: nginx}}}]";
    let near = "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [\
        {labelSelector: {matchLabels: {app: other}}, topologyKey: kubernetes.io/hostname}]}}";
    let cases = [
        ("nodeSelector: {disk: ssd}", "didn't match Pod's node affinity/selector"),
        (near, "didn't match pod affinity rules"),
        (spread, "didn't match pod topology spread constraints"),
    ];
    for (spec, words) in cases {
        let mut playground = start_text(&placed(spec));
        until(&mut playground, &["web-", "is Pending: 0/3 nodes are available", words]);
    }
    let mut playground = start_text(&placed(apart));
    playground.update(Action::SetField(FormField::Replicas, Some("4".into())));
    playground.update(Action::Apply);
    let words = "3 node(s) didn't match pod anti-affinity rules";
    until(&mut playground, &["web-3", "is Pending: 0/3 nodes are available", words]);
}

#[test]
fn a_drain_that_a_budget_holds_up() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec:\n  \
        minAvailable: 3\n  selector: {matchLabels: {app: nginx}}\n---\n";
    let mut playground = start_text(&format!("{budget}{FIRST_TEXT}"));
    until(&mut playground, &["All 3 pods of web are Ready"]);
    let request = NodeRequest::Drain;
    submit(&mut playground, Deed::Node { node: "minikube-m02".into(), request });
    let words = "To evict web-1 would violate the disruption budget web, which needs 3 healthy pods and has 3";
    let said = until(&mut playground, &["minikube-m02 is not drained", words]);
    assert!(said.contains("tries again at"), "{said}");
    assert_eq!(playground.scene().why.command, "kubectl uncordon minikube-m02");
}
