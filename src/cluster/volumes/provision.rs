//! Making volumes for claims.
//!
//! Upstream: `kubernetes-sigs/sig-storage-lib-external-provisioner`, controller.go,
//! provisionClaimOperation, canProvision; the sources of the provisioners.

use super::matching::attributes;
use super::memory::Attempt;
use super::{CONTROLLER, PROVISION_MS, PROVISIONED_BY, RESYNC_MS, Wait, bind_to, enqueue, report};
use crate::api::Tree;
use crate::api::tree::tree;
use crate::cluster::Cluster;
use crate::cluster::event::EventType;
use crate::cluster::fault::Provisioner;
use crate::cluster::meta::{Key, Labels, Meta, Uid};
use crate::cluster::node::{Node, ZONE};
use crate::cluster::record::Stored;
use crate::cluster::storage::{
    BindingMode, Claim, HOST_PATH, LOCAL_PATH, MINIKUBE, NETWORK_DISKS, NO_PROVISIONER,
    SELECTED_NODE, StorageClass, VOLUME_PROTECTION, Volume, VolumePhase, ZONAL_DISKS,
};
use crate::cluster::time::{MINUTE, Millis, SECOND};
use serde_json::Value;
use std::rc::Rc;

/// How long a slow provisioner takes.
const SLOW_MS: Millis = MINUTE;

/// The longest wait after a failure; it begins with a second and doubles.
const MAX_RETRY_MS: Millis = 5 * MINUTE;

/// Part of the provisioner's name in its events: the identity of its process.
const PROVISIONER_ID: Uid = Uid(0x5f0c_2a4e_9b1d_4c77_8e36_1d20_74a5_b9f3);

/// Has a claim's volume made, or tells why nobody does.
pub fn go_on(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    let key = &claim.meta.key;
    if *class.provisioner == *NO_PROVISIONER {
        let message = "no persistent volumes available for this claim and no storage class is set";
        report(cluster, claim, EventType::Normal, "FailedBinding", message, CONTROLLER);
        return enqueue(cluster, key, RESYNC_MS);
    }
    let made = Volume::key(&name_for(claim));
    if cluster.store.get::<Volume>(&made).is_some() {
        // Its volume is there and of another attributes class: it waits for good.
        return enqueue(cluster, key, RESYNC_MS);
    }
    if *class.provisioner == *HOST_PATH {
        return at_once(cluster, claim, class);
    }
    let before = cluster.volumes.provisioning.get(key).copied();
    let Some(attempt) = before.filter(|attempt| attempt.uid == claim.meta.uid) else {
        ask(cluster, claim, class);
        return begin(cluster, claim, class, 0);
    };
    if attempt.until > cluster.now {
        return enqueue(cluster, key, attempt.until - cluster.now);
    }
    match (attempt.works, cluster.faults().provisioner) {
        (false, _) => begin(cluster, claim, class, attempt.failures),
        (true, Provisioner::Full) => fail(cluster, claim, class, attempt.failures + 1),
        (true, _) => provision(cluster, claim, class),
    }
}

/// What a claim of this class waits for.
pub fn wait_of(cluster: &Cluster, claim: &Claim, class: &StorageClass) -> Wait {
    let attempt = cluster.volumes.provisioning.get(&claim.meta.key);
    match attempt.filter(|attempt| attempt.uid == claim.meta.uid) {
        Some(attempt) if attempt.works => Wait::Working(attempt.until),
        Some(attempt) => Wait::Failed(attempt.until),
        None if class.binding_mode == BindingMode::WaitForFirstConsumer => Wait::Consumer,
        None => Wait::NoProvisioner,
    }
}

/// The controller makes the volume itself.
///
/// Upstream: `pkg/controller/volume/persistentvolume/pv_controller.go`, provisionClaimOperation;
/// `pkg/volume/hostpath/host_path.go`, Provision.
fn at_once(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    annotate(cluster, claim, class);
    if claim.is_block {
        let name = class.meta.name();
        let message = format!(
            "Failed to provision volume with StorageClass \"{name}\": {HOST_PATH} does not \
             support block volume provisioning"
        );
        report(cluster, claim, EventType::Warning, "ProvisioningFailed", &message, CONTROLLER);
        return enqueue(cluster, &claim.meta.key, RESYNC_MS);
    }
    provision(cluster, claim, class);
}

