//! What one sync of the control loop does, as a value.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, UpdateStatefulSet, performUpdate,
//! updateStatefulSet.

use super::observe::Observed;
use super::revision::{self, Revisions};
use super::roster::Roster;
use super::{ControllerRevision, StatefulSetStatus, UpdateStrategyType};
use super::{condemned, recreate, replicas, rolling_update, status, waiting};
use crate::cluster::hold::{Awaited, Hold, Intent, Phase};
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

/// Says what a sync does about what it sees. Pure: it writes nothing.
pub fn decide(observed: &Observed) -> Decision {
    if let Some(error) = adoption_error(observed) {
        return failed(observed, error);
    }
    let revisions = Revisions::choose(observed);
    let mut plan = Plan { batches: Vec::new(), updates: 0, hold: None };
    plan.batches.extend(adoptions(observed).map(|write| vec![write]));
    plan.batches.extend(revisions.write.clone().map(|write| vec![write]));
    let mut status = status::computed(observed, &revisions);
    if observed.set.meta.is_terminating() {
        let (intent, awaited) = (Intent::GoAway, Awaited::DependentsGone);
        plan.hold = Some(waiting::hold(observed, Phase::Deletion, intent, awaited));
    } else {
        run_phases(&Roster::new(observed, &revisions), &mut plan, &mut status);
    }
    let mut status_after_error = status.clone();
    status.current_replicas -= plan.updates;
    status::complete(observed, &mut status);
    status::complete(observed, &mut status_after_error);
    let stored = &observed.set.status;
    Decision {
        batches: plan.batches,
        error: None,
        writes_status: status::is_inconsistent(stored, &status),
        writes_status_after_error: status::is_inconsistent(stored, &status_after_error),
        status,
        status_after_error,
        truncation: revision::truncate(observed, &revisions),
        hold: plan.hold,
    }
}

/// Replicas, condemned, update: a phase that stops or waits ends the sync.
fn run_phases(roster: &Roster, plan: &mut Plan, status: &mut StatefulSetStatus) {
    let strategy = roster.spec().update_strategy;
    let recreates =
        strategy == UpdateStrategyType::Recreate && roster.observed.kubernetes.knows_recreate();
    if recreates && recreate::process(roster, plan, status).is_break() {
        return;
    }
    if replicas::process(roster, plan).is_break() || condemned::process(roster, plan).is_break() {
        return;
    }
    match strategy {
        UpdateStrategyType::RollingUpdate => rolling_update::process(roster, plan),
        UpdateStrategyType::OnDelete => rolling_update::wait_for_person(roster, plan),
        UpdateStrategyType::Recreate => {}
    }
}

fn adoptions<'a>(observed: &'a Observed) -> impl Iterator<Item = Write> + 'a {
    let orphans = observed.revisions.iter().filter(|it| it.meta.controller().is_none());
    let revisions = orphans.map(|it| Write::AdoptRevision(it.meta.key.clone()));
    let released = observed.released.iter().map(|it| Write::ReleasePod(it.meta.key.clone()));
    let adopted = observed.adopted.iter().map(|it| Write::AdoptPod(it.meta.key.clone()));
    revisions.chain(released).chain(adopted)
}

/// A set that is being deleted must not adopt revisions.
///
/// Upstream: `pkg/controller/statefulset/stateful_set.go`, adoptOrphanRevisions, canAdoptFunc.
fn adoption_error(observed: &Observed) -> Option<Rc<str>> {
    let has_orphans = observed.revisions.iter().any(|it| it.meta.controller().is_none());
    if !has_orphans || !observed.set.meta.is_terminating() {
        return None;
    }
    let key = &observed.set.meta.key;
    Some(format!("can't adopt ControllerRevisions: {key} has just been deleted").into())
}

fn failed(observed: &Observed, error: Rc<str>) -> Decision {
    let (intent, awaited) = (Intent::GoAway, Awaited::Accepted { message: Rc::clone(&error) });
    Decision {
        batches: Vec::new(),
        error: Some(error),
        status: observed.set.status.clone(),
        status_after_error: observed.set.status.clone(),
        writes_status: false,
        writes_status_after_error: false,
        truncation: Vec::new(),
        hold: Some(waiting::hold(observed, Phase::Deletion, intent, awaited)),
    }
}
