//! Probes: when they ask and what follows.

use super::harness::Lab;
use crate::api::Version;
use crate::cluster::Input;
use crate::cluster::kubelet::view;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::template::ProbeKind;
use expect_test::expect;

fn pod(probes: &str) -> String {
    format!(
        "
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: app
    image: a:1
    ports: [{{containerPort: 80, name: web}}]
{probes}
"
    )
}

fn fail(lab: &mut Lab, probe: ProbeKind, failing: bool) -> Vec<String> {
    lab.submit(&Input::SetEndpoint {
        namespace: "default".into(),
        pod: "web-0".into(),
        container: "app".into(),
        probe,
        failing,
    })
}

#[test]
fn turns_unready_and_recovers() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probe = "    readinessProbe: {httpGet: {port: web}, periodSeconds: 2, failureThreshold: 2}";
    lab.pod("web-0", &pod(probe), "minikube");
    lab.run_until(5_000);
    fail(&mut lab, ProbeKind::Readiness, true);
    lab.run_until(10_500);
    fail(&mut lab, ProbeKind::Readiness, false);
    lab.run_until(14_500);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030       app Readiness ok 1/1
        0.030   web-0 Running TTFFT | app=Running r0
        0.030   web-0 Running TTTTT | app=Running ready r0
        2.030       app Readiness ok 2/1
        4.030       app Readiness ok 3/1
        6.030     Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503
        6.030       app Readiness failed 1/2
        8.030     Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503 x2
        8.030       app Readiness failed 2/2
        8.030   web-0 Running TTFFT | app=Running r0
        8.030     Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503 x3
        8.030       app Readiness failed 3/2
        10.030    Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503 x4
        10.030      app Readiness failed 4/2
        12.030      app Readiness ok 1/1
        12.030  web-0 Running TTTTT | app=Running ready r0
        14.030      app Readiness ok 2/1
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn asks_a_second_time_when_the_first_attempt_fails() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probe = "    readinessProbe: {tcpSocket: {port: 81}, periodSeconds: 4}";
    lab.pod("web-0", &pod(probe), "minikube");
    lab.run_until(9_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030     Unhealthy Readiness probe failed: dial tcp 10.244.0.2:81: connect: connection refused
        0.030       app Readiness failed 1/3
        0.030   web-0 Running TTFFT | app=Running r0
        0.530     Unhealthy Readiness probe failed: dial tcp 10.244.0.2:81: connect: connection refused x2
        0.530       app Readiness failed 2/3
        4.530     Unhealthy Readiness probe failed: dial tcp 10.244.0.2:81: connect: connection refused x3
        4.530       app Readiness failed 3/3
        8.530     Unhealthy Readiness probe failed: dial tcp 10.244.0.2:81: connect: connection refused x4
        8.530       app Readiness failed 4/3
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn restarts_what_fails_its_liveness_probe() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probe = "    livenessProbe: {exec: {command: [live]}, periodSeconds: 2}";
    lab.pod("web-0", &pod(probe), "minikube");
    lab.run_until(1_000);
    fail(&mut lab, ProbeKind::Liveness, true);
    lab.run_until(45_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030   web-0 Running TTTTT | app=Running ready r0
        2.010     Unhealthy Liveness probe failed: 
        2.010       app Liveness failed 1/3
        4.010     Unhealthy Liveness probe failed:  x2
        4.010       app Liveness failed 2/3
        6.010     Unhealthy Liveness probe failed:  x3
        6.010     Killing Container app failed liveness probe, will be restarted
        6.010       app Liveness failed 3/3
        7.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod x2
        7.010     Created Container created x2
        7.010     Started Container started x2
        7.030   web-0 Running TTTTT | app=Running ready r1 last=0
        8.010     Unhealthy Liveness probe failed:  x4
        8.010       app Liveness failed 1/3
        10.010    Unhealthy Liveness probe failed:  x5
        10.010      app Liveness failed 2/3
        12.010    Unhealthy Liveness probe failed:  x6
        12.010    Killing Container app failed liveness probe, will be restarted x2
        12.010      app Liveness failed 3/3
        13.010    Pulled Container image "a:1" already present on machine and can be accessed by the pod x3
        13.010    Created Container created x3
        13.010    Started Container started x3
        13.030  web-0 Running TTTTT | app=Running ready r2 last=0
        14.010    Unhealthy Liveness probe failed:  x7
        14.010      app Liveness failed 1/3
        16.010    Unhealthy Liveness probe failed:  x8
        16.010      app Liveness failed 2/3
        18.010    Unhealthy Liveness probe failed:  x9
        18.010    Killing Container app failed liveness probe, will be restarted x3
        18.010      app Liveness failed 3/3
        19.010    BackOff Back-off restarting failed container app in pod web-0_default(<uid>)
        19.510    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x2
        19.510  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r2 last=0
        29.010    Pulled Container image "a:1" already present on machine and can be accessed by the pod x4
        29.010    Created Container created x4
        29.010    Started Container started x4
        29.030  web-0 Running TTTTT | app=Running ready r3 last=0
        30.010    Unhealthy Liveness probe failed:  x10
        30.010      app Liveness failed 1/3
        32.010    Unhealthy Liveness probe failed:  x11
        32.010      app Liveness failed 2/3
        34.010    Unhealthy Liveness probe failed:  x12
        34.010    Killing Container app failed liveness probe, will be restarted x4
        34.010      app Liveness failed 3/3
        35.010    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x3
        35.510    BackOff Back-off restarting failed container app in pod web-0_default(<uid>) x4
        35.510  web-0 Running TTFFT | app=CrashLoopBackOff unstarted r3 last=0
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn lets_the_startup_probe_go_first() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probes = "
    startupProbe: {grpc: {port: 80}, periodSeconds: 1, failureThreshold: 30}
    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 2}
    livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 2}";
    lab.pod("web-0", &pod(probes), "minikube");
    fail(&mut lab, ProbeKind::Startup, true);
    lab.run_until(2_500);
    fail(&mut lab, ProbeKind::Startup, false);
    lab.run_until(6_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030   web-0 Running TTFFT | app=Running unstarted r0
        1.010     Unhealthy Startup probe failed: service unhealthy (responded with "NOT_SERVING")
        1.010       app Startup failed 1/30
        2.010     Unhealthy Startup probe failed: service unhealthy (responded with "NOT_SERVING") x2
        2.010       app Startup failed 2/30
        3.010       app Startup ok 1/1
        3.010       app Readiness ok 1/1
        3.010   web-0 Running TTFFT | app=Running r0
        3.010   web-0 Running TTTTT | app=Running ready r0
        4.010       app Liveness ok 1/1
        5.010       app Readiness ok 2/1
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn goes_on_asking_for_readiness_while_the_pod_ends() {
    for version in [Version::V1_36, Version::V1_37] {
        let mut lab = Lab::new(version).instant();
        lab.script(|script| script.others.term_ms = Some(3_000));
        let probe = "    readinessProbe: {exec: {command: [ready]}, periodSeconds: 1}";
        lab.pod("web-0", &pod(probe), "minikube");
        lab.run_until(2_500);
        lab.transcript();
        lab.delete_pod("web-0", None);
        lab.run_until(4_500);
        match version {
            Version::V1_36 => expect![[r#"
                2.500   web-0 Running TTTTT deleted | app=Running ready r0
                2.520     Killing Stopping container app
                3.030     Unhealthy Readiness probe errored and resulted in unknown state: rpc error: code = Canceled desc = context canceled
                4.030     Unhealthy Readiness probe errored and resulted in unknown state: rpc error: code = Canceled desc = context canceled x2
            "#]].assert_eq(&lab.transcript()),
            _ => expect![[r#"
                2.500   web-0 Running TTTTT deleted | app=Running ready r0
                2.520     Killing Stopping container app
                3.030       app Readiness ok 4/1
                4.030       app Readiness ok 5/1
            "#]].assert_eq(&lab.transcript()),
        }
    }
}

#[test]
fn discards_what_a_port_without_a_declaration_answers() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probe = "    readinessProbe: {httpGet: {port: nope}, periodSeconds: 2}";
    lab.pod("web-0", &pod(probe), "minikube");
    lab.run_until(4_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030     Unhealthy Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "nope": invalid syntax
        0.030   web-0 Running TTFFT | app=Running r0
        0.530     Unhealthy Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "nope": invalid syntax x2
        2.530     Unhealthy Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "nope": invalid syntax x3
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn shows_where_probes_stand() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let probes = "
    readinessProbe: {httpGet: {port: 80}, periodSeconds: 3, initialDelaySeconds: 7}
    livenessProbe: {httpGet: {port: 80}, periodSeconds: 10}";
    lab.pod("web-0", &pod(probes), "minikube");
    lab.run_until(4_000);
    let key = Key::new("default", "web-0");
    let pod = lab.cluster.store.get::<Pod>(&key).unwrap().clone();
    let views = view::probe_views(&lab.cluster, &pod);
    let shown = views.iter().map(|view| {
        format!("{:?} next={:?} run={}/{}\n", view.kind, view.next_at, view.run, view.threshold)
    });
    expect![[r#"
        Liveness next=Some(10010) run=0/3
        Readiness next=Some(9530) run=0/3
    "#]]
    .assert_eq(&shown.collect::<String>());
}

#[test]
fn refuses_faults_of_what_is_not_there() {
    let mut lab = Lab::new(Version::V1_36).instant();
    assert_eq!(fail(&mut lab, ProbeKind::Liveness, true), ["pods \"web-0\" not found"]);
    lab.pod("web-0", &pod(""), "minikube");
    lab.run_until(1_000);
    assert_eq!(
        fail(&mut lab, ProbeKind::Liveness, true),
        ["container app of pod web-0 has no liveness probe"]
    );
    let crash = |container: &str| Input::CrashContainer {
        namespace: "default".into(),
        pod: "web-0".into(),
        container: container.into(),
        exit_code: 1,
    };
    assert_eq!(lab.submit(&crash("nope")), ["container nope is not valid for pod web-0"]);
    assert!(lab.submit(&crash("app")).is_empty());
    assert_eq!(lab.submit(&crash("app")), ["container app of pod web-0 is not running"]);
}
