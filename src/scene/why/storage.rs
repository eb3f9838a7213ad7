//! What a pod waits for because of its claims and volumes.

use super::super::clock::short_clock as clock;
use crate::cluster::Cluster;
use crate::cluster::attach;
use crate::cluster::pod::Pod;
use crate::cluster::storage::{Claim, ClaimPhase};
use crate::cluster::volumes::{self, Wait};
use std::rc::Rc;

/// The first claim that keeps a pod from being scheduled, and what it waits for, as the end of a
/// sentence that begins with the pod's name.
pub fn unbound(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let claim = first_unbound(cluster, pod)?;
    let name = claim.meta.name();
    let class = claim.storage_class.as_deref().unwrap_or_default();
    let why = match volumes::wait_of(cluster, claim) {
        Wait::NoClass => "it names no storage class, there is no default one, and no volume fits; \
                          the controller looks again every 15 s"
            .into(),
        Wait::UnknownClass => {
            format!("there is no StorageClass {class}; the controller looks again every 15 s")
        }
        Wait::ByHand => {
            format!("no volume fits, and class {class} has no provisioner: a person makes them")
        }
        Wait::NoProvisioner => {
            format!("no provisioner of class {class} is running that could make its volume")
        }
        Wait::Working(until) => format!("its volume is made until {}", clock(until)),
        Wait::Failed(until) => {
            format!("no volume could be made for it, next try at {}", clock(until))
        }
        Wait::Named => {
            let volume = claim.volume.as_deref().unwrap_or_default();
            format!("the volume {volume} that it names is missing, taken or does not fit")
        }
        Wait::Consumer => "it waits until its pod has a node".into(),
    };
    Some(format!("is Pending: claim {name} is not bound: {why}"))
}

/// The command that tells more about it.
pub fn command(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let claim = first_unbound(cluster, pod)?;
    Some(format!("kubectl describe pvc {}", claim.meta.name()))
}

fn first_unbound<'a>(cluster: &'a Cluster, pod: &Pod) -> Option<&'a Rc<Claim>> {
    let claim = |name: &str| cluster.store().get::<Claim>(&pod.meta.key.sibling(name));
    let mut claims = pod.claims.iter().filter_map(|each| claim(&each.claim));
    let found = claims.find(|claim| claim.phase == ClaimPhase::Pending)?;
    (pod.node.is_none() && !found.meta.is_terminating()).then_some(found)
}

/// That another node has the volume of a pod, and what makes it let go, as the end of a sentence that
/// begins with the pod's name.
pub fn undetached(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let (_, node, until) = attach::held_elsewhere(cluster, pod)?;
    let is_lost = cluster.machines().lost_since(&node).is_some();
    let next = match until {
        None => "and is detached when no pod there uses it any more".to_owned(),
        Some(_) if is_lost => format!(
            "when it is taken off by force, as {node} does not answer; sooner if the node comes back \
             or, where it is certain to be off, is tainted out-of-service"
        ),
        Some(_) => "when it is detached".to_owned(),
    };
    let held = held_elsewhere(cluster, pod)?;
    Some(format!("waits: {held}, {next}. To delete the pod, even by force, detaches nothing"))
}

/// That another node has the volume of a pod, in a few words.
pub fn held_elsewhere(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let (volume, node, until) = attach::held_elsewhere(cluster, pod)?;
    let until = until.map_or(String::new(), |at| format!(" until {}", clock(at)));
    Some(format!("its volume {volume} is attached to {node}{until}"))
}
