//! Which Services are valid.
//!
//! Upstream: `ValidateService`, `validateServicePort`, `ValidateServiceClusterIPsRelatedFields`.

use super::super::{Kubernetes, names};
use super::{Checks, Path, Run, items, meta, probe, text};
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

const IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
/// The end of a port as Go prints its internal form, for what the comparison leaves out.
const REST: &str = r#""TargetPort":0,"NodePort":0"#;
const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// A Service that is to be created.
pub(super) fn create(checks: &mut Checks, service: &Service) {
    let kubernetes: &Kubernetes = checks.kubernetes;
    meta::object_meta(checks, &service.metadata, |name| names::service_name(name, kubernetes));
    let empty = ServiceSpec::default();
    let spec = service.spec.as_ref().unwrap_or(&empty);
    let path = Path::root("spec");
    let kind = text(&spec.type_);
    let headless = is_headless(spec);
    if spec.ports.iter().flatten().next().is_none() && !headless && kind != "ExternalName" {
        checks.required(&path.child("ports"));
    }
    by_type(checks, spec, &path);
    ports(checks, spec, &path.child("ports"));
    meta::labels(checks, spec.selector.as_ref(), &path.child("selector"));
    session_affinity(checks, spec, &path);
    cluster_ips(checks, spec, &path);
    external_ips(checks, spec, &path);
    checks.one_of(&path.child("type"), kind, &TYPES);
    port_conflicts(checks, spec, &path.child("ports"));
    load_balancer(checks, spec, &path);
    traffic_policies(checks, spec, &path);
}

/// What the allocators refuse, in a cluster with IPv4 only, addresses 10.96.0.0/12 and the usual
/// node ports. A dry run takes nothing, so it does not see what is taken.
pub(super) fn allocation(checks: &mut Checks, service: &Service, run: Run) {
    let (Some(spec), path) = (&service.spec, Path::root("spec")) else { return };
    for (path, family) in items(&spec.ip_families, &path.child("ipFamilies")) {
        if family == "IPv6" {
            checks.invalid_text(&path, family, "not configured on this cluster");
        }
    }
    let addresses = spec.cluster_ips.as_deref().unwrap_or_default();
    for address in addresses.iter().filter_map(|address| address.parse::<Ipv4Addr>().ok()) {
        if let Some(why) = not_allocated(address, run) {
            let detail = format!("failed to allocate IP {address}: {why}");
            checks.invalid(&path.child("clusterIPs"), json!(addresses), &detail);
        }
    }
    for (path, port) in items(&spec.ports, &path.child("ports")) {
        let number = port.node_port.unwrap_or_default();
        if run == Run::Real && number != 0 && !(30_000..=32_767).contains(&number) {
            let detail = "provided port is not in the valid range. The range of valid ports is \
                          30000-32767";
            checks.invalid(&path.child("nodePort"), number, detail);
        }
    }
}

fn not_allocated(address: Ipv4Addr, run: Run) -> Option<String> {
    let [a, b, _, _] = address.octets();
    let in_range = a == 10 && (96..=111).contains(&b);
    match run {
        Run::Real if !in_range => {
            Some("the provided network does not match the current range".into())
        }
        Run::Dry if !in_range => Some(format!(
            "the provided IP ({address}) is not in the valid range. The range of valid IPs is \
             10.96.0.0/12"
        )),
        Run::Real if address == Ipv4Addr::new(10, 96, 0, 1) => {
            Some("provided IP is already allocated".into())
        }
        _ => None,
    }
}

fn is_headless(spec: &ServiceSpec) -> bool {
    let first = spec.cluster_ips.iter().flatten().next();
    first.or(spec.cluster_ip.as_ref()).is_some_and(|ip| ip == "None")
}

fn by_type(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    match text(&spec.type_) {
        kind @ ("NodePort" | "LoadBalancer") if is_headless(spec) => {
            let detail = format!("may not be set to 'None' for {kind} services");
            checks.invalid_text(&path.child("clusterIPs").index(0), "None", &detail);
        }
        "ExternalName" => {
            if spec.cluster_ips.iter().flatten().next().is_some() {
                let detail = "may not be set for ExternalName services";
                checks.forbidden(&path.child("clusterIPs"), detail);
            }
            let name = text(&spec.external_name);
            let bare = name.strip_suffix('.').unwrap_or(name);
            let path = path.child("externalName");
            match bare {
                "" => checks.required(&path),
                bare => checks.invalid_texts(&path, bare, names::dns_subdomain(bare)),
            }
        }
        _ => {}
    }
}

fn ports(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    let several = spec.ports.as_ref().is_some_and(|ports| ports.len() > 1);
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (path, port) in items(&spec.ports, path) {
        self::port(checks, port, several, &mut names, &path);
    }
}

