//! The volume controllers: binding claims, making volumes and reclaiming them.
//!
//! Upstream: `pkg/controller/volume/persistentvolume/pv_controller.go`, syncUnboundClaim,
//! reclaimVolume; `kubernetes-sigs/sig-storage-lib-external-provisioner`.
//!
//! Simplified: volumes are always made for a claim, so no existing one is searched for.

use super::event::{Event, EventType, Regarding};
use super::meta::{Key, Kind, Labels, Meta, Uid};
use super::pod::Pod;
use super::queue::Ticket;
use super::run::Work;
use super::step::Changed;
use super::storage::{
    BindingMode, Claim, ClaimPhase, ReclaimPolicy, SELECTED_NODE, StorageClass, Volume,
    VolumePhase, class_of,
};
use super::time::{Millis, SECOND};
use super::{Change, Cluster};
use crate::ordered::{Map, Set};
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

/// Part of the provisioner's name in its events: the identity of its process.
const PROVISIONER_ID: Uid = Uid(0x5f0c_2a4e_9b1d_4c77_8e36_1d20_74a5_b9f3);

/// What the volume controllers remember.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    users: Map<Key, Set<Key>>,
    queued: Map<Key, (Millis, Ticket)>,
    provisioning: Map<Key, (Uid, Millis)>,
}

