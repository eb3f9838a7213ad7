//! Pods as the API has them.

use super::{
    ClaimVolume, Condition, ConditionStatus, ContainerState, ContainerStatus, Pod, PodStatus,
    Terminated,
};
use crate::api::tree::tree;
use crate::api::{Kind, Tree, Version};
use crate::cluster::meta::{Meta, Shared};
use crate::cluster::node::Node;
use crate::cluster::record::{Stored, View};
use crate::cluster::rng::hex;
use crate::cluster::template::PodTemplate;
use crate::cluster::time::{LONGEST_MS, Millis, SECOND, timestamp};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The name of the volume with the token of a pod's service account.
fn token_name(pod: &Meta) -> String {
    format!("kube-api-access-{}", suffix(pod.uid.0))
}

/// Five letters and digits that belong to a seed, as the server draws them for names.
fn suffix(seed: u128) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let digits = hex(seed, 7, 10);
    (0..5)
        .map(|at| {
            let byte = usize::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap_or(0);
            char::from(LETTERS[byte % LETTERS.len()])
        })
        .collect()
}

/// A pod. What admission adds to a spec is added when the object is shown.
impl Stored for Pod {
    const KIND: Kind = Kind::Pod;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self {
        let mut object = object.clone();
        drop_token(object.open("spec"), &token_name(&meta));
        let template = PodTemplate::from_api(&object);
        let spec = object.at("spec");
        let claims = template.claim_volumes.iter();
        let claims = claims
            .map(|each| ClaimVolume { volume: each.volume.clone(), claim: each.claim.clone() })
            .collect();
        let name = Rc::clone(&meta.key.name);
        Self {
            claims,
            hostname: spec.opt_text("hostname").map_or(name, Rc::from),
            subdomain: spec.text("subdomain").into(),
            node: old.map_or_else(|| template.node_name.clone(), |old| old.node.clone()),
            status: old.map(|old| old.status.clone()).unwrap_or_default(),
            pull_secrets: None,
            template: Shared::new(template),
            meta,
        }
    }

    fn body(&self, view: View<'_>) -> Value {
        tree!({"spec": spec(self), "status": status(view, self)})
    }

    fn grace_ms(&self, asked: Option<i64>) -> Millis {
        if self.node.is_none() || self.status.phase.is_terminal() {
            return 0;
        }
        match asked {
            None => self.template.termination_grace_ms,
            Some(seconds) if seconds < 0 => SECOND,
            Some(seconds) => seconds.unsigned_abs().saturating_mul(SECOND).min(LONGEST_MS),
        }
    }
}

/// Takes the token's volume out of a spec.
fn drop_token(spec: &mut Value, token: &str) {
    let without = |holder: &mut Value, list: &str| {
        let items = holder.items(list).to_vec();
        let left: Vec<Value> =
            items.iter().filter(|it| it.text("name") != token).cloned().collect();
        if left.len() != items.len() {
            holder.put(list, left);
        }
    };
    without(spec, "volumes");
    for list in ["containers", "initContainers"] {
        spec.items_mut(list).iter_mut().for_each(|it| without(it, "volumeMounts"));
    }
}

