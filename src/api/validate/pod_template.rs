//! Which pod templates are valid.
//!
//! Upstream: `ValidatePodTemplateSpec`, `ValidatePodSpec`.

use super::at::At;
use super::checks::{Checks, Seen};
use super::service::address;
use super::{container, meta, scheduling, security, volume};
use crate::api::{Tree, names};
use serde_json::{Map, Value};

/// The template of a StatefulSet: its claim templates count as volumes that stand first.
pub(super) fn for_stateful_set(checks: &mut Checks, set: &At) {
    let template = set.field("template");
    let pod = template.field("spec");
    let mut claims = Seen::default();
    let mut volumes = Vec::new();
    for claim in set.items("volumeClaimTemplates") {
        let name = claim.at("metadata").text("name");
        if !claims.again(name) {
            volumes.push(claim_volume(name));
        }
    }
    for volume in pod.items("volumes") {
        if !claims.has(volume.text("name")) {
            volumes.push(volume.clone());
        }
    }
    // Upstream looks at the metadata twice, once for the set and once for any template.
    let meta = template.holding(template.at("metadata"));
    for _ in 0..2 {
        meta::labels(checks, &meta, "labels");
        meta::annotations(checks, &meta);
    }
    let volumes = Value::Array(volumes);
    let usable = volume::volumes(checks, &pod.field("volumes").holding(&volumes));
    container::containers(checks, &pod, &usable);
    pod_spec(checks, &pod);
}

/// A pod of its own.
#[inline(never)]
pub(in crate::api) fn pod(checks: &mut Checks, pod: &At) {
    meta::object_meta(checks, pod, &names::dns_subdomain);
    let spec = pod.field("spec");
    let usable = volume::volumes(checks, &spec.field("volumes"));
    container::containers(checks, &spec, &usable);
    pod_spec(checks, &spec);
}

fn claim_volume(name: &str) -> Value {
    let mut volume = Value::Object(Map::new());
    volume.put("name", name);
    volume.open("persistentVolumeClaim").put("claimName", name);
    volume
}

/// What is neither a volume nor a container.
fn pod_spec(checks: &mut Checks, pod: &At) {
    let policy = pod.field("restartPolicy");
    match policy.string() {
        "" => checks.required(&policy),
        _ => checks.one_of(&policy, &["Always", "OnFailure", "Never"]),
    }
    dns(checks, pod);
    meta::labels(checks, pod, "nodeSelector");
    security::pod(checks, &pod.field("securityContext"));
    if pod.flag("shareProcessNamespace") && pod.flag("hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        checks.wrong(&pod.field("shareProcessNamespace"), detail);
    }
    scheduling::pod(checks, pod);
    checks.named_if_any(&pod.field("serviceAccountName"), names::dns_subdomain);
    checks.named_if_any(&pod.field("nodeName"), names::dns_subdomain);
    if let Some(seconds) = pod.given("activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&seconds.number())
    {
        checks.wrong(&seconds, "must be between 1 and 2147483647, inclusive");
    }
    scheduling::tolerations(checks, &pod.field("tolerations"));
    for alias in pod.field("hostAliases").each() {
        address(checks, &alias.field("ip"));
        let names = alias.field("hostnames");
        for name in names.each() {
            checks.named(&names.holding(name.value), names::dns_subdomain);
        }
    }
    checks.named_if_any(&pod.field("priorityClassName"), names::dns_subdomain);
    checks.one_of_if_set(&pod.field("preemptionPolicy"), &["PreemptLowerPriority", "Never"]);
    if let Some(os) = pod.given("os") {
        let name = os.field("name");
        match name.string() {
            "" => checks.required(&name),
            _ => checks.one_of(&os.holding(name.value), &["linux", "windows"]),
        }
    }
}

fn dns(checks: &mut Checks, pod: &At) {
    let policy = pod.field("dnsPolicy");
    let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    checks.one_of(&policy, &policies);
    let config = pod.field("dnsConfig");
    if policy.string() == "None" && config.value.is_null() {
        let why = "must provide `dnsConfig` when `dnsPolicy` is None";
        checks.required_because(&config, why);
    } else if policy.string() == "None" && config.items("nameservers").is_empty() {
        let why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        checks.required_because(&config.field("nameservers"), why);
    }
    for server in config.field("nameservers").each() {
        address(checks, &server);
    }
    for domain in config.field("searches").each() {
        let name = domain.string().strip_suffix('.').unwrap_or(domain.string());
        checks.invalid_texts(&domain, domain.string(), names::dns_subdomain(name));
    }
    for option in config.field("options").each() {
        if option.text("name").is_empty() {
            checks.required_because(&option, "must not be empty");
        }
    }
}
