//! What one sync of the control loop looks at.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set.go`, getPodsForStatefulSet,
//! adoptOrphanRevisions; `pkg/controller/controller_ref_manager.go`, ClaimPods.

use super::identity::{claim_name, ordinal_in, revision_of};
use super::{ControllerRevision, StatefulSet};
use crate::api::Kubernetes;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::{Pod, PodPhase};
use crate::cluster::storage::Claim;
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use crate::ordered::sort_by;
use std::rc::Rc;

/// A pod of the set.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The pod.
    pub pod: &'a Rc<Pod>,
    /// Its ordinal.
    pub ordinal: i32,
    /// The name of its revision.
    pub revision: &'a str,
}

impl Member<'_> {
    /// The pod's name.
    pub fn name(&self) -> Rc<str> {
        Rc::clone(&self.pod.meta.key.name)
    }

    /// Whether the pod has ended for good.
    pub fn has_ended(&self) -> bool {
        self.pod.status.phase.is_terminal()
    }

    /// Whether the pod is Pending.
    pub fn is_pending(&self) -> bool {
        self.pod.status.phase == PodPhase::Pending
    }
}

/// What one sync looks at, at one instant.
#[derive(Debug)]
pub struct Observed<'a> {
    /// Everything there is.
    pub store: &'a Store,
    /// The set.
    pub set: &'a StatefulSet,
    /// Version and gates.
    pub kubernetes: Kubernetes,
    /// The instant.
    pub now: Millis,
    /// The set's pods, those that it is about to adopt included, by name.
    pub pods: Vec<Member<'a>>,
    /// Pods without an owner that the set adopts.
    pub adopted: Vec<&'a Rc<Pod>>,
    /// Pods that are no longer the set's.
    pub released: Vec<&'a Rc<Pod>>,
    /// The set's revisions, those that it is about to adopt included, the oldest number first.
    pub revisions: Vec<&'a Rc<ControllerRevision>>,
}

impl<'a> Observed<'a> {
    /// Looks at a set and everything that belongs to it.
    pub fn new(
        store: &'a Store,
        set: &'a StatefulSet,
        kubernetes: Kubernetes,
        now: Millis,
    ) -> Self {
        let mut observed = Self {
            store,
            set,
            kubernetes,
            now,
            pods: Vec::new(),
            adopted: Vec::new(),
            released: Vec::new(),
            revisions: revisions(store, set),
        };
        observed.claim_pods();
        observed
    }

    fn claim_pods(&mut self) {
        let set = self.set;
        for pod in self.store.list_in::<Pod>(&set.meta.key.namespace) {
            let owner = pod.meta.controller().map(|owner| owner.uid);
            if owner.is_some_and(|uid| uid != set.meta.uid) {
                continue;
            }
            let ordinal = ordinal_in(&set.meta.key.name, pod.meta.name())
                .filter(|_| set.spec.selector.matches(&pod.meta.labels));
            match (owner, ordinal) {
                (Some(_), None) if !set.meta.is_terminating() => self.released.push(pod),
                (_, None) => {}
                (None, _) if set.meta.is_terminating() || pod.is_terminating() => {}
                (owner, Some(ordinal)) => {
                    self.pods.push(Member { pod, ordinal, revision: revision_of(pod) });
                    if owner.is_none() {
                        self.adopted.push(pod);
                    }
                }
            }
        }
    }

    /// The claims of the pods in range, by claim template and position.
    pub fn claims_in_range(&self) -> Vec<Vec<Option<&'a Rc<Claim>>>> {
        let templates = self.set.spec.claim_templates.iter();
        templates.map(|template| self.claims_of(&template.name)).collect()
    }

    fn claims_of(&self, template: &str) -> Vec<Option<&'a Rc<Claim>>> {
        let spec = &self.set.spec;
        let mut claims = vec![None; spec.replicas as usize];
        let key = &self.set.meta.key;
        let prefix = format!("{template}-{}-", key.name);
        for claim in self.store.list_from::<Claim>(&key.sibling(&prefix)) {
            let meta = &claim.meta;
            let digits = meta.key.name.strip_prefix(&*prefix);
            let Some(digits) = digits.filter(|_| meta.key.namespace == key.namespace) else {
                break;
            };
            let is_plain = digits == "0" || !digits.starts_with(['0', '+', '-']);
            if let Some(ordinal) = digits.parse().ok().filter(|_| is_plain)
                && spec.is_in_range(ordinal)
            {
                claims[(ordinal - spec.start_ordinal) as usize] = Some(claim);
            }
        }
        claims
    }

    /// The claims that the pod of an ordinal has, in the order of the claim templates.
    pub fn claims_at(&self, ordinal: i32) -> impl Iterator<Item = &'a Rc<Claim>> {
        let key = &self.set.meta.key;
        self.set.spec.claim_templates.iter().filter_map(move |template| {
            let name = claim_name(&template.name, &key.name, ordinal);
            self.store.get::<Claim>(&Key { namespace: Rc::clone(&key.namespace), name })
        })
    }
}

/// The set's revisions, the oldest number first.
///
/// Upstream: `pkg/controller/history/controller_history.go`, ListControllerRevisions,
/// SortControllerRevisions.
fn revisions<'a>(store: &'a Store, set: &'a StatefulSet) -> Vec<&'a Rc<ControllerRevision>> {
    let is_ours = |uid: Option<Uid>| uid.is_none_or(|uid| uid == set.meta.uid);
    let mut revisions: Vec<_> = store
        .list_in::<ControllerRevision>(&set.meta.key.namespace)
        .filter(|it| is_ours(it.meta.controller().map(|owner| owner.uid)))
        .filter(|it| set.spec.selector.matches(&it.meta.labels))
        .collect();
    let order = |it: &Rc<ControllerRevision>| (it.revision, it.meta.created_at);
    sort_by(&mut revisions, |one, other| {
        (order(one), &one.meta.key.name) < (order(other), &other.meta.key.name)
    });
    revisions
}
