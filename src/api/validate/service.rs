//! Which Services are valid.
//!
//! Upstream: `ValidateService`, `validateServicePort`, `ValidateServiceClusterIPsRelatedFields`.

use super::at::At;
use super::checks::{Checks, Seen};
use super::meta;
use crate::api::{Tree, names};
use std::net::{IpAddr, Ipv4Addr};

/// Whether a request is to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// It is.
    Real,
    /// `--dry-run=server`: only the answer counts.
    Dry,
}

/// What is wrong with a text that is no address.
pub(super) const IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
/// The end of a port as Go prints its internal form, for what the comparison leaves out.
const REST: &str = r#""TargetPort":0,"NodePort":0"#;
const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// A Service that is to be created.
pub(in crate::api) fn create(checks: &mut Checks, service: &At) {
    let kubernetes = checks.kubernetes;
    meta::object_meta(checks, service, &|name| names::service_name(name, kubernetes));
    let spec = service.field("spec");
    let ports = spec.field("ports");
    let is_external_name = spec.text("type") == "ExternalName";
    if spec.items("ports").is_empty() && !is_headless(&spec) && !is_external_name {
        checks.required(&ports);
    }
    by_type(checks, &spec);
    self::ports(checks, &ports);
    meta::labels(checks, &spec, "selector");
    session_affinity(checks, &spec);
    cluster_ips(checks, &spec);
    for ip in spec.field("externalIPs").each() {
        address(checks, &ip);
    }
    checks.one_of(&spec.field("type"), &TYPES);
    port_conflicts(checks, &spec);
    load_balancer(checks, &spec);
    traffic_policies(checks, &spec);
}

