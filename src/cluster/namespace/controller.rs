//! When a namespace is looked at, and what is done with one: it is furnished, or emptied and let go.
//!
//! Upstream: `pkg/controller/namespace/namespace_controller.go`, syncNamespaceFromKey;
//! `pkg/controller/serviceaccount/serviceaccounts_controller.go`;
//! `pkg/controller/certificates/rootcacertpublisher/publisher.go`.

use super::{KUBERNETES, Namespace, emptying};
use crate::cluster::builtin::{self, SERVICE_ACCOUNT};
use crate::cluster::journal::Changed;
use crate::cluster::meta::{Key, Kind};
use crate::cluster::record::Stored;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::work::Work;
use crate::cluster::{Change, Cluster};

/// How long the controller takes to notice. A guess: its latency has no bound upstream.
const LATENCY_MS: Millis = 20;

/// How long it waits after a change of a namespace that is being deleted.
///
/// Upstream: `namespace_controller.go`, namespaceDeletionGracePeriod.
const DELETION_MS: Millis = 5 * SECOND;

/// How soon it looks again where only finalizers hold up the end, at the most.
///
/// Upstream: `deletion/namespaced_resources_deleter.go`, finalizerEstimateSeconds.
const FINALIZERS_S: u64 = 15;

/// Queues the syncs that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    let meta = change.meta();
    if let Some(Changed { old, new: Some(new) }) = change.of::<Namespace>() {
        let was_terminating = old.as_ref().is_some_and(|old| old.meta.is_terminating());
        let account = Key::new(new.meta.name(), "default");
        let is_furnished = cluster.store.record(SERVICE_ACCOUNT, &account).is_some();
        if old.is_none() && !is_furnished {
            enqueue(cluster, &new.meta.key, 0);
        } else if new.meta.is_terminating() && !was_terminating {
            enqueue(cluster, &new.meta.key, DELETION_MS);
        }
    }
    let is_furniture = change.kind() == SERVICE_ACCOUNT || change.kind() == Kind::ConfigMap;
    let key = Namespace::key(&meta.key.namespace);
    let ends = || cluster.store.get::<Namespace>(&key).is_some_and(|it| it.meta.is_terminating());
    // What goes with its namespace is not missed.
    if is_furniture && change.new.is_none() && !ends() {
        enqueue(cluster, &key, LATENCY_MS);
    }
}

fn enqueue(cluster: &mut Cluster, key: &Key, after: Millis) {
    let at = cluster.now.saturating_add(after);
    cluster.queue.schedule(at, Work::Sync(Namespace::KIND, key.clone()));
}

/// Looks at one namespace.
#[inline(never)]
pub fn sync(cluster: &mut Cluster, key: &Key) {
    let Some(namespace) = cluster.store.get::<Namespace>(key).cloned() else { return };
    if !namespace.meta.is_terminating() {
        return builtin::furnish(cluster, &key.name);
    }
    let since = namespace.meta.deletion.map_or(0, |it| it.timestamp);
    let left = emptying::empty(cluster, &key.name, since);
    let conditions = left.conditions(&key.name, &namespace.conditions, cluster.now);
    if left.is_nothing() {
        cluster.store.update::<Namespace>(key, |namespace| {
            namespace.conditions = conditions.into();
            namespace.finalizers.retain(|it| **it != *KUBERNETES);
        });
        return;
    }
    let is_told = cluster
        .store
        .update::<Namespace>(key, |namespace| namespace.conditions = conditions.into());
    // What it has written wakes it like any other change; of two moments the earlier counts.
    let again = (left.wait_s.unwrap_or(FINALIZERS_S) / 2 + 1) * SECOND;
    let again = if is_told { again.min(DELETION_MS) } else { again };
    enqueue(cluster, key, again);
}