fn spec(pod: &Pod) -> Value {
    let mut spec = pod.template.api.at("spec").clone();
    let token = token_name(&pod.meta);
    let own: Vec<Value> = pod
        .claims
        .iter()
        .map(|it| tree!({"name": &*it.volume, "persistentVolumeClaim": {"claimName": &*it.claim}}))
        .collect();
    let is_claim =
        |volume: &&Value| !pod.claims.iter().any(|it| *it.volume == *volume.text("name"));
    let others: Vec<Value> = spec.items("volumes").iter().filter(is_claim).cloned().collect();
    let mut volumes = [own, others].concat();
    if spec.at("automountServiceAccountToken") != &Value::Bool(false) {
        volumes.push(token_volume(&token));
        for list in ["containers", "initContainers"] {
            for container in spec.items_mut(list) {
                let mut mounts = container.items("volumeMounts").to_vec();
                mounts.push(tree!({
                    "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                    "name": token.as_str(),
                    "readOnly": true,
                }));
                container.put("volumeMounts", mounts);
            }
        }
    }
    spec.put("volumes", volumes);
    if let Some(secrets) = &pod.pull_secrets {
        spec.fill("imagePullSecrets", (**secrets).clone());
    }
    spec.put("hostname", &*pod.hostname);
    if !pod.subdomain.is_empty() {
        spec.put("subdomain", &*pod.subdomain);
    }
    if pod.meta.owners.is_empty() {
        spec.drop_field("hostname");
    }
    if let Some(node) = &pod.node {
        spec.put("nodeName", &**node);
    }
    spec.fill("enableServiceLinks", true);
    spec.fill("priority", 0);
    spec.fill("preemptionPolicy", "PreemptLowerPriority");
    spec.fill("serviceAccountName", "default");
    let account = spec.text("serviceAccountName").to_owned();
    spec.put("serviceAccount", account);
    let mut tolerations = spec.items("tolerations").to_vec();
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let is_own = |it: &Value| it.text("key") == key || it.text("key").is_empty();
        if !tolerations.iter().any(is_own) {
            tolerations.push(tree!({
                "effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300,
            }));
        }
    }
    spec.put("tolerations", tolerations);
    spec
}

fn token_volume(name: &str) -> Value {
    tree!({"name": name, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
        {"downwardAPI": {"items": [{
            "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
            "path": "namespace",
        }]}},
    ]}})
}

fn status(view: View<'_>, pod: &Pod) -> Value {
    let own = &pod.status;
    let mut status = tree!({"phase": own.phase.name(), "qosClass": quality(pod)});
    for (field, text) in [("reason", &own.reason), ("message", &own.message)] {
        if !text.is_empty() {
            status.put(field, &**text);
        }
    }
    let node = pod.node.as_ref().and_then(|name| view.store.get::<Node>(&Node::key(name)));
    if let (Some(node), true) = (node, own.start_time.is_some()) {
        let address = node.address.to_string();
        status.put("hostIPs", tree!([{"ip": address.as_str()}]));
        status.put("hostIP", address);
    }
    if let Some(address) = own.pod_ip {
        status.put("podIP", address.to_string());
        status.put("podIPs", tree!([{"ip": address.to_string()}]));
    }
    if let Some(start) = own.start_time {
        status.put("startTime", timestamp(start));
    }
    if view.kubernetes.version >= Version::V1_34 {
        status.put("observedGeneration", pod.meta.generation);
    }
    let conditions = conditions(own, pod.meta.generation);
    if !conditions.is_empty() {
        status.put("conditions", conditions);
    }
    let lists =
        [("containerStatuses", &own.containers), ("initContainerStatuses", &own.init_containers)];
    for (field, containers) in lists {
        if !containers.is_empty() {
            let mut all: Vec<Value> = containers.iter().map(|it| container(pod, it)).collect();
            if field == "containerStatuses" {
                all.sort_by(|left, right| left.text("name").cmp(right.text("name")));
            }
            status.put(field, all);
        }
    }
    status
}

/// The quality of service that the requests of a pod give it.
///
/// Upstream: `pkg/apis/core/v1/helper/qos/qos.go`, ComputePodQOS.
fn quality(pod: &Pod) -> &'static str {
    let spec = pod.template.api.at("spec");
    let containers = || spec.items("containers").iter().chain(spec.items("initContainers"));
    let has_any = |container: &Value| {
        ["requests", "limits"].iter().any(|field| {
            let amounts = container.at("resources").at(field);
            ["cpu", "memory"].iter().any(|name| amounts.set(name).is_some())
        })
    };
    if !containers().any(has_any) {
        return "BestEffort";
    }
    let is_guaranteed = |container: &Value| {
        let resources = container.at("resources");
        ["cpu", "memory"].iter().all(|name| {
            let limit = resources.at("limits").at(name);
            let request = resources.at("requests").at(name);
            !limit.is_null() && (request.is_null() || request == limit)
        })
    };
    if containers().all(is_guaranteed) { "Guaranteed" } else { "Burstable" }
}