/// What the allocators refuse, in a cluster with IPv4 only, addresses 10.96.0.0/12 and the usual
/// node ports. A dry run takes nothing, so it does not see what is taken.
pub(super) fn allocation(checks: &mut Checks, spec: &At, run: Run) {
    for family in spec.field("ipFamilies").each() {
        if family.string() == "IPv6" {
            checks.wrong(&family, "not configured on this cluster");
        }
    }
    let addresses = spec.field("clusterIPs");
    for address in spec.texts("clusterIPs").filter_map(|address| address.parse::<Ipv4Addr>().ok()) {
        if let Some(why) = not_allocated(address, run) {
            checks.wrong(&addresses, &format!("failed to allocate IP {address}: {why}"));
        }
    }
    for port in spec.field("ports").each() {
        let at = port.field("nodePort");
        let number = at.number();
        if run == Run::Real && number != 0 && !(30_000..=32_767).contains(&number) {
            let detail = "provided port is not in the valid range. The range of valid ports is \
                          30000-32767";
            checks.wrong(&at, detail);
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

/// An IP address.
pub(super) fn address(checks: &mut Checks, at: &At) {
    if at.string().parse::<IpAddr>().is_err() {
        checks.wrong(at, IP);
    }
}

fn is_headless(spec: &At) -> bool {
    spec.texts("clusterIPs").next().unwrap_or(spec.text("clusterIP")) == "None"
}

fn by_type(checks: &mut Checks, spec: &At) {
    let addresses = spec.field("clusterIPs");
    match spec.text("type") {
        kind @ ("NodePort" | "LoadBalancer") if is_headless(spec) => {
            let detail = format!("may not be set to 'None' for {kind} services");
            checks.invalid_text(&addresses.index(0), "None", &detail);
        }
        "ExternalName" => {
            if !spec.items("clusterIPs").is_empty() {
                checks.forbidden(&addresses, "may not be set for ExternalName services");
            }
            let at = spec.field("externalName");
            match at.string().strip_suffix('.').unwrap_or(at.string()) {
                "" => checks.required(&at),
                bare => checks.invalid_texts(&at, bare, names::dns_subdomain(bare)),
            }
        }
        _ => {}
    }
}

fn ports(checks: &mut Checks, ports: &At) {
    let each = ports.each();
    let needs_name = each.len() > 1;
    let mut seen = Seen::default();
    for port in each {
        let name = port.field("name");
        if !name.string().is_empty() {
            checks.named(&name, names::dns_label);
            if seen.again(name.string()) {
                checks.duplicate(&name, &name.printed());
            }
        } else if needs_name {
            checks.required(&name);
        }
        checks.port(&port.field("port"));
        checks.one_of(&port.field("protocol"), &["SCTP", "TCP", "UDP"]);
        checks.port(&port.field("targetPort"));
        if let Some(protocol) = port.given("appProtocol") {
            checks.qualified(&protocol);
        }
    }
}

fn session_affinity(checks: &mut Checks, spec: &At) {
    let affinity = spec.field("sessionAffinity");
    checks.one_of(&affinity, &["ClientIP", "None"]);
    if affinity.string() != "ClientIP" {
        return;
    }
    let config = spec.field("sessionAffinityConfig");
    match config.field("clientIP").given("timeoutSeconds") {
        None => checks.required_because(&config, "when session affinity type is ClientIP"),
        Some(seconds) => {
            if !(1..=86_400).contains(&seconds.number()) {
                checks.wrong(&seconds, "must be greater than 0 and less than 86400");
            }
        }
    }
}

fn cluster_ips(checks: &mut Checks, spec: &At) {
    if spec.text("type") == "ExternalName" {
        return;
    }
    for family in spec.field("ipFamilies").each() {
        checks.one_of(&family, &["IPv4", "IPv6"]);
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    checks.one_of_if_set(&spec.field("ipFamilyPolicy"), &policies);
    for ip in spec.field("clusterIPs").each() {
        if ip.string() != "None" && !ip.string().is_empty() {
            address(checks, &ip);
        }
    }
}

fn port_conflicts(checks: &mut Checks, spec: &At) {
    let ports = spec.field("ports").each();
    if spec.text("type") == "ClusterIP" {
        for port in &ports {
            if port.int("nodePort") != 0 {
                let detail = "may not be used when `type` is 'ClusterIP'";
                checks.forbidden(&port.field("nodePort"), detail);
            }
        }
    }
    let mut seen = Seen::default();
    for port in &ports {
        let (protocol, number) = (port.text("protocol"), port.int("nodePort"));
        if number != 0 && seen.again(&format!("{protocol}/{number}")) {
            checks.duplicate(&port.field("nodePort"), &number.to_string());
        }
    }
    let mut seen = Seen::default();
    for port in &ports {
        let (protocol, number) = (port.text("protocol"), port.int("port"));
        if seen.again(&format!("{protocol}/{number}")) {
            let value = format!(
                r#"{{"Name":"","Protocol":"{protocol}","AppProtocol":null,"Port":{number},{REST}}}"#
            );
            checks.duplicate(port, &value);
        }
    }
}

fn load_balancer(checks: &mut Checks, spec: &At) {
    if spec.text("type") == "LoadBalancer" {
        return;
    }
    for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        if let Some(field) = spec.given(name) {
            checks.forbidden(&field, "may only be used when `type` is 'LoadBalancer'");
        }
    }
}

fn traffic_policies(checks: &mut Checks, spec: &At) {
    let kind = spec.text("type");
    let reachable = matches!(kind, "NodePort" | "LoadBalancer")
        || (kind == "ClusterIP" && !spec.items("externalIPs").is_empty());
    let external = spec.field("externalTrafficPolicy");
    if !reachable && !external.string().is_empty() {
        checks.wrong(&external, "may only be set for externally-accessible services");
    } else if reachable && external.string().is_empty() {
        checks.required(&external);
    } else if reachable {
        checks.one_of(&external, &["Cluster", "Local"]);
    }
    let health = spec.field("healthCheckNodePort");
    if health.number() != 0 && !(kind == "LoadBalancer" && external.string() == "Local") {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` \
                      is 'Local'";
        checks.wrong(&health, detail);
    }
    checks.one_of_if_set(&spec.field("internalTrafficPolicy"), &["Cluster", "Local"]);
    let distributions = ["PreferClose", "PreferSameNode", "PreferSameZone"];
    checks.one_of_if_set(&spec.field("trafficDistribution"), &distributions);
}
