//! Starts, probes, crashes and ends of pods, from the first look to the last.

use super::harness::Lab;
use crate::api::Version;
use expect_test::expect;

const PLAIN: &str = "
spec:
  containers:
  - {name: app, image: 'example/app:1', ports: [{containerPort: 80}]}
";

const WITH_CLAIM: &str = "
spec:
  containers:
  - name: app
    image: 'example/app:1'
    volumeMounts: [{name: www, mountPath: /www}]
  volumes: [{name: www, persistentVolumeClaim: {claimName: www-web-0}}]
";

#[test]
fn starts_with_a_volume_and_ends_gracefully() {
    let mut lab = Lab::new(Version::V1_36);
    lab.claim("www-web-0");
    lab.pod("web-0", WITH_CLAIM, "minikube");
    lab.run_until(10_000);
    lab.delete_pod("web-0", None);
    lab.run_until(20_000);
    expect![[r#"
        0.000   www-web-0 Bound
        0.000   volume Bound {}
        0.000   web-0 Pending -----
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        1.010     Pulling Pulling image "example/app:1"
        1.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        3.010     Pulled Successfully pulled image "example/app:1" in 2s (2s including waiting). Image size: 174807384 bytes.
        3.160     Created Container created
        3.310     Started Container started
        3.310   volume Bound {"boots.txt": "web-0 started, boot 1\n"}
        3.330   web-0 Running TTTTT | app=Running ready r0
        10.000  web-0 Running TTTTT deleted | app=Running ready r0
        10.020    Killing Stopping container app
        11.050  web-0 Succeeded FTFFT deleted | app=Completed(0) unstarted r0
        11.520  web-0 gone
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn is_removed_by_force_while_the_process_goes_on() {
    let mut lab = Lab::new(Version::V1_36).instant();
    lab.script(|script| script.others.term_ms = None);
    lab.pod("web-0", PLAIN, "minikube");
    lab.run_until(5_000);
    lab.delete_pod("web-0", Some(0));
    lab.run_until(6_000);
    assert_eq!(lab.cluster.kubelets.workers.len(), 1);
    lab.run_until(10_000);
    assert_eq!(lab.cluster.kubelets.workers.len(), 0);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "example/app:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.030   web-0 Running TTTTT | app=Running ready r0
        5.000   web-0 gone
        5.020     Killing Stopping container app
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn runs_init_containers_and_sidecars_in_order() {
    let mut lab = Lab::new(Version::V1_36).instant();
    lab.pod(
        "web-0",
        "
spec:
  initContainers:
  - {name: i1, image: a:1}
  - {name: side, image: a:1, restartPolicy: Always}
  - {name: i2, image: a:1}
  containers:
  - {name: app, image: a:1}
",
        "minikube",
    );
    lab.run_until(6_000);
    lab.delete_pod("web-0", None);
    lab.run_until(20_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        0.010     Created Container created
        0.010     Started Container started
        0.010   web-0 Pending FFFFT | i1=PodInitializing unstarted r0 | side=PodInitializing unstarted r0 | i2=PodInitializing unstarted r0 | app=PodInitializing unstarted r0
        0.010   web-0 Pending TFFFT | i1=PodInitializing unstarted r0 | side=PodInitializing unstarted r0 | i2=PodInitializing unstarted r0 | app=PodInitializing unstarted r0
        0.030   web-0 Pending TFFFT | i1=Running r0 | side=PodInitializing unstarted r0 | i2=PodInitializing unstarted r0 | app=PodInitializing unstarted r0
        1.510     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        1.510     Created Container created
        1.510     Started Container started
        1.510   web-0 Pending TFFFT | i1=Completed(0) ready unstarted r0 | side=PodInitializing unstarted r0 | i2=PodInitializing unstarted r0 | app=PodInitializing unstarted r0
        1.530     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        1.530     Created Container created
        1.530     Started Container started
        1.530   web-0 Pending TFFFT | i1=Completed(0) ready unstarted r0 | side=Running ready r0 | i2=PodInitializing unstarted r0 | app=PodInitializing unstarted r0
        1.550   web-0 Pending TFFFT | i1=Completed(0) ready unstarted r0 | side=Running ready r0 | i2=Running r0 | app=PodInitializing unstarted r0
        3.030     Pulled Container image "a:1" already present on machine and can be accessed by the pod
        3.030     Created Container created
        3.030     Started Container started
        3.030   web-0 Pending TTFFT | i1=Completed(0) ready unstarted r0 | side=Running ready r0 | i2=Completed(0) ready unstarted r0 | app=PodInitializing unstarted r0
        3.050   web-0 Running TTTTT | i1=Completed(0) ready unstarted r0 | side=Running ready r0 | i2=Completed(0) ready unstarted r0 | app=Running ready r0
        6.000   web-0 Running TTTTT deleted | i1=Completed(0) ready unstarted r0 | side=Running ready r0 | i2=Completed(0) ready unstarted r0 | app=Running ready r0
        6.020     Killing Stopping container side
        6.020     Killing Stopping container app
        8.050   web-0 Succeeded FTFFT deleted | i1=Completed(0) ready unstarted r0 | side=Completed(0) unstarted r0 | i2=Completed(0) ready unstarted r0 | app=Completed(0) unstarted r0
        8.520   web-0 gone
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn kills_at_the_end_of_the_grace_period() {
    let mut lab = Lab::new(Version::V1_36).instant();
    lab.script(|script| script.others.term_ms = None);
    lab.pod("web-0", PLAIN, "minikube");
    lab.run_until(5_000);
    lab.transcript();
    lab.delete_pod("web-0", Some(3_000));
    lab.run_until(20_000);
    expect![[r#"
        5.000   web-0 Running TTTTT deleted | app=Running ready r0
        5.020     Killing Stopping container app
        8.050   web-0 Failed FTFFT deleted | app=Error(137) unstarted r0
        8.520   web-0 gone
    "#]]
    .assert_eq(&lab.transcript());
}

#[test]
fn finishes_a_pull_before_it_stops() {
    let mut lab = Lab::new(Version::V1_36);
    lab.pod("web-0", PLAIN, "minikube");
    lab.run_until(1_500);
    lab.delete_pod("web-0", None);
    lab.run_until(20_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.710     Pulling Pulling image "example/app:1"
        0.710   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        1.500   web-0 Pending TTFFT deleted | app=ContainerCreating unstarted r0
        2.710     Pulled Successfully pulled image "example/app:1" in 2s (2s including waiting). Image size: 174807384 bytes.
        2.860     Created Container created
        3.010     Started Container started
        3.010     Killing Stopping container app
        3.010   web-0 Running TTTTT deleted | app=Running ready r0
        4.040   web-0 Succeeded FTFFT deleted | app=Completed(0) unstarted r0
        4.510   web-0 gone
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn gives_a_pod_that_is_made_again_another_address() {
    let mut lab = Lab::new(Version::V1_36).instant();
    let mut addresses = Vec::new();
    for round in 0..2 {
        lab.pod("web-0", PLAIN, "minikube");
        lab.run_until(10_000 * round + 5_000);
        let worker = lab.cluster.kubelets.workers.values().next().unwrap();
        addresses.push(worker.pod_ip.unwrap().to_string());
        lab.delete_pod("web-0", None);
        lab.run_until(10_000 * round + 10_000);
    }
    assert_eq!(addresses, ["10.244.0.2", "10.244.0.3"]);
}

#[test]
fn backs_off_from_an_image_that_does_not_exist() {
    let mut lab = Lab::new(Version::V1_36).instant();
    lab.script(|script| script.images_present = false);
    lab.pod(
        "web-0",
        "{spec: {containers: [{name: app, image: 'nginx:does-not-exist'}]}}",
        "minikube",
    );
    lab.run_until(60_000);
    lab.delete_pod("web-0", None);
    lab.run_until(70_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulling Pulling image "nginx:does-not-exist"
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.510     Failed Failed to pull image "nginx:does-not-exist": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found
        0.510     Failed Error: ErrImagePull
        1.010     BackOff Back-off pulling image "nginx:does-not-exist"
        1.010     Failed Error: ImagePullBackOff
        1.010   web-0 Pending TTFFT | app=ErrImagePull unstarted r0
        11.010    Pulling Pulling image "nginx:does-not-exist" x2
        11.010  web-0 Pending TTFFT | app=ImagePullBackOff unstarted r0
        11.510    Failed Failed to pull image "nginx:does-not-exist": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found x2
        11.510    Failed Error: ErrImagePull x2
        21.510    BackOff Back-off pulling image "nginx:does-not-exist" x2
        21.510    Failed Error: ImagePullBackOff x2
        21.510  web-0 Pending TTFFT | app=ErrImagePull unstarted r0
        31.510    Pulling Pulling image "nginx:does-not-exist" x3
        31.510  web-0 Pending TTFFT | app=ImagePullBackOff unstarted r0
        32.010    Failed Failed to pull image "nginx:does-not-exist": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found x3
        32.010    Failed Error: ErrImagePull x3
        42.010    BackOff Back-off pulling image "nginx:does-not-exist" x3
        42.010    Failed Error: ImagePullBackOff x3
        42.010  web-0 Pending TTFFT | app=ErrImagePull unstarted r0
        52.010    BackOff Back-off pulling image "nginx:does-not-exist" x4
        52.010    Failed Error: ImagePullBackOff x4
        52.010  web-0 Pending TTFFT | app=ImagePullBackOff unstarted r0
        60.000  web-0 Pending TTFFT deleted | app=ImagePullBackOff unstarted r0
        60.020  web-0 Pending TTFFT deleted | app=ContainerCreating unstarted r0
        60.050  web-0 Failed FTFFT deleted | app=ContainerStatusUnknown(137) unstarted r0
        60.520  web-0 gone
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn refuses_a_name_that_is_no_image() {
    let mut lab = Lab::new(Version::V1_36).instant();
    lab.pod("web-0", "{spec: {containers: [{name: app, image: 'Not An Image'}]}}", "minikube");
    lab.run_until(5_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     InspectFailed Failed to apply default image tag "Not An Image": couldn't parse image name "Not An Image": invalid reference format
        0.010     Failed Error: InvalidImageName
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.010   web-0 Pending TTFFT | app=ContainerCreating unstarted r0
        0.510     InspectFailed Failed to apply default image tag "Not An Image": couldn't parse image name "Not An Image": invalid reference format x2
        0.510     Failed Error: InvalidImageName x2
        0.510   web-0 Pending TTFFT | app=InvalidImageName unstarted r0
    "#]].assert_eq(&lab.transcript());
}

#[test]
fn says_and_times_it_as_the_version_does() {
    let mut lab = Lab::new(Version::V1_34).instant();
    lab.pod("web-0", PLAIN, "minikube");
    lab.run_until(5_000);
    expect![[r#"
        0.000   web-0 Pending -----
        0.010     Pulled Container image "example/app:1" already present on machine
        0.010     Created Created container: app
        0.010     Started Started container app
        0.010   web-0 Pending FTFFT | app=ContainerCreating unstarted r0
        0.510   web-0 Running TTTTT | app=Running ready r0
    "#]]
    .assert_eq(&lab.transcript());
}

#[test]
fn runs_the_same_twice() {
    let life = || {
        let mut lab = Lab::new(Version::V1_36);
        lab.claim("www-web-0");
        lab.pod("web-0", WITH_CLAIM, "minikube");
        lab.pod("web-1", PLAIN, "minikube");
        lab.run_until(8_000);
        lab.delete_pod("web-0", None);
        lab.run_until(60_000);
        lab.steps.iter().map(|step| format!("{step:?}\n")).collect::<String>()
    };
    assert_eq!(life(), life());
}
