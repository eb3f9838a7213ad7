//! Crashes: restarts, their back-off, and what the status shows meanwhile.

use super::harness::Lab;
use crate::api::Version;
use crate::cluster::journal::Changed;
use crate::cluster::kubelet::view::{self, Waiting};
use crate::cluster::meta::Key;
use crate::cluster::pod::{ContainerState, Pod};
use crate::cluster::time::Millis;
use expect_test::expect;

const PLAIN: &str = "{spec: {containers: [{name: app, image: 'a:1'}]}}";

fn crashing(version: Version, run_ms: Millis) -> Lab {
    let mut lab = Lab::new(version).instant();
    lab.script(|script| {
        script.others.run_ms = Some(run_ms);
        script.others.exit_code = 1;
    });
    lab.pod("web-0", PLAIN, "minikube");
    lab
}

/// When instances were seen to start, in seconds after the end of the one before.
fn waits(lab: &Lab) -> Vec<u64> {
    let mut waits = Vec::new();
    for step in &lab.steps {
        for change in &step.changes {
            let Some(Changed { new: Some(pod), .. }) = change.of::<Pod>() else { continue };
            let Some(status) = pod.status.containers.first() else { continue };
            if let (ContainerState::Running { started_at }, Some(last)) =
                (&status.state, &status.last_state)
                && waits.len() < status.restart_count as usize
            {
                waits.push((started_at - last.finished_at) / 1000);
            }
        }
    }
    waits
}

#[test]
fn restarts_at_once_and_then_ever_later() {
    let mut lab = crashing(Version::V1_36, 100);
    lab.run_until(1_400_000);
    assert_eq!(waits(&lab), [0, 10, 20, 40, 80, 160, 300, 300, 300]);
}

#[test]
fn begins_again_after_ten_quiet_minutes() {
    let mut lab = crashing(Version::V1_36, 601_000);
    lab.run_until(3_000_000);
    assert_eq!(waits(&lab), [0, 0, 0, 0]);
}

#[test]
fn shows_the_back_off_one_look_late() {
    let mut lab = crashing(Version::V1_36, 100);
    lab.run_until(33_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030   web-0 Running TTTTT | app=Running ready r0
        0.610     Pulled Container image "a:1" already present on machine and can be accessed by the pod x2
        0.610     Created Container created x2
        0.610     Started Container started x2
        0.610   web-0 Running TTFFT | app=Error(1) unstarted r0
        0.630   web-0 Running TTTTT | app=Running ready r1 last=1
        1.210     BackOff Back-off restarting failed container app in pod web-0_default(<uid>)
        1.210   web-0 Running TTFFT | app=Error(1) unstarted r1 last=1
        10.710    Pulled Container image "a:1" already present on machine and can be accessed by the pod x3
        10.710    Created Container created x3
        10.710    Started Container started x3
        10.710  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r1 last=1
        10.730  web-0 Running TTTTT | app=Running ready r2 last=1
        11.310    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x2
        11.310  web-0 Running TTFFT | app=Error(1) unstarted r2 last=1
        30.810    Pulled Container image "a:1" already present on machine and can be accessed by the pod x4
        30.810    Created Container created x4
        30.810    Started Container started x4
        30.810  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r2 last=1
        30.830  web-0 Running TTTTT | app=Running ready r3 last=1
        31.410    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x3
        31.410  web-0 Running TTFFT | app=Error(1) unstarted r3 last=1
    "#]].assert_eq(&lab.transcript());
    let pod = lab.cluster.store.get::<Pod>(&Key::new("default", "web-0")).unwrap();
    let until = 70_910;
    assert_eq!(
        view::waiting(&lab.cluster, pod),
        Some(Waiting::CrashBackOff { container: "app".into(), until })
    );
}

#[test]
fn looks_every_ten_seconds_before_1_35() {
    let mut lab = crashing(Version::V1_34, 100);
    lab.run_until(33_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine
        0.010     Created Created container: app
        0.010     Started Started container app
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.510     Pulled Container image "a:1" already present on machine x2
        0.510     Created Created container: app x2
        0.510     Started Started container app x2
        0.510   web-0 Running TTFFT | app=Error(1) unstarted r0
        1.010     BackOff Back-off restarting failed container app in pod web-0_default(<uid>)
        1.010   web-0 Running TTFFT | app=Error(1) unstarted r1 last=1
        11.010    Pulled Container image "a:1" already present on machine x3
        11.010    Created Created container: app x3
        11.010    Started Started container app x3
        11.010  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r1 last=1
        11.510    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x2
        11.510  web-0 Running TTFFT | app=Error(1) unstarted r2 last=1
        21.510    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x3
        21.510  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r2 last=1
        31.510    Pulled Container image "a:1" already present on machine x4
        31.510    Created Created container: app x4
        31.510    Started Started container app x4
        32.010    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x4
        32.010  web-0 Running TTFFT | app=Error(1) unstarted r3 last=1
    "#]]
    .assert_eq(&lab.transcript());
}

#[test]
fn ends_in_failure_when_deleted_in_a_crash_loop() {
    let mut lab = crashing(Version::V1_36, 100);
    lab.run_until(15_000);
    lab.transcript();
    lab.delete_pod("web-0", None);
    lab.run_until(20_000);
    expect![[r#"
        15.000  web-0 Running TTFFT deleted | app=Error(1) unstarted r2 last=1
        15.050  web-0 Failed FTFFT deleted | app=Error(1) unstarted r2 last=1
        15.520  web-0 gone
    "#]]
    .assert_eq(&lab.transcript());
}
