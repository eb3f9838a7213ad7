//! Answers that are kept: what a client is told until they run out, whatever has changed since.
//!
//! Upstream: `coredns/coredns`, `plugin/cache`. Kept for 30 s, whether a name was found or not:
//! `cache 30`, and the zone's own `ttl 30`, which is also its negative one. The Corefile that kubeadm
//! writes for 1.34 and later does not keep answers about the cluster's own zone
//! (`disable success cluster.local`, `disable denial cluster.local` in
//! `cmd/kubeadm/app/phases/addons/dns/manifests.go`); clusters whose Corefile is older, and
//! caches on the nodes, do (kubernetes/kubernetes#128359).

use super::memory::{Answer, Cache, Kept};
use super::{TTL_SECONDS, lookup, resolve};
use crate::cluster::state::Cluster;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::work::Work;
use crate::ordered::Map;

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The full name that the answer is about.
    pub name: String,
    /// What is answered.
    pub answer: Answer,
    /// When the answer was found and until when it is given, if it was kept.
    pub kept: Option<(Millis, Millis)>,
}

/// Keeps answers from now on, or no longer.
#[inline(never)]
pub fn keep_answers(cluster: &mut Cluster, on: bool) {
    *cluster.dns = Cache { on, kept: Map::new() };
}

/// What a pod of this namespace would be told at `now` if it asked for the address of `name`.
pub fn ask(cluster: &Cluster, namespace: &str, name: &str, now: Millis) -> Reply {
    let (name, answer) = resolve(namespace, name, &mut |full| told(cluster, full, now).0);
    let kept = told(cluster, &name, now).1;
    Reply { name, answer, kept }
}

/// A pod of this namespace asks; what it is told is kept if answers are.
#[inline(never)]
pub fn look_up(cluster: &mut Cluster, namespace: &str, name: &str) -> Reply {
    let now = cluster.now;
    let reply = ask(cluster, namespace, name, now);
    if cluster.dns.on {
        let mut asked = Vec::new();
        resolve(namespace, name, &mut |full| {
            let (answer, kept) = told(cluster, full, now);
            if kept.is_none() {
                asked.push((canonical(full), answer.clone()));
            }
            answer
        });
        let until = now + Millis::from(TTL_SECONDS) * SECOND;
        for (name, answer) in asked {
            cluster.dns.kept.insert(name, Kept { answer, asked_at: now, until });
        }
        cluster.queue.schedule(until, Work::DnsCache);
    }
    reply
}

/// Forgets what has run out.
#[inline(never)]
pub fn expire(cluster: &mut Cluster) {
    let now = cluster.now;
    cluster.dns.kept.retain(|_, kept| now < kept.until);
}

/// The answer to a full name, and since and until when it is kept.
fn told(cluster: &Cluster, name: &str, now: Millis) -> (Answer, Option<(Millis, Millis)>) {
    match cluster.dns.kept(&canonical(name), now) {
        Some(kept) => (kept.answer.clone(), Some((kept.asked_at, kept.until))),
        None => (lookup(&cluster.store, name), None),
    }
}

fn canonical(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
