//! ReplicaSets: so many pods of a template, all alike.
//!
//! Upstream: `pkg/controller/replicaset/replica_set.go`, syncReplicaSet, manageReplicas;
//! `pkg/controller/controller_utils.go`, ActivePodsWithRanks.

use super::kind::{Deployment, ReplicaSet, ReplicaSetStatus};
use crate::api::{Status, Tree};
use crate::cluster::Cluster;
use crate::cluster::apiserver;
use crate::cluster::event::{Event, EventType, Regarding};
use crate::cluster::meta::{Key, Kind, Meta};
use crate::cluster::pod::{ClaimVolume, Pod, PodPhase, PodStatus};
use crate::cluster::store::Store;
use crate::cluster::time::{Millis, SECOND};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most pods that one sync makes or deletes.
const BURST: usize = 500;
/// The longest beginning of a name to which letters are added.
const MAX_PREFIX: usize = 58;

/// What one sync leaves to do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    /// A pod could not be made.
    pub has_failed: bool,
    /// When a pod becomes available.
    pub available_at: Option<Millis>,
}

/// One sync of a ReplicaSet.
pub(super) fn sync(cluster: &mut Cluster, key: &Key) -> Left {
    let Some(set) = cluster.store.get::<ReplicaSet>(key).cloned() else { return Left::default() };
    let pods = claim_pods(&mut cluster.store, &set);
    let trouble = match set.meta.is_terminating() {
        true => None,
        false => manage(cluster, &set, &pods).err(),
    };
    let (status, available_at) = status_of(&set, &pods, cluster.now);
    cluster.store.update::<ReplicaSet>(key, |set| set.status = status);
    Left { has_failed: trouble.is_some(), available_at }
}

/// The pods that count, with those taken in that match and have no owner.
fn claim_pods(store: &mut Store, set: &ReplicaSet) -> Vec<Rc<Pod>> {
    let uid = set.meta.uid;
    let all: Vec<Rc<Pod>> = store.list_in::<Pod>(&set.meta.key.namespace).cloned().collect();
    let mut own = Vec::new();
    for pod in all.into_iter().filter(|pod| is_active(pod)) {
        let matches = set.selector.matches(&pod.meta.labels);
        match pod.meta.controller() {
            Some(owner) if owner.uid == uid && matches => own.push(pod),
            Some(owner) if owner.uid == uid => {
                let release = |pod: &mut Pod| pod.meta.owners.retain(|owner| owner.uid != uid);
                store.update::<Pod>(&pod.meta.key, release);
            }
            None if matches && !set.meta.is_terminating() => {
                let owner = set.controller_reference();
                store.update::<Pod>(&pod.meta.key, |pod| pod.meta.owners.push(owner));
                own.extend(store.get::<Pod>(&pod.meta.key).cloned());
            }
            _ => {}
        }
    }
    own
}

/// Upstream: IsPodActive.
fn is_active(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && !pod.is_terminating()
}

/// Makes the pods that are missing, or deletes those that are too many.
fn manage(cluster: &mut Cluster, set: &ReplicaSet, pods: &[Rc<Pod>]) -> Result<(), Status> {
    let wanted = usize::try_from(set.replicas).unwrap_or(0);
    let missing = wanted.saturating_sub(pods.len()).min(BURST);
    for _ in 0..missing {
        let pod = new_pod(cluster, set);
        let (kubernetes, now) = (cluster.kubernetes(), cluster.now);
        match apiserver::pod::create(&mut cluster.store, pod, &kubernetes, now) {
            Ok(pod) => {
                let text = format!("Created pod: {}", pod.meta.name());
                report(cluster, set, (EventType::Normal, "SuccessfulCreate", &text));
            }
            Err(refusal) => {
                let text = format!("Error creating: {}", refusal.message);
                report(cluster, set, (EventType::Warning, "FailedCreate", &text));
                return Err(refusal);
            }
        }
    }
    let surplus = pods.len().saturating_sub(wanted).min(BURST);
    for pod in to_delete(cluster, set, pods).into_iter().take(surplus) {
        let now = cluster.now;
        apiserver::pod::delete(&mut cluster.store, &pod.meta.key, None, now)?;
        let text = format!("Deleted pod: {}", pod.meta.name());
        report(cluster, set, (EventType::Normal, "SuccessfulDelete", &text));
    }
    Ok(())
}

fn report(cluster: &mut Cluster, set: &ReplicaSet, said: (EventType, &str, &str)) {
    let regarding = Regarding::object(Kind::ReplicaSet, &set.meta);
    cluster.store.report(Event::new(regarding, said, "replicaset-controller", cluster.now));
}

