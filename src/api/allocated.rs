//! What a Service was given by the server, and keeps when it is changed.

use super::Tree;
use serde_json::Value;

/// Whether a Service of this spec has addresses in the cluster.
pub fn has_address(spec: &Value) -> bool {
    spec.text("type") != "ExternalName"
}

/// Before defaults: the address stays unless another is asked for, and what the new type does not
/// use goes.
///
/// Upstream: `pkg/registry/core/service/strategy.go`, patchAllocatedValues,
/// dropTypeDependentFields.
pub fn keep(spec: &mut Value, before: &Value) {
    const ADDRESSES: [&str; 2] = ["clusterIP", "clusterIPs"];
    const OF_ADDRESS: [&str; 3] = ["ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"];
    let same = |spec: &Value, field: &str| spec.at(field) == before.at(field);
    if !has_address(spec) {
        if has_address(before) {
            for field in ADDRESSES.into_iter().chain(OF_ADDRESS) {
                spec.drop_field(field);
            }
        }
    } else if spec.text("clusterIP").is_empty() {
        for field in ADDRESSES {
            match before.set(field) {
                Some(value) => spec.put(field, value.clone()),
                None => drop(spec.drop_field(field)),
            }
        }
    } else if !same(spec, "clusterIP") && same(spec, "clusterIPs") {
        spec.drop_field("clusterIPs");
    }
    let is_external = |spec: &Value| matches!(spec.text("type"), "NodePort" | "LoadBalancer");
    if !is_external(spec) && is_external(before) {
        spec.drop_field("externalTrafficPolicy");
        for port in spec.items_mut("ports") {
            if node_ports(before).contains(&port.int("nodePort")) {
                port.drop_field("nodePort");
            }
        }
    }
    if spec.text("type") != "LoadBalancer" {
        spec.drop_field("allocateLoadBalancerNodePorts");
    }
    if is_external(spec) && is_external(before) {
        keep_node_ports(spec, before);
    }
}

/// A port that names no node port has the one that the same port had.
fn keep_node_ports(spec: &mut Value, before: &Value) {
    for port in spec.items_mut("ports") {
        let is_it = |other: &&Value| {
            let protocol = |port: &Value| port.opt_text("protocol").unwrap_or("TCP").to_owned();
            other.int("port") == port.int("port") && protocol(other) == protocol(port)
        };
        let given = before.items("ports").iter().find(is_it).map(|it| it.int("nodePort"));
        if let Some(given) = given.filter(|given| *given != 0)
            && port.int("nodePort") == 0
        {
            port.put("nodePort", given);
        }
    }
}

/// The node ports that the ports of a spec have.
pub fn node_ports(spec: &Value) -> Vec<i64> {
    spec.items("ports").iter().filter_map(|port| port.opt_int("nodePort")).collect()
}
