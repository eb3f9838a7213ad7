//! Every way in which a pod waits, for the scheduler, its claims or its kubelet, is told by Why.

use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::fault::Faults;
use statefulset_playground::cluster::template::ProbeKind;
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

fn submit(playground: &mut Playground, input: Input) {
    playground.update(Action::Submit(input));
}

fn probe(kind: form::ProbeKind, field: ProbeField) -> FormField {
    FormField::Probe(kind, field)
}

#[test]
fn a_claim_of_a_class_that_does_not_exist() {
    let mut playground = start(&[(FormField::StorageClass, "gold")]);
    until(&mut playground, &["web-0", "unbound immediate PersistentVolumeClaims"]);
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
    submit(&mut playground, Input::DeletePod { namespace, name, grace_period_seconds: None });
    until(&mut playground, &["web-1 is not created yet", "web-1 is still terminating"]);
}
