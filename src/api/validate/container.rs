//! Which containers of a pod template are valid.
//!
//! Upstream: `validateContainers`, `validateInitContainers`, `validateContainerCommon`,
//! `ValidateContainerResourceRequirements`, `ValidateVolumeMounts`.

use super::at::At;
use super::checks::{Checks, Seen};
use super::{env, probe, security};
use crate::api::quantity::Quantity;
use crate::api::status::quoted;
use crate::api::{Tree, names};
use std::cmp::Ordering;

/// All containers of a pod; `volumes` are the names that may be mounted.
pub(super) fn containers(checks: &mut Checks, pod: &At, volumes: &[&str]) {
    if pod.items("containers").is_empty() {
        checks.required(&pod.field("containers"));
    }
    let grace = pod.int("terminationGracePeriodSeconds");
    let mut names = Seen::default();
    for list in ["containers", "initContainers"] {
        let (is_init, list) = (list == "initContainers", pod.field(list));
        for each in list.each() {
            common(checks, &each, pod, volumes);
            let name = each.field("name");
            if !name.string().is_empty() && names.again(name.string()) {
                checks.duplicate(&name, &name.printed());
            }
            checks.one_of_if_set(&each.field("restartPolicy"), &["Always", "Never", "OnFailure"]);
            if is_init && each.text("restartPolicy") != "Always" {
                no_hooks_and_probes(checks, &each);
            } else {
                probe::hooks_and_probes(checks, &each, grace);
            }
            if is_init {
                host_port_conflicts(checks, &[each.index(0)]);
            }
        }
        if !is_init {
            host_port_conflicts(checks, &list.each());
        }
    }
}

fn common(checks: &mut Checks, container: &At, pod: &At, volumes: &[&str]) {
    checks.named_always(&container.field("name"), names::dns_label);
    checks.filled(&container.field("image"));
    let policies = ["File", "FallbackToLogsOnError"];
    checks.one_of(&container.field("terminationMessagePolicy"), &policies);
    ports(checks, &container.field("ports"), pod.flag("hostNetwork"));
    env::variables(checks, &container.field("env"));
    env::sources(checks, &container.field("envFrom"));
    mounts(checks, &container.field("volumeMounts"), volumes);
    checks.one_of(&container.field("imagePullPolicy"), &["Always", "IfNotPresent", "Never"]);
    resources(checks, &container.field("resources"));
    security::container(checks, &container.field("securityContext"));
}

fn no_hooks_and_probes(checks: &mut Checks, container: &At) {
    for name in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(field) = container.given(name) {
            let detail = "may not be set for init containers without restartPolicy=Always";
            checks.forbidden(&field, detail);
        }
    }
}

fn ports(checks: &mut Checks, ports: &At, host_network: bool) {
    let mut seen = Seen::default();
    for port in ports.each() {
        let name = port.field("name");
        let before = checks.found.len();
        checks.named_if_any(&name, names::port_name);
        let is_well_formed = checks.found.len() == before && !name.string().is_empty();
        if is_well_formed && seen.again(name.string()) {
            checks.duplicate(&name, &name.printed());
        }
        let (number, host_port) = (port.field("containerPort"), port.field("hostPort"));
        match number.number() {
            0 => checks.required(&number),
            _ => checks.port(&number),
        }
        if host_port.number() != 0 {
            checks.port(&host_port);
        }
        if host_network && host_port.number() != number.number() {
            let detail = "must match `containerPort` when `hostNetwork` is true";
            checks.invalid(&host_port, &host_port.number().to_string(), detail);
        }
        checks.one_of(&port.field("protocol"), &["SCTP", "TCP", "UDP"]);
    }
}

fn host_port_conflicts(checks: &mut Checks, containers: &[At]) {
    let mut seen = Seen::default();
    for container in containers {
        for port in container.field("ports").each() {
            let number = port.int("hostPort");
            let key = format!("{}/{}/{number}", port.text("protocol"), port.text("hostIP"));
            if number != 0 && seen.again(&key) {
                checks.duplicate(&port.field("hostPort"), &quoted(&key));
            }
        }
    }
}

