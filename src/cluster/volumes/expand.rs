//! Growing volumes: a bound claim that asks for more than it has.
//!
//! Upstream: `pkg/controller/volume/expand`; `kubernetes-csi/external-resizer`;
//! `pkg/volume/util/operationexecutor`, NodeExpandVolume.

use super::{PROVISION_MS, enqueue, report};
use crate::cluster::Cluster;
use crate::cluster::event::EventType;
use crate::cluster::pod::Pod;
use crate::cluster::storage::{Claim, Growth, HOST_PATH, Volume, class_of};
use std::rc::Rc;

/// Brings the expansion of a claim one step further.
pub fn go_on(cluster: &mut Cluster, claim: &Rc<Claim>) {
    let key = &claim.meta.key;
    let Some(volume) = claim.volume.as_deref().map(Volume::key) else { return };
    let Some(has) = cluster.store.get::<Volume>(&volume).cloned() else { return };
    let class = class_of(&cluster.store, claim);
    let provisioner = class.map(|class| Rc::clone(&class.provisioner)).unwrap_or_default();
    let component = format!("external-resizer {provisioner}");
    match claim.growth {
        None if claim.request_bytes > has.capacity_bytes => {
            let message = "waiting for an external controller to expand this PVC";
            report(
                cluster,
                claim,
                EventType::Normal,
                "ExternalExpanding",
                message,
                "volume_expand",
            );
            // Nobody resizes what the controller manager has made itself.
            if *provisioner == *HOST_PATH {
                return;
            }
            let message = format!("External resizer is resizing volume {}", has.meta.name());
            report(cluster, claim, EventType::Normal, "Resizing", &message, &component);
            cluster.volumes.growing.insert(key.clone(), cluster.now + PROVISION_MS);
            set(cluster, claim, Some(Growth::Resizing));
            enqueue(cluster, key, PROVISION_MS);
        }
        Some(Growth::Resizing) => {
            let until = cluster.volumes.growing.get(key).copied().unwrap_or(0);
            if until > cluster.now {
                return enqueue(cluster, key, until - cluster.now);
            }
            cluster.volumes.growing.remove(key);
            cluster.store.update::<Volume>(&volume, |volume| {
                volume.capacity_bytes = claim.request_bytes;
                volume.capacity = Rc::clone(&claim.request);
            });
            let message = "Require file system resize of volume on node";
            report(
                cluster,
                claim,
                EventType::Normal,
                "FileSystemResizeRequired",
                message,
                &component,
            );
            set(cluster, claim, Some(Growth::FileSystemResizePending));
        }
        Some(Growth::FileSystemResizePending) => on_node(cluster, claim, &has),
        None => {}
    }
}

/// The kubelet of a node on which the claim is in use makes the file system as large as the volume.
fn on_node(cluster: &mut Cluster, claim: &Claim, volume: &Volume) {
    let runs = |pod: &&Rc<Pod>| {
        let mounts = pod.claims.iter().any(|each| each.claim == claim.meta.key.name);
        mounts && pod.status.pod_ip.is_some() && !pod.status.phase.is_terminal()
    };
    let pods = cluster.store.list_in::<Pod>(&claim.meta.key.namespace);
    let Some(node) = pods.filter(runs).find_map(|pod| pod.node.clone()) else { return };
    let capacity = Rc::clone(&volume.capacity);
    cluster.store.update::<Claim>(&claim.meta.key, |claim| {
        claim.capacity = Some(capacity);
        claim.growth = None;
    });
    let name = volume.meta.name();
    let message = format!("MountVolume.NodeExpandVolume succeeded for volume \"{name}\" {node}");
    report(cluster, claim, EventType::Normal, "FileSystemResizeSuccessful", &message, "kubelet");
}

fn set(cluster: &mut Cluster, claim: &Claim, growth: Option<Growth>) {
    cluster.store.update::<Claim>(&claim.meta.key, |claim| claim.growth = growth);
}
