//! Evictions that budgets have refused lately: by them one sees that a drain is held up.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/drain.go`, evictPods: a client that is refused
//! tries again every five seconds.

use super::eviction;
use super::memory::Refusal;
use crate::cluster::Cluster;
use crate::cluster::budget::Objection;
use crate::cluster::pod::Pod;

/// Evictions that somebody still tries.
pub fn refusals(cluster: &Cluster) -> impl Iterator<Item = &Refusal> {
    cluster.machines.refused.iter().filter(|it| it.is_recent(cluster.now))
}

/// The eviction of a pod was refused.
pub fn note_refusal(cluster: &mut Cluster, pod: &Pod, objection: Objection) {
    let now = cluster.now;
    let uid = pod.meta.uid;
    let refused = &mut cluster.machines.refused;
    refused.retain(|it| it.is_recent(now));
    if let Some(known) = refused.iter_mut().find(|it| it.uid == uid) {
        (known.at, known.objection) = (now, objection);
        return;
    }
    let (pod, node) = (pod.meta.key.clone(), pod.node.clone().unwrap_or_default());
    refused.push(Refusal { pod, node, objection, since: now, at: now, uid });
}

/// A pod is evicted: it says so in its conditions, unless it was on its way already.
pub fn let_go(cluster: &mut Cluster, pod: &Pod) {
    let uid = pod.meta.uid;
    cluster.machines.refused.retain(|it| it.uid != uid);
    if !pod.is_terminating() {
        let why = ("EvictionByEvictionAPI", "Eviction API: evicting");
        eviction::disrupt(cluster, &pod.meta.key, why.0, why.1);
    }
}
