//! Which containers of a pod template are valid.
//!
//! Upstream: `validateContainers`, `validateInitContainers`, `validateContainerCommon`,
//! `ValidateContainerResourceRequirements`, `ValidateVolumeMounts`.

use super::super::names;
use super::super::quantity::Quantity;
use super::{Checks, Path, env, items, probe, security, text};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, PodSpec, ResourceRequirements, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// All containers of a pod; `volumes` are the names that may be mounted.
pub(super) fn containers(
    checks: &mut Checks,
    pod: &PodSpec,
    volumes: &BTreeSet<&str>,
    path: &Path,
) {
    let context =
        Context { pod, volumes, grace: pod.termination_grace_period_seconds.unwrap_or(0) };
    let list = path.child("containers");
    if pod.containers.is_empty() {
        checks.required(&list);
    }
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (path, each) in items(Some(&pod.containers), &list) {
        common(checks, each, &context, &path);
        if !names.insert(&each.name) && !each.name.is_empty() {
            checks.duplicate_text(&path.child("name"), &each.name);
        }
        restart_policy(checks, each, &path);
        hooks_and_probes(checks, each, context.grace, &path);
    }
    let list_of_init = path.child("initContainers");
    host_port_conflicts(checks, &pod.containers, &list);
    for (path, each) in items(&pod.init_containers, &list_of_init) {
        common(checks, each, &context, &path);
        if !names.insert(&each.name) && !each.name.is_empty() {
            checks.duplicate_text(&path.child("name"), &each.name);
        }
        restart_policy(checks, each, &path);
        match each.restart_policy.as_deref() {
            Some("Always") => hooks_and_probes(checks, each, context.grace, &path),
            _ => no_hooks_and_probes(checks, each, &path),
        }
        host_port_conflicts(checks, std::slice::from_ref(each), &path);
    }
}

struct Context<'a> {
    pod: &'a PodSpec,
    volumes: &'a BTreeSet<&'a str>,
    grace: i64,
}

fn common(checks: &mut Checks, container: &Container, context: &Context, path: &Path) {
    let name = path.child("name");
    match container.name.as_str() {
        "" => checks.required(&name),
        text => checks.invalid_texts(&name, text, names::dns_label(text)),
    }
    let image = text(&container.image);
    if image.is_empty() {
        checks.required(&path.child("image"));
    }
    let policy = text(&container.termination_message_policy);
    let supported = ["File", "FallbackToLogsOnError"];
    checks.one_of(&path.child("terminationMessagePolicy"), policy, &supported);
    ports(checks, container.ports.as_ref(), context, &path.child("ports"));
    env::variables(checks, container.env.as_ref(), &path.child("env"));
    env::sources(checks, container.env_from.as_ref(), &path.child("envFrom"));
    mounts(checks, container.volume_mounts.as_ref(), context, &path.child("volumeMounts"));
    let policy = text(&container.image_pull_policy);
    let supported = ["Always", "IfNotPresent", "Never"];
    checks.one_of(&path.child("imagePullPolicy"), policy, &supported);
    if let Some(requirements) = &container.resources {
        resources(checks, requirements, &path.child("resources"));
    }
    if let Some(context) = &container.security_context {
        security::container(checks, context, &path.child("securityContext"));
    }
}

fn restart_policy(checks: &mut Checks, container: &Container, path: &Path) {
    if let Some(policy) = &container.restart_policy {
        let supported = ["Always", "Never", "OnFailure"];
        checks.one_of(&path.child("restartPolicy"), policy, &supported);
    }
}

fn hooks_and_probes(checks: &mut Checks, container: &Container, grace: i64, path: &Path) {
    if let Some(hooks) = &container.lifecycle {
        probe::lifecycle(checks, hooks, grace, &path.child("lifecycle"));
    }
    let (liveness, readiness) = (&container.liveness_probe, &container.readiness_probe);
    probe::liveness(checks, liveness.as_ref(), &path.child("livenessProbe"));
    probe::readiness(checks, readiness.as_ref(), &path.child("readinessProbe"));
    let startup = container.startup_probe.as_ref();
    probe::startup(checks, startup, &path.child("startupProbe"));
}

fn no_hooks_and_probes(checks: &mut Checks, container: &Container, path: &Path) {
    let fields = [
        ("lifecycle", container.lifecycle.is_some()),
        ("livenessProbe", container.liveness_probe.is_some()),
        ("readinessProbe", container.readiness_probe.is_some()),
        ("startupProbe", container.startup_probe.is_some()),
    ];
    for (name, _) in fields.into_iter().filter(|(_, is_set)| *is_set) {
        let detail = "may not be set for init containers without restartPolicy=Always";
        checks.forbidden(&path.child(name), detail);
    }
}

fn ports(checks: &mut Checks, ports: Option<&Vec<ContainerPort>>, context: &Context, path: &Path) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (path, port) in items(ports, path) {
        let name = text(&port.name);
        if !name.is_empty() {
            let complaints = names::port_name(name);
            let well_formed = complaints.is_empty();
            checks.invalid_texts(&path.child("name"), name, complaints);
            if well_formed && !seen.insert(name) {
                checks.duplicate_text(&path.child("name"), name);
            }
        }
        let number = path.child("containerPort");
        match port.container_port {
            0 => checks.required(&number),
            value => port_number(checks, value, &number),
        }
        let host_port = port.host_port.unwrap_or_default();
        if host_port != 0 {
            port_number(checks, host_port, &path.child("hostPort"));
        }
        if context.pod.host_network == Some(true) && host_port != port.container_port {
            let detail = "must match `containerPort` when `hostNetwork` is true";
            checks.invalid(&path.child("hostPort"), host_port, detail);
        }
        let supported = ["SCTP", "TCP", "UDP"];
        checks.one_of(&path.child("protocol"), text(&port.protocol), &supported);
    }
}

