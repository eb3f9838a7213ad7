//! The description of a pod.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describePod.

use super::containers::{self, Shown};
use super::text::{Text, controller, selector_or_none, time};
use super::view::View;
use super::{events, volumes};
use crate::api::quantity::Quantity;
use crate::api::{Tree, timestamp};
use crate::print::{or_none, since};
use serde_json::Value;
use std::cmp::Ordering;

/// Writes the description of a pod.
pub fn describe(view: &View, pod: &Value, text: &mut Text) {
    let (spec, status) = (pod.at("spec"), pod.at("status"));
    text.name(pod);
    if let Some(priority) = spec.opt_int("priority") {
        text.put(0, "Priority", priority);
    }
    text.put_set(0, "Priority Class Name", spec.text("priorityClassName"));
    text.put_set(0, "Runtime Class Name", spec.text("runtimeClassName"));
    text.put_set(0, "Service Account", spec.text("serviceAccountName"));
    match spec.text("nodeName") {
        "" => text.put(0, "Node", "<none>"),
        node => text.put(0, "Node", format_args!("{node}/{}", status.text("hostIP"))),
    }
    if let Some(start) = status.opt_text("startTime") {
        text.put(0, "Start Time", time(start));
    }
    text.labels_and_annotations(pod);
    phase(view, pod, text);
    text.put_set(0, "Reason", status.text("reason"));
    text.put_set(0, "Message", status.text("message"));
    let profile = spec.at("securityContext").at("seccompProfile");
    text.put_set(0, "SeccompProfile", profile.text("type"));
    text.put_set(0, "LocalhostProfile", profile.text("localhostProfile"));
    text.put(0, "IP", status.text("podIP"));
    addresses(status, text);
    if let Some(owner) = controller(pod) {
        text.put(0, "Controlled By", owner);
    }
    text.put_set(0, "NominatedNodeName", status.text("nominatedNodeName"));
    if let Some(resources) = spec.set("resources") {
        text.head(0, "Resources");
        containers::resources(resources, 1, text);
    }
    all_containers(view, pod, text);
    gates_and_conditions(pod, text);
    volumes::describe(spec.items("volumes"), "", text);
    text.put(0, "QoS Class", quality(pod));
    text.labels("", "Node-Selectors", spec.at("nodeSelector"));
    text.list("", "Tolerations", &tolerations(spec));
    topology(spec, "", text);
    events::describe(view, pod, "Pod", text);
}

/// How well a pod is served: as its status says, or else as its resources say.
///
/// Upstream: `staging/src/k8s.io/kubectl/pkg/util/qos/qos.go`, GetPodQOS.
fn quality(pod: &Value) -> &str {
    const COUNTED: [&str; 2] = ["cpu", "memory"];
    if let Some(class) = pod.at("status").opt_text("qosClass").filter(|class| !class.is_empty()) {
        return class;
    }
    let spec = pod.at("spec");
    let own = |container: &Value, field: &str, name: &str| {
        let text = container.at("resources").at(field).text(name).to_owned();
        Quantity::parse(&text).ok().filter(|quantity| quantity.sign() == Ordering::Greater)
    };
    let containers = || match spec.set("resources") {
        Some(_) => vec![spec],
        None => {
            spec.items("initContainers").iter().chain(spec.items("containers")).collect::<Vec<_>>()
        }
    };
    let has = |container: &Value, field: &str| {
        COUNTED.iter().any(|name| own(container, field, name).is_some())
    };
    if !containers().into_iter().any(|it| has(it, "requests") || has(it, "limits")) {
        return "BestEffort";
    }
    let is_guaranteed = containers().into_iter().all(|container| {
        COUNTED.iter().all(|name| {
            let limit = own(container, "limits", name);
            limit.is_some() && own(container, "requests", name) == limit
        })
    });
    if is_guaranteed { "Guaranteed" } else { "Burstable" }
}

fn phase(view: &View, pod: &Value, text: &mut Text) {
    let (meta, phase) = (pod.at("metadata"), pod.at("status").text("phase"));
    let deleted = meta.text("deletionTimestamp");
    if deleted.is_empty() || matches!(phase, "Succeeded" | "Failed") {
        text.put(0, "Status", phase);
        return;
    }
    let lasts = since(deleted, view.now);
    text.put(0, "Status", format_args!("Terminating (lasts {lasts})"));
    let grace = meta.int("deletionGracePeriodSeconds");
    text.put(0, "Termination Grace Period", format_args!("{grace}s"));
}

fn addresses(status: &Value, text: &mut Text) {
    let addresses = status.items("podIPs");
    if addresses.is_empty() {
        text.put(0, "IPs", "<none>");
        return;
    }
    text.head(0, "IPs");
    addresses.iter().for_each(|address| text.put(1, "IP", address.text("ip")));
}

fn all_containers(view: &View, pod: &Value, text: &mut Text) {
    let (spec, status) = (pod.at("spec"), pod.at("status"));
    let mut write = |title, containers: &str, statuses: &str, is_always: bool| {
        let containers = spec.items(containers);
        if is_always || !containers.is_empty() {
            let shown = Shown { view, pod, statuses: status.items(statuses), indent: "" };
            containers::describe(title, containers, &shown, text);
        }
    };
    write("Init Containers", "initContainers", "initContainerStatuses", false);
    write("Containers", "containers", "containerStatuses", true);
    write("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses", false);
}

