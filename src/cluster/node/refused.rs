//! Evictions that budgets have refused lately: by them one sees that a drain is held up.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/drain.go`, evictPods: a client that is refused
//! tries again every five seconds.

use super::eviction;
use crate::cluster::Cluster;
use crate::cluster::budget::Objection;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::Pod;
use crate::cluster::time::{Millis, SECOND};
use std::rc::Rc;

/// From a refused eviction to the next try of a client.
const RETRY_MS: Millis = 5 * SECOND;

/// An eviction that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The pod.
    pub pod: Key,
    /// Its node.
    pub node: Rc<str>,
    /// Why.
    pub objection: Objection,
    /// Since when it has been refused again and again.
    pub since: Millis,
    /// When it was refused last.
    pub at: Millis,
    uid: Uid,
}

impl Refusal {
    /// When the client tries again.
    pub fn next_at(&self) -> Millis {
        self.at + RETRY_MS
    }

    fn is_recent(&self, now: Millis) -> bool {
        now <= self.next_at()
    }
}

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
