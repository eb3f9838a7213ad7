//! Where pods go, what they wait for, and what stands behind a Service meanwhile.

use crate::cluster::apiserver::claim::admit_claim;
use crate::cluster::meta::{Key, Labels, Meta, Shared};
use crate::cluster::node::Node;
use crate::cluster::pod::{ClaimVolume, Pod, PodStatus};
use crate::cluster::service::{EndpointSlice, Service};
use crate::cluster::storage::{AccessMode, Claim, Volume};
use crate::cluster::template::PodTemplate;
use crate::cluster::time::Millis;
use crate::cluster::{Cluster, ClusterConfig, dns, watch};
use expect_test::expect;
use std::rc::Rc;

fn cluster() -> Cluster {
    Cluster::new(ClusterConfig::default())
}

fn settle(cluster: &mut Cluster) {
    for change in cluster.store.take_journal() {
        watch::notify(cluster, &change);
    }
}

fn template(requests: &str) -> Shared<PodTemplate> {
    let text = format!(
        "{{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: app, image: 'a:1', \
         resources: {{requests: {{{requests}}}}}}}]}}}}"
    );
    Shared::new(PodTemplate::from_api(&serde_yaml::from_str(&text).unwrap()))
}

fn pod(cluster: &mut Cluster, name: &str, template: &Shared<PodTemplate>, claim: Option<&str>) {
    let mut meta = Meta::new(Key::new("default", name));
    meta.labels = template.labels.clone();
    let claims = claim.map(|claim| ClaimVolume { volume: "www".into(), claim: claim.into() });
    let pod = Pod {
        pull_secrets: None,
        meta,
        template: template.clone(),
        claims: claims.into_iter().collect(),
        hostname: name.into(),
        subdomain: "nginx".into(),
        node: None,
        status: PodStatus::default(),
    };
    cluster.store.create(pod, cluster.now).unwrap();
    settle(cluster);
}

fn claim(cluster: &mut Cluster, name: &str, class: Option<&str>) {
    let mut claim = Claim {
        request_bytes: 1 << 30,
        request: "1Gi".into(),
        storage_class: class.map(Into::into),
        access_modes: [AccessMode::ReadWriteOnce].into(),
        ..Claim::new(Meta::new(Key::new("default", name)))
    };
    admit_claim(&cluster.store, &mut claim);
    cluster.store.create(claim, cluster.now).unwrap();
    settle(cluster);
}

fn run_until(cluster: &mut Cluster, at: Millis) {
    while cluster.next_at().is_some_and(|next| next <= at) {
        cluster.step();
    }
    cluster.now = at;
}

/// The events of the scheduler and the volume controllers.
fn events(cluster: &Cluster) -> String {
    let by_kubelet = |component: &str| component == "kubelet";
    let events = cluster.store.events().iter().filter(|event| !by_kubelet(&event.component));
    let line = |event: &Rc<crate::cluster::event::Event>| {
        let message: String = event.message.chars().take(200).collect();
        format!("{} {} {message} x{}\n", event.first_at, event.reason, event.count)
    };
    events.map(line).collect()
}

#[test]
fn spreads_pods_over_the_nodes() {
    let mut cluster = cluster();
    let template = template("");
    for ordinal in 0..4 {
        pod(&mut cluster, &format!("web-{ordinal}"), &template, None);
    }
    run_until(&mut cluster, 1_000);
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m02 x1
        50 Scheduled Successfully assigned default/web-2 to minikube-m03 x1
        50 Scheduled Successfully assigned default/web-3 to minikube x1
    "#]]
    .assert_eq(&events(&cluster));
}

