//! What a sync is going to write, and why it stops: what the phases of a decision add to.

use super::kind::{ControllerRevision, StatefulSetStatus};
use crate::cluster::hold::Hold;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use std::rc::Rc;

/// How many pods one batch has at most.
///
/// Upstream: `pkg/controller/statefulset/stateful_set_control.go`, MaxBatchSize.
const MAX_BATCH: usize = 500;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Become the owner of a revision that has none.
    AdoptRevision(Key),
    /// Create a revision.
    CreateRevision(Rc<ControllerRevision>),
    /// Give a revision a new number, as it is in use again.
    RenumberRevision { key: Key, number: i64 },
    /// Delete a revision.
    DeleteRevision(Key),
    /// Become the owner of a pod that has none.
    AdoptPod(Key),
    /// Give up a pod that the selector no longer matches.
    ReleasePod(Key),
    /// Create the pod's claims, then the pod, then set the claims' owners.
    CreatePod { pod: Rc<Pod>, ordinal: i32 },
    /// Keep a pod as it should be.
    KeepPod {
        /// The pod as it was when the sync began.
        pod: Rc<Pod>,
        /// Its ordinal.
        ordinal: i32,
        /// Create claims that are missing and set their owners.
        creates_claims: bool,
        /// Repair labels, volumes and the owners of its claims.
        repairs: bool,
    },
    /// Set the owners of a pod's claims.
    OwnClaims { pod: Rc<Pod>, ordinal: i32 },
    /// Delete a pod. Whether it does not matter if it is gone already.
    DeletePod { key: Key, may_be_gone: bool },
}

/// What one sync does.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The writes, a batch at a time: an error ends the sync after its batch.
    pub batches: Vec<Vec<Write>>,
    /// An error that ends the sync before any batch.
    pub error: Option<Rc<str>>,
    /// The status to write if every batch succeeds.
    pub status: StatefulSetStatus,
    /// The status to write if one fails.
    pub status_after_error: StatefulSetStatus,
    /// Whether the status differs from the stored one, in either case.
    pub writes_status: bool,
    /// Whether the status after an error differs from the stored one.
    pub writes_status_after_error: bool,
    /// Deletions of old revisions, done last and also after an error.
    pub truncation: Vec<Write>,
    /// Why the set is not as asked yet; `None` if it is.
    pub hold: Option<Hold>,
}

/// What the phases add up to.
pub(super) struct Plan {
    pub batches: Vec<Vec<Write>>,
    /// Pods that the update phase deletes: each counts the current replicas down.
    pub updates: i32,
    pub hold: Option<Hold>,
}

impl Plan {
    /// Adds a write that ends the sync if it fails.
    pub fn push(&mut self, write: Write) {
        self.batches.push(vec![write]);
    }

    /// Adds the writes of all positions in batches of 1, 2, 4 … pods; `None` where there is none.
    ///
    /// Upstream: slowStartBatch.
    pub fn push_slow_start(&mut self, writes: impl IntoIterator<Item = Option<Write>>) {
        let (mut batch, mut seen, mut size) = (Vec::new(), 0, 1);
        for write in writes {
            batch.extend(write);
            seen += 1;
            if seen == size {
                (seen, size) = (0, (2 * size).min(MAX_BATCH));
                self.push_batch(std::mem::take(&mut batch));
            }
        }
        self.push_batch(batch);
    }

    fn push_batch(&mut self, batch: Vec<Write>) {
        if !batch.is_empty() {
            self.batches.push(batch);
        }
    }
}