/// A pod whose name the server makes up.
fn new_pod(cluster: &mut Cluster, set: &ReplicaSet) -> Pod {
    let base = set.meta.name();
    let base = base.get(..MAX_PREFIX - 1).unwrap_or(base);
    let name = format!("{base}-{}", cluster.rng.suffix());
    let template = set.template.clone();
    let mut meta = Meta::new(set.meta.key.sibling(&name));
    meta.labels = Rc::clone(&template.labels);
    meta.annotations = Rc::clone(&template.annotations);
    meta.owners = vec![set.controller_reference()];
    let claims = template.claim_volumes.iter();
    let spec = template.api.at("spec");
    Pod {
        pull_secrets: None,
        claims: claims
            .map(|each| ClaimVolume { volume: each.volume.clone(), claim: each.claim.clone() })
            .collect(),
        hostname: spec.opt_text("hostname").map_or_else(|| Rc::clone(&meta.key.name), Rc::from),
        subdomain: spec.text("subdomain").into(),
        node: template.node_name.clone(),
        status: PodStatus::default(),
        template,
        meta,
    }
}

/// The pods in the order in which they go: first those of least use.
///
/// Upstream: ActivePodsWithRanks. The rank is how many pods of the Deployment share the node.
fn to_delete(cluster: &Cluster, set: &ReplicaSet, pods: &[Rc<Pod>]) -> Vec<Rc<Pod>> {
    let store = &cluster.store;
    let owner = set.meta.controller().map(|owner| owner.uid);
    let is_related = |pod: &&Rc<Pod>| {
        let of = pod.meta.controller().map(|of| pod.meta.key.sibling(&of.name));
        let of = of.and_then(|key| store.get::<ReplicaSet>(&key));
        let same = |of: &Rc<ReplicaSet>| {
            of.meta.uid == set.meta.uid
                || owner.is_some() && of.meta.controller().map(|it| it.uid) == owner
        };
        is_active(pod) && of.is_some_and(same)
    };
    let mut ranks: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for pod in store.list_in::<Pod>(&set.meta.key.namespace).filter(is_related) {
        *ranks.entry(pod.node.as_deref()).or_default() += 1;
    }
    let rank = |pod: &Pod| ranks.get(&pod.node.as_deref()).copied().unwrap_or(0);
    let magnitude = |at: Millis| {
        let age = cluster.now.saturating_sub(at) / SECOND;
        age.checked_ilog2().map_or(0, |log| log + 1)
    };
    let key = |pod: &Rc<Pod>| {
        let phase = match pod.status.phase {
            PodPhase::Pending => 0,
            _ => 2,
        };
        let cost: i64 = pod
            .meta
            .annotations
            .get("controller.kubernetes.io/pod-deletion-cost")
            .and_then(|cost| cost.parse().ok())
            .unwrap_or(0);
        let ready = pod.status.conditions.ready.as_ref().filter(|_| pod.is_ready());
        let restarts = pod.status.containers.iter().map(|it| it.restart_count).max().unwrap_or(0);
        (
            (pod.node.is_some(), phase, pod.is_ready(), cost),
            Reverse(rank(pod)),
            ready.map_or(0, |ready| magnitude(ready.since)),
            Reverse(restarts),
            magnitude(pod.meta.created_at),
            pod.meta.uid,
        )
    };
    let mut order = pods.to_vec();
    order.sort_by_cached_key(key);
    order
}

/// Upstream: `pkg/controller/replicaset/replica_set_utils.go`, calculateStatus.
fn status_of(
    set: &ReplicaSet,
    pods: &[Rc<Pod>],
    now: Millis,
) -> (ReplicaSetStatus, Option<Millis>) {
    let count = |is_it: &dyn Fn(&Pod) -> bool| {
        i32::try_from(pods.iter().filter(|pod| is_it(pod)).count()).unwrap_or(i32::MAX)
    };
    let labels = &set.template.labels;
    let has_labels =
        |pod: &Pod| labels.iter().all(|(key, value)| pod.meta.labels.get(key) == Some(value));
    let min_ready_ms = set.min_ready_ms();
    let status = ReplicaSetStatus {
        replicas: count(&|_| true),
        fully_labeled_replicas: count(&has_labels),
        ready_replicas: count(&Pod::is_ready),
        available_replicas: count(&|pod| pod.is_available(min_ready_ms, now)),
        observed_generation: set.meta.generation,
    };
    let waits = pods.iter().filter(|pod| pod.is_ready() && !pod.is_available(min_ready_ms, now));
    let ready = waits.filter_map(|pod| pod.status.conditions.ready.as_ref());
    (status, ready.map(|ready| ready.since.saturating_add(min_ready_ms)).min())
}

/// The Deployment that controls a ReplicaSet.
pub(super) fn deployment_of(store: &Store, set: &ReplicaSet) -> Option<Key> {
    let owner = set.meta.controller().filter(|owner| *owner.kind == *Kind::Deployment.name())?;
    let key = set.meta.key.sibling(&owner.name);
    store.has::<Deployment>(&key, owner.uid).then_some(key)
}