impl Memory {
    /// The pods that name this claim, by name.
    pub fn users(&self, claim: &Key) -> impl Iterator<Item = &Key> {
        self.users.get(claim).into_iter().flat_map(Set::iter)
    }
}

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    match change {
        Change::Pod(Changed { old: None, new: Some(pod) }) => {
            for claim in claims_of(pod) {
                let users = cluster.volumes.users.entry(claim).or_default();
                users.insert(pod.meta.key.clone());
            }
        }
        Change::Pod(Changed { old: Some(pod), new: None }) => forget_user(cluster, pod),
        Change::Claim(Changed { new: Some(claim), .. }) => {
            enqueue(cluster, &claim.meta.key, LOOK_MS);
        }
        Change::Claim(Changed { old: Some(claim), new: None }) => {
            cluster.volumes.provisioning.remove(&claim.meta.key);
            if let Some(volume) = &claim.volume {
                enqueue(cluster, &Volume::key(volume), LOOK_MS);
            }
        }
        Change::StorageClass(_) => {
            let pending = |claim: &&Rc<Claim>| claim.phase == ClaimPhase::Pending;
            let claims = cluster.store.list::<Claim>().filter(pending);
            for key in claims.map(|claim| claim.meta.key.clone()).collect::<Vec<_>>() {
                enqueue(cluster, &key, LOOK_MS);
            }
        }
        _ => {}
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

/// Looks at one claim or volume.
pub fn handle(cluster: &mut Cluster, key: &Key) {
    cluster.volumes.queued.remove(key);
    if let Some(claim) = cluster.store.get::<Claim>(key).cloned() {
        if claim.phase == ClaimPhase::Pending && !claim.meta.is_terminating() {
            bind(cluster, &claim);
        }
    } else if let Some(volume) = cluster.store.get::<Volume>(key).cloned() {
        reclaim(cluster, &volume);
    }
}

/// Brings a claim that is not bound closer to it, or tells why it cannot.
fn bind(cluster: &mut Cluster, claim: &Rc<Claim>) {
    let key = &claim.meta.key;
    let name = claim.storage_class.as_deref().unwrap_or_default();
    if name.is_empty() {
        let message = "no persistent volumes available for this claim and no storage class is set";
        report(cluster, claim, EventType::Normal, "FailedBinding", message, CONTROLLER);
        return enqueue(cluster, key, RESYNC_MS);
    }
    let Some(class) = class_of(&cluster.store, claim).cloned() else {
        let message = format!("storageclass.storage.k8s.io \"{name}\" not found");
        report(cluster, claim, EventType::Warning, "ProvisioningFailed", &message, CONTROLLER);
        return enqueue(cluster, key, RESYNC_MS);
    };
    let delayed = class.binding_mode == BindingMode::WaitForFirstConsumer;
    if delayed && !claim.meta.annotations.contains_key(SELECTED_NODE) {
        wait_for_consumer(cluster, claim);
        return enqueue(cluster, key, RESYNC_MS);
    }
    match cluster.volumes.provisioning.get(key).copied() {
        Some((uid, until)) if uid == claim.meta.uid => {
            if until <= cluster.now {
                provision(cluster, claim, &class);
            } else {
                enqueue(cluster, key, until - cluster.now);
            }
        }
        _ => begin_to_provision(cluster, claim, &class),
    }
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

fn begin_to_provision(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    let key = &claim.meta.key;
    let provisioner = &class.provisioner;
    let until = cluster.now + PROVISION_MS;
    cluster.volumes.provisioning.insert(key.clone(), (claim.meta.uid, until));
    cluster.store.update::<Claim>(key, |claim| {
        let annotations = Rc::make_mut(&mut claim.meta.annotations);
        for prefix in ["volume.kubernetes.io", "volume.beta.kubernetes.io"] {
            annotations.insert(format!("{prefix}/storage-provisioner"), provisioner.to_string());
        }
    });
    let message = format!(
        "Waiting for a volume to be created either by the external provisioner '{provisioner}' or \
         manually by the system administrator. If volume creation is delayed, please verify that \
         the provisioner is running and correctly registered."
    );
    report(cluster, claim, EventType::Normal, "ExternalProvisioning", &message, CONTROLLER);
    let message = format!("External provisioner is provisioning volume for claim \"{key}\"");
    let component = provisioner_component(class);
    report(cluster, claim, EventType::Normal, "Provisioning", &message, &component);
    enqueue(cluster, key, PROVISION_MS);
}

fn provisioner_component(class: &StorageClass) -> String {
    format!("{}_minikube_{PROVISIONER_ID}", class.provisioner)
}

/// Makes the volume and binds the claim to it.
fn provision(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    let key = &claim.meta.key;
    cluster.volumes.provisioning.remove(key);
    let name: Rc<str> = format!("pvc-{}", claim.meta.uid).into();
    let mut meta = Meta::new(Volume::key(&name));
    let provisioned_by = "pv.kubernetes.io/provisioned-by".to_string();
    meta.annotations = Rc::new(Labels::from([(provisioned_by, class.provisioner.to_string())]));
    meta.finalizers = vec!["kubernetes.io/pv-protection".into()];
    let volume = Volume {
        meta,
        capacity_bytes: claim.request_bytes,
        capacity: Rc::clone(&claim.request),
        storage_class: Rc::clone(&class.meta.key.name),
        access_modes: Rc::clone(&claim.access_modes),
        reclaim_policy: class.reclaim_policy,
        phase: VolumePhase::Bound,
        claim: Some((key.clone(), claim.meta.uid)),
        files: Rc::default(),
    };
    if cluster.store.create(volume, cluster.now).is_err() {
        return;
    }
    let message = format!("Successfully provisioned volume {name}");
    let component = provisioner_component(class);
    report(cluster, claim, EventType::Normal, "ProvisioningSucceeded", &message, &component);
    cluster.store.update::<Claim>(key, |claim| {
        let annotations = Rc::make_mut(&mut claim.meta.annotations);
        for word in ["bind-completed", "bound-by-controller"] {
            annotations.insert(format!("pv.kubernetes.io/{word}"), "yes".into());
        }
        claim.phase = ClaimPhase::Bound;
        claim.capacity = Some(Rc::clone(&claim.request));
        claim.volume = Some(name);
    });
}

/// Decides what becomes of a volume whose claim is gone.
fn reclaim(cluster: &mut Cluster, volume: &Volume) {
    let key = &volume.meta.key;
    let Some((claim, uid)) = &volume.claim else { return };
    if cluster.store.has::<Claim>(claim, *uid) {
        return;
    }
    if volume.phase == VolumePhase::Bound {
        cluster.store.update::<Volume>(key, |volume| volume.phase = VolumePhase::Released);
        if volume.reclaim_policy == ReclaimPolicy::Delete {
            enqueue(cluster, key, PROVISION_MS);
        }
    } else if volume.reclaim_policy == ReclaimPolicy::Delete {
        cluster.store.remove::<Volume>(key);
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
