//! Sets and their revisions as the API has them.

use super::kind::{ControllerRevision, StatefulSet};
use super::spec::StatefulSetSpec;
use crate::api::tree::tree;
use crate::api::{Kind, Tree, json as api_json};
use crate::cluster::meta::{Meta, Shared};
use crate::cluster::pod::ConditionStatus;
use crate::cluster::record::{Stored, View};
use crate::cluster::template::PodTemplate;
use crate::cluster::time::timestamp;
use serde_json::Value;

impl Stored for StatefulSet {
    const KIND: Kind = Kind::StatefulSet;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        let spec = match old {
            Some(old) => old.spec.replaced_by(spec),
            None => StatefulSetSpec::from_api(spec),
        };
        let status = old.map(|old| old.status.clone()).unwrap_or_default();
        Self { meta, spec: Shared::new(spec), status }
    }

    fn body(&self, _view: View<'_>) -> Value {
        tree!({"spec": (*self.spec.api).clone(), "status": set_status(self)})
    }
}

impl Stored for ControllerRevision {
    const KIND: Kind = Kind::ControllerRevision;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let (data, revision) = (object.at("data"), object.int("revision"));
        match old {
            Some(old) => Self { meta, revision, ..old.clone() },
            None => Self {
                meta,
                revision,
                data: data.to_string().into(),
                template: Shared::new(PodTemplate::from_api(data.at("spec").at("template"))),
            },
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        let data = api_json::parse(&self.data).unwrap_or_default();
        tree!({"data": data, "revision": self.revision})
    }
}

/// The status of a set.
fn set_status(set: &StatefulSet) -> Value {
    let own = &set.status;
    let mut status = tree!({"replicas": own.replicas, "availableReplicas": own.available_replicas});
    let counts = [
        ("readyReplicas", own.ready_replicas),
        ("currentReplicas", own.current_replicas),
        ("updatedReplicas", own.updated_replicas),
    ];
    for (field, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        status.put(field, count);
    }
    if own.observed_generation != 0 {
        status.put("observedGeneration", own.observed_generation);
    }
    let revisions =
        [("currentRevision", &own.current_revision), ("updateRevision", &own.update_revision)];
    for (field, name) in revisions.into_iter().filter(|(_, name)| !name.is_empty()) {
        status.put(field, &**name);
    }
    if let Some(count) = own.collision_count {
        status.put("collisionCount", count);
    }
    let conditions: Vec<Value> = own
        .conditions
        .iter()
        .map(|condition| {
            tree!({
                "type": &*condition.type_,
                "status": match condition.status {
                    ConditionStatus::True => "True",
                    ConditionStatus::False => "False",
                    ConditionStatus::Unknown => "Unknown",
                },
                "lastTransitionTime": timestamp(condition.since),
                "reason": &*condition.reason,
                "message": &*condition.message,
            })
        })
        .collect();
    if !conditions.is_empty() {
        status.put("conditions", conditions);
    }
    status
}