fn port_number(checks: &mut Checks, number: i32, path: &Path) {
    for detail in names::port_number(number.into()) {
        checks.invalid(path, number, &detail);
    }
}

fn host_port_conflicts(checks: &mut Checks, containers: &[Container], path: &Path) {
    let mut seen = BTreeSet::new();
    for (path, container) in items(Some(&containers.to_vec()), path) {
        for (path, port) in items(&container.ports, &path.child("ports")) {
            let number = port.host_port.unwrap_or_default();
            let key = format!("{}/{}/{number}", text(&port.protocol), text(&port.host_ip));
            if number != 0 && !seen.insert(key.clone()) {
                checks.duplicate_text(&path.child("hostPort"), &key);
            }
        }
    }
}

fn mounts(checks: &mut Checks, mounts: Option<&Vec<VolumeMount>>, context: &Context, list: &Path) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (path, mount) in items(mounts, list) {
        let name = path.child("name");
        if mount.name.is_empty() {
            checks.required(&name);
        }
        if !context.volumes.contains(mount.name.as_str()) {
            checks.not_found(&name, &mount.name);
        }
        let mount_path = path.child("mountPath");
        if mount.mount_path.is_empty() {
            checks.required(&mount_path);
        }
        if !seen.insert(&mount.mount_path) {
            checks.invalid_text(&mount_path, &mount.mount_path, "must be unique");
        }
        let sub_path = text(&mount.sub_path);
        if let Some(detail) = local_path(sub_path) {
            checks.invalid_text(&list.child("subPath"), sub_path, detail);
        }
        let expression = text(&mount.sub_path_expr);
        if !expression.is_empty() {
            if !sub_path.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                checks.invalid_text(&path.child("subPathExpr"), expression, detail);
            }
            if let Some(detail) = local_path(expression) {
                checks.invalid_text(&list.child("subPathExpr"), expression, detail);
            }
        }
        if let Some(mode) = &mount.mount_propagation {
            let supported = ["Bidirectional", "HostToContainer", "None"];
            checks.one_of(&path.child("mountPropagation"), mode, &supported);
        }
    }
}

/// Complaints about a path that must stay below where it starts.
pub(super) fn local_path(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        Some("must be a relative path")
    } else if path.split('/').any(|part| part == "..") {
        Some("must not contain '..'")
    } else {
        None
    }
}

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn resources(checks: &mut Checks, resources: &ResourceRequirements, path: &Path) {
    let empty = BTreeMap::new();
    let limits = resources.limits.as_ref().unwrap_or(&empty);
    let requests = resources.requests.as_ref().unwrap_or(&empty);
    for (name, amount) in limits {
        resource(checks, name, amount, &path.child("limits").key(name));
    }
    for (name, amount) in requests {
        resource(checks, name, amount, &path.child("requests").key(name));
        request_and_limit(checks, name, amount, limits.get(name), path);
    }
    let all = || limits.keys().chain(requests.keys());
    let uses_huge_pages = all().any(|name| is_huge_pages(name));
    if uses_huge_pages && !all().any(|name| matches!(name.as_str(), "cpu" | "memory")) {
        checks.forbidden(path, "HugePages require cpu or memory");
    }
}

/// What cannot be shared must be limited to what is requested.
fn request_and_limit(
    checks: &mut Checks,
    name: &str,
    request: &Amount,
    limit: Option<&Amount>,
    path: &Path,
) {
    let can_be_shared = !is_extended(name) && !is_huge_pages(name);
    let Some(limit) = limit else {
        if !can_be_shared {
            let why = "Limit must be set for non overcommitable resources";
            checks.required_because(&path.child("limits"), why);
        }
        return;
    };
    let relation = Quantity::parse(&request.0).ok().cmp(&Quantity::parse(&limit.0).ok());
    let (refused, wanted) = match can_be_shared {
        true => (relation == Ordering::Greater, "less than or equal to"),
        false => (relation != Ordering::Equal, "equal to"),
    };
    if refused {
        let detail = format!("must be {wanted} {name} limit of {}", limit.0);
        checks.invalid_text(&path.child("requests"), &request.0, &detail);
    }
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// A resource of somebody else, such as `example.com/gpu`.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

fn resource(checks: &mut Checks, name: &str, amount: &Amount, path: &Path) {
    let kubernetes = checks.kubernetes;
    let complaints = names::qualified_name(name, kubernetes);
    if complaints.is_empty() && !name.contains('/') {
        let standard = STANDARD.contains(&name) || is_huge_pages(name);
        if !standard && !KNOWN_ELSEWHERE.contains(&name) {
            let detail = "must be a standard resource type or fully qualified";
            checks.invalid_text(path, name, detail);
        }
        if !standard {
            checks.invalid_text(path, name, "must be a standard resource for containers");
        }
    }
    checks.invalid_texts(path, name, complaints);
    let Ok(parsed) = Quantity::parse(&amount.0) else { return };
    if parsed.sign() == Ordering::Less {
        checks.invalid_text(path, &amount.0, "must be greater than or equal to 0");
    }
    if is_extended(name) && parsed.millis() % 1000 != 0 {
        checks.invalid_text(path, &amount.0, "must be an integer");
    }
}

/// Standard resources of other objects than containers.
const KNOWN_ELSEWHERE: [&str; 13] = [
    "storage",
    "pods",
    "services",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "limits.cpu",
    "limits.memory",
];
