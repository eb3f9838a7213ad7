//! The volume controllers: binding claims, making volumes, growing and reclaiming them.
//!
//! Upstream: `pkg/controller/volume/persistentvolume/pv_controller.go`.

mod expand;
pub mod matching;
pub mod memory;
mod provision;

use super::apiserver::delete;
use super::event::{Event, EventType, Regarding};
use super::journal::Changed;
use super::meta::{Key, Kind, Meta};
use super::node::Node;
use super::pod::Pod;
use super::storage::BindingMode::WaitForFirstConsumer;
use super::storage::{
    Claim, ClaimPhase, NO_PROVISIONER, ReclaimPolicy, SELECTED_NODE, VOLUME_PROTECTION, Volume,
    VolumePhase, class_of,
};
use super::time::{Millis, SECOND};
use super::work::Work;
use super::{Change, Cluster};
use crate::api::change::Cascade;
use std::rc::Rc;

/// From a change to the controller's look at it.
pub const LOOK_MS: Millis = 5;

/// How long a provisioner takes to make a volume, or to delete one.
pub const PROVISION_MS: Millis = 500;

/// How often a claim that waits is looked at again.
///
/// Upstream: `--pvclaimbinder-sync-period`, 15 s.
pub const RESYNC_MS: Millis = 15 * SECOND;

/// A pod counts as a claim's user for the controller this long after its creation.
const HEARSAY_MS: Millis = 10;

/// The annotation of a volume that a provisioner made.
const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    match change.kind() {
        Kind::Pod => observe_pod(cluster, change),
        Kind::PersistentVolumeClaim => observe_claim(cluster, change),
        Kind::PersistentVolume => observe_volume(cluster, change),
        Kind::StorageClass => wake_pending(cluster),
        _ => {}
    }
}

fn observe_pod(cluster: &mut Cluster, change: &Change) {
    match change.of::<Pod>() {
        Some(Changed { old: None, new: Some(pod) }) => {
            for claim in claims_of(&pod) {
                let users = cluster.volumes.users.entry(claim).or_default();
                users.insert(pod.meta.key.clone());
            }
        }
        Some(Changed { old: Some(pod), new: None }) => forget_user(cluster, &pod),
        Some(Changed { old: Some(old), new: Some(pod) })
            if old.status.pod_ip != pod.status.pod_ip =>
        {
            for key in claims_of(&pod) {
                let claim = cluster.store.get::<Claim>(&key);
                if claim.is_some_and(|claim| claim.growth.is_some()) {
                    enqueue(cluster, &key, LOOK_MS);
                }
            }
        }
        _ => {}
    }
}

fn observe_claim(cluster: &mut Cluster, change: &Change) {
    match change.of::<Claim>() {
        Some(Changed { old, new: Some(claim) }) => {
            let grows = |old: &Rc<Claim>| {
                old.growth != claim.growth || old.request_bytes != claim.request_bytes
            };
            if claim.phase != ClaimPhase::Bound || old.as_ref().is_none_or(grows) {
                enqueue(cluster, &claim.meta.key, LOOK_MS);
            }
        }
        Some(Changed { old: Some(claim), new: None }) => {
            cluster.volumes.provisioning.remove(&claim.meta.key);
            if let Some(volume) = &claim.volume {
                enqueue(cluster, &Volume::key(volume), LOOK_MS);
            }
        }
        _ => {}
    }
}

fn observe_volume(cluster: &mut Cluster, change: &Change) {
    match change.of::<Volume>() {
        Some(Changed { new: Some(volume), .. }) if volume.meta.is_terminating() => {
            enqueue(cluster, &volume.meta.key, LOOK_MS);
        }
        // A claim that is left finds out when it is looked at again; so do claims that wait.
        Some(Changed { old: Some(old), new: Some(volume) }) if volume.claim.is_none() => {
            if let Some((claim, _)) = &old.claim {
                enqueue(cluster, claim, RESYNC_MS);
            }
        }
        Some(Changed { old: Some(volume), new: None }) => {
            if let Some((claim, _)) = &volume.claim {
                enqueue(cluster, claim, LOOK_MS);
            }
        }
        _ => {}
    }
}

