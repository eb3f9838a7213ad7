//! What a sync waits for and what it would do otherwise, in the words of a [`Hold`].

use super::UpdateStrategyType;
use super::observe::{Member, Observed};
use super::roster::{Replica, Roster};
use crate::cluster::hold::{Awaited, Hold, Intent, Phase};

/// A wait that begins at the sync's instant.
pub(super) fn hold(observed: &Observed, phase: Phase, intent: Intent, awaited: Awaited) -> Hold {
    let (set, since) = (observed.set.meta.key.clone(), observed.now);
    Hold { set, since, phase, intent, awaited, looks_again_at: None }
}

/// What an unavailable pod must do to be available.
pub(super) fn availability(roster: &Roster, member: &Member) -> Awaited {
    let pod = member.name();
    if member.pod.is_terminating() {
        return Awaited::PodGone { pod };
    }
    match &member.pod.status.conditions.ready {
        Some(ready) if member.pod.is_running_and_ready() => {
            let (ready_since, min_ready_ms) = (ready.since, roster.spec().min_ready_ms());
            let available_at = ready_since.saturating_add(min_ready_ms);
            Awaited::PodAvailable { pod, ready_since, available_at }
        }
        _ => Awaited::PodReady { pod },
    }
}

/// The next thing to do once all pods are available.
pub(super) fn next(roster: &Roster) -> Intent {
    let is_missing = |it: &&Replica| matches!(it, Replica::Missing { .. });
    if let Some(missing) = roster.replicas.iter().find(is_missing) {
        return Intent::Create(roster.name(missing));
    }
    next_scale_down(roster).unwrap_or_else(|| next_update(roster))
}

/// The highest condemned pod that is not terminating.
pub(super) fn next_scale_down(roster: &Roster) -> Option<Intent> {
    let condemned = roster.condemned.iter().find(|member| !member.pod.is_terminating());
    condemned.map(|member| Intent::ScaleDown(member.name()))
}

/// The highest pod that a rolling update is still to replace.
pub(super) fn next_update(roster: &Roster) -> Intent {
    if roster.spec().update_strategy != UpdateStrategyType::RollingUpdate {
        return Intent::Settle;
    }
    let from = roster.spec().partition().min(roster.replicas.len());
    let mut targets = roster.replicas[from..].iter().rev();
    let is_target = |it: &&Replica| match it {
        Replica::Present(member) => !roster.is_updated(member) && !member.pod.is_terminating(),
        Replica::Missing { .. } => false,
    };
    targets.find(is_target).map_or(Intent::Settle, |it| Intent::Update(roster.name(it)))
}
