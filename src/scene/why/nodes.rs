//! What a pod waits for because of its node.

use super::super::clock::short_clock as clock;
use crate::cluster::node::{self, Node, OUT_OF_SERVICE, Refusal};
use crate::cluster::pod::Pod;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::{Cluster, Millis};
use crate::scene::Why;

/// What is known of a pod's node that cannot be reached.
pub struct Silence {
    /// The node.
    pub node: String,
    /// The pod is removed soon, without its kubelet's word.
    pub is_collected: bool,
    since: Millis,
    next: String,
}

impl Silence {
    /// Since when, and what happens next.
    pub fn words(&self) -> String {
        let Self { node, since, next, .. } = self;
        format!("its node {node} does not answer since {}, and {next}", clock(*since))
    }
}

/// That a pod's node cannot be reached; nothing if it answers.
pub fn silent(cluster: &Cluster, pod: &Pod) -> Option<Silence> {
    let name = pod.node.as_deref()?;
    let since = cluster.machines().lost_since(name)?;
    let node = cluster.store().get::<Node>(&Node::key(name));
    let is_off = |node: &Node| !node.is_ready() && node.is_tainted(OUT_OF_SERVICE);
    let (next, is_collected) = match node {
        None => ("the node's object is deleted: the pod is collected within a minute".into(), true),
        Some(node) if pod.is_terminating() && is_off(node) => {
            ("the node is tainted out-of-service: the pod is collected within 20 s".into(), true)
        }
        _ if pod.is_terminating() => {
            let next = "nobody can confirm that its containers have stopped: it stays until the \
                        node answers or its object is deleted or tainted out-of-service";
            (next.to_owned(), false)
        }
        Some(node) if node.is_ready() => {
            ("the control plane notices after 50 s without a heartbeat".to_owned(), false)
        }
        Some(_) => match node::evicts_at(cluster, pod.meta.uid) {
            Some(at) => (format!("it is evicted at {}", clock(at)), false),
            None => {
                let next = "it is not evicted, as no other node answers or the pod tolerates it";
                (next.to_owned(), false)
            }
        },
    };
    Some(Silence { node: name.to_owned(), is_collected, since, next })
}

/// What keeps a pod that is not being deleted from being Ready, as the end of a sentence that begins
/// with its name; nothing if its node answers.
pub fn lost(cluster: &Cluster, pod: &Pod) -> Option<String> {
    silent(cluster, pod).map(|silence| format!("is not Ready: {}", silence.words()))
}

/// That the node of a pod does not answer, in a few words.
pub fn silence(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let since = cluster.machines().lost_since(pod.node.as_deref()?)?;
    Some(format!("its node does not answer since {}", clock(since)))
}

/// That a drain goes on which a PodDisruptionBudget holds up.
pub fn undrained(cluster: &Cluster, set: &StatefulSet, headline: &str) -> Option<Why> {
    let is_ours = |it: &&Refusal| it.pod.namespace == set.meta.key.namespace;
    let refusal = node::refusals(cluster).find(is_ours)?;
    let (pod, node) = (&refusal.pod, &refusal.node);
    let (budget, allowance) = (&refusal.objection.budget.name, refusal.objection.allowance);
    Some(Why {
        headline: format!("{headline}, but {node} is not drained"),
        detail: format!(
            "To evict {} would violate the disruption budget {budget}, which needs {} healthy pods \
             and has {}. The drain has gone on since {} and tries again at {}.",
            pod.name,
            allowance.desired,
            allowance.healthy,
            clock(refusal.since),
            clock(refusal.next_at())
        ),
        command: format!("kubectl uncordon {node}"),
        waiting: true,
        blocking: pod.name.to_string(),
    })
}

/// The command that would let an unschedulable pod be scheduled, if a node is cordoned.
pub fn uncordon(cluster: &Cluster) -> Option<String> {
    let mut nodes = cluster.store().list::<Node>();
    let node = nodes.find(|node| node.unschedulable)?;
    Some(format!("kubectl uncordon {}", node.meta.name()))
}