fn word(status: ConditionStatus) -> &'static str {
    match status {
        ConditionStatus::True => "True",
        ConditionStatus::False => "False",
        ConditionStatus::Unknown => "Unknown",
    }
}

fn conditions(status: &PodStatus, generation: i64) -> Vec<Value> {
    let own = &status.conditions;
    let known: [(&str, &Option<Condition>); 6] = [
        ("PodReadyToStartContainers", &own.ready_to_start_containers),
        ("Initialized", &own.initialized),
        ("Ready", &own.ready),
        ("ContainersReady", &own.containers_ready),
        ("PodScheduled", &own.scheduled),
        ("DisruptionTarget", &own.disruption_target),
    ];
    let mut all = Vec::new();
    for (kind, condition) in known {
        let Some(condition) = condition else { continue };
        let mut one = tree!({
            "type": kind,
            "status": word(condition.status),
            "observedGeneration": generation,
            "lastProbeTime": null,
            "lastTransitionTime": timestamp(condition.since),
        });
        for (field, text) in [("reason", &condition.reason), ("message", &condition.message)] {
            if !text.is_empty() {
                one.put(field, &**text);
            }
        }
        all.push(one);
    }
    for (kind, status) in &own.others {
        all.push(tree!({"type": &**kind, "status": word(*status), "lastProbeTime": null}));
    }
    all
}

/// The id of an instance of a container.
fn container_id(pod: &Pod, container: &ContainerStatus, instance: u32) -> String {
    let salt = container.name.bytes().fold(u64::from(instance), |salt, byte| {
        salt.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    format!("docker://{}", hex(pod.meta.uid.0, salt, 64))
}

fn container(pod: &Pod, own: &ContainerStatus) -> Value {
    let has_run = !matches!(own.state, ContainerState::Waiting { .. }) || own.last_state.is_some();
    let seed =
        own.image.bytes().fold(7_u128, |seed, byte| seed * 31 % (1 << 90) + u128::from(byte));
    let image = own.image.rsplit_once(':').map_or(&*own.image, |(name, _)| name);
    let mut status = tree!({
        "name": &*own.name,
        "image": &*own.image,
        "imageID": if has_run {
            format!("docker-pullable://{image}@sha256:{}", hex(seed, 3, 64))
        } else {
            String::new()
        },
        "ready": own.ready,
        "started": own.started,
        "restartCount": own.restart_count,
        "state": state(pod, own),
        "lastState": own.last_state.as_ref().map_or(Value::Object(Map::new()), |ended| {
            let instance = own.restart_count.saturating_sub(1);
            tree!({"terminated": terminated(ended, container_id(pod, own, instance))})
        }),
    });
    if has_run {
        status.put("containerID", container_id(pod, own, own.restart_count));
    }
    status
}

fn state(pod: &Pod, own: &ContainerStatus) -> Value {
    match &own.state {
        ContainerState::Waiting { reason, message } => {
            let mut waiting = Value::Object(Map::new());
            for (field, text) in [("reason", reason), ("message", message)] {
                if !text.is_empty() {
                    waiting.put(field, &**text);
                }
            }
            tree!({"waiting": waiting})
        }
        ContainerState::Running { started_at } => {
            tree!({"running": {"startedAt": timestamp(*started_at)}})
        }
        ContainerState::Terminated(ended) => {
            tree!({"terminated": terminated(ended, container_id(pod, own, own.restart_count))})
        }
    }
}

fn terminated(ended: &Terminated, id: String) -> Value {
    let mut one = tree!({
        "exitCode": ended.exit_code,
        "reason": &*ended.reason,
        "startedAt": ended.started_at.map(timestamp),
        "finishedAt": timestamp(ended.finished_at),
        "containerID": id,
    });
    if !ended.message.is_empty() {
        one.put("message", &*ended.message);
    }
    one
}
