//! How times come out that vary in a real cluster: calm, as their middle or shortest, so that the
//! same session is easy to follow; or drawn from the session's seed within the range that real
//! kubelets show.

use super::latency;
use super::memory::Rounds;
use crate::cluster::Cluster;
use crate::cluster::time::{Millis, SECOND};

/// When the kubelet next looks at what runs. A calm one is asked in the middle of a second.
pub fn next_relist(cluster: &Cluster) -> Millis {
    let now = cluster.now;
    match cluster.kubelets.timing.0 {
        None => now + latency::RELIST_MS,
        Some(Rounds { phase, period }) => now + period - (now + period - phase) % period,
    }
}

/// A wait, longer by up to a half if times are drawn.
///
/// Upstream: `pkg/kubelet/pod_workers.go`, workerBackOffPeriodJitterFactor.
pub fn jittered(cluster: &mut Cluster, wait_ms: Millis) -> Millis {
    match cluster.kubelets.timing.0 {
        None => wait_ms,
        Some(_) => wait_ms + cluster.rng.in_range(0, wait_ms / 2),
    }
}

/// From a status that triggers a readiness probe to its attempt: another goroutine makes it.
///
/// Upstream: `pkg/kubelet/prober/worker.go`, run.
pub fn trigger_takes(cluster: &mut Cluster) -> Millis {
    match cluster.kubelets.timing.0 {
        None => 0,
        Some(_) => cluster.rng.in_range(0, 4),
    }
}

/// From one look at a pod to the next when all is well: a minute, and up to half of it.
pub fn resync(cluster: &mut Cluster) -> Millis {
    match cluster.kubelets.timing.0 {
        None => latency::RESYNC_MS,
        Some(_) => jittered(cluster, 60 * SECOND),
    }
}
