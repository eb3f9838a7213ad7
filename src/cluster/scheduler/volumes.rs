//! What the claims of a pod mean for where it can go.

use super::memory::{Because, Unschedulable};
use super::neighbours::Objection;
use crate::cluster::Cluster;
use crate::cluster::meta::Key;
use crate::cluster::node::Node;
use crate::cluster::pod::Pod;
use crate::cluster::storage::{
    AccessMode, BindingMode, Claim, ClaimPhase, NO_PROVISIONER, Volume, class_of,
};
use crate::cluster::volumes::matching;
use std::rc::Rc;

/// The claims of a pod that looks for a node.
pub struct Claims<'a> {
    cluster: &'a Cluster,
    volumes: Vec<&'a Rc<Volume>>,
    /// Claims that are bound when the node is known.
    delayed: Vec<&'a Rc<Claim>>,
    /// Another pod has a claim that only one may have.
    is_taken: bool,
}

impl<'a> Claims<'a> {
    /// Looks at a pod's claims.
    ///
    /// Upstream: `pkg/scheduler/framework/plugins/volumebinding/volume_binding.go`, podHasPVCs,
    /// PreFilter; `volumerestrictions/volume_restrictions.go`, PreFilter.
    ///
    /// # Errors
    /// If some claim is not there, or has to be bound first.
    pub fn of(cluster: &'a Cluster, pod: &Pod) -> Result<Self, Unschedulable> {
        let refuse = |reason: String| {
            let nodes = cluster.store.list::<Node>().count();
            let message = format!("0/{nodes} nodes are available: {reason}. not found");
            Err(Unschedulable { because: Because::Claims, message: message.into() })
        };
        let mut found = Self { cluster, volumes: Vec::new(), delayed: Vec::new(), is_taken: false };
        let mut unbound = false;
        for volume in pod.claims.iter() {
            let (name, key) = (&volume.claim, pod.meta.key.sibling(&volume.claim));
            let Some(claim) = cluster.store.get::<Claim>(&key) else {
                return refuse(format!("persistentvolumeclaim \"{name}\" not found"));
            };
            if claim.meta.is_terminating() {
                return refuse(format!("persistentvolumeclaim \"{name}\" is being deleted"));
            }
            found.is_taken |= claim.access_modes.contains(&AccessMode::ReadWriteOncePod)
                && is_used_by_another(cluster, &key, pod);
            let delayed = class_of(cluster.store(), claim)
                .is_some_and(|class| class.binding_mode == BindingMode::WaitForFirstConsumer);
            match claim.phase {
                ClaimPhase::Bound => {
                    let name = claim.volume.as_deref().unwrap_or_default();
                    found.volumes.extend(cluster.store.get::<Volume>(&Volume::key(name)));
                }
                ClaimPhase::Lost => {
                    let volume = claim.volume.as_deref().unwrap_or_default();
                    return refuse(format!(
                        "persistentvolumeclaim \"{name}\" bound to non-existent \
                         persistentvolume \"{volume}\""
                    ));
                }
                ClaimPhase::Pending if delayed => found.delayed.push(claim),
                ClaimPhase::Pending => unbound = true,
            }
        }
        match unbound {
            true => refuse("pod has unbound immediate PersistentVolumeClaims".into()),
            false => Ok(found),
        }
    }

    /// The claims that have to be bound when the node is known.
    pub fn delayed(&self) -> Vec<Key> {
        self.delayed.iter().map(|claim| claim.meta.key.clone()).collect()
    }

    /// What speaks against a node.
    ///
    /// Upstream: the Filter functions of the same plugins.
    pub fn object_to(&self, node: &Node) -> Option<Objection> {
        if self.is_taken {
            let text = "node has pod using PersistentVolumeClaim with the same name and \
                        ReadWriteOncePod access mode";
            return Some((text, false));
        }
        if self.volumes.iter().any(|volume| !matching::can_reach(volume, node)) {
            return Some(("node(s) didn't match PersistentVolume's node affinity", true));
        }
        let store = self.cluster.store();
        let is_made = |claim: &Claim| {
            class_of(store, claim).is_some_and(|class| *class.provisioner != *NO_PROVISIONER)
        };
        let finds = |claim: &&Rc<Claim>| {
            is_made(claim) || matching::find(store, claim, Some(node), false).is_some()
        };
        let text = "node(s) didn't find available persistent volumes to bind";
        (!self.delayed.iter().all(finds)).then_some((text, true))
    }
}

fn is_used_by_another(cluster: &Cluster, claim: &Key, pod: &Pod) -> bool {
    let mut pods = cluster.store.list_in::<Pod>(&claim.namespace);
    pods.any(|other| {
        other.meta.uid != pod.meta.uid
            && other.node.is_some()
            && !other.status.phase.is_terminal()
            && other.claims.iter().any(|each| each.claim == claim.name)
    })
}
