//! Replacing pods of an old revision, from the highest ordinal down: the third phase of a sync.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, updateStatefulSet,
//! updateStatefulSetAfterInvariantEstablished.

use super::plan::{Plan, Write};
use super::roster::{Replica, Roster};
use super::waiting;
use crate::cluster::hold::{Awaited, Hold, Intent, PersonAwaited, Phase};
use std::rc::Rc;

/// Deletes what the strategy RollingUpdate lets go in this sync.
pub(super) fn process(roster: &Roster, plan: &mut Plan) {
    let kubernetes = &roster.observed.kubernetes;
    if kubernetes.counts_max_unavailable() {
        let deletes_broken_first =
            kubernetes.parallel_update_deletes_broken_first() && !roster.spec().is_monotonic();
        within_budget(roster, plan, deletes_broken_first);
    } else {
        one_by_one(roster, plan);
    }
    if plan.updates == 0 && plan.hold.is_none() {
        wait_for_partition(roster, plan);
    }
}

/// One pod at a time: the highest old one, once all above it are available.
fn one_by_one(roster: &Roster, plan: &mut Plan) {
    for replica in targets(roster) {
        if is_due(roster, replica) {
            delete(roster, plan, replica);
            wait(roster, plan, waiting::next_update(roster), gone(roster, replica));
            return;
        }
        if roster.is_replica_unavailable(replica) {
            let awaited = match replica {
                Replica::Present(member) => waiting::availability(roster, member),
                Replica::Missing { .. } => Awaited::PodReady { pod: roster.name(replica) },
            };
            let intent = waiting::next_update(roster);
            if intent != Intent::Settle || plan.hold.is_none() {
                wait(roster, plan, intent, awaited);
            }
            return;
        }
    }
}

/// As many as may be unavailable, broken pods of an old revision first where that is so.
fn within_budget(roster: &Roster, plan: &mut Plan, deletes_broken_first: bool) {
    let limit = roster.spec().max_unavailable();
    let is_unavailable = |it: &&Replica| roster.is_replica_unavailable(it);
    let unavailable: Vec<&Replica> = roster.replicas.iter().filter(is_unavailable).collect();
    let is_broken = |it: &Replica| is_due(roster, it) && roster.is_replica_unavailable(it);
    let has_broken = || roster.replicas.iter().any(is_broken);
    if unavailable.len() >= limit && !(deletes_broken_first && has_broken()) {
        let intent = waiting::next_update(roster);
        if intent != Intent::Settle {
            let unavailable = unavailable.iter().map(|it| roster.name(it)).collect();
            let limit = i32::try_from(limit).unwrap_or(i32::MAX);
            wait(roster, plan, intent, Awaited::FewerUnavailable { unavailable, limit });
        }
        return;
    }
    let mut budget = limit.saturating_sub(unavailable.len());
    let mut last = None;
    if deletes_broken_first {
        for replica in targets(roster).filter(|it| is_broken(it)) {
            delete(roster, plan, replica);
            last = Some(replica);
        }
    }
    let goes = |it: &&Replica| is_due(roster, it) && !(deletes_broken_first && is_broken(it));
    for replica in targets(roster).filter(goes) {
        if budget == 0 {
            break;
        }
        budget -= 1;
        delete(roster, plan, replica);
        last = Some(replica);
    }
    if let Some(last) = last {
        wait(roster, plan, waiting::next_update(roster), gone(roster, last));
    }
}

/// The positions that the partition leaves to the update, the highest first.
fn targets<'a>(roster: &'a Roster) -> impl Iterator<Item = &'a Replica<'a>> {
    let from = roster.spec().partition().min(roster.replicas.len());
    roster.replicas[from..].iter().rev()
}

/// Of an old revision and not going already. One that this very sync makes from the current
/// revision counts, too: it is deleted at once.
fn is_due(roster: &Roster, replica: &Replica) -> bool {
    let is_going = matches!(replica, Replica::Present(member) if member.pod.is_terminating());
    roster.is_outdated(replica) && !is_going
}

fn delete(roster: &Roster, plan: &mut Plan, replica: &Replica) {
    let key = roster.observed.set.meta.key.sibling(&roster.name(replica));
    plan.push(Write::DeletePod { key, may_be_gone: true });
    plan.updates += 1;
}

fn gone(roster: &Roster, replica: &Replica) -> Awaited {
    Awaited::PodGone { pod: roster.name(replica) }
}

fn wait(roster: &Roster, plan: &mut Plan, intent: Intent, awaited: Awaited) {
    plan.hold = Some(waiting::hold(roster.observed, Phase::Update, intent, awaited));
}

/// Strategy OnDelete: an old pod stays until a person deletes it.
pub(super) fn wait_for_person(roster: &Roster, plan: &mut Plan) {
    let old = roster.replicas.iter().rev();
    leave_to_person(roster, plan, old, PersonAwaited::OnDelete);
}

fn wait_for_partition(roster: &Roster, plan: &mut Plan) {
    let partition = roster.spec().rolling_update.map_or(0, |rolling| rolling.partition);
    let protected = roster.spec().partition().min(roster.replicas.len());
    let below = roster.replicas[..protected].iter().rev();
    leave_to_person(roster, plan, below, PersonAwaited::Partition(partition));
}

fn leave_to_person<'a>(
    roster: &Roster,
    plan: &mut Plan,
    mut pods: impl Iterator<Item = &'a Replica<'a>>,
    reason: PersonAwaited,
) {
    let is_settling = |hold: &Hold| hold.intent == Intent::Settle;
    if plan.hold.as_ref().is_some_and(|hold| !is_settling(hold)) {
        return;
    }
    if let Some(old) = pods.find(|it| is_due(roster, it)) {
        let intent = Intent::Update(Rc::clone(&roster.name(old)));
        wait(roster, plan, intent, Awaited::Person { reason });
    }
}
