//! The cells of Services and their endpoints.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printService, printEndpointSlice,
//! formatEndpoints.

use super::cell::Cell;
use super::texts::{age, labels, name, or_none};
use crate::api::{Kubernetes, Tree};
use serde_json::Value;

pub fn service(service: &Value, _: Kubernetes) -> Vec<Cell> {
    let spec = service.at("spec");
    let kind = spec.text("type");
    let address = spec.texts("clusterIPs").next().unwrap_or_else(|| spec.text("clusterIP"));
    let external: Vec<&str> = spec.texts("externalIPs").collect();
    let balancer = service.at("status").at("loadBalancer").items("ingress");
    let balancer: Vec<&str> = balancer
        .iter()
        .map(|ingress| ingress.opt_text("ip").unwrap_or_else(|| ingress.text("hostname")))
        .collect();
    let external = match kind {
        "ExternalName" => spec.text("externalName").into(),
        "LoadBalancer" if balancer.is_empty() && external.is_empty() => "<pending>".into(),
        "LoadBalancer" => [balancer, external].concat().join(","),
        _ => or_none(&external.join(",")),
    };
    let ports: Vec<String> = spec
        .items("ports")
        .iter()
        .map(|port| {
            let (number, protocol) = (port.int("port"), port.opt_text("protocol").unwrap_or("TCP"));
            match port.int("nodePort") {
                0 => format!("{number}/{protocol}"),
                node_port => format!("{number}:{node_port}/{protocol}"),
            }
        })
        .collect();
    vec![
        name(service),
        kind.into(),
        or_none(address).into(),
        external.into(),
        or_none(&ports.join(",")).into(),
        age(service),
        labels(spec.at("selector")).into(),
    ]
}

/// The most items that a cell lists.
const MOST: usize = 3;

fn shortened(items: &[String]) -> String {
    match items.len() {
        0 => "<unset>".into(),
        count if count > MOST => {
            format!("{} + {} more...", items[..MOST].join(","), count - MOST)
        }
        _ => items.join(","),
    }
}

pub fn endpoint_slice(slice: &Value, _: Kubernetes) -> Vec<Cell> {
    let ports: Vec<String> = slice
        .items("ports")
        .iter()
        .map(|port| port.opt_int("port").map_or("<unset>".into(), |number| number.to_string()))
        .collect();
    let endpoints = slice.items("endpoints").iter();
    let addresses: Vec<String> =
        endpoints.flat_map(|endpoint| endpoint.texts("addresses").map(str::to_owned)).collect();
    vec![
        name(slice),
        slice.text("addressType").into(),
        shortened(&ports).into(),
        shortened(&addresses).into(),
        age(slice),
    ]
}

pub fn endpoints(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(object), addresses(object).into(), age(object)]
}

/// The ready addresses with their ports, at most three.
fn addresses(object: &Value) -> String {
    let subsets = object.items("subsets");
    if subsets.is_empty() {
        return "<none>".into();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let ports = subset.items("ports");
        let addresses = || subset.items("addresses").iter().map(|it| it.text("ip"));
        if ports.is_empty() {
            all.extend(addresses().map(str::to_owned));
        }
        for port in ports.iter().map(|port| port.int("port")) {
            all.extend(addresses().map(|address| format!("{address}:{port}")));
        }
    }
    match all.len() {
        count if count > MOST => format!("{} + {} more...", all[..MOST].join(","), count - MOST),
        _ => all.join(","),
    }
}
