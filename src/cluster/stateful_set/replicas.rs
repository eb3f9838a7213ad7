//! Making and keeping the pods in range: the first phase of a sync.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, processReplica, runForAll.

use super::identity::{identity_matches, new_pod, pod_name, storage_matches};
use super::observe::Member;
use super::plan::{Plan, Write};
use super::roster::{Replica, Roster};
use super::{Retention, waiting};
use crate::cluster::hold::{Awaited, Intent, Phase};
use std::ops::ControlFlow;
use std::rc::Rc;

/// What is done about one replica.
struct Step {
    write: Option<Write>,
    /// What it waits for; one pod after the other, nothing more happens until then.
    stop: Option<Awaited>,
}

/// Goes through the replicas, the lowest ordinal first.
pub(super) fn process(roster: &Roster, plan: &mut Plan) -> ControlFlow<()> {
    let steps = (0..roster.replicas.len()).map(|position| process_replica(roster, position));
    if roster.spec().is_monotonic() {
        for step in steps {
            if let Some(write) = step.write {
                plan.push(write);
            }
            if let Some(awaited) = step.stop {
                wait(roster, plan, awaited);
                return ControlFlow::Break(());
            }
        }
        return ControlFlow::Continue(());
    }
    let mut first_stop = None;
    let writes: Vec<_> = steps
        .map(|step| {
            if first_stop.is_none() {
                first_stop = step.stop;
            }
            step.write
        })
        .collect();
    plan.push_slow_start(writes);
    if let Some(awaited) = first_stop {
        wait(roster, plan, awaited);
    }
    ControlFlow::Continue(())
}

fn wait(roster: &Roster, plan: &mut Plan, awaited: Awaited) {
    let intent = match &awaited {
        Awaited::PodGone { pod } | Awaited::ClaimGone { pod, .. } => Intent::Create(Rc::clone(pod)),
        _ if roster.spec().is_monotonic() => waiting::next(roster),
        _ => Intent::Settle,
    };
    plan.hold = Some(waiting::hold(roster.observed, Phase::Replicas, intent, awaited));
}

fn process_replica(roster: &Roster, position: usize) -> Step {
    match roster.replicas[position] {
        Replica::Missing { ordinal, at_current } => create(roster, position, ordinal, at_current),
        Replica::Present(member) if member.has_ended() => replace(&member),
        Replica::Present(member) => keep(roster, position, &member),
    }
}

/// The replacement is made by a later sync, once the object is gone.
fn replace(member: &Member) -> Step {
    let key = member.pod.meta.key.clone();
    let write = Write::DeletePod { key, may_be_gone: false };
    Step {
        write: (!member.pod.is_terminating()).then_some(write),
        stop: Some(Awaited::PodGone { pod: member.name() }),
    }
}

fn create(roster: &Roster, position: usize, ordinal: i32, at_current: bool) -> Step {
    let set = roster.observed.set;
    if roster.spec().when_scaled == Retention::Delete {
        let pod = pod_name(set.meta.name(), ordinal);
        if let Some(claim) = roster.stale_claim(position, &pod, ordinal) {
            return Step { write: None, stop: Some(Awaited::ClaimGone { pod, claim }) };
        }
    }
    let revisions = roster.revisions;
    let revision = if at_current { &revisions.current } else { &revisions.update };
    let pod = Rc::new(new_pod(set, revision, ordinal));
    let name = Rc::clone(&pod.meta.key.name);
    let awaited = match roster.terminating_claim(position) {
        Some(claim) => Awaited::ClaimGone { pod: name, claim },
        None => Awaited::PodReady { pod: name },
    };
    Step { write: Some(Write::CreatePod { pod, ordinal }), stop: Some(awaited) }
}

/// Waits for the pod first if pods come one after the other; what it lacks is repaired afterwards.
fn keep(roster: &Roster, position: usize, member: &Member) -> Step {
    let creates_claims = member.is_pending() && !roster.claims.is_empty();
    let waits = member.pod.is_terminating()
        || !member.pod.is_running_and_ready()
        || !roster.is_available(member);
    let stop = waits.then(|| match roster.terminating_claim(position) {
        Some(claim) if creates_claims => Awaited::ClaimGone { pod: member.name(), claim },
        _ => waiting::availability(roster, member),
    });
    let blocks = waits && roster.spec().is_monotonic();
    let repairs = !blocks
        && !(identity_matches(member.pod)
            && storage_matches(roster.spec(), member.pod)
            && (creates_claims || roster.claims_match(position, member)));
    let write = (creates_claims || repairs).then(|| Write::KeepPod {
        pod: Rc::clone(member.pod),
        ordinal: member.ordinal,
        creates_claims,
        repairs,
    });
    Step { write, stop }
}
