//! How replicas move from the ReplicaSets of old templates to that of the present one.
//!
//! Upstream: `pkg/controller/deployment/{deployment_controller,rolling,recreate,sync}.go`.

use super::kind::{DESIRED, Deployment, DeploymentStatus, MAXIMUM, ReplicaSet};
use super::revisions::Sets;
use crate::cluster::Cluster;
use crate::cluster::event::{Event, EventType, Regarding};
use crate::cluster::meta::{Key, Kind};
use crate::cluster::pod::Pod;
use std::rc::Rc;

/// One sync of a Deployment.
pub(super) struct Rollout<'a> {
    pub cluster: &'a mut Cluster,
    pub deployment: Rc<Deployment>,
    pub status: DeploymentStatus,
}

/// Looks at a Deployment once.
pub(super) fn sync(cluster: &mut Cluster, key: &Key) {
    let Some(deployment) = cluster.store.get::<Deployment>(key).cloned() else { return };
    let status = deployment.status.clone();
    Rollout { cluster, deployment, status }.sync();
}

impl Rollout<'_> {
    fn sync(&mut self) {
        let mut sets = self.sets();
        if self.deployment.meta.is_terminating() {
            self.write_status(&sets, false);
            return;
        }
        let progresses = !self.deployment.is_paused() && !self.is_scaling(&sets);
        if !progresses {
            self.sync_revision(&mut sets, false);
            self.scale_all(&sets);
            if self.deployment.is_paused() {
                self.clean_up(&sets);
            }
        } else if self.deployment.recreates() {
            self.recreate(&mut sets);
        } else {
            self.roll(&mut sets);
        }
        let sets = self.sets();
        self.write_status(&sets, progresses);
    }

    /// Whether the Deployment's size has been changed since its ReplicaSets were scaled.
    ///
    /// Upstream: isScalingEvent.
    fn is_scaling(&self, sets: &Sets) -> bool {
        let wanted = self.deployment.replicas();
        let active = sets.all().filter(|set| set.replicas > 0);
        active.filter_map(|set| annotated(set, DESIRED)).any(|desired| desired != wanted)
    }

    /// Upstream: rolloutRolling.
    fn roll(&mut self, sets: &mut Sets) {
        self.sync_revision(sets, true);
        let Some(new) = sets.new.clone() else { return };
        let wanted = self.replicas_of_new(sets, new.replicas);
        if self.scale(&new, wanted) || self.shrink_old(sets, &new) {
            return;
        }
        if self.status.is_complete(&self.deployment) {
            self.clean_up(sets);
        }
    }

    /// Upstream: rolloutRecreate.
    fn recreate(&mut self, sets: &mut Sets) {
        self.sync_revision(sets, false);
        let active: Vec<_> = sets.old.iter().filter(|set| set.replicas > 0).cloned().collect();
        if !active.is_empty() {
            for set in &active {
                self.scale(set, 0);
            }
            return;
        }
        if self.has_old_pods(sets) {
            return;
        }
        if sets.new.is_none() {
            self.sync_revision(sets, true);
        }
        if let Some(new) = sets.new.clone() {
            self.scale(&new, self.deployment.replicas());
        }
        if self.status.is_complete(&self.deployment) {
            self.clean_up(sets);
        }
    }

    /// Whether pods of old templates have not ended yet.
    ///
    /// Upstream: oldPodsRunning.
    fn has_old_pods(&self, sets: &Sets) -> bool {
        let pods = self.cluster.store.list_in::<Pod>(&self.deployment.meta.key.namespace);
        let mut live = pods.filter(|pod| !pod.status.phase.is_terminal());
        live.any(|pod| sets.old.iter().any(|set| pod.meta.is_controlled_by(set.meta.uid)))
    }

    /// How many replicas the ReplicaSet of the present template gets.
    ///
    /// Upstream: NewRSNewReplicas.
    pub(super) fn replicas_of_new(&self, sets: &Sets, now: i32) -> i32 {
        let deployment = &self.deployment;
        let wanted = deployment.replicas();
        if deployment.recreates() {
            return wanted;
        }
        if now > wanted {
            return wanted;
        }
        let all: i32 = sets.all().map(|set| set.replicas).sum();
        let room = wanted.saturating_add(deployment.max_surge()).saturating_sub(all);
        now + room.clamp(0, wanted - now)
    }

    /// Takes replicas from old ReplicaSets: first those that do not work anyway. Returns whether any.
    ///
    /// Upstream: reconcileOldReplicaSets.
    fn shrink_old(&mut self, sets: &Sets, new: &ReplicaSet) -> bool {
        let least = self.deployment.replicas() - self.deployment.max_unavailable();
        let all: i32 = sets.all().map(|set| set.replicas).sum();
        let unavailable = new.replicas - new.status.available_replicas;
        let most = all - least - unavailable;
        if most <= 0 {
            return false;
        }
        let mut old: Vec<(Rc<ReplicaSet>, i32)> =
            sets.old.iter().map(|set| (Rc::clone(set), set.replicas)).collect();
        let mut left = most;
        for (set, replicas) in &mut old {
            let broken = (*replicas - set.status.available_replicas).clamp(0, left.max(0));
            (*replicas, left) = (*replicas - broken, left - broken);
        }
        let available: i32 = sets.all().map(|set| set.status.available_replicas).sum();
        let mut spare = available - least;
        for (_, replicas) in &mut old {
            let taken = (*replicas).clamp(0, spare.max(0));
            (*replicas, spare) = (*replicas - taken, spare - taken);
        }
        let mut has_scaled = false;
        for (set, replicas) in old {
            has_scaled |= self.scale(&set, replicas);
        }
        has_scaled
    }

    /// Follows a change of the Deployment's size, or a pause.
    ///
    /// Upstream: scale.
    fn scale_all(&mut self, sets: &Sets) {
        let wanted = self.deployment.replicas();
        let active: Vec<_> = sets.all().filter(|set| set.replicas > 0).cloned().collect();
        let only = match active.as_slice() {
            [] => sets.new.clone().or_else(|| sets.old.last().cloned()),
            [one] => Some(Rc::clone(one)),
            _ => None,
        };
        if let Some(set) = only {
            self.scale(&set, wanted);
            return;
        }
        let is_saturated = sets.new.as_ref().is_some_and(|new| {
            new.replicas == wanted
                && annotated(new, DESIRED) == Some(wanted)
                && new.status.available_replicas == wanted
        });
        if is_saturated {
            for set in &sets.old {
                self.scale(set, 0);
            }
        } else if !self.deployment.recreates() {
            self.scale_in_proportion(active);
        }
    }

    fn scale_in_proportion(&mut self, mut sets: Vec<Rc<ReplicaSet>>) {
        let wanted = self.deployment.replicas();
        let surge = self.deployment.max_surge();
        let allowed = if wanted > 0 { wanted.saturating_add(surge) } else { 0 };
        let difference = allowed - sets.iter().map(|set| set.replicas).sum::<i32>();
        sets.sort_by_key(|set| {
            let age = i64::try_from(set.meta.created_at).unwrap_or(i64::MAX);
            (-set.replicas, if difference > 0 { -age } else { age })
        });
        let mut moved = 0;
        let mut sizes = Vec::new();
        for set in &sets {
            let share = self.share(set, allowed);
            let left = difference - moved;
            let share = if difference > 0 { share.clamp(0, left) } else { share.clamp(left, 0) };
            moved += share;
            sizes.push(set.replicas + share);
        }
        if let Some(first) = sizes.first_mut() {
            *first = (*first + difference - moved).max(0);
        }
        for (set, size) in sets.iter().zip(sizes) {
            self.scale(set, size);
        }
    }

    /// What a ReplicaSet gets of a change of size, by its part of the whole.
    ///
    /// Upstream: getReplicaSetFraction.
    fn share(&self, set: &ReplicaSet, allowed: i32) -> i32 {
        if self.deployment.replicas() == 0 {
            return -set.replicas;
        }
        let whole = annotated(set, MAXIMUM).filter(|it| *it > 0);
        let whole = i64::from(whole.unwrap_or(self.status.replicas).max(1));
        let part = i64::from(set.replicas) * i64::from(allowed);
        let rounded = (2 * part + whole) / (2 * whole);
        i32::try_from(rounded).unwrap_or(i32::MAX) - set.replicas
    }

    /// Gives a ReplicaSet so many replicas. Returns whether that is another number.
    fn scale(&mut self, set: &ReplicaSet, replicas: i32) -> bool {
        let sizes = self.size_annotations();
        let is_other = set.replicas != replicas;
        self.cluster.store.update::<ReplicaSet>(&set.meta.key, |set| {
            Rc::make_mut(&mut set.meta.annotations).extend(sizes);
            if is_other {
                set.scale(replicas);
            }
        });
        if is_other {
            self.report_scaling(set.meta.name(), set.replicas, replicas);
        }
        is_other
    }

    pub(super) fn report_scaling(&mut self, set: &str, from: i32, to: i32) {
        let way = if to > from { "up" } else { "down" };
        let text = format!("Scaled {way} replica set {set} from {from} to {to}");
        let regarding = Regarding::object(Kind::Deployment, &self.deployment.meta);
        let said = (EventType::Normal, "ScalingReplicaSet", text.as_str());
        let now = self.cluster.now;
        self.cluster.store.report(Event::new(regarding, said, "deployment-controller", now));
    }
}

fn annotated(set: &ReplicaSet, key: &str) -> Option<i32> {
    set.meta.annotations.get(key)?.parse().ok()
}
