//! Which pod templates are valid.
//!
//! Upstream: `ValidatePodTemplateSpec`, `ValidatePodSpec`.

use super::super::names;
use super::{Checks, Path, container, items, meta, scheduling, security, text, volume};
use k8s_openapi::api::apps::v1::StatefulSetSpec;
use k8s_openapi::api::core::v1::{
    PersistentVolumeClaimVolumeSource, PodDNSConfig, PodSpec, Volume,
};
use std::net::IpAddr;

const IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

/// The template of a StatefulSet: its claim templates count as volumes that stand first.
pub(super) fn for_stateful_set(checks: &mut Checks, set: &StatefulSetSpec, path: &Path) {
    let empty = PodSpec::default();
    let template = &set.template;
    let written = template.spec.as_ref().unwrap_or(&empty);
    let mut pod = PodSpec { hostname: None, subdomain: None, ..written.clone() };
    let mut claims: Vec<Volume> = Vec::new();
    for claim in set.volume_claim_templates.iter().flatten() {
        let volume = claim_volume(text(&claim.metadata.name));
        if !claims.contains(&volume) {
            claims.push(volume);
        }
    }
    let own = pod.volumes.take().unwrap_or_default();
    let own = own.into_iter().filter(|volume| claims.iter().all(|c| c.name != volume.name));
    let own: Vec<Volume> = own.collect();
    pod.volumes = Some(claims.into_iter().chain(own).collect());
    let labels = template.metadata.as_ref().and_then(|meta| meta.labels.as_ref());
    let annotations = template.metadata.as_ref().and_then(|meta| meta.annotations.as_ref());
    // Upstream looks at the metadata twice, once for the set and once for any template.
    for _ in 0..2 {
        meta::labels(checks, labels, &path.child("labels"));
        meta::annotations(checks, annotations, &path.child("annotations"));
    }
    pod_spec(checks, &pod, &path.child("spec"));
}

fn claim_volume(name: &str) -> Volume {
    let source = PersistentVolumeClaimVolumeSource { claim_name: name.into(), read_only: None };
    Volume { name: name.into(), persistent_volume_claim: Some(source), ..Volume::default() }
}

fn pod_spec(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    let volumes = volume::volumes(checks, pod.volumes.as_deref(), &path.child("volumes"));
    container::containers(checks, pod, &volumes, path);
    restart_policy(checks, text(&pod.restart_policy), &path.child("restartPolicy"));
    dns(checks, pod, path);
    meta::labels(checks, pod.node_selector.as_ref(), &path.child("nodeSelector"));
    security::pod(checks, pod, path);
    host_namespaces(checks, pod, path);
    scheduling::pod(checks, pod, path);
    if let Some(name) = pod.service_account_name.as_deref().filter(|name| !name.is_empty()) {
        let path = path.child("serviceAccountName");
        checks.invalid_texts(&path, name, names::dns_subdomain(name));
    }
    if let Some(name) = pod.node_name.as_deref().filter(|name| !name.is_empty()) {
        checks.invalid_texts(&path.child("nodeName"), name, names::dns_subdomain(name));
    }
    if let Some(seconds) = pod.active_deadline_seconds
        && !(1..=i64::from(i32::MAX)).contains(&seconds)
    {
        let detail = "must be between 1 and 2147483647, inclusive";
        checks.invalid(&path.child("activeDeadlineSeconds"), seconds, detail);
    }
    scheduling::tolerations(checks, pod, &path.child("tolerations"));
    for (path, alias) in items(&pod.host_aliases, &path.child("hostAliases")) {
        if alias.ip.parse::<IpAddr>().is_err() {
            checks.invalid_text(&path.child("ip"), &alias.ip, IP);
        }
        for name in alias.hostnames.iter().flatten() {
            checks.invalid_texts(&path.child("hostnames"), name, names::dns_subdomain(name));
        }
    }
    if let Some(name) = pod.priority_class_name.as_deref().filter(|name| !name.is_empty()) {
        let path = path.child("priorityClassName");
        checks.invalid_texts(&path, name, names::dns_subdomain(name));
    }
    if let Some(policy) = &pod.preemption_policy {
        let path = path.child("preemptionPolicy");
        checks.one_of(&path, policy, &["PreemptLowerPriority", "Never"]);
    }
    if let Some(os) = &pod.os {
        match os.name.as_str() {
            "" => checks.required(&path.child("os").child("name")),
            name => checks.one_of(&path.child("os"), name, &["linux", "windows"]),
        }
    }
}

fn restart_policy(checks: &mut Checks, policy: &str, path: &Path) {
    match policy {
        "" => checks.required(path),
        policy => checks.one_of(path, policy, &["Always", "OnFailure", "Never"]),
    }
}

fn dns(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    let policy = text(&pod.dns_policy);
    let supported = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    checks.one_of(&path.child("dnsPolicy"), policy, &supported);
    let path = path.child("dnsConfig");
    if policy == "None" {
        match &pod.dns_config {
            None => {
                let why = "must provide `dnsConfig` when `dnsPolicy` is None";
                checks.required_because(&path, why);
            }
            Some(config) if config.nameservers.iter().flatten().next().is_none() => {
                let why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
                checks.required_because(&path.child("nameservers"), why);
            }
            Some(_) => {}
        }
    }
    if let Some(config) = &pod.dns_config {
        dns_config(checks, config, &path);
    }
}

fn dns_config(checks: &mut Checks, config: &PodDNSConfig, path: &Path) {
    for (path, server) in items(&config.nameservers, &path.child("nameservers")) {
        if server.parse::<IpAddr>().is_err() {
            checks.invalid_text(&path, server, IP);
        }
    }
    for (path, domain) in items(&config.searches, &path.child("searches")) {
        let name = domain.strip_suffix('.').unwrap_or(domain);
        checks.invalid_texts(&path, domain, names::dns_subdomain(name));
    }
    for (path, option) in items(&config.options, &path.child("options")) {
        if text(&option.name).is_empty() {
            checks.required_because(&path, "must not be empty");
        }
    }
}

fn host_namespaces(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    if pod.share_process_namespace == Some(true) && pod.host_pid == Some(true) {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        checks.invalid(&path.child("shareProcessNamespace"), true, detail);
    }
}
