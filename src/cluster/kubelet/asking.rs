//! How a kubelet is asked to look at a pod again: one look at a time, the earliest that was asked for.

use super::memory::KubeletWork;
use super::probe_worker::ProbeWorker;
use super::worker::PodWorker;
use crate::cluster::queue::Ticket;
use crate::cluster::state::Cluster;
use crate::cluster::time::Millis;
use crate::cluster::work::Work;

impl PodWorker {
    /// Asks for a look at the pod at `at`, or as soon after it as the kubelet's picture is fresh.
    pub fn request_sync(&mut self, cluster: &mut Cluster, at: Millis) {
        if self.syncing {
            self.again = true;
            return;
        }
        let at = at.max(self.fresh_at);
        if let Some((planned, ticket)) = self.next_sync {
            if planned <= at {
                return;
            }
            cluster.queue.cancel(ticket);
        }
        self.next_sync = Some((at, self.schedule(cluster, at, KubeletWork::Sync)));
    }

    /// Asks for a look because a probe has changed its mind. One that waits for a fresh picture has
    /// been begun already, so another one follows it.
    ///
    /// Upstream: `pkg/kubelet/pod_workers.go`, UpdatePod: an update for a busy worker is pending.
    pub fn request_another_sync(&mut self, cluster: &mut Cluster) {
        let waits = self.next_sync.is_some_and(|(at, _)| at > cluster.now && at == self.fresh_at);
        if waits {
            self.again = true;
        } else {
            self.request_sync(cluster, cluster.now);
        }
    }

    /// Has the kubelet notice the runtime's changes at `at`, if it would not before.
    pub fn request_relist(&mut self, cluster: &mut Cluster, at: Millis) {
        if let Some((planned, ticket)) = self.relist {
            if planned <= at {
                return;
            }
            cluster.queue.cancel(ticket);
        }
        self.relist = Some((at, self.schedule(cluster, at, KubeletWork::Relist)));
    }

    /// Puts work for this pod into the queue.
    pub fn schedule(&self, cluster: &mut Cluster, at: Millis, work: KubeletWork) -> Ticket {
        cluster.queue.schedule(at, Work::Kubelet(self.key.clone(), self.uid, work))
    }
}

impl ProbeWorker {
    /// Takes the worker's next tick out of the queue.
    pub fn cancel(&self, cluster: &mut Cluster) {
        if let Some((_, ticket)) = self.next {
            cluster.queue.cancel(ticket);
        }
    }

    pub(super) fn end(&mut self, cluster: &mut Cluster) {
        self.cancel(cluster);
        self.next = None;
    }
}
