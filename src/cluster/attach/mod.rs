//! The attach-detach controller: a disk is attached to a node before a kubelet can mount it, and one
//! that only one node may use is taken off the old node first.
//!
//! Upstream: `pkg/controller/volume/attachdetach/reconciler/reconciler.go`.
//!
//! Simplified: attachments are no objects, and attaching takes a second.

pub mod memory;

use super::event::{Event, EventType, Regarding};
use super::journal::Changed;
use super::meta::{Key, Kind};
use super::node::{Node, OUT_OF_SERVICE};
use super::pod::Pod;
use super::storage::{AccessMode, Claim, Volume};
use super::time::{MINUTE, Millis, SECOND};
use super::work::Work;
use super::{Change, Cluster};
use memory::Attachment;
use std::rc::Rc;

/// From a change to the controller's look at it.
const LOOK_MS: Millis = 10;

/// How long it takes to attach a disk, or to detach one.
const ATTACH_MS: Millis = SECOND;

/// How long a volume stays attached to a node that does not answer, after its last pod is gone.
///
/// Upstream: `attach_detach_controller.go`, ReconcilerMaxWaitForUnmountDuration.
const FORCE_DETACH_MS: Millis = 6 * MINUTE;

/// Queues the work that a change causes.
pub fn observe(cluster: &mut Cluster, change: &Change) {
    let mut volumes: Vec<Rc<str>> = Vec::new();
    if let Some(Changed { old, new }) = change.of::<Pod>() {
        let at = |pod: &Option<Rc<Pod>>| pod.as_ref().and_then(|pod| pod.node.clone());
        if at(&old) == at(&new) {
            return;
        }
        volumes.extend(new.or(old).into_iter().flat_map(|pod| volumes_of(cluster, &pod)));
    } else if let Some(Changed { old, new: Some(claim) }) = change.of::<Claim>() {
        let before = old.and_then(|old| old.volume.clone());
        volumes.extend(claim.volume.clone().filter(|_| before != claim.volume));
    } else if change.kind() == Kind::Node {
        volumes.extend(cluster.attachments.attached.keys().cloned());
    }
    for volume in volumes {
        look(cluster, volume, LOOK_MS);
    }
}

fn look(cluster: &mut Cluster, volume: Rc<str>, delay: Millis) {
    let is_attachable = |volume: &Rc<Volume>| volume.is_attachable;
    let known = cluster.attachments.attached.contains_key(&volume);
    if known || cluster.store.get::<Volume>(&Volume::key(&volume)).is_some_and(is_attachable) {
        cluster.queue.schedule(cluster.now + delay, Work::Attach(volume));
    }
}

/// The volumes of a pod's claims.
fn volumes_of(cluster: &Cluster, pod: &Pod) -> Vec<Rc<str>> {
    let claim = |name: &str| cluster.store.get::<Claim>(&pod.meta.key.sibling(name));
    pod.claims.iter().filter_map(|each| claim(&each.claim)?.volume.clone()).collect()
}

/// Looks at one volume.
#[inline(never)]
pub fn handle(cluster: &mut Cluster, name: &Rc<str>) {
    let users = users(cluster, name);
    let mut attached = cluster.attachments.attached.remove(name).unwrap_or_default();
    let now = cluster.now;
    attached.retain_mut(|each| {
        if users.iter().any(|(node, _)| *node == each.node) {
            each.leaves = None;
            return true;
        }
        let since = each.leaves.map_or(now, |(since, _)| since);
        let at = leaves_at(cluster, &each.node, since);
        each.leaves = Some((since, at));
        at > now
    });
    for (node, pod) in &users {
        if attached.iter().any(|each| each.node == *node) {
            continue;
        }
        if !attached.is_empty() && is_exclusive(cluster, name) {
            if cluster.attachments.refused.insert((Rc::clone(name), pod.meta.uid)) {
                let message = format!(
                    "Multi-Attach error for volume \"{name}\" Volume is already exclusively attached \
                     to one node and can't be attached to another"
                );
                report(cluster, pod, EventType::Warning, "FailedAttachVolume", &message);
            }
            continue;
        }
        let ready_at = now + ATTACH_MS;
        attached.push(Attachment { node: Rc::clone(node), ready_at, is_told: false, leaves: None });
    }
    for each in attached.iter_mut().filter(|each| !each.is_told && each.ready_at <= now) {
        each.is_told = true;
        for (_, pod) in users.iter().filter(|(node, _)| *node == each.node) {
            let message = format!("AttachVolume.Attach succeeded for volume \"{name}\" ");
            report(cluster, pod, EventType::Normal, "SuccessfulAttachVolume", &message);
        }
    }
    let leaving = attached.iter().filter_map(|each| each.leaves.map(|(_, at)| at));
    let coming = attached.iter().filter(|each| !each.is_told).map(|each| each.ready_at);
    if let Some(at) = leaving.chain(coming).min() {
        cluster.queue.schedule(at.max(now + 1), Work::Attach(Rc::clone(name)));
    }
    if !attached.is_empty() {
        cluster.attachments.attached.insert(Rc::clone(name), attached);
    }
}

