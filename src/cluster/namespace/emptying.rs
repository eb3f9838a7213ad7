//! How the content of a namespace is deleted, and what is told of the rest: pods first, then all else.
//!
//! Upstream: `pkg/controller/namespace/deletion/namespaced_resources_deleter.go`, deleteAllContent;
//! `deletion/status_condition_utils.go`.

use crate::api::Tree;
use crate::api::change::Cascade;
use crate::cluster::Cluster;
use crate::cluster::apiserver::delete;
use crate::cluster::meta::Kind;
use crate::cluster::pod::Pod;
use crate::cluster::record::Record;
use crate::cluster::time::{Millis, timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is left of a namespace's content after a round.
#[derive(Debug, Default)]
pub struct Left {
    /// Objects by their resource, as conditions name it, such as `pods.`.
    resources: BTreeMap<String, usize>,
    /// Objects by a finalizer that keeps them.
    finalizers: BTreeMap<Rc<str>, usize>,
    /// The longest grace period of a pod that is left, in seconds.
    pub wait_s: Option<u64>,
}

/// One round: everything in the namespace is deleted that is not being deleted yet. While pods are
/// left, only they are.
pub fn empty(cluster: &mut Cluster, namespace: &str) -> Left {
    let mut left = Left::default();
    delete_all(cluster, Kind::Pod, namespace, &mut left);
    if !left.is_nothing() {
        return left;
    }
    let kinds: Vec<Kind> = cluster.store.kinds().filter(|kind| kind.is_namespaced()).collect();
    for kind in kinds {
        delete_all(cluster, kind, namespace, &mut left);
    }
    left
}

fn delete_all(cluster: &mut Cluster, kind: Kind, namespace: &str, left: &mut Left) {
    let is_here = |record: &Rc<dyn Record>| *record.metadata().key.namespace == *namespace;
    let all: Vec<Rc<dyn Record>> =
        cluster.store.records(kind).into_iter().filter(is_here).collect();
    let now = cluster.now;
    for record in all {
        let key = record.metadata().key.clone();
        if !record.metadata().is_terminating() {
            delete::mark(&mut cluster.store, record, None, Some(Cascade::Background), now);
        }
        let Some(record) = cluster.store.record(kind, &key) else { continue };
        *left.resources.entry(format!("{}.{}", kind.row().name, kind.group())).or_default() += 1;
        for finalizer in &record.metadata().finalizers {
            *left.finalizers.entry(Rc::clone(finalizer)).or_default() += 1;
        }
        if let Some(pod) = cluster.store.get::<Pod>(&key).filter(|_| kind == Kind::Pod) {
            let own = pod.template.termination_grace_ms / 1_000;
            left.wait_s = Some(left.wait_s.unwrap_or(0).max(own));
        }
    }
}

impl Left {
    /// Whether the namespace is empty.
    pub fn is_nothing(&self) -> bool {
        self.resources.is_empty()
    }

    /// The conditions after this round; `old` are those before it.
    pub fn conditions(&self, old: &[Value], now: Millis) -> Vec<Value> {
        let list = |counts: Vec<String>| counts.join(", ");
        let resources = self.resources.iter();
        let resources = resources.map(|(name, n)| format!("{name} has {n} resource instances"));
        let finalizers = self.finalizers.iter();
        let finalizers = finalizers.map(|(name, n)| format!("{name} in {n} resource instances"));
        let told = [
            (
                "NamespaceDeletionDiscoveryFailure",
                false,
                "ResourcesDiscovered",
                "All resources successfully discovered".to_owned(),
            ),
            (
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed".to_owned(),
            ),
            (
                "NamespaceDeletionContentFailure",
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization".to_owned(),
            ),
            match self.resources.is_empty() {
                true => (
                    "NamespaceContentRemaining",
                    false,
                    "ContentRemoved",
                    "All content successfully removed".to_owned(),
                ),
                false => (
                    "NamespaceContentRemaining",
                    true,
                    "SomeResourcesRemain",
                    format!("Some resources are remaining: {}", list(resources.collect())),
                ),
            },
            match self.finalizers.is_empty() {
                true => (
                    "NamespaceFinalizersRemaining",
                    false,
                    "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished".to_owned(),
                ),
                false => (
                    "NamespaceFinalizersRemaining",
                    true,
                    "SomeFinalizersRemain",
                    format!(
                        "Some content in the namespace has finalizers remaining: {}",
                        list(finalizers.collect())
                    ),
                ),
            },
        ];
        told.into_iter()
            .map(|(kind, is_true, reason, message)| {
                let status = if is_true { "True" } else { "False" };
                let known = old.iter().find(|it| it.text("type") == kind);
                let since = known.filter(|it| it.text("status") == status);
                let since = since.map(|it| it.text("lastTransitionTime").to_owned());
                json!({
                    "type": kind, "status": status, "reason": reason, "message": message,
                    "lastTransitionTime": since.unwrap_or_else(|| timestamp(now)),
                })
            })
            .collect()
    }
}
