//! What the controllers of nodes remember, and what is true of the machines.

use crate::cluster::budget::Objection;
use crate::cluster::kubelet::memory::KubeletWork;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::queue::Ticket;
use crate::cluster::time::{Millis, SECOND};
use crate::ordered::Map;
use std::rc::Rc;

/// What the controllers of nodes have to do at some instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeWork {
    /// Look at the nodes.
    Monitor,
    /// Taint this node NoExecute, if it still does not answer.
    Taint(Rc<str>),
    /// Evict this pod because of a taint.
    Evict(Key, Uid),
    /// Collect pods whose node is gone or out of service.
    CollectPods,
}

/// What is true of the machines behind the nodes, and what the controllers remember of them.
#[derive(Clone, Debug, Default)]
pub struct Machines {
    /// Machines that cannot be reached, since when. Their containers run on.
    pub(super) lost: Map<Rc<str>, Millis>,
    /// What their kubelets do when they are back.
    pub(super) deferred: Vec<(Rc<str>, Key, Uid, KubeletWork)>,
    /// When the next node may be tainted NoExecute.
    pub(super) next_taint_at: Millis,
    /// Evictions that are due, by pod.
    pub(super) evictions: Map<Uid, (Key, Millis, Ticket)>,
    /// Evictions that budgets have refused, in the order in which that began.
    pub(super) refused: Vec<Refusal>,
}

impl Machines {
    /// Since when a node cannot be reached.
    pub fn lost_since(&self, node: &str) -> Option<Millis> {
        self.lost.get(node).copied()
    }
}

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
    pub(super) uid: Uid,
}

impl Refusal {
    /// When the client tries again.
    pub fn next_at(&self) -> Millis {
        self.at + RETRY_MS
    }

    pub(super) fn is_recent(&self, now: Millis) -> bool {
        now <= self.next_at()
    }
}
