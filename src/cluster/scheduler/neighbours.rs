//! What the pods on the nodes mean for one that looks for a place: affinity and even spreading.

use crate::cluster::Cluster;
use crate::cluster::meta::Labels;
use crate::cluster::node::placement::{Placement, PodTerm, Spread};
use crate::cluster::node::{Node, tolerates_all};
use crate::cluster::pod::Pod;
use crate::ordered::Map;
use std::rc::Rc;

/// Why the pods around it keep a pod from a node, and whether preemption could never help.
pub type Objection = (&'static str, bool);

/// The pods on nodes, as one pod that looks for a place sees them.
pub struct Neighbours<'a> {
    pod: &'a Pod,
    placed: Vec<(&'a Rc<Pod>, &'a Rc<Node>)>,
    /// For each constraint: how many pods there are in each place that counts.
    spreads: Vec<(&'a Spread, Map<&'a str, i64>)>,
    /// No pod anywhere is meant by the pod's affinity.
    is_first: bool,
}

impl<'a> Neighbours<'a> {
    /// Looks around; nothing to see if neither the pod nor any other asks for anything.
    pub fn of(cluster: &'a Cluster, pod: &'a Pod) -> Option<Self> {
        let placement = pod.template.placement.as_deref();
        let looks = placement.is_some_and(Placement::looks_at_pods);
        if !looks && !cluster.scheduler.has_anti_affinity() {
            return None;
        }
        let node_of = |pod: &Rc<Pod>| {
            let reserved = cluster.scheduler.reserved(&pod.meta.key);
            let name = pod.node.as_ref().or(reserved)?;
            cluster.store.get::<Node>(&Node::key(name))
        };
        let pods = cluster.store.list::<Pod>().filter(|each| !each.status.phase.is_terminal());
        let placed: Vec<_> = pods.filter_map(|each| Some((each, node_of(each)?))).collect();
        let spread = placement.map_or(&[][..], |it| &it.spread);
        let required: Vec<_> = spread.iter().filter(|each| each.required).collect();
        let counted = |each: &&'a Spread| (*each, count(cluster, pod, &required, each, &placed));
        let spreads = required.iter().map(counted).collect();
        let is_first = placement.is_some_and(|placement| {
            !placed.iter().any(|(other, _)| are_meant(pod, &placement.affinity, other))
                && are_meant(pod, &placement.affinity, pod)
        });
        Some(Self { pod, placed, spreads, is_first })
    }

    /// What speaks against a node.
    ///
    /// Upstream: `podtopologyspread/filtering.go`, Filter; `interpodaffinity/filtering.go`, Filter.
    pub fn object_to(&self, node: &Node) -> Option<Objection> {
        self.object_to_crowd(node).or_else(|| self.object_to_company(node))
    }

    fn object_to_crowd(&self, node: &Node) -> Option<Objection> {
        let missing =
            "node(s) didn't match pod topology spread constraints (missing required label)";
        let skewed = "node(s) didn't match pod topology spread constraints";
        for (spread, counts) in &self.spreads {
            let Some(place) = node.meta.labels.get(&spread.topology_key) else {
                return Some((missing, true));
            };
            let few = (counts.len() as i64) < spread.min_domains;
            let least = if few { 0 } else { counts.values().copied().min().unwrap_or(0) };
            let here = counts.get(place.as_str()).copied().unwrap_or(0);
            let own = i64::from(spread.selector.matches(&self.pod.meta.labels));
            if here + own - least > spread.max_skew {
                return Some((skewed, false));
            }
        }
        None
    }

