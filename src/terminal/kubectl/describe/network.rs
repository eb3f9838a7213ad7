//! The descriptions of services and endpoints.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeService,
//! formatEndpointSlices, describeEndpoints, describeEndpointSliceV1.

use super::events;
use super::text::{Text, joined, plain, plain_or};
use super::view::View;
use crate::api::Tree;
use crate::print::{labels, or_none};
use serde_json::Value;
use std::rc::Rc;

/// So many addresses are shown.
const MOST: usize = 3;

/// Writes the description of a service.
pub fn of_service(view: &View, service: &Value, text: &mut Text) {
    let spec = service.at("spec");
    text.name(service);
    text.labels_and_annotations(service);
    text.put(0, "Selector", labels(spec.at("selector")));
    text.put(0, "Type", spec.text("type"));
    text.put_set(0, "IP Family Policy", spec.text("ipFamilyPolicy"));
    text.put(0, "IP Families", or_none(&joined(spec, "ipFamilies", ",")));
    text.put(0, "IP", spec.text("clusterIP"));
    text.put(0, "IPs", or_none(&joined(spec, "clusterIPs", ",")));
    text.put_set(0, "External IPs", &joined(spec, "externalIPs", ","));
    text.put_set(0, "Desired LoadBalancer IP", spec.text("loadBalancerIP"));
    text.put_set(0, "External Name", spec.text("externalName"));
    let ingress = service.at("status").at("loadBalancer").items("ingress");
    let ingress: Vec<String> = ingress.iter().map(balancer).collect();
    text.put_set(0, "LoadBalancer Ingress", &ingress.join(", "));
    ports(view, service, text);
    text.put(0, "Session Affinity", spec.text("sessionAffinity"));
    text.put_set(0, "External Traffic Policy", spec.text("externalTrafficPolicy"));
    text.put_set(0, "Internal Traffic Policy", spec.text("internalTrafficPolicy"));
    if spec.int("healthCheckNodePort") != 0 {
        text.put(0, "HealthCheck NodePort", spec.int("healthCheckNodePort"));
    }
    text.put_set(0, "LoadBalancer Source Ranges", &joined(spec, "loadBalancerSourceRanges", ","));
    text.put_set(0, "Traffic Distribution", spec.text("trafficDistribution"));
    events::describe(view, service, "Service", text);
}

fn balancer(ingress: &Value) -> String {
    let address = match ingress.text("ip") {
        "" => ingress.text("hostname"),
        address => address,
    };
    match ingress.text("ipMode") {
        "" => address.into(),
        mode => format!("{address} ({mode})"),
    }
}

fn ports(view: &View, service: &Value, text: &mut Text) {
    let name = service.at("metadata").text("name");
    let mut slices = view.beside(service, "endpointslices");
    slices.retain(|slice| {
        slice.at("metadata").at("labels").text("kubernetes.io/service-name") == name
    });
    for port in service.at("spec").items("ports") {
        let protocol = port.text("protocol");
        let name = match port.text("name") {
            "" => "<unset>",
            name => name,
        };
        text.put(0, "Port", format_args!("{name}\t{}/{protocol}", port.int("port")));
        let target = plain_or(port, "targetPort", "0");
        text.put(0, "TargetPort", format_args!("{target}/{protocol}"));
        text.put_set(0, "AppProtocol", port.text("appProtocol"));
        if port.int("nodePort") != 0 {
            text.put(0, "NodePort", format_args!("{name}\t{}/{protocol}", port.int("nodePort")));
        }
        text.put(0, "Endpoints", ready(&slices, port.text("name")));
    }
}

/// The addresses of ready endpoints with the port of this name.
fn ready(slices: &[Rc<Value>], name: &str) -> String {
    if slices.is_empty() {
        return "<none>".into();
    }
    let (mut shown, mut count, mut is_more) = (Vec::new(), 0, false);
    let mut add = |endpoint: &Value, port: Option<&Value>| {
        is_more |= shown.len() == MOST;
        if endpoint.at("conditions").set("ready").is_some_and(|it| it.as_bool() == Some(false)) {
            return;
        }
        if !is_more {
            let address = endpoint.texts("addresses").next().unwrap_or_default();
            shown.push(match port {
                Some(port) if address.contains(':') => format!("[{address}]:{}", plain(port)),
                Some(port) => format!("{address}:{}", plain(port)),
                None => address.to_owned(),
            });
        }
        count += 1;
    };
    for slice in slices {
        let endpoints = slice.items("endpoints");
        if slice.items("ports").is_empty() {
            endpoints.iter().for_each(|endpoint| add(endpoint, None));
        }
        for port in slice.items("ports").iter().filter(|port| port.text("name") == name) {
            endpoints.iter().for_each(|endpoint| add(endpoint, Some(port.at("port"))));
        }
    }
    let list = shown.join(",");
    if is_more { format!("{list} + {} more...", count - MOST) } else { list }
}

/// Writes the description of endpoints.
pub fn endpoints(view: &View, endpoints: &Value, text: &mut Text) {
    text.name(endpoints);
    text.labels_and_annotations(endpoints);
    text.head(0, "Subsets");
    for subset in endpoints.items("subsets") {
        for (title, field) in
            [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")]
        {
            let addresses: Vec<&str> = subset.items(field).iter().map(|it| it.text("ip")).collect();
            text.put(1, title, or_none(&addresses.join(",")));
        }
        if !subset.items("ports").is_empty() {
            text.head(1, "Ports");
            port_table(subset.items("ports"), 2, text);
        }
        text.raw(0, "");
    }
    events::describe(view, endpoints, "Endpoints", text);
}

fn port_table(ports: &[Value], level: usize, text: &mut Text) {
    text.raw(level, "Name\tPort\tProtocol");
    text.raw(level, "----\t----\t--------");
    for port in ports {
        let name = match port.text("name") {
            "" => "<unset>",
            name => name,
        };
        let number = plain_or(port, "port", "<unset>");
        text.raw(level, format_args!("{name}\t{number}\t{}", port.text("protocol")));
    }
}

/// Writes the description of an endpoint slice.
pub fn endpoint_slice(view: &View, slice: &Value, text: &mut Text) {
    text.name(slice);
    text.labels_and_annotations(slice);
    text.put(0, "AddressType", slice.text("addressType"));
    if slice.items("ports").is_empty() {
        text.raw(0, "Ports: <unset>");
    } else {
        text.head(0, "Ports");
        port_table(slice.items("ports"), 1, text);
    }
    if slice.items("endpoints").is_empty() {
        text.raw(0, "Endpoints: <none>");
    } else {
        text.head(0, "Endpoints");
    }
    for endpoint in slice.items("endpoints") {
        text.put(1, "- Addresses", or_none(&joined(endpoint, "addresses", ", ")));
        text.head(2, "Conditions");
        let ready = endpoint.at("conditions").at("ready");
        let ready = if ready.is_null() { "<unset>".into() } else { plain(ready) };
        text.put(3, "Ready", ready);
        text.put(2, "Hostname", plain_or(endpoint, "hostname", "<unset>"));
        if let Some(target) = endpoint.set("targetRef") {
            let (kind, name) = (target.text("kind"), target.text("name"));
            text.put(2, "TargetRef", format_args!("{kind}/{name}"));
        }
        text.put(2, "NodeName", plain_or(endpoint, "nodeName", "<unset>"));
        text.put(2, "Zone", plain_or(endpoint, "zone", "<unset>"));
    }
    events::describe(view, slice, "EndpointSlice", text);
}