/// A class has come: claims that wait may be bound now.
fn wake_pending(cluster: &mut Cluster) {
    let pending = |claim: &&Rc<Claim>| claim.phase == ClaimPhase::Pending;
    let claims = cluster.store.list::<Claim>().filter(pending);
    for key in claims.map(|claim| claim.meta.key.clone()).collect::<Vec<_>>() {
        enqueue(cluster, &key, LOOK_MS);
    }
}

fn claims_of(pod: &Pod) -> impl Iterator<Item = Key> {
    pod.claims.iter().map(|volume| pod.meta.key.sibling(&volume.claim))
}

fn forget_user(cluster: &mut Cluster, pod: &Pod) {
    for claim in claims_of(pod) {
        if let Some(users) = cluster.volumes.users.get_mut(&claim) {
            users.remove(&pod.meta.key);
            if users.is_empty() {
                cluster.volumes.users.remove(&claim);
            }
        }
    }
}

/// Has the controllers look at a claim or volume after `delay`, if they would not before.
fn enqueue(cluster: &mut Cluster, key: &Key, delay: Millis) {
    let at = cluster.now + delay;
    if let Some((planned, ticket)) = cluster.volumes.queued.get(key).copied() {
        if planned <= at {
            return;
        }
        cluster.queue.cancel(ticket);
    }
    let ticket = cluster.queue.schedule(at, Work::Volume(key.clone()));
    cluster.volumes.queued.insert(key.clone(), (at, ticket));
}

/// What a claim that is not bound waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It names no class, and there is no volume for it.
    NoClass,
    /// Its class does not exist.
    UnknownClass,
    /// Its class has volumes that people make.
    ByHand,
    /// Nobody answers to its class's provisioner.
    NoProvisioner,
    /// A provisioner works on it until then.
    Working(Millis),
    /// A provisioner has failed and tries again then.
    Failed(Millis),
    /// It names a volume that it cannot have.
    Named,
    /// Its pod is to be scheduled first.
    Consumer,
}

/// What a claim waits for.
pub fn wait_of(cluster: &Cluster, claim: &Claim) -> Wait {
    let name = claim.storage_class.as_deref().unwrap_or_default();
    if claim.volume.is_some() {
        return Wait::Named;
    }
    match class_of(&cluster.store, claim) {
        None if name.is_empty() => Wait::NoClass,
        None => Wait::UnknownClass,
        Some(class) if *class.provisioner == *NO_PROVISIONER => Wait::ByHand,
        Some(class) => provision::wait_of(cluster, claim, class),
    }
}

/// Looks at one claim or volume.
pub fn handle(cluster: &mut Cluster, key: &Key) {
    cluster.volumes.queued.remove(key);
    if let Some(claim) = cluster.store.get::<Claim>(key).cloned() {
        match claim.phase {
            ClaimPhase::Pending if !claim.meta.is_terminating() => bind(cluster, &claim),
            ClaimPhase::Bound => bound(cluster, &claim),
            _ => {}
        }
    } else if let Some(volume) = cluster.store.get::<Volume>(key).cloned() {
        reclaim(cluster, &volume);
    }
}