/// Writes down in the claim whose work its volume is.
fn annotate(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    let provisioner = &class.provisioner;
    cluster.store.update::<Claim>(&claim.meta.key, |claim| {
        let annotations = Rc::make_mut(&mut claim.meta.annotations);
        for prefix in ["volume.kubernetes.io", "volume.beta.kubernetes.io"] {
            annotations.insert(format!("{prefix}/storage-provisioner"), provisioner.to_string());
        }
    });
}

/// Asks for a volume.
fn ask(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    annotate(cluster, claim, class);
    let provisioner = &class.provisioner;
    let message = format!(
        "Waiting for a volume to be created either by the external provisioner '{provisioner}' or \
         manually by the system administrator. If volume creation is delayed, please verify that \
         the provisioner is running and correctly registered."
    );
    report(cluster, claim, EventType::Normal, "ExternalProvisioning", &message, CONTROLLER);
}

/// The provisioner begins to make a volume, if there is such a provisioner.
fn begin(cluster: &mut Cluster, claim: &Claim, class: &StorageClass, failures: u32) {
    let key = &claim.meta.key;
    if ![MINIKUBE, LOCAL_PATH, NETWORK_DISKS, ZONAL_DISKS].contains(&&*class.provisioner) {
        return enqueue(cluster, key, RESYNC_MS);
    }
    if claim.is_block && [MINIKUBE, LOCAL_PATH].contains(&&*class.provisioner) {
        let name = &class.provisioner;
        let message = format!("{name} does not support block volume provisioning");
        let component = component(class);
        report(cluster, claim, EventType::Warning, "ProvisioningFailed", &message, &component);
        return enqueue(cluster, key, RESYNC_MS);
    }
    let takes = match cluster.faults().provisioner {
        Provisioner::Slow => SLOW_MS,
        _ => PROVISION_MS,
    };
    let (uid, until) = (claim.meta.uid, cluster.now + takes);
    let attempt = Attempt { uid, until, failures, works: true };
    cluster.volumes.provisioning.insert(key.clone(), attempt);
    let message = format!("External provisioner is provisioning volume for claim \"{key}\"");
    report(cluster, claim, EventType::Normal, "Provisioning", &message, &component(class));
    enqueue(cluster, key, takes);
}

/// There is no room; another try follows.
fn fail(cluster: &mut Cluster, claim: &Claim, class: &StorageClass, failures: u32) {
    let key = &claim.meta.key;
    let wait = (SECOND << (failures - 1).min(9)).min(MAX_RETRY_MS);
    let (uid, until) = (claim.meta.uid, cluster.now + wait);
    let attempt = Attempt { uid, until, failures, works: false };
    cluster.volumes.provisioning.insert(key.clone(), attempt);
    let message = format!(
        "failed to provision volume with StorageClass \"{}\": rpc error: code = ResourceExhausted \
         desc = not enough free space",
        class.meta.name()
    );
    report(cluster, claim, EventType::Warning, "ProvisioningFailed", &message, &component(class));
    enqueue(cluster, key, wait);
}

fn component(class: &StorageClass) -> String {
    format!("{}_minikube_{PROVISIONER_ID}", class.provisioner)
}

/// Makes the volume and binds the claim to it.
fn provision(cluster: &mut Cluster, claim: &Claim, class: &StorageClass) {
    let name = name_for(claim);
    let mut meta = Meta::new(Volume::key(&name));
    let made_by = (PROVISIONED_BY.to_string(), class.provisioner.to_string());
    meta.annotations = Rc::new(Labels::from([made_by]));
    meta.finalizers = vec![VOLUME_PROTECTION.into()];
    let mut volume = Volume::read(meta, &tree!({"spec": spec(cluster, claim, class)}), None);
    let is_own = *class.provisioner == *HOST_PATH;
    let is_as_asked = attributes(&claim.spec) == attributes(&volume.spec);
    volume.phase = if is_as_asked { VolumePhase::Bound } else { VolumePhase::Pending };
    let Ok(volume) = cluster.store.create(volume, cluster.now) else { return };
    let (by, component) = match is_own {
        true => (format!(" using {HOST_PATH}"), CONTROLLER.to_owned()),
        false => (String::new(), component(class)),
    };
    let message = format!("Successfully provisioned volume {name}{by}");
    report(cluster, claim, EventType::Normal, "ProvisioningSucceeded", &message, &component);
    cluster.volumes.provisioning.remove(&claim.meta.key);
    match is_as_asked {
        true => bind_to(cluster, claim, &volume),
        false => enqueue(cluster, &claim.meta.key, RESYNC_MS),
    }
}

