//! Why a control loop does nothing: what it waits for, and what would release it.

use super::meta::Key;
use super::time::Millis;
use std::rc::Rc;

/// In which phase of a sync the controller stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The set is being deleted: the controller writes nothing but status.
    Deletion,
    /// Removing every pod of an old revision before any new one comes (strategy Recreate).
    Recreate,
    /// Making and keeping the pods in range.
    Replicas,
    /// Removing the pods out of range.
    Condemned,
    /// Replacing pods of an old revision.
    Update,
    /// Writing the status.
    Status,
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
    /// Nothing: the set goes.
    GoAway,
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
    /// Two pods that are to go are unavailable: either is to recover, or a person deletes one. The
    /// controller deletes an unavailable pod only if it is the first one of all.
    EitherAvailable { pod: Rc<str>, first_unavailable: Rc<str> },
    /// A claim that is being deleted, or that belonged to an earlier pod, is to be gone.
    ClaimGone { pod: Rc<str>, claim: Rc<str> },
    /// Fewer pods are to be unavailable.
    FewerUnavailable { unavailable: Vec<Rc<str>>, limit: i32 },
    /// A person is to delete the pods (OnDelete) or lower the partition.
    Person { reason: PersonAwaited },
    /// The API server is to accept what it refused; the controller tries again with growing delays.
    Accepted { message: Rc<str> },
    /// The garbage collector is to remove what the set owns.
    DependentsGone,
    /// The controller undoes its own work for ever: a person is to change the set.
    Livelock,
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
    /// When it looks again by itself; `None` if only a change wakes it.
    pub looks_again_at: Option<Millis>,
}

impl Hold {
    /// Whether both wait for the same condition, whenever they began and look again.
    pub fn is_same_wait(&self, other: &Self) -> bool {
        (&self.set, self.phase, &self.intent, &self.awaited)
            == (&other.set, other.phase, &other.intent, &other.awaited)
    }
}
