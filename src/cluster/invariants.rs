//! What must hold after each step. The observer reads what changed and what there is, not why: it
//! knows nothing of the code that decided. Tests look at random sessions with it, and debug builds at
//! every session.

use super::budget::Budget;
use super::journal::{Change, Changed};
use super::meta::{Key, Kind};
use super::namespace::Namespace;
use super::pod::Pod;
use super::stateful_set::spec::{PodManagementPolicy, UpdateStrategyType};
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::step::{Cause, Step};
use super::storage::{Claim, Volume};
use super::{Cluster, Input};
use crate::api::Tree;
use crate::api::change::{self, PatchType, Request};
use serde_json::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

const REVISION_LABEL: &str = "controller-revision-hash";

/// Looks at one session.
#[derive(Clone, Debug, Default)]
pub struct Observer {
    steps: usize,
    /// Claims that a person deleted.
    deleted_claims: BTreeSet<String>,
    /// Whether a retention policy ever said Delete.
    policy_deletes: bool,
}

impl Observer {
    /// After the last step, with nothing left to do for minutes: owners exist.
    ///
    /// # Panics
    /// If an object is left whose owners are gone.
    pub fn at_the_end(&self, cluster: &Cluster) {
        let store = cluster.store();
        let sets: Vec<_> = store.list::<StatefulSet>().map(|set| set.meta.uid).collect();
        let pods: Vec<_> = store.list::<Pod>().map(|pod| pod.meta.uid).collect();
        let owned = store.list::<Pod>().map(|it| &it.meta);
        let owned = owned.chain(store.list::<ControllerRevision>().map(|it| &it.meta));
        let owned = owned.chain(store.list::<Claim>().map(|it| &it.meta));
        for meta in owned.filter(|meta| !meta.is_terminating()) {
            let is_alive = |uid| sets.contains(&uid) || pods.contains(&uid);
            let is_kept = meta.owners.is_empty() || meta.owners.iter().any(|it| is_alive(it.uid));
            self.holds(is_kept, "objects whose owners are all gone are collected", &meta.key);
        }
    }

    /// A name belongs to one pod at a time: what replaces a pod comes after its end.
    fn identity(&self, change: &Change) {
        if let Some(Changed { old: Some(old), new: Some(new) }) = change.of::<Pod>() {
            self.holds(old.meta.uid == new.meta.uid, "a pod keeps its UID", &new.meta.key);
        }
    }

    /// A claim goes only by a person's hand, or with an owner that the retention policy gave it,
    /// or with its namespace.
    fn no_claim_is_lost(&self, cluster: &Cluster, change: &Change) {
        if let Some(Changed { old: Some(claim), new: None }) = change.of::<Claim>() {
            let by_person = self.deleted_claims.contains(&*claim.meta.key.name);
            let by_policy = self.policy_deletes && !claim.meta.owners.is_empty();
            let namespace = Namespace::key(&claim.meta.key.namespace);
            let namespace = cluster.store().get::<Namespace>(&namespace);
            let by_namespace = namespace.is_none_or(|it| it.meta.is_terminating());
            self.holds(by_person || by_policy || by_namespace, "no claim is lost", &claim.meta.key);
        }
    }

    /// A bound volume is that of one claim, which is bound to it and to no other.
    fn volumes_are_bound_once(&self, cluster: &Cluster, change: &Change) {
        let Some(Changed { new: Some(volume), .. }) = change.of::<Volume>() else { return };
        let Some((key, uid)) = &volume.claim else { return };
        let claim = cluster.store().get::<Claim>(key).filter(|claim| claim.meta.uid == *uid);
        if let Some(bound) = claim.and_then(|claim| claim.volume.clone()) {
            let is_it = bound == volume.meta.key.name;
            self.holds(is_it, "a claim and its volume name each other", &volume.meta.key);
        }
    }

    /// An eviction leaves as many healthy pods as their budget wants, unless the pod was none of them.
    fn budgets_are_kept(&self, cluster: &Cluster, change: &Change) {
        let Some(Changed { old: Some(old), new: Some(new) }) = change.of::<Pod>() else { return };
        let reason =
            |pod: &Pod| pod.status.conditions.disruption_target.clone().map(|it| it.reason);
        let evicted = "EvictionByEvictionAPI";
        if reason(&old) == reason(&new)
            || reason(&new).as_deref() != Some(evicted)
            || !old.is_ready()
        {
            return;
        }
        let store = cluster.store();
        for budget in store.list::<Budget>().filter(|budget| budget.protects(&old)) {
            let allowance = budget.allowance(store);
            let is_kept = allowance.healthy >= allowance.desired;
            self.holds(is_kept, "an eviction keeps the disruption budget", &old.meta.key);
        }
    }

