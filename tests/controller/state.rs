//! What a recording shows of the state: names for UIDs and revisions, and the objects.

use serde_json::{Value, json};
use statefulset_playground::cluster::event::{Event, EventType};
use statefulset_playground::cluster::meta::{Key, Kind, Meta, OwnerReference, Uid};
use statefulset_playground::cluster::pod::{ConditionStatus, Pod};
use statefulset_playground::cluster::stateful_set::identity::{parent_and_ordinal, revision_of};
use statefulset_playground::cluster::stateful_set::write::{Report, Written};
use statefulset_playground::cluster::stateful_set::{ControllerRevision, StatefulSet};
use statefulset_playground::cluster::storage::Claim;
use statefulset_playground::cluster::{Change, Store};
use std::collections::BTreeMap;

/// How many objects of each name there have been, and the short names of revisions.
#[derive(Default)]
pub struct Names {
    uids: BTreeMap<(Kind, String), Vec<Uid>>,
    revisions: Vec<String>,
}

impl Names {
    /// Takes note of a new object.
    pub fn note(&mut self, change: &Change) {
        let meta = change.meta();
        let known = self.uids.entry((change.kind(), meta.name().into())).or_default();
        if !known.contains(&meta.uid) {
            known.push(meta.uid);
        }
        if change.kind() == Kind::ControllerRevision {
            let name = meta.name().to_string();
            if !self.revisions.contains(&name) {
                self.revisions.push(name);
            }
        }
    }

    fn incarnation(&self, kind: Kind, name: &str, uid: Uid) -> usize {
        let known = self.uids.get(&(kind, name.to_string()));
        known.and_then(|known| known.iter().position(|it| *it == uid)).map_or(1, |at| at + 1)
    }

    fn revision(&self, name: &str) -> String {
        let position = self.revisions.iter().position(|it| it == name);
        position.map_or_else(|| name.to_string(), |at| format!("r{}", at + 1))
    }

    fn owner(&self, owner: &OwnerReference) -> String {
        let kind = match &*owner.kind {
            "StatefulSet" => Kind::StatefulSet,
            "Pod" => Kind::Pod,
            _ => return format!("{}/{}#1", owner.kind.to_lowercase(), owner.name),
        };
        let incarnation = self.incarnation(kind, &owner.name, owner.uid);
        format!("{}/{}#{incarnation}", owner.kind.to_lowercase(), owner.name)
    }

    fn owners(&self, owners: &[OwnerReference]) -> Vec<String> {
        let mut owners: Vec<String> = owners.iter().map(|owner| self.owner(owner)).collect();
        owners.sort();
        owners
    }

    fn controller(&self, meta: &Meta) -> String {
        meta.controller().map_or_else(String::new, |owner| self.owner(owner))
    }

    /// What a sync wrote and how it failed, sorted.
    pub fn sync_lines(&self, report: &Report) -> Vec<String> {
        let written = report.written.iter().map(|written| self.line(written));
        let errors = report.errors.iter().map(|error| format!("error {error}"));
        let mut lines: Vec<String> = written.chain(errors).collect();
        lines.sort();
        lines
    }

    fn line(&self, written: &Written) -> String {
        match written {
            Written::CreatedPod { pod, revision } => {
                format!("create pod {pod} {}", self.revision(revision))
            }
            Written::DeletedPod { pod } => format!("delete pod {pod}"),
            Written::UpdatedPod { pod } => format!("update pod {pod}"),
            Written::AdoptedPod { pod } => format!("adopt pod {pod}"),
            Written::ReleasedPod { pod } => format!("release pod {pod}"),
            Written::CreatedClaim { claim } => format!("create claim {claim}"),
            Written::UpdatedClaim { claim, owners } => {
                format!("update claim {claim} owners={}", self.owners(owners).join(","))
            }
            Written::CreatedRevision { revision, number } => {
                format!("create revision {}={number}", self.revision(revision))
            }
            Written::UpdatedRevision { revision, number } => {
                format!("update revision {}={number}", self.revision(revision))
            }
            Written::DeletedRevision { revision } => {
                format!("delete revision {}", self.revision(revision))
            }
            Written::AdoptedRevision { revision } => {
                format!("adopt revision {}", self.revision(revision))
            }
        }
    }

