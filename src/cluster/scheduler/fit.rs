//! Which nodes a pod fits on, and the scheduler's words when none does.

use super::memory::{Because, Unschedulable, Usage};
use super::neighbours::{Neighbours, Objection};
use super::volumes::Claims;
use crate::cluster::Cluster;
use crate::cluster::meta::Key;
use crate::cluster::node::{Effect, Node, Taint, UNSCHEDULABLE, tolerates_all};
use crate::cluster::pod::Pod;
use crate::ordered::{Map, sort_by};
use std::rc::Rc;

/// Where a pod goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The node.
    pub node: Rc<str>,
    /// Claims that have to be bound first, now that the node is known.
    pub claims: Vec<Key>,
}

/// Chooses a node for a pod.
///
/// # Errors
/// [`Unschedulable`] if there is none.
pub fn decide(cluster: &Cluster, pod: &Pod) -> Result<Choice, Unschedulable> {
    let claims = Claims::of(cluster, pod)?;
    if let Some(node) = cluster.scheduler.reserved(&pod.meta.key) {
        return Ok(Choice { node: Rc::clone(node), claims: claims.delayed() });
    }
    let asked = Usage::of(&pod.template);
    let neighbours = Neighbours::of(cluster, pod);
    let mut refusals = Refusals::default();
    let mut best = None;
    for node in cluster.store.list::<Node>() {
        let used = cluster.scheduler.usage(&node.meta.key.name);
        if refusals.note(node, pod, used, asked) {
            continue;
        }
        let crowd = || neighbours.as_ref().and_then(|it| it.object_to(node));
        if let Some(objection) = claims.object_to(node).or_else(crowd) {
            refusals.object(objection);
            continue;
        }
        let placement = pod.template.placement.as_ref();
        let preferred = placement.map_or(0, |it| it.preference(node))
            + neighbours.as_ref().map_or(0, |it| it.preference(node));
        let load = (-preferred, used.pods, node.index);
        best = best.filter(|(other, _)| *other <= load).or(Some((load, node)));
    }
    match best {
        Some((_, node)) => {
            Ok(Choice { node: Rc::clone(&node.meta.key.name), claims: claims.delayed() })
        }
        None => Err(refusals.into_unschedulable(cluster)),
    }
}

/// Why nodes were refused, counted.
#[derive(Default)]
struct Refusals {
    reasons: Map<&'static str, u32>,
    /// Nodes on which no preemption could help, and on which none would find a victim.
    hopeless: u32,
    full: u32,
}

impl Refusals {
    /// Notes why a node does not fit; returns whether there is a reason.
    ///
    /// Upstream: the Filter functions of the default profile, up to the first that objects.
    fn note(&mut self, node: &Node, pod: &Pod, used: Usage, asked: Usage) -> bool {
        let tolerations = &pod.template.tolerations;
        let placement = pod.template.placement.as_deref();
        let unschedulable = Taint {
            key: UNSCHEDULABLE.into(),
            value: "".into(),
            effect: Effect::NoSchedule,
            since: 0,
        };
        let stays_out = !tolerations.iter().any(|each| each.tolerates(&unschedulable));
        let closed = match () {
            () if node.unschedulable && stays_out => "node(s) were unschedulable",
            () if !tolerates_all(tolerations, node) => "node(s) had untolerated taint(s)",
            () if placement.is_some_and(|it| !it.accepts(node)) => {
                "node(s) didn't match Pod's node affinity/selector"
            }
            () => "",
        };
        if !closed.is_empty() {
            self.object((closed, true));
            return true;
        }
        let lacks_cpu =
            asked.cpu_millis > 0 && used.cpu_millis + asked.cpu_millis > node.cpu_millis;
        let lacks_memory =
            asked.memory_bytes > 0 && used.memory_bytes + asked.memory_bytes > node.memory_bytes;
        let checks = [
            (used.pods >= node.max_pods, "Too many pods"),
            (lacks_cpu, "Insufficient cpu"),
            (lacks_memory, "Insufficient memory"),
        ];
        for (_, reason) in checks.iter().filter(|(lacks, _)| *lacks) {
            *self.reasons.entry(reason).or_default() += 1;
        }
        let fits = !checks.iter().any(|(lacks, _)| *lacks);
        let too_large =
            asked.cpu_millis > node.cpu_millis || asked.memory_bytes > node.memory_bytes;
        match (fits, too_large) {
            (true, _) => {}
            (false, true) => self.hopeless += 1,
            (false, false) => self.full += 1,
        }
        !fits
    }

    /// Notes one reason against a node, and whether preemption could never help.
    fn object(&mut self, (reason, hopeless): Objection) {
        *self.reasons.entry(reason).or_default() += 1;
        match hopeless {
            true => self.hopeless += 1,
            false => self.full += 1,
        }
    }

    fn into_unschedulable(self, cluster: &Cluster) -> Unschedulable {
        let nodes = cluster.store.list::<Node>().count();
        let reasons = list(self.reasons.into_iter().map(|(text, count)| (count, text)));
        let prefix = match cluster.kubernetes().mentions_resource_claims() {
            true => "no new claims to deallocate, ",
            false => "",
        };
        let preemption = list([
            (self.hopeless, "Preemption is not helpful for scheduling"),
            (self.full, "No preemption victims found for incoming pod"),
        ]);
        let message = format!(
            "0/{nodes} nodes are available: {reasons}. \
             {prefix}preemption: 0/{nodes} nodes are available: {preemption}."
        );
        Unschedulable { because: Because::Nodes, message: message.into() }
    }
}

/// `<count> <text>` strings, sorted as text.
fn list<'a>(counted: impl IntoIterator<Item = (u32, &'a str)>) -> String {
    let some = counted.into_iter().filter(|(count, _)| *count > 0);
    let mut texts: Vec<_> = some.map(|(count, text)| format!("{count} {text}")).collect();
    sort_by(&mut texts, |one, other| one < other);
    texts.join(", ")
}
