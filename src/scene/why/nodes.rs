//! What a pod waits for because of its node.

use super::clock;
use crate::cluster::Cluster;
use crate::cluster::node::{self, Node, Refusal};
use crate::cluster::pod::Pod;
use crate::cluster::stateful_set::StatefulSet;
use crate::scene::Why;

/// What keeps a pod on a node that cannot be reached, as the end of a sentence that begins with its
/// name; nothing if its node answers.
pub fn lost(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let name = pod.node.as_deref()?;
    let since = clock(cluster.machines().lost_since(name)?);
    let next = match cluster.store().get::<Node>(&Node::key(name)) {
        _ if pod.is_terminating() => {
            "nobody can confirm that its containers have stopped: it stays \
                                      until the node answers or its object is deleted or tainted \
                                      out-of-service"
                .to_owned()
        }
        None => "the node's object is deleted: the pod is collected within a minute".to_owned(),
        Some(node) if node.is_ready() => {
            "the control plane notices after 50 s without a heartbeat".to_owned()
        }
        Some(_) => match node::evicts_at(cluster, pod.meta.uid) {
            Some(at) => format!("it is evicted at {}", clock(at)),
            None => {
                "it is not evicted, as no other node answers or the pod tolerates it".to_owned()
            }
        },
    };
    let state = if pod.is_terminating() { "is terminating" } else { "is not Ready" };
    Some(format!("{state}: its node {name} does not answer since {since}, and {next}"))
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