/// Brings a claim that is not bound closer to it, or tells why it cannot.
///
/// Upstream: `pv_controller.go`, syncUnboundClaim.
fn bind(cluster: &mut Cluster, claim: &Rc<Claim>) {
    let key = &claim.meta.key;
    if let Some(name) = claim.volume.clone() {
        return bind_named(cluster, claim, &name);
    }
    let class = class_of(&cluster.store, claim).cloned();
    let delayed = class.as_ref().is_some_and(|it| it.binding_mode == WaitForFirstConsumer)
        && !claim.meta.annotations.contains_key(SELECTED_NODE);
    if let Some(volume) = matching::find(&cluster.store, claim, None, delayed).cloned() {
        return bind_to(cluster, claim, &volume);
    }
    if delayed {
        wait_for_consumer(cluster, claim);
        return enqueue(cluster, key, RESYNC_MS);
    }
    let name = claim.storage_class.as_deref().unwrap_or_default();
    if name.is_empty() {
        let message = "no persistent volumes available for this claim and no storage class is set";
        report(cluster, claim, EventType::Normal, "FailedBinding", message, CONTROLLER);
        return enqueue(cluster, key, RESYNC_MS);
    }
    match class {
        Some(class) => provision::go_on(cluster, claim, &class),
        None => {
            let message = format!("storageclass.storage.k8s.io \"{name}\" not found");
            report(cluster, claim, EventType::Warning, "ProvisioningFailed", &message, CONTROLLER);
            enqueue(cluster, key, RESYNC_MS);
        }
    }
}

/// The claim names its volume itself.
fn bind_named(cluster: &mut Cluster, claim: &Rc<Claim>, name: &str) {
    let key = &claim.meta.key;
    if let Some(volume) = cluster.store.get::<Volume>(&Volume::key(name)).cloned() {
        let wrong = match &volume.claim {
            Some((other, _)) if other != key => {
                let message = format!("volume \"{name}\" already bound to a different claim.");
                Some(("FailedBinding", message))
            }
            _ => matching::mismatch(claim, &volume).map(|why| {
                ("VolumeMismatch", format!("Cannot bind to requested volume \"{name}\": {why}"))
            }),
        };
        match wrong {
            None => return bind_to(cluster, claim, &volume),
            Some((reason, message)) => {
                report(cluster, claim, EventType::Warning, reason, &message, CONTROLLER);
            }
        }
    }
    enqueue(cluster, key, RESYNC_MS);
}

/// Binds the two to each other; the claim has the volume's size.
///
/// Upstream: `pv_controller.go`, bind.
pub(super) fn bind_to(cluster: &mut Cluster, claim: &Claim, volume: &Volume) {
    let by_controller = |meta: &mut Meta| {
        let annotations = Rc::make_mut(&mut meta.annotations);
        annotations.insert("pv.kubernetes.io/bound-by-controller".into(), "yes".into());
    };
    let (key, uid) = (claim.meta.key.clone(), claim.meta.uid);
    cluster.store.update::<Volume>(&volume.meta.key, |volume| {
        if volume.claim.is_none() {
            by_controller(&mut volume.meta);
        }
        volume.claim = Some((key, uid));
        volume.phase = VolumePhase::Bound;
    });
    cluster.volumes.provisioning.remove(&claim.meta.key);
    cluster.store.update::<Claim>(&claim.meta.key, |claim| {
        let annotations = Rc::make_mut(&mut claim.meta.annotations);
        annotations.insert("pv.kubernetes.io/bind-completed".into(), "yes".into());
        if claim.volume.is_none() {
            by_controller(&mut claim.meta);
        }
        claim.phase = ClaimPhase::Bound;
        claim.capacity = Some(Rc::clone(&volume.capacity));
        claim.granted_modes = Rc::clone(&volume.access_modes);
        claim.volume = Some(Rc::clone(&volume.meta.key.name));
    });
}

/// Looks after a bound claim: it may have lost its volume, or ask for more.
///
/// Upstream: `pv_controller.go`, syncBoundClaim.
fn bound(cluster: &mut Cluster, claim: &Rc<Claim>) {
    let name = claim.volume.as_deref().unwrap_or_default();
    if let Some(volume) = cluster.store.get::<Volume>(&Volume::key(name)).cloned() {
        if volume.claim.is_none() {
            bind_to(cluster, claim, &volume);
        }
        return expand::go_on(cluster, claim);
    }
    cluster.store.update::<Claim>(&claim.meta.key, |claim| claim.phase = ClaimPhase::Lost);
    let message = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
    report(cluster, claim, EventType::Warning, "ClaimLost", message, CONTROLLER);
}

