//! Services and their endpoints.

use super::{object, timestamp};
use crate::api::{Kind, Tree};
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::service::{EndpointSlice, Service};
use crate::cluster::store::Store;
use serde_json::{Value, json};

/// The address of the API server inside the cluster.
const KUBERNETES: &str = "10.96.0.1";
/// The address and port behind it.
const API_SERVER: (&str, i64) = ("192.168.49.2", 8443);

/// The Services, and the one of the API server.
pub fn services(store: &Store) -> Vec<Value> {
    let own = store.list::<Service>().map(|service| {
        let mut whole = object(Kind::Service, &service.meta);
        whole.put("spec", service.api.spec().clone());
        whole.put("status", json!({"loadBalancer": {}}));
        whole
    });
    own.chain([kubernetes(
        "v1",
        "Service",
        json!({
            "spec": {
                "clusterIP": KUBERNETES, "clusterIPs": [KUBERNETES],
                "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "type": "ClusterIP",
                "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443}],
            },
            "status": {"loadBalancer": {}},
        }),
    )])
    .collect()
}

/// An object of the API server's own.
fn kubernetes(version: &str, kind: &str, rest: Value) -> Value {
    let mut whole = rest;
    whole.put("apiVersion", version);
    whole.put("kind", kind);
    whole.put(
        "metadata",
        json!({
            "name": "kubernetes", "namespace": "default", "creationTimestamp": timestamp(0),
            "labels": match kind {
                "Service" => json!({"component": "apiserver", "provider": "kubernetes"}),
                "EndpointSlice" => json!({"kubernetes.io/service-name": "kubernetes"}),
                _ => json!({"endpointslice.kubernetes.io/skip-mirror": "true"}),
            },
            "resourceVersion": "1",
            "uid": "00000000-0000-4000-8000-000000000001",
        }),
    );
    whole
}

/// The ports of a slice: those that its Service's ports lead to in the pods.
fn ports(store: &Store, slice: &EndpointSlice) -> Vec<Value> {
    let key = slice.meta.key.sibling(&slice.service);
    let Some(service) = store.get::<Service>(&key) else { return Vec::new() };
    let first = slice.endpoints.first();
    let pod = first.and_then(|it| store.get::<Pod>(&slice.meta.key.sibling(&it.pod)));
    let number_of = |name: &str| {
        let containers = pod.map(|pod| pod.template.api.at("spec").items("containers"));
        let ports = containers.into_iter().flatten().flat_map(|it| it.items("ports"));
        ports.filter(|port| port.text("name") == name).map(|port| port.int("containerPort")).next()
    };
    let own = service.api.spec().items("ports").iter();
    own.filter_map(|port| {
        let target = match port.at("targetPort") {
            Value::String(name) => number_of(name)?,
            Value::Null => port.int("port"),
            number => number.as_i64()?,
        };
        Some(json!({
            "name": port.text("name"),
            "port": target,
            "protocol": port.opt_text("protocol").unwrap_or("TCP"),
        }))
    })
    .collect()
}

/// The slices.
pub fn slices(store: &Store) -> Vec<Value> {
    let own = store.list::<EndpointSlice>().map(|slice| {
        let mut whole = object(Kind::EndpointSlice, &slice.meta);
        whole.put("addressType", "IPv4");
        let endpoints: Vec<Value> = slice
            .endpoints
            .iter()
            .map(|it| {
                let mut endpoint = json!({
                    "addresses": [it.address.to_string()],
                    "conditions": {
                        "ready": it.ready, "serving": it.serving, "terminating": it.terminating,
                    },
                    "targetRef": {
                        "kind": "Pod", "name": &*it.pod, "namespace": &*slice.meta.key.namespace,
                        "uid": it.pod_uid.to_string(),
                    },
                });
                for (field, text) in [("hostname", &it.hostname), ("nodeName", &it.node)] {
                    if let Some(text) = text {
                        endpoint.put(field, &**text);
                    }
                }
                endpoint
            })
            .collect();
        whole.put("endpoints", endpoints);
        whole.put(
            "ports",
            if slice.endpoints.is_empty() { Vec::new() } else { ports(store, slice) },
        );
        whole
    });
    let (address, port) = API_SERVER;
    own.chain([kubernetes(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        json!({
            "addressType": "IPv4",
            "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
            "ports": [{"name": "https", "port": port, "protocol": "TCP"}],
        }),
    )])
    .collect()
}

/// The Endpoints, which the endpoints controller keeps beside the slices.
pub fn endpoints(store: &Store) -> Vec<Value> {
    let own = store.list::<EndpointSlice>().map(|slice| {
        let key = Key::new(&slice.meta.key.namespace, &slice.service);
        let mut whole = object(Kind::EndpointSlice, &slice.meta);
        whole.put("apiVersion", "v1");
        whole.put("kind", "Endpoints");
        let meta = whole.open("metadata");
        meta.put("name", &*key.name);
        meta.drop_field("ownerReferences");
        meta.drop_field("generation");
        let address = |ready: bool| -> Vec<Value> {
            let own = slice.endpoints.iter().filter(|it| it.ready == ready);
            own.map(|it| {
                let mut address = json!({
                    "ip": it.address.to_string(),
                    "targetRef": {
                        "kind": "Pod", "name": &*it.pod, "namespace": &*key.namespace,
                        "uid": it.pod_uid.to_string(),
                    },
                });
                for (field, text) in [("hostname", &it.hostname), ("nodeName", &it.node)] {
                    if let Some(text) = text {
                        address.put(field, &**text);
                    }
                }
                address
            })
            .collect()
        };
        let (ready, not_ready) = (address(true), address(false));
        if !(ready.is_empty() && not_ready.is_empty()) {
            let mut subset = json!({"ports": ports(store, slice)});
            for (field, addresses) in [("addresses", ready), ("notReadyAddresses", not_ready)] {
                if !addresses.is_empty() {
                    subset.put(field, addresses);
                }
            }
            whole.put("subsets", vec![subset]);
        }
        whole
    });
    let (address, port) = API_SERVER;
    own.chain([kubernetes(
        "v1",
        "Endpoints",
        json!({
            "subsets": [{
                "addresses": [{"ip": address}],
                "ports": [{"name": "https", "port": port, "protocol": "TCP"}],
            }],
        }),
    )])
    .collect()
}