/// The name of the volume that is made for a claim.
fn name_for(claim: &Claim) -> Rc<str> {
    format!("pvc-{}", claim.meta.uid).into()
}

/// The spec of the volume that a provisioner makes for a claim.
fn spec(cluster: &Cluster, claim: &Claim, class: &StorageClass) -> Value {
    let Key { namespace, name } = &claim.meta.key;
    let uid = claim.meta.uid.to_string();
    let modes: Vec<&str> = claim.access_modes.iter().map(|mode| mode.name()).collect();
    let mut spec = tree!({
        "accessModes": modes,
        "capacity": {"storage": &*claim.request},
        "claimRef": {
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": &**name,
            "namespace": &**namespace, "resourceVersion": claim.meta.resource_version.to_string(),
            "uid": uid.as_str(),
        },
        "persistentVolumeReclaimPolicy": class.reclaim_policy.name(),
        "storageClassName": class.meta.name(),
        "volumeMode": if claim.is_block { "Block" } else { "Filesystem" },
    });
    if *class.provisioner == *MINIKUBE {
        let path = format!("/tmp/hostpath-provisioner/{namespace}/{name}");
        spec.put("hostPath", tree!({"path": path, "type": ""}));
        return spec;
    }
    add_source(&mut spec, claim, class, &uid);
    add_affinity(&mut spec, reachable_from(cluster, claim, class));
    spec
}

/// Notes from which nodes a volume can be reached, if not from all.
#[inline(never)]
fn add_affinity(spec: &mut Value, label: Option<(&'static str, String)>) {
    let Some((key, value)) = label else { return };
    let rule = tree!({"key": key, "operator": "In", "values": [value]});
    let terms = tree!({"nodeSelectorTerms": [{"matchExpressions": [rule]}]});
    spec.put("nodeAffinity", tree!({"required": terms}));
}

/// Where other provisioners than minikube's put a volume.
#[inline(never)]
fn add_source(spec: &mut Value, claim: &Claim, class: &StorageClass, uid: &str) {
    let Key { namespace, name } = &claim.meta.key;
    let (path, type_) = match &*class.provisioner {
        // Only drivers of the newer interface know of attributes.
        NETWORK_DISKS | ZONAL_DISKS => {
            let driver = &*class.provisioner;
            spec.put("csi", tree!({"driver": driver, "fsType": "ext4", "volumeHandle": uid}));
            let attributes = attributes(&claim.spec);
            if !attributes.is_empty() {
                spec.put("volumeAttributesClassName", attributes);
            }
            return;
        }
        LOCAL_PATH => {
            let folder = format!("pvc-{uid}_{namespace}_{name}");
            (format!("/opt/local-path-provisioner/{folder}"), "DirectoryOrCreate")
        }
        HOST_PATH => (format!("/tmp/hostpath_pv/{uid}"), ""),
        _ => (format!("/tmp/hostpath-provisioner/{namespace}/{name}"), ""),
    };
    spec.put("hostPath", tree!({"path": path, "type": type_}));
}

/// From where a new volume can be reached: a folder from its node, a disk from its zone. The label
/// of those nodes.
fn reachable_from(
    cluster: &Cluster,
    claim: &Claim,
    class: &StorageClass,
) -> Option<(&'static str, String)> {
    let key = match &*class.provisioner {
        LOCAL_PATH => "kubernetes.io/hostname",
        ZONAL_DISKS => ZONE,
        _ => return None,
    };
    let node = claim.meta.annotations.get(SELECTED_NODE)?;
    let node = cluster.store.get::<Node>(&Key::new("", node))?;
    Some((key, node.meta.labels.get(key)?.clone()))
}
