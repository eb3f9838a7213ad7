//! A definition's life: its kind is served, changed, and gone with its objects.

use super::*;
use crate::api::change::{Change, PatchType};
use crate::api::{Kind, Tree};
use crate::cluster::testing::request;
use crate::cluster::{ClusterConfig, Outcome};
use serde_json::{Value, json};

fn definition(name: &str, names: Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": names,
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object"}},
            }],
        },
    })
}

fn backups() -> Value {
    definition("backups.example.com", json!({"plural": "backups", "kind": "Backup"}))
}

/// Sends a request, and lets a second pass.
fn send(
    cluster: &mut Cluster,
    kind: Kind,
    key: (&str, &str),
    change: Change,
) -> Result<Value, String> {
    let at = cluster.now();
    let outcome = cluster.submit(at, &request(kind, key, change)).0;
    let until = cluster.now() + 1_000;
    while cluster.next_at().is_some_and(|at| at <= until) {
        cluster.step();
    }
    match outcome {
        Outcome::Reply(reply) => Ok(reply.object),
        Outcome::Refused(refusal) => Err(refusal.message),
        _ => Err(String::new()),
    }
}

fn create(cluster: &mut Cluster, tree: &Value) -> Result<Value, String> {
    let name = tree.at("metadata").text("name").to_owned();
    let change = Change::Create(tree.clone());
    send(cluster, CustomResourceDefinition::KIND, ("", &name), change)
}

fn own(cluster: &Cluster, name: &str) -> CustomResourceDefinition {
    let found = cluster.store.get::<CustomResourceDefinition>(&CustomResourceDefinition::key(name));
    CustomResourceDefinition::clone(found.expect("the definition is there"))
}

fn backup(name: &str, finalizers: &[&str]) -> Value {
    json!({
        "apiVersion": "example.com/v1", "kind": "Backup",
        "metadata": {"name": name, "finalizers": finalizers}, "spec": {"set": "db"},
    })
}

#[test]
fn a_kind_is_served_from_its_definition_on() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    assert_eq!(cluster.served("Backup", "example.com/v1"), None);
    create(&mut cluster, &backups()).unwrap();
    let kind = cluster.served("Backup", "example.com/v1").unwrap();
    assert!(own(&cluster, "backups.example.com").is("Established"));
    let change = Change::Create(backup("nightly", &[]));
    send(&mut cluster, kind, ("default", "nightly"), change).unwrap();
    let shorter = json!({"spec": {"names": {"shortNames": ["bk"]}}});
    let change = Change::Patch(PatchType::Merge, shorter);
    send(&mut cluster, CustomResourceDefinition::KIND, ("", "backups.example.com"), change)
        .unwrap();
    let renamed = cluster.served("Backup", "example.com/v1").unwrap();
    assert_ne!(kind, renamed);
    let found = cluster.store.record(renamed, &Key::new("default", "nightly"));
    assert_eq!(found.map(|it| it.kind()), Some(renamed), "the object is of the kind as it is now");
}

#[test]
fn objects_go_before_their_definition() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    create(&mut cluster, &backups()).unwrap();
    let kind = cluster.served("Backup", "example.com/v1").unwrap();
    let held = Change::Create(backup("held", &["example.com/keep"]));
    send(&mut cluster, kind, ("default", "held"), held).unwrap();
    let delete = Change::Delete { grace_period_seconds: None, propagation: String::new() };
    let key = ("", "backups.example.com");
    send(&mut cluster, CustomResourceDefinition::KIND, key, delete).unwrap();
    let left = own(&cluster, "backups.example.com");
    assert!(left.is("Terminating") && left.meta.is_terminating());
    let another = Change::Create(backup("another", &[]));
    assert_eq!(
        send(&mut cluster, kind, ("default", "another"), another).unwrap_err(),
        "backups.example.com \"another\" is forbidden: create not allowed while custom resource \
         definition is terminating"
    );
    let release = Change::Patch(PatchType::Merge, json!({"metadata": {"finalizers": null}}));
    send(&mut cluster, kind, ("default", "held"), release).unwrap();
    assert_eq!(cluster.store.list::<CustomResourceDefinition>().count(), 0);
    assert_eq!(cluster.served("Backup", "example.com/v1"), None);
}

#[test]
fn names_that_are_taken_are_not_accepted_until_they_are_free() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    create(&mut cluster, &backups()).unwrap();
    let names = json!({"plural": "backupz", "singular": "backup", "kind": "Backup"});
    create(&mut cluster, &definition("backupz.example.com", names)).unwrap();
    let second = own(&cluster, "backupz.example.com");
    assert_eq!(*second.accepted, json!({"kind": "", "plural": "backupz"}));
    assert_eq!(second.conditions[0].text("message"), "\"BackupList\" is already in use");
    let delete = Change::Delete { grace_period_seconds: None, propagation: String::new() };
    let key = ("", "backups.example.com");
    send(&mut cluster, CustomResourceDefinition::KIND, key, delete).unwrap();
    assert!(own(&cluster, "backupz.example.com").is("Established"));
}

#[test]
fn a_definition_must_be_named_after_its_resource() {
    let mut cluster = Cluster::new(ClusterConfig::default());
    let names = json!({"plural": "backups", "kind": "Backup"});
    assert_eq!(
        create(&mut cluster, &definition("backup.example.com", names)).unwrap_err(),
        "CustomResourceDefinition.apiextensions.k8s.io \"backup.example.com\" is invalid: \
         metadata.name: Invalid value: \"backup.example.com\": must be \
         spec.names.plural+\".\"+spec.group"
    );
}
