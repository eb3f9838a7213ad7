//! The two lists that a sync works through: the replicas by position and the condemned pods.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, updateStatefulSet.

use super::claims::Holder;
use super::identity::pod_name;
use super::observe::{Member, Observed};
use super::revision::Revisions;
use super::{StatefulSetSpec, UpdateStrategyType};
use crate::cluster::meta::Uid;
use crate::cluster::storage::Claim;
use crate::ordered::sort_by;
use std::rc::Rc;

/// What stands at a position in range.
#[derive(Clone, Copy, Debug)]
pub(super) enum Replica<'a> {
    /// A pod.
    Present(Member<'a>),
    /// No pod yet; whether it is to be made from the current revision, not the update revision.
    Missing { ordinal: i32, at_current: bool },
}

/// The pods of a set as a sync sorts them.
pub(super) struct Roster<'a> {
    pub observed: &'a Observed<'a>,
    pub revisions: &'a Revisions,
    /// By position, that is by ordinal from `ordinals.start` on.
    pub replicas: Vec<Replica<'a>>,
    /// Out of range, the highest ordinal first.
    pub condemned: Vec<Member<'a>>,
    /// Claims by claim template and position.
    pub claims: Vec<Vec<Option<&'a Rc<Claim>>>>,
}

impl<'a> Roster<'a> {
    pub fn new(observed: &'a Observed<'a>, revisions: &'a Revisions) -> Self {
        let spec = &*observed.set.spec;
        let current_replicas = observed.set.status.current_replicas;
        let mut replicas: Vec<Replica> = (0..spec.replicas)
            .map(|position| Replica::Missing {
                ordinal: spec.start_ordinal.saturating_add(position),
                at_current: is_made_from_current(spec, position, current_replicas),
            })
            .collect();
        let mut condemned = Vec::new();
        for member in &observed.pods {
            if spec.is_in_range(member.ordinal) {
                let position = (member.ordinal - spec.start_ordinal) as usize;
                replicas[position] = Replica::Present(*member);
            } else {
                condemned.push(*member);
            }
        }
        sort_by(&mut condemned, |one, other| one.ordinal > other.ordinal);
        let claims = observed.claims_in_range();
        Self { observed, revisions, replicas, condemned, claims }
    }

    pub fn spec(&self) -> &'a StatefulSetSpec {
        &self.observed.set.spec
    }

    /// Upstream: isUnavailable, with what `now` was when the sync began.
    pub fn is_unavailable(&self, member: &Member) -> bool {
        member.pod.is_terminating() || !self.is_available(member)
    }

    pub fn is_available(&self, member: &Member) -> bool {
        member.pod.is_available(self.spec().min_ready_ms(), self.observed.now)
    }

    /// Whether the replica is unavailable; a missing one is.
    pub fn is_replica_unavailable(&self, replica: &Replica) -> bool {
        match replica {
            Replica::Present(member) => self.is_unavailable(member),
            Replica::Missing { .. } => true,
        }
    }

    /// The first unavailable pod: of the replicas the lowest, else of the condemned the lowest.
    pub fn first_unavailable(&self) -> Option<Rc<str>> {
        let replica = self.replicas.iter().find(|replica| self.is_replica_unavailable(replica));
        replica.map(|replica| self.name(replica)).or_else(|| {
            let mut ascending = self.condemned.iter().rev();
            ascending.find(|member| self.is_unavailable(member)).map(Member::name)
        })
    }

    pub fn name(&self, replica: &Replica) -> Rc<str> {
        match replica {
            Replica::Present(member) => member.name(),
            Replica::Missing { ordinal, .. } => pod_name(self.set_name(), *ordinal),
        }
    }

    /// Whether the replica is, or would be, of another revision than the update revision.
    pub fn is_outdated(&self, replica: &Replica) -> bool {
        match replica {
            Replica::Present(member) => !self.is_updated(member),
            Replica::Missing { at_current, .. } => *at_current && self.revisions.differ(),
        }
    }

    pub fn is_updated(&self, member: &Member) -> bool {
        *member.revision == *self.revisions.update.meta.key.name
    }

    /// Whether a claim of the pod at a position has other owners than it should.
    pub fn claims_match(&self, position: usize, member: &Member) -> bool {
        let holder = self.holder(member);
        let mut claims = self.claims.iter().filter_map(|of_template| of_template[position]);
        claims.all(|claim| holder.owners_match(&claim.meta.owners))
    }

    pub fn holder(&self, member: &'a Member<'a>) -> Holder<'a> {
        Holder {
            set: self.observed.set,
            pod: &member.pod.meta.key.name,
            pod_uid: member.pod.meta.uid,
            ordinal: member.ordinal,
        }
    }

    /// A claim that belongs to an earlier pod of the name that is to be created.
    ///
    /// Upstream: `pkg/controller/statefulset/stateful_pod_control.go`, PodClaimIsStale.
    pub fn stale_claim(&self, position: usize, pod: &Rc<str>, ordinal: i32) -> Option<Rc<str>> {
        let set = self.observed.set;
        let holder = Holder { set, pod, pod_uid: Uid::default(), ordinal };
        let mut claims = self.claims.iter().filter_map(|of_template| of_template[position]);
        let stale = claims.find(|it| it.meta.owners.iter().any(|it| holder.is_stale_pod(it)));
        stale.map(|claim| Rc::clone(&claim.meta.key.name))
    }

    /// A claim of the pod at a position that is being deleted.
    pub fn terminating_claim(&self, position: usize) -> Option<Rc<str>> {
        let mut claims = self.claims.iter().filter_map(|of_template| of_template[position]);
        let terminating = claims.find(|claim| claim.meta.is_terminating());
        terminating.map(|claim| Rc::clone(&claim.meta.key.name))
    }

    fn set_name(&self) -> &str {
        self.observed.set.meta.name()
    }
}

/// Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, newVersionedStatefulSetPod.
fn is_made_from_current(spec: &StatefulSetSpec, position: i32, current_replicas: i32) -> bool {
    match (spec.rolling_update, spec.update_strategy) {
        (Some(rolling), _) => position < rolling.partition,
        (None, UpdateStrategyType::RollingUpdate) => position < current_replicas,
        (None, _) => false,
    }
}