    /// The label of a pod names a revision, as long as its set is there.
    fn revisions_exist(&self, cluster: &Cluster) {
        let store = cluster.store();
        for pod in store.list::<Pod>() {
            let owner = pod.meta.controller().map(|owner| owner.uid);
            let set = store.list::<StatefulSet>().find(|set| Some(set.meta.uid) == owner);
            if set.is_none_or(|set| set.meta.is_terminating()) {
                continue;
            }
            let Some(name) = pod.meta.labels.get(REVISION_LABEL) else { continue };
            let revision = store.get::<ControllerRevision>(&pod.meta.key.sibling(name));
            self.holds(revision.is_some(), "the revision of a pod exists", &pod.meta.key);
        }
    }

    /// OrderedReady creates one pod at a time, and only above healthy ones.
    fn ordered_creation(&self, sync: &Sync) {
        let created: Vec<_> = sync.created().collect();
        if !sync.is_ordered() {
            return;
        }
        self.holds(created.len() <= 1, "one pod is created at a time", &sync.set.meta.key);
        for pod in created {
            let ordinal = sync.ordinal(&pod);
            let below = (sync.set.spec.start_ordinal..ordinal)
                .all(|below| sync.pod(below).is_some_and(|pod| sync.is_healthy(pod)));
            self.holds(below, "all pods below a new one are healthy", &pod.meta.key);
        }
    }

    /// OrderedReady scales down one pod at a time from the top, while all that stay are healthy.
    fn ordered_scale_down(&self, sync: &Sync) {
        if !sync.is_ordered() {
            return;
        }
        let condemned = |pod: &Pod| !sync.range().contains(&sync.ordinal(pod));
        let deleted: Vec<_> = sync.deleted().filter(|pod| condemned(pod)).collect();
        self.holds(deleted.len() <= 1, "one pod is condemned at a time", &sync.set.meta.key);
        for pod in deleted {
            let ordinal = sync.ordinal(&pod);
            let is_above = |other: &&Pod| sync.ordinal(other) > ordinal && condemned(other);
            self.holds(!sync.pods().any(|it| is_above(&it)), "the top goes first", &pod.meta.key);
            let all_healthy = sync
                .range()
                .all(|ordinal| sync.pod(ordinal).is_some_and(|pod| sync.is_healthy(pod)));
            self.holds(all_healthy, "no scale-down beside an unhealthy pod", &pod.meta.key);
            let is_below = |other: &&Pod| sync.ordinal(other) < ordinal && !sync.is_healthy(other);
            let is_first = sync.is_healthy(&pod) || !sync.pods().any(|it| is_below(&it));
            self.holds(is_first, "the first unhealthy pod goes, or a healthy one", &pod.meta.key);
        }
    }

    /// A rolling update without maxUnavailable replaces one pod at a time from the top, and goes on
    /// only when all above are updated and healthy.
    fn ordered_update(&self, sync: &Sync) {
        let spec = &sync.set.spec;
        let counts_unavailable = sync.cluster.kubernetes().counts_max_unavailable();
        if counts_unavailable || spec.update_strategy != UpdateStrategyType::RollingUpdate {
            return;
        }
        let update = &*sync.set.status.update_revision;
        let is_old = |pod: &Pod| pod.meta.labels.get(REVISION_LABEL).is_none_or(|it| it != update);
        let deleted = sync.deleted().filter(|pod| sync.range().contains(&sync.ordinal(pod)));
        for pod in deleted.filter(|pod| !pod.status.phase.is_terminal() && is_old(pod)) {
            let ordinal = sync.ordinal(&pod);
            let partition = spec.rolling_update.map_or(0, |rolling| rolling.partition);
            let is_above = ordinal - spec.start_ordinal >= partition;
            self.holds(is_above, "the partition is kept", &pod.meta.key);
            let above = sync
                .range()
                .filter(|above| *above > ordinal)
                .all(|above| sync.pod(above).is_some_and(|it| !is_old(it) && sync.is_healthy(it)));
            self.holds(above, "all above are updated and healthy", &pod.meta.key);
        }
    }

    /// When the controller has nothing to do, its counts are those of the pods.
    fn status_counts(&self, sync: &Sync) {
        let set = sync.set;
        let at_rest = set.status.observed_generation == set.meta.generation;
        if !at_rest || set.meta.is_terminating() {
            return;
        }
        let count = |some: &dyn Fn(&Pod) -> bool| {
            sync.pods().filter(|pod| some(pod)).fold(0, |count, _| count + 1)
        };
        let status = &set.status;
        let key = &set.meta.key;
        self.holds(status.replicas == count(&|_| true), "status.replicas counts pods", key);
        let ready = count(&Pod::is_running_and_ready);
        self.holds(status.ready_replicas == ready, "status.readyReplicas counts ready pods", key);
        let in_order = status.available_replicas <= status.ready_replicas
            && status.ready_replicas <= status.replicas;
        self.holds(in_order, "available <= ready <= replicas", key);
    }

