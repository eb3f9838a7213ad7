//! What one sync of the control loop does, as a value.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, UpdateStatefulSet, performUpdate,
//! updateStatefulSet.

use super::observe::Observed;
use super::plan::{Decision, Plan, Write};
use super::revision::{self, Revisions};
use super::roster::Roster;
use super::{StatefulSetStatus, UpdateStrategyType};
use super::{condemned, recreate, replicas, rolling_update, status, waiting};
use crate::cluster::hold::{Awaited, Intent, Phase};
use std::rc::Rc;

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
