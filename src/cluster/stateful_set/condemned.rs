//! Removing the pods out of range: the second phase of a sync.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, processCondemned.

use super::observe::Member;
use super::plan::{Plan, Write};
use super::roster::Roster;
use super::waiting;
use crate::cluster::hold::{Awaited, Intent, Phase};
use std::ops::ControlFlow;
use std::rc::Rc;

/// Goes through the condemned pods, the highest ordinal first.
pub(super) fn process(roster: &Roster, plan: &mut Plan) -> ControlFlow<()> {
    if roster.condemned.is_empty() {
        return ControlFlow::Continue(());
    }
    let claims = roster.condemned.iter().map(|member| own_claims(roster, member));
    if roster.spec().is_monotonic() {
        claims.flatten().for_each(|write| plan.push(write));
        return one_by_one(roster, plan);
    }
    plan.push_slow_start(claims);
    plan.push_slow_start(roster.condemned.iter().map(|member| {
        let key = member.pod.meta.key.clone();
        let write = Write::DeletePod { key, may_be_gone: false };
        (!member.pod.is_terminating()).then_some(write)
    }));
    if plan.hold.is_none() {
        let awaited = Awaited::PodGone { pod: roster.condemned[0].name() };
        wait(roster, plan, Intent::Settle, awaited);
    }
    ControlFlow::Continue(())
}

/// Looks at the highest condemned pod only: one deletion at a time.
fn one_by_one(roster: &Roster, plan: &mut Plan) -> ControlFlow<()> {
    let member = &roster.condemned[0];
    let pod = member.name();
    if member.pod.is_terminating() {
        let next = waiting::next_scale_down(roster);
        let intent = next.unwrap_or_else(|| waiting::next_update(roster));
        wait(roster, plan, intent, Awaited::PodGone { pod });
        return ControlFlow::Break(());
    }
    let is_well = member.pod.is_running_and_ready() && roster.is_available(member);
    if !is_well
        && let Some(first_unavailable) = roster.first_unavailable().filter(|first| *first != pod)
    {
        let intent = Intent::ScaleDown(Rc::clone(&pod));
        wait(roster, plan, intent, Awaited::EitherAvailable { pod, first_unavailable });
        return ControlFlow::Break(());
    }
    let key = member.pod.meta.key.clone();
    plan.push(Write::DeletePod { key, may_be_gone: false });
    let mut others = roster.condemned[1..].iter().filter(|other| !other.pod.is_terminating());
    let next = others.next().map(|other| Intent::ScaleDown(other.name()));
    let intent = next.unwrap_or_else(|| waiting::next_update(roster));
    wait(roster, plan, intent, Awaited::PodGone { pod });
    ControlFlow::Break(())
}

fn wait(roster: &Roster, plan: &mut Plan, intent: Intent, awaited: Awaited) {
    plan.hold = Some(waiting::hold(roster.observed, Phase::Condemned, intent, awaited));
}

/// The claims of a pod that goes may need another owner, so that they go or stay with it.
fn own_claims(roster: &Roster, member: &Member) -> Option<Write> {
    let holder = roster.holder(member);
    let mut claims = roster.observed.claims_at(member.ordinal);
    let match_policy = claims.all(|claim| holder.owners_match(&claim.meta.owners));
    let (pod, ordinal) = (Rc::clone(member.pod), member.ordinal);
    (!match_policy).then_some(Write::OwnClaims { pod, ordinal })
}