/// Pods on nodes whose claim is bound to this volume.
fn users(cluster: &Cluster, volume: &str) -> Vec<(Rc<str>, Rc<Pod>)> {
    let Some(volume) = cluster.store.get::<Volume>(&Volume::key(volume)) else {
        return Vec::new();
    };
    let Some((claim, _)) = &volume.claim else { return Vec::new() };
    let is_bound = cluster.store.get::<Claim>(claim).is_some_and(|it| it.volume.is_some());
    let uses = |pod: &&Rc<Pod>| {
        is_bound
            && !pod.status.phase.is_terminal()
            && pod.claims.iter().any(|each| each.claim == claim.name)
    };
    let pods = cluster.store.list_in::<Pod>(&claim.namespace).filter(uses);
    pods.filter_map(|pod| Some((pod.node.clone()?, Rc::clone(pod)))).collect()
}

/// When a volume comes off a node that has not used it since.
fn leaves_at(cluster: &Cluster, name: &str, since: Millis) -> Millis {
    let node = cluster.store.get::<Node>(&Node::key(name));
    let is_out = node.is_some_and(|node| node.is_tainted(OUT_OF_SERVICE));
    let answers = cluster.machines.lost_since(name).is_none();
    let waits = if is_out || answers { ATTACH_MS } else { FORCE_DETACH_MS };
    (since + waits).max(if is_out { cluster.now } else { 0 })
}

fn is_exclusive(cluster: &Cluster, volume: &str) -> bool {
    let shared = [AccessMode::ReadOnlyMany, AccessMode::ReadWriteMany];
    let volume = cluster.store.get::<Volume>(&Volume::key(volume));
    volume.is_none_or(|it| !it.access_modes.iter().any(|mode| shared.contains(mode)))
}

/// Whether everything that a pod on this node mounts is attached there.
pub fn is_ready<'a>(cluster: &Cluster, node: &str, claims: impl Iterator<Item = &'a Key>) -> bool {
    let is_there = |claim: &Key| {
        let volume = cluster.store.get::<Claim>(claim)?.volume.clone()?;
        let attachable = cluster.store.get::<Volume>(&Volume::key(&volume))?.is_attachable;
        let attached = cluster.attachments.attached.get(&volume).map_or(&[][..], Vec::as_slice);
        let ready = |each: &Attachment| *each.node == *node && each.ready_at <= cluster.now;
        Some(!attachable || attached.iter().any(ready))
    };
    let mut claims = claims;
    claims.all(|claim| is_there(claim).unwrap_or(true))
}

/// The volume that keeps a pod waiting because another node has it, that node, and when it comes off
/// by itself.
pub fn held_elsewhere(cluster: &Cluster, pod: &Pod) -> Option<(Rc<str>, Rc<str>, Option<Millis>)> {
    let node = pod.node.as_ref()?;
    volumes_of(cluster, pod).into_iter().find_map(|volume| {
        let attached = cluster.attachments.attached.get(&volume)?;
        let other = attached.iter().find(|each| each.node != *node)?;
        let is_here = attached.iter().any(|each| each.node == *node);
        let until = other.leaves.map(|(_, at)| at);
        (!is_here).then(|| (volume, Rc::clone(&other.node), until))
    })
}

fn report(cluster: &mut Cluster, pod: &Pod, type_: EventType, reason: &str, message: &str) {
    let regarding = Regarding::object(Kind::Pod, &pod.meta);
    let (event, now) = ((type_, reason, message), cluster.now);
    cluster.store.report(Event::new(regarding, event, "attachdetach-controller", now));
}