fn mounts(checks: &mut Checks, mounts: &At, volumes: &[&str]) {
    let mut seen = Seen::default();
    for mount in mounts.each() {
        let (name, path) = (mount.field("name"), mount.field("mountPath"));
        checks.filled(&name);
        if !volumes.contains(&name.string()) {
            checks.not_found(&name);
        }
        checks.filled(&path);
        if seen.again(path.string()) {
            checks.wrong(&path, "must be unique");
        }
        // The server leaves the mount's index out of these paths.
        let sub_path = mounts.field("subPath").holding(mount.at("subPath"));
        let expression = mounts.field("subPathExpr").holding(mount.at("subPathExpr"));
        local_path(checks, &sub_path);
        if !expression.string().is_empty() && !sub_path.string().is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            checks.wrong(&mount.field("subPathExpr"), detail);
        }
        local_path(checks, &expression);
        let modes = ["Bidirectional", "HostToContainer", "None"];
        checks.one_of_if_set(&mount.field("mountPropagation"), &modes);
    }
}

/// A path must stay below where it starts.
pub(super) fn local_path(checks: &mut Checks, path: &At) {
    if path.string().starts_with('/') {
        checks.wrong(path, "must be a relative path");
    } else if path.string().split('/').any(|part| part == "..") {
        checks.wrong(path, "must not contain '..'");
    }
}

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn resources(checks: &mut Checks, resources: &At) {
    let (mut uses_huge_pages, mut uses_cpu_or_memory) = (false, false);
    for list in ["limits", "requests"] {
        for (name, _) in resources.members(list) {
            let amount = resources.field(list).key(name);
            resource(checks, name, &amount);
            if list == "requests" {
                request_and_limit(checks, name, amount.string(), resources);
            }
            uses_huge_pages |= is_huge_pages(name);
            uses_cpu_or_memory |= matches!(name.as_str(), "cpu" | "memory");
        }
    }
    if uses_huge_pages && !uses_cpu_or_memory {
        checks.forbidden(resources, "HugePages require cpu or memory");
    }
}

/// What cannot be shared must be limited to what is requested.
fn request_and_limit(checks: &mut Checks, name: &str, request: &str, resources: &At) {
    let can_be_shared = !is_extended(name) && !is_huge_pages(name);
    let Some(limit) = resources.at("limits").opt_text(name) else {
        if !can_be_shared {
            let why = "Limit must be set for non overcommitable resources";
            checks.required_because(&resources.field("limits"), why);
        }
        return;
    };
    let relation = Quantity::parse(request).ok().cmp(&Quantity::parse(limit).ok());
    let (refused, wanted) = match can_be_shared {
        true => (relation == Ordering::Greater, "less than or equal to"),
        false => (relation != Ordering::Equal, "equal to"),
    };
    if refused {
        let detail = format!("must be {wanted} {name} limit of {limit}");
        checks.invalid_text(&resources.field("requests"), request, &detail);
    }
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// A resource of somebody else, such as `example.com/gpu`.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

fn resource(checks: &mut Checks, name: &str, amount: &At) {
    let complaints = names::qualified_name(name, checks.kubernetes);
    if complaints.is_empty() && !name.contains('/') {
        let standard = STANDARD.contains(&name) || is_huge_pages(name);
        if !standard && !KNOWN_ELSEWHERE.contains(&name) {
            let detail = "must be a standard resource type or fully qualified";
            checks.invalid_text(amount, name, detail);
        }
        if !standard {
            checks.invalid_text(amount, name, "must be a standard resource for containers");
        }
    }
    checks.invalid_texts(amount, name, complaints);
    let Ok(parsed) = Quantity::parse(amount.string()) else { return };
    if parsed.sign() == Ordering::Less {
        checks.wrong(amount, "must be greater than or equal to 0");
    }
    if is_extended(name) && parsed.millis() % 1000 != 0 {
        checks.wrong(amount, "must be an integer");
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
