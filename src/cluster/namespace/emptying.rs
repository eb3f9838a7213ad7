//! How the content of a namespace is deleted, and what is told of the rest: pods first, then all else.
//!
//! Upstream: `pkg/controller/namespace/deletion/namespaced_resources_deleter.go`, deleteAllContent;
//! `deletion/status_condition_utils.go`.

use crate::api::Tree;
use crate::api::change::Cascade;
use crate::cluster::Cluster;
use crate::cluster::apiserver::delete;
use crate::cluster::meta::Kind;
use crate::cluster::pod::{Pod, PodPhase};
use crate::cluster::record::Record;
use crate::cluster::time::{Millis, SECOND, timestamp};
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
    /// The longest grace period of a pod that has not ended, in seconds, unless it is over.
    pub wait_s: Option<u64>,
    /// Whether pods are left, so that nothing else has been looked at.
    is_of_pods: bool,
}

/// One round: everything in the namespace is deleted that is not being deleted yet. While pods are
/// left, only they are. `since` is when the namespace was deleted.
pub fn empty(cluster: &mut Cluster, namespace: &str, since: Millis) -> Left {
    let mut left = Left::default();
    delete_all(cluster, Kind::Pod, namespace, &mut left);
    left.wait_s = left.wait_s.filter(|seconds| cluster.now < since + seconds * SECOND);
    left.is_of_pods = !left.is_nothing();
    if left.is_of_pods {
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
        let has_ended =
            |pod: &Pod| matches!(pod.status.phase, PodPhase::Succeeded | PodPhase::Failed);
        let pod = cluster.store.get::<Pod>(&key).filter(|_| kind == Kind::Pod);
        if let Some(pod) = pod.filter(|pod| !has_ended(pod)) {
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

    /// The conditions of a namespace after this round; `old` are those before it.
    pub fn conditions(&self, namespace: &str, old: &[Value], now: Millis) -> Vec<Value> {
        let told = self.told(namespace).into_iter().map(|(kind, trouble, fine)| {
            let status = if trouble.is_some() { "True" } else { "False" };
            let (reason, message) = trouble.unwrap_or_else(|| (fine.0, fine.1.to_owned()));
            let known = old.iter().find(|it| it.text("type") == kind);
            let since = known.filter(|it| it.text("status") == status);
            let since = since.map(|it| it.text("lastTransitionTime").to_owned());
            json!({
                "type": kind, "status": status, "reason": reason, "message": message,
                "lastTransitionTime": since.unwrap_or_else(|| timestamp(now)),
            })
        });
        told.collect()
    }

    /// Each condition: what is wrong, if something is, and what is told if nothing is. Pods that are
    /// left are told only if they should be gone.
    fn told(&self, namespace: &str) -> [Told; 5] {
        let shown = if self.is_of_pods { 0 } else { usize::MAX };
        let list = |counts: Vec<String>| counts.join(", ");
        let resources = self.resources.iter().take(shown);
        let resources = resources.map(|(name, n)| format!("{name} has {n} resource instances"));
        let finalizers = self.finalizers.iter().take(shown);
        let finalizers = finalizers.map(|(name, n)| format!("{name} in {n} resource instances"));
        let (resources, finalizers) = (list(resources.collect()), list(finalizers.collect()));
        let is_stuck = self.is_of_pods && self.wait_s.is_none() && self.finalizers.is_empty();
        let stuck = format!(
            "Failed to delete all resource types, 1 remaining: unexpected items still remain in \
             namespace: {namespace} for gvr: /v1, Resource=pods"
        );
        let rest = format!("Some resources are remaining: {resources}");
        let kept = format!("Some content in the namespace has finalizers remaining: {finalizers}");
        [
            (
                "NamespaceDeletionDiscoveryFailure",
                None,
                ("ResourcesDiscovered", "All resources successfully discovered"),
            ),
            (
                "NamespaceDeletionGroupVersionParsingFailure",
                None,
                ("ParsedGroupVersions", "All legacy kube types successfully parsed"),
            ),
            (
                "NamespaceDeletionContentFailure",
                is_stuck.then_some(("ContentDeletionFailed", stuck)),
                (
                    "ContentDeleted",
                    "All content successfully deleted, may be waiting on finalization",
                ),
            ),
            (
                "NamespaceContentRemaining",
                (!resources.is_empty()).then_some(("SomeResourcesRemain", rest)),
                ("ContentRemoved", "All content successfully removed"),
            ),
            (
                "NamespaceFinalizersRemaining",
                (!finalizers.is_empty()).then_some(("SomeFinalizersRemain", kept)),
                ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
            ),
        ]
    }
}

/// A type of condition: reason and message of what is wrong, and of nothing wrong.
type Told = (&'static str, Option<(&'static str, String)>, (&'static str, &'static str));