fn gates_and_conditions(pod: &Value, text: &mut Text) {
    let conditions = pod.at("status").items("conditions");
    let gates = pod.at("spec").items("readinessGates");
    if !gates.is_empty() {
        text.head(0, "Readiness Gates");
        text.raw(1, "Type\tStatus");
        for gate in gates {
            let kind = gate.text("conditionType");
            let own = conditions.iter().find(|condition| condition.text("type") == kind);
            let status = own.map_or("<none>", |condition| condition.text("status"));
            text.raw(1, format_args!("{kind} \t{status} "));
        }
    }
    if !conditions.is_empty() {
        text.head(0, "Conditions");
        text.raw(1, "Type\tStatus");
        for condition in conditions {
            let (kind, status) = (condition.text("type"), condition.text("status"));
            text.raw(1, format_args!("{kind} \t{status} "));
        }
    }
}

/// The tolerations of a pod, such as `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s`.
pub fn tolerations(spec: &Value) -> Vec<String> {
    let mut all: Vec<&Value> = spec.items("tolerations").iter().collect();
    all.sort_by_key(|toleration| toleration.text("key"));
    let shown = |toleration: &&Value| {
        let (key, value) = (toleration.text("key"), toleration.text("value"));
        let effect = toleration.text("effect");
        let mut line = key.to_owned();
        if !value.is_empty() {
            line.push_str(&format!("={value}"));
        }
        if !effect.is_empty() {
            line.push_str(&format!(":{effect}"));
        }
        if toleration.text("operator") == "Exists" && value.is_empty() {
            line.push_str(if line.is_empty() { "op=Exists" } else { " op=Exists" });
        }
        if let Some(seconds) = toleration.opt_int("tolerationSeconds") {
            line.push_str(&format!(" for {seconds}s"));
        }
        line
    };
    all.iter().map(shown).collect()
}

/// Writes how pods are spread.
pub fn topology(spec: &Value, indent: &str, text: &mut Text) {
    let mut all: Vec<&Value> = spec.items("topologySpreadConstraints").iter().collect();
    all.sort_by_key(|constraint| constraint.text("topologyKey"));
    let shown = |constraint: &&Value| {
        let selector = constraint.set("labelSelector").map(selector_or_none);
        let selector = selector.map(|own| format!(" for selector {own}")).unwrap_or_default();
        format!(
            "{}:{} when max skew {} is exceeded{selector}",
            constraint.text("topologyKey"),
            constraint.text("whenUnsatisfiable"),
            constraint.int("maxSkew")
        )
    };
    let lines: Vec<String> = all.iter().map(shown).collect();
    if !lines.is_empty() {
        text.list(indent, "Topology Spread Constraints", &lines);
    }
}

/// How many of the pods that an object controls are running, waiting, succeeded and failed.
///
/// Upstream: getPodStatusForController.
pub fn phases(view: &View, owner: &Value) -> String {
    let uid = owner.at("metadata").text("uid");
    let selector = crate::api::selector::Selector::of(owner.at("spec").at("selector"));
    let pods = view.beside(owner, "pods");
    let count = |phase: &str| {
        let is_own = |pod: &&std::rc::Rc<Value>| {
            pod.at("status").text("phase") == phase
                && super::text::controller_of(pod).is_some_and(|it| it.text("uid") == uid)
                && selector.matches_tree(pod.at("metadata").at("labels"))
        };
        pods.iter().filter(is_own).count()
    };
    format!(
        "{} Running / {} Waiting / {} Succeeded / {} Failed",
        count("Running"),
        count("Pending"),
        count("Succeeded"),
        count("Failed")
    )
}

/// Names of pods that mount a claim, or own it.
///
/// Upstream: getPodsForPVC.
pub fn using(view: &View, claim: &Value) -> Vec<String> {
    let meta = claim.at("metadata");
    let name_of = |pod: &Value| pod.at("metadata").text("name").to_owned();
    let mut names = Vec::new();
    for pod in view.beside(claim, "pods") {
        let volumes = pod.at("spec").items("volumes").iter();
        let mounts = volumes
            .filter(|it| {
                it.at("persistentVolumeClaim").opt_text("claimName") == meta.opt_text("name")
            })
            .count();
        names.extend((0..mounts).map(|_| name_of(&pod)));
        let owners = meta.items("ownerReferences").iter();
        let is_owner = owners
            .filter(|owner| owner.text("kind") == "Pod")
            .any(|owner| owner.text("uid") == pod.at("metadata").text("uid"));
        if mounts == 0 && is_owner {
            names.push(name_of(&pod));
        }
    }
    names.sort();
    names
}

/// How old an object is; its creation as descriptions of nodes tell it.
pub fn age(object: &Value, now: i64) -> String {
    let created = timestamp::parse(object.at("metadata").text("creationTimestamp"));
    let age = created.map(|at| timestamp::human_duration(now - at)).unwrap_or_default();
    or_none(&age)
}
