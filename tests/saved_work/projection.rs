//! What a cluster comes to at an instant, as one number: what a person sees of its objects.

use serde_json::{Map, Value, json};
use statefulset_playground::cluster::{Cluster, objects};

/// The kinds that are looked at.
const KINDS: [&str; 9] = [
    "StatefulSet",
    "Pod",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "Node",
    "Service",
    "PodDisruptionBudget",
    "ControllerRevision",
    "Endpoints",
];

/// Fields of `metadata` that are looked at.
const METADATA: [&str; 5] =
    ["namespace", "name", "labels", "creationTimestamp", "deletionTimestamp"];

/// Fields that are not looked at, wherever they stand.
const LEFT_OUT: [&str; 5] =
    ["uid", "resourceVersion", "timeAdded", "observedGeneration", "containerID"];

/// Fields of `spec` that are looked at.
const SPEC: [&str; 7] =
    ["nodeName", "replicas", "volumeName", "claimRef", "unschedulable", "taints", "resources"];

/// What of the objects of a cluster is looked at, a line of JSON each.
pub fn lines(cluster: &Cluster) -> Vec<String> {
    let all = KINDS.iter().flat_map(|kind| {
        let own = objects::list(cluster, kind);
        own.into_iter().map(move |object| format!("{kind} {}", projection(&object)))
    });
    let events = objects::list(cluster, "Event").into_iter().map(|event| {
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        let about = &event["involvedObject"]["name"];
        format!("Event {about} {} {} {}", text("reason"), event["count"], text("message"))
    });
    let mut events: Vec<String> = events.collect();
    events.sort();
    all.chain(events).map(|line| without_names(&line)).collect()
}

/// A line without the UIDs in the names of volumes.
fn without_names(line: &str) -> String {
    let mut parts = line.split("pvc-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let is_uid = part.len() >= 36 && part.as_bytes()[8] == b'-' && part.as_bytes()[13] == b'-';
        format!("{text}pvc-{}", if is_uid { &part[36..] } else { part })
    })
}

fn projection(object: &Value) -> Value {
    let chosen = |part: &str, fields: &[&str]| -> Value {
        let own = fields.iter().filter_map(|field| {
            let value = object.get(part)?.get(*field)?;
            Some(((*field).to_owned(), without_versions(value)))
        });
        Value::Object(own.collect())
    };
    json!({
        "metadata": chosen("metadata", &METADATA),
        "spec": chosen("spec", &SPEC),
        "status": object.get("status").map(without_versions),
        "revision": object.get("revision"),
        "subsets": object.get("subsets").map(without_versions),
    })
}

/// A tree in the order of its keys, without numbers of versions and UIDs.
fn without_versions(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut own: Vec<_> =
                members.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str())).collect();
            own.sort_by(|left, right| left.0.cmp(right.0));
            let own = own.into_iter().map(|(key, it)| (key.clone(), without_versions(it)));
            Value::Object(own.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(without_versions).collect(),
        other => other.clone(),
    }
}
