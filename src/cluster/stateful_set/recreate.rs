//! Strategy Recreate: every pod of an old revision goes before any new one comes.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, recreateDeleteAndWait (1.37).

use super::StatefulSetStatus;
use super::observe::Member;
use super::plan::{Plan, Write};
use super::roster::{Replica, Roster};
use super::status::progressing;
use super::waiting;
use crate::cluster::hold::{Awaited, Intent, Phase};
use crate::cluster::pod::ConditionStatus;
use std::ops::ControlFlow;

/// Deletes the old pods and waits until they are gone.
pub(super) fn process(
    roster: &Roster,
    plan: &mut Plan,
    status: &mut StatefulSetStatus,
) -> ControlFlow<()> {
    let replicas = roster.replicas.iter().filter_map(|replica| match replica {
        Replica::Present(member) => Some(member),
        Replica::Missing { .. } => None,
    });
    let pods: Vec<&Member> = replicas.chain(&roster.condemned).collect();
    plan.push_slow_start(pods.iter().map(|member| {
        let goes = !roster.is_updated(member) && !member.pod.is_terminating();
        let key = member.pod.meta.key.clone();
        goes.then_some(Write::DeletePod { key, may_be_gone: true })
    }));
    let now = roster.observed.now;
    let mut report = |message| {
        progressing(status, ConditionStatus::True, "RecreateInProgress", message, now);
    };
    if let Some(old) = pods.iter().find(|member| !roster.is_updated(member)) {
        report("Deleting old revision pods");
        let first = roster.replicas.first();
        let intent = first.map_or(Intent::Settle, |it| Intent::Create(roster.name(it)));
        let awaited = Awaited::PodGone { pod: old.name() };
        plan.hold = Some(waiting::hold(roster.observed, Phase::Recreate, intent, awaited));
        return ControlFlow::Break(());
    }
    if roster.revisions.differ() {
        report("Waiting for new-revision pods to be created");
    }
    ControlFlow::Continue(())
}
