//! The objects that a new cluster brings: namespaces with what belongs into each, priority classes, and
//! the API server's own Service.
//!
//! They are ordinary objects, and can be changed like others.
//!
//! Upstream: `pkg/controlplane/controller/systemnamespaces/system_namespaces_controller.go`;
//! `pkg/controller/certificates/rootcacertpublisher/publisher.go`;
//! `pkg/controller/serviceaccount/serviceaccounts_controller.go`;
//! `pkg/apis/scheduling/v1/helpers.go`, systemPriorityClasses.

use super::Cluster;
use super::meta::{Key, Kind, Labels, Meta};
use super::namespace::Namespace;
use super::record::Stored;
use super::rng::Rng;
use super::{kinds, objects};
use serde_json::{Value, json};
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

/// Creates the objects of a new cluster.
pub fn create(cluster: &mut Cluster) {
    super::node::create_nodes(cluster);
    super::storage::create_classes(cluster);
    // What a person makes keeps the UIDs that it had before these objects came.
    let own = Rng::new(cluster.config.seed ^ OWN_SEED);
    let uids = cluster.store.draw_uids_from(own);
    for name in NAMESPACES {
        let label = ("kubernetes.io/metadata.name".to_owned(), name.to_owned());
        let mut meta = Meta::new(Key::new("", name));
        meta.labels = Rc::new(Labels::from([label]));
        let body = json!({"spec": {"finalizers": ["kubernetes"]}});
        add(cluster, Namespace::KIND, meta, &body);
        furnish(cluster, name);
    }
    for (name, value, description) in PRIORITIES {
        let body = json!({
            "description": description, "preemptionPolicy": "PreemptLowerPriority", "value": value,
        });
        add(cluster, PRIORITY_CLASS, Meta::new(Key::new("", name)), &body);
    }
    objects::create_kubernetes(cluster);
    cluster.store.draw_uids_from(uids);
}

/// Puts into a namespace what controllers put into each: the account that pods have if they name
/// none, and the certificate that they trust the API server by, whose text is left out.
pub fn furnish(cluster: &mut Cluster, namespace: &str) {
    add(cluster, SERVICE_ACCOUNT, Meta::new(Key::new(namespace, "default")), &json!({}));
    let mut meta = Meta::new(Key::new(namespace, "kube-root-ca.crt"));
    let note = "Contains a CA bundle that can be used to verify the kube-apiserver when using \
                internal endpoints such as the internal service IP or \
                kubernetes.default.svc. No other usage is guaranteed across distributions of \
                Kubernetes clusters.";
    let note = ("kubernetes.io/description".to_owned(), note.to_owned());
    meta.annotations = Rc::new(Labels::from([note]));
    add(cluster, Kind::ConfigMap, meta, &json!({"data": {"ca.crt": ""}}));
}

/// One that is there already stays.
fn add(cluster: &mut Cluster, kind: Kind, meta: Meta, body: &Value) {
    let now = cluster.now;
    let record = kinds::read(kind, meta, body, None, now);
    let _there = cluster.store.add(&*record, now).is_err();
}