    fn holds(&self, condition: bool, what: &str, key: &Key) {
        let step = self.steps;
        assert!(condition, "step {step}, {key}: it does not hold that {what}");
    }

    /// Notes what a person is about to do.
    pub fn input(&mut self, input: &Input) {
        if let Input::Request(request) = input {
            self.request(request);
        }
    }

    /// Notes what a command is about to change.
    fn request(&mut self, request: &Request) {
        match (request.kind.as_str(), &request.change) {
            ("PersistentVolumeClaim", change::Change::Delete { .. }) => {
                self.deleted_claims.insert(request.name.clone());
            }
            ("StatefulSet", change::Change::Create(tree) | change::Change::Replace(tree)) => {
                self.policy_deletes |= deletes(tree.at("spec"));
            }
            ("StatefulSet", change::Change::Patch(PatchType::Json, _)) => {
                self.policy_deletes = true;
            }
            ("StatefulSet", change::Change::Patch(_, tree)) => {
                self.policy_deletes |= deletes(tree.at("spec"));
            }
            _ => {}
        }
    }

    /// Looks at one step and at the cluster after it.
    ///
    /// # Panics
    /// If an invariant does not hold.
    pub fn step(&mut self, cluster: &Cluster, step: &Step) {
        self.steps += 1;
        for change in &step.changes {
            self.identity(change);
            self.no_claim_is_lost(cluster, change);
            self.budgets_are_kept(cluster, change);
            self.volumes_are_bound_once(cluster, change);
        }
        self.revisions_exist(cluster);
        let Cause::Controller(Kind::StatefulSet, key) = &step.cause else { return };
        let Some(set) = cluster.store().get::<StatefulSet>(key) else { return };
        let sync = Sync { cluster, set, step };
        self.ordered_creation(&sync);
        self.ordered_scale_down(&sync);
        self.ordered_update(&sync);
        if step.changes.is_empty() && step.events.is_empty() {
            self.status_counts(&sync);
        }
    }
}

/// Whether a retention policy of a set's spec says Delete.
fn deletes(spec: &Value) -> bool {
    spec.members("persistentVolumeClaimRetentionPolicy").any(|(_, value)| value == "Delete")
}

/// One sync of a set, and what there is after it.
struct Sync<'a> {
    cluster: &'a Cluster,
    set: &'a StatefulSet,
    step: &'a Step,
}

impl<'a> Sync<'a> {
    /// The set's pods.
    fn pods(&self) -> impl Iterator<Item = &'a Pod> {
        let (store, uid) = (self.cluster.store(), self.set.meta.uid);
        store.list::<Pod>().map(|pod| &**pod).filter(move |pod| pod.meta.is_controlled_by(uid))
    }

    fn pod(&self, ordinal: i32) -> Option<&'a Pod> {
        let key = self.set.meta.key.sibling(&format!("{}-{ordinal}", self.set.meta.name()));
        self.cluster.store().get::<Pod>(&key).map(|pod| &**pod)
    }

    fn ordinal(&self, pod: &Pod) -> i32 {
        let number = pod.meta.name().rsplit('-').next().and_then(|text| text.parse().ok());
        number.expect("a pod of a set ends in its ordinal")
    }

    fn is_ordered(&self) -> bool {
        self.set.spec.pod_management_policy == PodManagementPolicy::OrderedReady
    }

    fn range(&self) -> std::ops::Range<i32> {
        let start = self.set.spec.start_ordinal;
        start..start + self.set.spec.replicas
    }

    fn is_healthy(&self, pod: &Pod) -> bool {
        pod.is_running_and_ready()
            && !pod.is_terminating()
            && pod.is_available(self.set.spec.min_ready_ms(), self.cluster.now())
    }

    fn created(&self) -> impl Iterator<Item = Rc<Pod>> {
        self.step.changes.iter().filter_map(|change| match change.of::<Pod>()? {
            Changed { old: None, new } => new,
            _ => None,
        })
    }

    /// Pods that this sync began to delete, as they were.
    fn deleted(&self) -> impl Iterator<Item = Rc<Pod>> {
        self.step.changes.iter().filter_map(|change| {
            let Changed { old: Some(old), new } = change.of::<Pod>()? else { return None };
            let ends = new.is_none_or(|it| it.is_terminating());
            (ends && !old.is_terminating()).then_some(old)
        })
    }
}