fn port<'a>(
    checks: &mut Checks,
    port: &'a ServicePort,
    needs_name: bool,
    seen: &mut BTreeSet<&'a str>,
    path: &Path,
) {
    let name = text(&port.name);
    if name.is_empty() {
        if needs_name {
            checks.required(&path.child("name"));
        }
    } else {
        checks.invalid_texts(&path.child("name"), name, names::dns_label(name));
        if !seen.insert(name) {
            checks.duplicate_text(&path.child("name"), name);
        }
    }
    for detail in names::port_number(port.port.into()) {
        checks.invalid(&path.child("port"), port.port, &detail);
    }
    let supported = ["SCTP", "TCP", "UDP"];
    checks.one_of(&path.child("protocol"), text(&port.protocol), &supported);
    let zero = IntOrString::Int(0);
    let target = port.target_port.as_ref().unwrap_or(&zero);
    probe::port(checks, target, &path.child("targetPort"));
    if let Some(protocol) = &port.app_protocol {
        let kubernetes = checks.kubernetes;
        let complaints = names::qualified_name(protocol, kubernetes);
        checks.invalid_texts(&path.child("appProtocol"), protocol, complaints);
    }
}

fn session_affinity(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    let affinity = text(&spec.session_affinity);
    checks.one_of(&path.child("sessionAffinity"), affinity, &["ClientIP", "None"]);
    let client = spec.session_affinity_config.as_ref().and_then(|c| c.client_ip.as_ref());
    let path = path.child("sessionAffinityConfig");
    match (affinity, client.and_then(|client| client.timeout_seconds)) {
        ("ClientIP", None) => {
            checks.required_because(&path, "when session affinity type is ClientIP");
        }
        ("ClientIP", Some(seconds)) if !(1..=86_400).contains(&seconds) => {
            let path = path.child("clientIP").child("timeoutSeconds");
            checks.invalid(&path, seconds, "must be greater than 0 and less than 86400");
        }
        _ => {}
    }
}

fn cluster_ips(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    if text(&spec.type_) == "ExternalName" {
        return;
    }
    for (path, family) in items(&spec.ip_families, &path.child("ipFamilies")) {
        checks.one_of(&path, family, &["IPv4", "IPv6"]);
    }
    if let Some(policy) = &spec.ip_family_policy {
        let supported = ["PreferDualStack", "RequireDualStack", "SingleStack"];
        checks.one_of(&path.child("ipFamilyPolicy"), policy, &supported);
    }
    for (path, ip) in items(&spec.cluster_ips, &path.child("clusterIPs")) {
        if ip != "None" && !ip.is_empty() && ip.parse::<IpAddr>().is_err() {
            checks.invalid_text(&path, ip, IP);
        }
    }
}

fn external_ips(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    for (path, ip) in items(&spec.external_ips, &path.child("externalIPs")) {
        if ip.parse::<IpAddr>().is_err() {
            checks.invalid_text(&path, ip, IP);
        }
    }
}

fn port_conflicts(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    if text(&spec.type_) == "ClusterIP" {
        for (path, port) in items(&spec.ports, path) {
            if port.node_port.unwrap_or_default() != 0 {
                let detail = "may not be used when `type` is 'ClusterIP'";
                checks.forbidden(&path.child("nodePort"), detail);
            }
        }
    }
    let mut node_ports = BTreeSet::new();
    for (path, port) in items(&spec.ports, path) {
        let number = port.node_port.unwrap_or_default();
        if number != 0 && !node_ports.insert((text(&port.protocol), number)) {
            checks.duplicate(&path.child("nodePort"), number);
        }
    }
    let mut seen = BTreeSet::new();
    for (path, port) in items(&spec.ports, path) {
        let protocol = text(&port.protocol);
        if !seen.insert((protocol, port.port)) {
            let number = port.port;
            let value = format!(
                r#"{{"Name":"","Protocol":"{protocol}","AppProtocol":null,"Port":{number},{REST}}}"#
            );
            checks.duplicate(&path, value);
        }
    }
}

fn load_balancer(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    if text(&spec.type_) != "LoadBalancer" {
        if spec.allocate_load_balancer_node_ports.is_some() {
            let detail = "may only be used when `type` is 'LoadBalancer'";
            checks.forbidden(&path.child("allocateLoadBalancerNodePorts"), detail);
        }
        if spec.load_balancer_class.is_some() {
            let detail = "may only be used when `type` is 'LoadBalancer'";
            checks.forbidden(&path.child("loadBalancerClass"), detail);
        }
    }
}

fn traffic_policies(checks: &mut Checks, spec: &ServiceSpec, path: &Path) {
    let kind = text(&spec.type_);
    let reachable = matches!(kind, "NodePort" | "LoadBalancer")
        || (kind == "ClusterIP" && spec.external_ips.iter().flatten().next().is_some());
    let external = text(&spec.external_traffic_policy);
    let at = path.child("externalTrafficPolicy");
    if !external.is_empty() && !reachable {
        let detail = "may only be set for externally-accessible services";
        checks.invalid_text(&at, external, detail);
    } else if reachable && external.is_empty() {
        checks.required(&at);
    } else if reachable {
        checks.one_of(&at, external, &["Cluster", "Local"]);
    }
    let health = spec.health_check_node_port.unwrap_or_default();
    if health != 0 && !(kind == "LoadBalancer" && external == "Local") {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` \
                      is 'Local'";
        checks.invalid(&path.child("healthCheckNodePort"), health, detail);
    }
    if let Some(policy) = &spec.internal_traffic_policy {
        checks.one_of(&path.child("internalTrafficPolicy"), policy, &["Cluster", "Local"]);
    }
    if let Some(distribution) = &spec.traffic_distribution {
        let supported = ["PreferClose", "PreferSameNode", "PreferSameZone"];
        checks.one_of(&path.child("trafficDistribution"), distribution, &supported);
    }
}
