//! The work that the queue holds.

use super::kubelet::memory::KubeletWork;
use super::meta::{Key, Kind, Uid};
use super::node::NodeWork;
use std::rc::Rc;

/// A piece of work in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// The controller of a kind looks at an object.
    Sync(Kind, Key),
    /// The scheduler looks at a pod.
    Schedule(Key),
    /// A kubelet does something for a pod.
    Kubelet(Key, Uid, KubeletWork),
    /// The volume controllers look at a claim or volume.
    Volume(Key),
    /// The attach-detach controller looks at a volume.
    Attach(Rc<str>),
    /// The garbage collector goes round.
    Garbage,
    /// The claim protection controller looks at a claim.
    ClaimProtection(Key),
    /// A controller of nodes does something.
    Node(NodeWork),
    /// The DNS server forgets answers that have run out.
    DnsCache,
}