    fn object_to_company(&self, node: &Node) -> Option<Objection> {
        let none = Placement::default();
        let placement = self.pod.template.placement.as_deref().unwrap_or(&none);
        let namespace = |pod: &Pod| pod.meta.key.namespace.to_string();
        let own = namespace(self.pod);
        let is_there = |term: &PodTerm, (_, at): &&(&Rc<Pod>, &Rc<Node>)| {
            let place = at.meta.labels.get(&term.topology_key);
            place.is_some() && place == node.meta.labels.get(&term.topology_key)
        };
        let has_label = |term: &PodTerm| node.meta.labels.contains_key(&term.topology_key);
        let wanted = |term: &PodTerm| {
            let mut there = self.placed.iter().filter(|each| is_there(term, each));
            there.any(|(other, _)| are_meant(self.pod, &placement.affinity, other))
        };
        let met = placement.affinity.iter().all(|term| has_label(term) && wanted(term))
            || (self.is_first && placement.affinity.iter().all(has_label));
        if !met {
            return Some(("node(s) didn't match pod affinity rules", true));
        }
        let avoided = placement.anti_affinity.iter().any(|term| {
            let mut there = self.placed.iter().filter(|each| is_there(term, each));
            there.any(|(other, _)| term.means(&own, &namespace(other), &other.meta.labels))
        });
        if avoided {
            return Some(("node(s) didn't match pod anti-affinity rules", false));
        }
        let avoids = |each: &&(&Rc<Pod>, &Rc<Node>)| {
            let theirs = each.0.template.placement.as_deref();
            theirs.is_some_and(|theirs| {
                theirs.anti_affinity.iter().any(|term| {
                    is_there(term, each)
                        && term.means(&namespace(each.0), &own, &self.pod.meta.labels)
                })
            })
        };
        let text = "node(s) didn't satisfy existing pods anti-affinity rules";
        self.placed.iter().any(|each| avoids(&each)).then_some((text, false))
    }

    /// How much the preferred affinity of the pod speaks for a node.
    pub fn preference(&self, node: &Node) -> i64 {
        let Some(placement) = self.pod.template.placement.as_deref() else { return 0 };
        let own = &self.pod.meta.key.namespace;
        let near = |term: &PodTerm, at: &Node| {
            let place = at.meta.labels.get(&term.topology_key);
            place.is_some() && place == node.meta.labels.get(&term.topology_key)
        };
        let weight = |(weight, term): &(i64, PodTerm)| {
            let meant = self.placed.iter().filter(|(other, at)| {
                near(term, at) && term.means(own, &other.meta.key.namespace, &other.meta.labels)
            });
            weight * meant.count() as i64
        };
        placement.preferred_pods.iter().map(weight).sum()
    }
}

/// Whether all terms of `pod` mean `other`.
fn are_meant(pod: &Pod, terms: &[PodTerm], other: &Pod) -> bool {
    let (own, namespace) = (&pod.meta.key.namespace, &other.meta.key.namespace);
    !terms.is_empty() && terms.iter().all(|term| term.means(own, namespace, &other.meta.labels))
}

/// How many of the pods that a constraint is about there are in each place that counts.
///
/// Upstream: `podtopologyspread/filtering.go`, calPreFilterState.
fn count<'a>(
    cluster: &'a Cluster,
    pod: &Pod,
    all: &[&Spread],
    spread: &Spread,
    placed: &[(&'a Rc<Pod>, &'a Rc<Node>)],
) -> Map<&'a str, i64> {
    let mut counts: Map<&str, i64> = Map::new();
    let placement = pod.template.placement.as_deref();
    let counts_in = |node: &Node| {
        all.iter().all(|each| node.meta.labels.contains_key(&each.topology_key))
            && (!spread.honors_affinity || placement.is_none_or(|it| it.accepts(node)))
            && (!spread.honors_taints || tolerates_all(&pod.template.tolerations, node))
    };
    let label = |labels: &'a Rc<Labels>| labels.get(&spread.topology_key).map(String::as_str);
    for node in cluster.store.list::<Node>().filter(|node| counts_in(node)) {
        if let Some(place) = label(&node.meta.labels) {
            counts.entry(place).or_default();
        }
    }
    for (other, node) in placed.iter().filter(|(_, node)| counts_in(node)) {
        let same = other.meta.key.namespace == pod.meta.key.namespace;
        if same
            && !other.is_terminating()
            && spread.selector.matches(&other.meta.labels)
            && let Some(place) = label(&node.meta.labels)
        {
            *counts.entry(place).or_default() += 1;
        }
    }
    counts
}
