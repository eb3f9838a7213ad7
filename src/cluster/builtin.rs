//! The objects that a new cluster brings: namespaces with what belongs into each, priority classes, and
//! the API server's own Service.
//!
//! They are ordinary objects, and can be changed like others.
//!
//! Upstream: `pkg/controlplane/controller/systemnamespaces/system_namespaces_controller.go`;
//! `pkg/controller/certificates/rootcacertpublisher/publisher.go`;
//! `pkg/controller/serviceaccount/serviceaccounts_controller.go`;
//! `pkg/apis/scheduling/v1/helpers.go`, systemPriorityClasses.

use super::meta::{Key, Kind, Labels, Meta};
use super::namespace::Namespace;
use super::namespace::kind::NAME_LABEL;
use super::node;
use super::record::Stored;
use super::rng::Rng;
use super::service::{EndpointSlice, SERVICE_NAME, Service};
use super::state::Cluster;
use super::storage::{IS_DEFAULT, LOCAL_PATH, MINIKUBE, NETWORK_DISKS, StorageClass, ZONAL_DISKS};
use crate::api::Tree;
use crate::api::tree::tree;
use serde_json::Value;
use std::rc::Rc;

/// Tells the numbers of these objects' UIDs from those of all others.
const OWN_SEED: u64 = 0x0b17_1715;

/// The namespaces of a new cluster.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The kind of service accounts.
pub const SERVICE_ACCOUNT: Kind = Kind::of("ServiceAccount", "v1");
const PRIORITY_CLASS: Kind = Kind::of("PriorityClass", "scheduling.k8s.io/v1");

/// Priority classes of a new cluster: name, value, description.
const PRIORITIES: [(&str, i64, &str); 2] = [
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node \
         if necessary.",
    ),
    (
        "system-node-critical",
        2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
];

/// The storage classes of minikube: name, provisioner, binding, policy, expandable.
///
/// `standard` is minikube's and the default. Simplified: the others are there without being
/// installed, to show what else a class can do.
const CLASSES: [(&str, &str, &str, &str, bool); 5] = [
    ("standard", MINIKUBE, "Immediate", "Delete", false),
    ("local-path", LOCAL_PATH, "WaitForFirstConsumer", "Delete", false),
    ("fast", NETWORK_DISKS, "Immediate", "Delete", true),
    ("fast-retain", NETWORK_DISKS, "Immediate", "Retain", true),
    ("zonal", ZONAL_DISKS, "WaitForFirstConsumer", "Delete", true),
];

/// Creates the objects of a new cluster.
pub fn create(cluster: &mut Cluster) {
    node::create_nodes(cluster);
    if cluster.config.distribution.is_minikube() {
        create_classes(cluster);
    }
    // What a person makes keeps the UIDs that it had before these objects came.
    let own = Rng::new(cluster.config.seed ^ OWN_SEED);
    let uids = cluster.store.draw_uids_from(own);
    for name in NAMESPACES {
        let label = (NAME_LABEL.to_owned(), name.to_owned());
        let mut meta = Meta::new(Key::new("", name));
        meta.labels = Rc::new(Labels::from([label]));
        let body = tree!({"spec": {"finalizers": ["kubernetes"]}});
        add(cluster, Namespace::KIND, meta, &body);
        furnish(cluster, name);
    }
    for (name, value, description) in PRIORITIES {
        let body = tree!({
            "description": description, "preemptionPolicy": "PreemptLowerPriority", "value": value,
        });
        add(cluster, PRIORITY_CLASS, Meta::new(Key::new("", name)), &body);
    }
    create_kubernetes(cluster);
    cluster.store.draw_uids_from(uids);
}

/// Puts into a namespace what controllers put into each: the account that pods have if they name
/// none, and the certificate that they trust the API server by, whose text is left out.
pub fn furnish(cluster: &mut Cluster, namespace: &str) {
    add(cluster, SERVICE_ACCOUNT, Meta::new(Key::new(namespace, "default")), &tree!({}));
    let mut meta = Meta::new(Key::new(namespace, "kube-root-ca.crt"));
    let note = "Contains a CA bundle that can be used to verify the kube-apiserver when using \
                internal endpoints such as the internal service IP or \
                kubernetes.default.svc. No other usage is guaranteed across distributions of \
                Kubernetes clusters.";
    let note = ("kubernetes.io/description".to_owned(), note.to_owned());
    meta.annotations = Rc::new(Labels::from([note]));
    add(cluster, Kind::ConfigMap, meta, &tree!({"data": {"ca.crt": ""}}));
}

/// One that is there already stays.
fn add(cluster: &mut Cluster, kind: Kind, meta: Meta, body: &Value) {
    let now = cluster.now;
    let record = cluster.read(kind, meta, body, None);
    let _there = cluster.store.add(&*record, now).is_err();
}

/// Creates minikube's storage classes.
fn create_classes(cluster: &mut Cluster) {
    let now = cluster.now;
    for (name, provisioner, binding_mode, policy, allow_expansion) in CLASSES {
        let mut meta = Meta::new(StorageClass::key(name));
        if provisioner == MINIKUBE {
            let default = (IS_DEFAULT.to_string(), "true".to_string());
            meta.annotations = Rc::new(Labels::from([default]));
        }
        let mut body = tree!({
            "provisioner": provisioner,
            "volumeBindingMode": binding_mode,
            "reclaimPolicy": policy,
        });
        if allow_expansion {
            body.put("allowVolumeExpansion", true);
        }
        let class = StorageClass::read(meta, &body, None);
        cluster.store.create(class, now).expect("the names of the classes differ");
    }
}

/// The address of the API server inside the cluster.
const KUBERNETES: &str = "10.96.0.1";
/// The address and port behind it.
const API_SERVER: (&str, i64) = ("192.168.49.2", 8443);

/// Puts the API server's own Service and slice into a new cluster.
///
/// Upstream: `pkg/controlplane/controller/kubernetesservice/controller.go`.
fn create_kubernetes(cluster: &mut Cluster) {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut meta = Meta::new(Key::new("default", "kubernetes"));
    meta.labels =
        Rc::new([label("component", "apiserver"), label("provider", "kubernetes")].into());
    let service = tree!({"spec": {
        "clusterIP": KUBERNETES, "clusterIPs": [KUBERNETES],
        "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "type": "ClusterIP",
        "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443}],
    }});
    let now = cluster.now;
    let _free = cluster.store.create(Service::read(meta, &service, None), now);
    let mut meta = Meta::new(Key::new("default", "kubernetes"));
    meta.labels = Rc::new([label(SERVICE_NAME, "kubernetes")].into());
    let (address, port) = API_SERVER;
    let slice = tree!({
        "addressType": "IPv4",
        "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
        "ports": [{"name": "https", "port": port, "protocol": "TCP"}],
    });
    let _free = cluster.store.create(EndpointSlice::read(meta, &slice, None), now);
}