    /// The state as a recording shows it.
    pub fn state(&self, store: &Store, key: &Key) -> Value {
        let set = store.get::<StatefulSet>(key);
        let presence = match set {
            None => "absent",
            Some(set) if set.meta.is_terminating() => "terminating",
            Some(_) => "present",
        };
        let mut pods: Vec<_> = store.list::<Pod>().collect();
        pods.sort_by_key(|pod| parent_and_ordinal(pod.meta.name()).map(|(_, ordinal)| ordinal));
        let mut revisions: Vec<_> = store.list::<ControllerRevision>().collect();
        revisions.sort_by_key(|it| it.revision);
        json!({
            "set": presence,
            "generation": set.map_or(0, |set| set.meta.generation),
            "pods": pods.iter().map(|pod| self.pod(pod)).collect::<Vec<_>>(),
            "claims": store.list::<Claim>().map(|claim| self.claim(claim)).collect::<Vec<_>>(),
            "revisions": revisions.iter().map(|it| json!({
                "name": self.revision(it.meta.name()),
                "revision": it.revision,
                "owner": self.controller(&it.meta),
            })).collect::<Vec<_>>(),
            "status": set.map(|set| self.status(set)),
        })
    }

    fn pod(&self, pod: &Pod) -> Value {
        let label = |name: &str| pod.meta.labels.get(name).cloned().unwrap_or_default();
        json!({
            "name": pod.meta.name(),
            "incarnation": self.incarnation(Kind::Pod, pod.meta.name(), pod.meta.uid),
            "phase": pod.status.phase.name(),
            "scheduled": pod.node.is_some(),
            "ready": pod.is_ready(),
            "terminating": pod.is_terminating(),
            "revision": self.revision(revision_of(pod)),
            "image": &*pod.template.containers[0].image,
            "podIndex": label("apps.kubernetes.io/pod-index"),
            "claims": pod.claims.iter().map(|volume| &*volume.claim).collect::<Vec<_>>(),
            "owner": self.controller(&pod.meta),
        })
    }

    fn claim(&self, claim: &Claim) -> Value {
        let (kind, meta) = (Kind::PersistentVolumeClaim, &claim.meta);
        json!({
            "name": meta.name(),
            "incarnation": self.incarnation(kind, meta.name(), meta.uid),
            "owners": self.owners(&meta.owners),
            "terminating": meta.is_terminating(),
        })
    }

    fn status(&self, set: &StatefulSet) -> Value {
        let status = &set.status;
        let mut value = json!({
            "observedGeneration": status.observed_generation,
            "replicas": status.replicas,
            "readyReplicas": status.ready_replicas,
            "currentReplicas": status.current_replicas,
            "updatedReplicas": status.updated_replicas,
            "availableReplicas": status.available_replicas,
            "currentRevision": self.revision(&status.current_revision),
            "updateRevision": self.revision(&status.update_revision),
            "collisionCount": status.collision_count,
        });
        let condition_status = |status: ConditionStatus| format!("{status:?}");
        let conditions: Vec<Value> = status
            .conditions
            .iter()
            .map(|it| {
                json!({
                    "type": &*it.type_,
                    "status": condition_status(it.status),
                    "reason": &*it.reason,
                    "message": &*it.message,
                })
            })
            .collect();
        if !conditions.is_empty() {
            value["conditions"] = conditions.into();
        }
        value
    }
}

/// An event about the set as a recording shows it.
pub fn event_line(event: &Event) -> Option<String> {
    let type_ = match event.type_ {
        EventType::Normal => "Normal",
        EventType::Warning => "Warning",
    };
    let is_about_set = event.regarding.kind == Kind::StatefulSet;
    is_about_set.then(|| format!("{type_} {} {}", event.reason, event.message))
}
