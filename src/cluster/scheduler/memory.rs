//! What the scheduler remembers: which pods wait, and what runs where.

use crate::cluster::meta::Key;
use crate::cluster::queue::Ticket;
use crate::cluster::template::{Container, PodTemplate};
use crate::cluster::time::Millis;
use crate::ordered::{Map, Set};
use std::rc::Rc;

/// What an unschedulable pod waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Its claims.
    Claims,
    /// Room on a node.
    Nodes,
}

/// Why a pod cannot be scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unschedulable {
    /// What has to change.
    pub because: Because,
    /// The text of the event and the condition.
    pub message: Rc<str>,
}

/// What the pods of a node, or one pod, ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Number of pods.
    pub pods: u32,
    /// CPU in thousandths.
    pub cpu_millis: u64,
    /// Memory in bytes.
    pub memory_bytes: u64,
}

impl Usage {
    /// What a pod of this template asks for: its app containers and sidecars together, or its
    /// largest init container.
    ///
    /// Upstream: `staging/src/k8s.io/component-helpers/resource/helpers.go`, PodRequests.
    pub fn of(template: &PodTemplate) -> Self {
        let sum = |pick: fn(&Container) -> u64| {
            let sidecars = template.init_containers.iter().filter(|each| each.is_sidecar);
            let running = template.containers.iter().chain(sidecars);
            let running = running.fold(0, |sum: u64, each| sum.saturating_add(pick(each)));
            let inits = template.init_containers.iter().filter(|each| !each.is_sidecar).map(pick);
            running.max(inits.max().unwrap_or(0)).min(u64::MAX / 4)
        };
        Self {
            pods: 1,
            cpu_millis: sum(|container| container.cpu_millis),
            memory_bytes: sum(|container| container.memory_bytes),
        }
    }
}

/// A pod that has no node.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) attempts: u32,
    pub(super) tried_at: Millis,
    pub(super) queued: Option<(Millis, Ticket)>,
    pub(super) refusal: Option<Unschedulable>,
    pub(super) reserved: Option<(Rc<str>, Usage)>,
    pub(super) claims: Vec<Key>,
}

/// What the scheduler remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) usage: Map<Rc<str>, Usage>,
    pub(super) pending: Map<Key, Pending>,
    pub(super) by_claim: Map<Key, Set<Key>>,
    pub(super) without_room: Set<Key>,
    /// How many pods keep others away.
    pub(super) anti_affine: u32,
}

impl Memory {
    /// What the pods of a node ask for.
    pub fn usage(&self, node: &str) -> Usage {
        self.usage.get(node).copied().unwrap_or_default()
    }

    /// Whether some pod keeps others away.
    pub fn has_anti_affinity(&self) -> bool {
        self.anti_affine > 0
    }

    /// Why a pod could not be scheduled when it was last tried.
    pub fn refusal(&self, pod: &Key) -> Option<&Unschedulable> {
        self.pending.get(pod)?.refusal.as_ref()
    }

    /// The node that a pod is going to be bound to once its claims are.
    pub fn reserved(&self, pod: &Key) -> Option<&Rc<str>> {
        self.pending.get(pod)?.reserved.as_ref().map(|(node, _)| node)
    }

    pub(super) fn count(&mut self, node: &Rc<str>, usage: Usage, sign: i8) {
        let total = self.usage.entry(Rc::clone(node)).or_default();
        if sign > 0 {
            total.pods += usage.pods;
            total.cpu_millis += usage.cpu_millis;
            total.memory_bytes += usage.memory_bytes;
        } else {
            total.pods = total.pods.saturating_sub(usage.pods);
            total.cpu_millis = total.cpu_millis.saturating_sub(usage.cpu_millis);
            total.memory_bytes = total.memory_bytes.saturating_sub(usage.memory_bytes);
        }
    }
}
