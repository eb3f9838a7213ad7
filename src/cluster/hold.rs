//! Why a control loop does nothing: what it waits for, and what would release it.

use super::meta::Key;
use super::time::Millis;
use std::rc::Rc;

/// In which phase of a sync the controller stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Making and keeping the pods in range.
    Replicas,
    /// Removing the pods out of range.
    Condemned,
    /// Replacing pods of an old revision.
    Update,
}

/// What the controller would do if it did not wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Create this pod.
    Create(Rc<str>),
    /// Delete this pod because it is out of range.
    ScaleDown(Rc<str>),
    /// Delete this pod to replace it by one of the update revision.
    Update(Rc<str>),
    /// Nothing: the set is as asked once the awaited pod is.
    Settle,
}

/// The condition that is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The pod is to be gone.
    PodGone { pod: Rc<str> },
    /// The pod is to be Running and Ready.
    PodReady { pod: Rc<str> },
    /// The pod has been Ready since, and becomes available at the second instant.
    PodAvailable { pod: Rc<str>, ready_since: Millis, available_at: Millis },
    /// A claim that is being deleted is to be gone.
    ClaimGone { pod: Rc<str>, claim: Rc<str> },
    /// Fewer pods are to be unavailable.
    FewerUnavailable { unavailable: Vec<Rc<str>>, limit: i32 },
    /// A person is to delete the pods (OnDelete) or lower the partition.
    Person { reason: PersonAwaited },
    /// The API server is to accept what it refused.
    Accepted { message: Rc<str> },
}

/// Why only a person can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonAwaited {
    /// `updateStrategy.type: OnDelete`.
    OnDelete,
    /// Pods below the partition keep the current revision.
    Partition(i32),
}

/// Why the controller of one set waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The set.
    pub set: Key,
    /// Since when the controller has waited for this very condition.
    pub since: Millis,
    /// Where it stopped.
    pub phase: Phase,
    /// What does not happen.
    pub intent: Intent,
    /// What it waits for.
    pub awaited: Awaited,
}