const CONTROLLER: &str = "persistentvolume-controller";

/// Upstream: `pv_controller.go`, emitEventForUnboundDelayBindingClaim.
fn wait_for_consumer(cluster: &mut Cluster, claim: &Claim) {
    let heard_of = |pod: &&Key| {
        let pod = cluster.store.get::<Pod>(pod);
        pod.is_some_and(|pod| pod.meta.created_at + HEARSAY_MS <= cluster.now)
    };
    let pods = cluster.volumes.users(&claim.meta.key).filter(heard_of);
    let names = pods.map(|pod| &*pod.name).collect::<Vec<_>>().join(",");
    let (reason, message) = match names.contains(',') {
        _ if names.is_empty() => (
            "WaitForFirstConsumer",
            "waiting for first consumer to be created before binding".to_string(),
        ),
        true => ("WaitForPodScheduled", format!("waiting for pods {names} to be scheduled")),
        false => ("WaitForPodScheduled", format!("waiting for pod {names} to be scheduled")),
    };
    report(cluster, claim, EventType::Normal, reason, &message, CONTROLLER);
}

/// Decides what becomes of a volume whose claim is gone, and of one that is being deleted.
///
/// Upstream: `pv_controller.go`, syncVolume, reclaimVolume; `pvprotection/pv_protection_controller.go`.
fn reclaim(cluster: &mut Cluster, volume: &Volume) {
    let key = &volume.meta.key;
    let is_used =
        volume.claim.as_ref().is_some_and(|(claim, uid)| cluster.store.has::<Claim>(claim, *uid));
    if is_used {
        return;
    }
    if matches!(volume.phase, VolumePhase::Bound | VolumePhase::Pending) {
        cluster.store.update::<Volume>(key, |volume| volume.phase = VolumePhase::Released);
        let made = volume.meta.annotations.contains_key(PROVISIONED_BY);
        if volume.meta.is_terminating() || (volume.reclaim_policy == ReclaimPolicy::Delete && made)
        {
            enqueue(cluster, key, PROVISION_MS);
        }
    } else if volume.meta.is_terminating()
        || (volume.phase == VolumePhase::Released && volume.reclaim_policy == ReclaimPolicy::Delete)
    {
        let now = cluster.now;
        let _gone = delete::delete::<Volume>(&mut cluster.store, key, Cascade::Background, now);
        cluster.store.update::<Volume>(key, |volume| {
            volume.meta.finalizers.retain(|it| **it != *VOLUME_PROTECTION);
        });
    }
}

/// The scheduler has chosen a node for the pod of a claim: it is bound to a volume that can be
/// reached from there, or one is to be made there.
///
/// Upstream: `pkg/scheduler/framework/plugins/volumebinding/binder.go`, bindAPIUpdate.
pub fn choose(cluster: &mut Cluster, key: &Key, node: &str) {
    let Some(claim) = cluster.store.get::<Claim>(key).cloned() else { return };
    let at = cluster.store.get::<Node>(&Node::key(node)).cloned();
    let found = matching::find(&cluster.store, &claim, at.as_deref(), false);
    match found.map(|volume| volume.meta.key.clone()) {
        Some(volume) => {
            let kept = (key.clone(), claim.meta.uid);
            cluster.store.update::<Volume>(&volume, |volume| volume.claim = Some(kept));
            enqueue(cluster, key, LOOK_MS);
        }
        None => {
            cluster.store.update::<Claim>(key, |claim| {
                let annotations = Rc::make_mut(&mut claim.meta.annotations);
                annotations.insert(SELECTED_NODE.into(), node.into());
            });
        }
    }
}

fn report(
    cluster: &mut Cluster,
    claim: &Claim,
    type_: EventType,
    reason: &str,
    message: &str,
    component: &str,
) {
    let regarding = Regarding::object(Kind::PersistentVolumeClaim, &claim.meta);
    let (event, now) = ((type_, reason, message), cluster.now);
    cluster.store.report(Event::new(regarding, event, component, now));
}