#[test]
fn tells_why_no_node_fits() {
    let mut cluster = cluster();
    cluster.store.update::<Node>(&Node::key("minikube"), |node| node.unschedulable = true);
    settle(&mut cluster);
    let template = template("cpu: 1500m");
    for ordinal in 0..3 {
        pod(&mut cluster, &format!("web-{ordinal}"), &template, None);
    }
    run_until(&mut cluster, 5_000);
    cluster.store.update::<Node>(&Node::key("minikube"), |node| node.unschedulable = false);
    settle(&mut cluster);
    run_until(&mut cluster, 10_000);
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube-m02 x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m03 x1
        50 FailedScheduling 0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption x1
        5050 Scheduled Successfully assigned default/web-2 to minikube x1
    "#]].assert_eq(&events(&cluster));
}

#[test]
fn waits_for_claims() {
    let mut cluster = cluster();
    let template = template("");
    claim(&mut cluster, "default-class", None);
    claim(&mut cluster, "late", Some("local-path"));
    claim(&mut cluster, "nowhere", Some("nope"));
    for name in ["default-class", "late", "nowhere", "missing"] {
        pod(&mut cluster, &format!("of-{name}"), &template, Some(name));
    }
    run_until(&mut cluster, 10_000);
    expect![[r#"
        5 ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'k8s.io/minikube-hostpath' or manually by the system administrator. If volume creation is delayed, please verify that the provisio x1
        5 Provisioning External provisioner is provisioning volume for claim "default/default-class" x1
        5 WaitForFirstConsumer waiting for first consumer to be created before binding x1
        5 ProvisioningFailed storageclass.storage.k8s.io "nope" not found x1
        50 FailedScheduling 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found x1
        50 FailedScheduling 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found x1
        50 FailedScheduling 0/3 nodes are available: persistentvolumeclaim "missing" not found. not found x1
        55 ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner x1
        55 Provisioning External provisioner is provisioning volume for claim "default/late" x1
        505 ProvisioningSucceeded Successfully provisioned volume pvc-a534a6a6-b7fd-4b63-90ba-d0da572baaf1 x1
        555 ProvisioningSucceeded Successfully provisioned volume pvc-ae843796-30af-49ee-a263-183773ef6508 x1
        605 Scheduled Successfully assigned default/of-late to minikube x1
        1050 Scheduled Successfully assigned default/of-default-class to minikube-m02 x1
    "#]].assert_eq(&events(&cluster));
}

#[test]
fn keeps_a_claim_while_a_pod_uses_it_and_its_volume_no_longer() {
    let mut cluster = cluster();
    claim(&mut cluster, "www", None);
    pod(&mut cluster, "web-0", &template(""), Some("www"));
    run_until(&mut cluster, 10_000);
    let key = Key::new("default", "www");
    let deletion = crate::cluster::meta::Deletion { timestamp: 10_000, grace_ms: 0 };
    cluster.store.update::<Claim>(&key, |claim| claim.meta.deletion = Some(deletion));
    settle(&mut cluster);
    run_until(&mut cluster, 20_000);
    assert!(cluster.store.get::<Claim>(&key).is_some());
    cluster.store.remove::<Pod>(&Key::new("default", "web-0"));
    settle(&mut cluster);
    run_until(&mut cluster, 30_000);
    assert!(cluster.store.get::<Claim>(&key).is_none());
    assert_eq!(cluster.store.list::<Volume>().count(), 0);
}

#[test]
fn lists_the_pods_behind_a_service() {
    let mut cluster = cluster();
    let mut labels = Labels::new();
    labels.insert("app".into(), "web".into());
    let service = Service {
        meta: Meta::new(Key::new("default", "nginx")),
        cluster_ip: None,
        selector: Rc::new(labels),
        publish_not_ready_addresses: false,
        spec: Shared::new(serde_json::json!({"ports": [{"name": "web", "port": 80}]})),
    };
    cluster.store.create(service, 0).unwrap();
    settle(&mut cluster);
    let template = template("");
    pod(&mut cluster, "web-1", &template, None);
    pod(&mut cluster, "web-0", &template, None);
    run_until(&mut cluster, 10_000);
    let name = "web-0.nginx.default.svc.cluster.local";
    assert!(matches!(dns::lookup(&cluster.store, name), dns::Answer::Found(_)));
    let reply = dns::ask(&cluster, "default", "web-0.nginx", cluster.now());
    assert!(matches!(reply.answer, dns::Answer::Found(_)));
    let records = dns::records(&cluster.store);
    let lines = records.iter().map(|record| format!("{} {:?}\n", record.name, record.data));
    expect![[r#"
        kubernetes.default.svc.cluster.local Address(10.96.0.1)
        _https._tcp.kubernetes.default.svc.cluster.local Service { priority: 0, weight: 100, port: 443, target: "kubernetes.default.svc.cluster.local" }
        nginx.default.svc.cluster.local Address(10.244.1.2)
        nginx.default.svc.cluster.local Address(10.244.0.2)
        web-0.nginx.default.svc.cluster.local Address(10.244.1.2)
        web-1.nginx.default.svc.cluster.local Address(10.244.0.2)
        _web._tcp.nginx.default.svc.cluster.local Service { priority: 0, weight: 50, port: 80, target: "web-0.nginx.default.svc.cluster.local" }
        _web._tcp.nginx.default.svc.cluster.local Service { priority: 0, weight: 50, port: 80, target: "web-1.nginx.default.svc.cluster.local" }
    "#]].assert_eq(&lines.collect::<String>());
    let shown = |cluster: &Cluster| {
        let slice = cluster.store.list::<EndpointSlice>().next().unwrap().clone();
        let each = slice.endpoints.iter().map(|each| {
            format!("{:?}@{} {}{}\n", each.hostname, each.address, each.ready, each.terminating)
        });
        each.collect::<String>()
    };
    expect![[r#"
        None@192.168.49.2 truefalse
    "#]]
    .assert_eq(&shown(&cluster));
    let deletion = crate::cluster::meta::Deletion { timestamp: 40_000, grace_ms: 30_000 };
    let key = Key::new("default", "web-0");
    cluster.store.update::<Pod>(&key, |pod| pod.meta.deletion = Some(deletion));
    settle(&mut cluster);
    run_until(&mut cluster, 10_500);
    let pod = key.clone();
    let why = dns::Why::Terminating { pod };
    assert_eq!(dns::lookup(&cluster.store, name), dns::Answer::NoSuchName(why));
    expect![[r#"
        None@192.168.49.2 truefalse
    "#]]
    .assert_eq(&shown(&cluster));
    run_until(&mut cluster, 15_000);
    let service = Key::new("default", "nginx");
    let why = dns::Why::NoHostname { service, hostname: "web-0".into() };
    assert_eq!(dns::lookup(&cluster.store, name), dns::Answer::NoSuchName(why));
    expect![[r#"
        None@192.168.49.2 truefalse
    "#]]
    .assert_eq(&shown(&cluster));
}

#[test]
fn carries_a_thousand_pods() {
    let config = ClusterConfig { pods_per_node: 500, ..ClusterConfig::default() };
    let mut cluster = Cluster::new(config);
    let template = template("");
    for ordinal in 0..1_000 {
        claim(&mut cluster, &format!("www-{ordinal}"), None);
        pod(&mut cluster, &format!("web-{ordinal}"), &template, Some(&format!("www-{ordinal}")));
    }
    run_until(&mut cluster, 60_000);
    let ready = cluster.store.list::<Pod>().filter(|pod| pod.is_running_and_ready()).count();
    assert_eq!(ready, 1_000);
    let addresses: std::collections::BTreeSet<_> =
        cluster.store.list::<Pod>().filter_map(|pod| pod.status.pod_ip).collect();
    assert_eq!(addresses.len(), 1_000);
}

/// A pod template with these fields in its spec.
fn placed(spec: &str) -> Shared<PodTemplate> {
    let text = format!(
        "{{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: app, image: 'a:1'}}], {spec}}}}}"
    );
    Shared::new(PodTemplate::from_api(&serde_yaml::from_str(&text).unwrap()))
}

const APART: &str = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [\
    {labelSelector: {matchLabels: {app: web}}, topologyKey: kubernetes.io/hostname}]}}";

/// The words of the recording `pending-anti-affinity`.
#[test]
fn keeps_pods_apart() {
    let mut cluster = cluster();
    let template = placed(APART);
    for ordinal in 0..4 {
        pod(&mut cluster, &format!("web-{ordinal}"), &template, None);
    }
    run_until(&mut cluster, 2_000);
    cluster.store.remove::<Pod>(&Key::new("default", "web-1"));
    settle(&mut cluster);
    run_until(&mut cluster, 9_000);
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m02 x1
        50 Scheduled Successfully assigned default/web-2 to minikube-m03 x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod. x1
        2050 Scheduled Successfully assigned default/web-3 to minikube-m02 x1
    "#]]
    .assert_eq(&events(&cluster));
}

#[test]
fn keeps_strangers_away_from_pods_that_want_to_be_alone() {
    let mut cluster = cluster();
    pod(&mut cluster, "web-0", &placed(APART), None);
    run_until(&mut cluster, 100);
    for node in ["minikube-m02", "minikube-m03"] {
        cluster.store.update::<Node>(&Node::key(node), |node| node.unschedulable = true);
    }
    settle(&mut cluster);
    pod(&mut cluster, "web-1", &template(""), None);
    run_until(&mut cluster, 1_000);
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube x1
        150 FailedScheduling 0/3 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules, 2 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption vic x1
    "#]]
    .assert_eq(&events(&cluster));
}

#[test]
fn spreads_evenly_over_zones_or_not_at_all() {
    let mut cluster = cluster();
    cluster.store.update::<Node>(&Node::key("minikube-m03"), |node| node.unschedulable = true);
    settle(&mut cluster);
    let template = placed(
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, \
         whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]",
    );
    for ordinal in 0..3 {
        pod(&mut cluster, &format!("web-{ordinal}"), &template, None);
    }
    run_until(&mut cluster, 3_000);
    cluster.store.update::<Node>(&Node::key("minikube-m03"), |node| node.unschedulable = false);
    settle(&mut cluster);
    run_until(&mut cluster, 15_000);
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m02 x1
        50 FailedScheduling 0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not hel x1
        3050 Scheduled Successfully assigned default/web-2 to minikube-m03 x1
    "#]]
    .assert_eq(&events(&cluster));
}

#[test]
fn follows_selectors_names_and_company() {
    let cases = [
        "nodeSelector: {kubernetes.io/hostname: minikube-m02}",
        "nodeSelector: {disk: fast}",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
         [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: NotIn, values: [zone-a]}]}]}}}",
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, \
         preference: {matchFields: [{key: metadata.name, operator: In, values: [minikube-m03]}]}}]}}",
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: \
         {matchLabels: {app: other}}, topologyKey: kubernetes.io/hostname}]}}",
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: \
         {matchLabels: {app: web}}, topologyKey: kubernetes.io/hostname}]}}",
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: \
         DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]",
    ];
    let mut told = String::new();
    for spec in cases {
        let mut cluster = cluster();
        let template = placed(spec);
        pod(&mut cluster, "web-0", &template, None);
        pod(&mut cluster, "web-1", &template, None);
        run_until(&mut cluster, 900);
        told += &events(&cluster);
    }
    expect![[r#"
        50 Scheduled Successfully assigned default/web-0 to minikube-m02 x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m02 x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling. x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling. x1
        50 Scheduled Successfully assigned default/web-0 to minikube-m02 x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m03 x1
        50 Scheduled Successfully assigned default/web-0 to minikube-m03 x1
        50 Scheduled Successfully assigned default/web-1 to minikube-m03 x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling. x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling. x1
        50 Scheduled Successfully assigned default/web-0 to minikube x1
        50 Scheduled Successfully assigned default/web-1 to minikube x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label). no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful  x1
        50 FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label). no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful  x1
    "#]]
    .assert_eq(&told);
}
