//! Services and their slices as the API has them.

use super::{Endpoint, EndpointSlice, Service};
use crate::api::tree::tree;
use crate::api::{Kind, Tree};
use crate::cluster::meta::{Meta, Shared, Uid, texts};
use crate::cluster::pod::Pod;
use crate::cluster::record::{Stored, View};
use crate::cluster::store::Store;
use serde_json::Value;
use std::rc::Rc;

impl Stored for Service {
    const KIND: Kind = Kind::Service;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn read(meta: Meta, object: &Value, _old: Option<&Self>) -> Self {
        let spec = object.at("spec");
        Self {
            meta,
            cluster_ip: spec.text("clusterIP").parse().ok(),
            selector: Rc::new(texts(spec, "selector")),
            publish_not_ready_addresses: spec.flag("publishNotReadyAddresses"),
            spec: Shared::new(spec.clone()),
        }
    }

    fn body(&self, _view: View<'_>) -> Value {
        tree!({"spec": (*self.spec).clone(), "status": {"loadBalancer": {}}})
    }
}

impl Stored for EndpointSlice {
    const KIND: Kind = Kind::EndpointSlice;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    fn refresh(&mut self) {
        self.service = service_of(&self.meta);
    }

    fn read(meta: Meta, object: &Value, _old: Option<&Self>) -> Self {
        let service = service_of(&meta);
        let endpoints = object.items("endpoints").iter().filter_map(endpoint).collect();
        let mut body = object.clone();
        for field in ["metadata", "apiVersion", "kind", "endpoints"] {
            body.drop_field(field);
        }
        Self { meta, service, endpoints, rest: Some(Shared::new(body)) }
    }

    fn body(&self, view: View<'_>) -> Value {
        let mut body = match &self.rest {
            Some(rest) => (**rest).clone(),
            None if self.endpoints.is_empty() => tree!({"addressType": "IPv4", "ports": []}),
            None => tree!({"addressType": "IPv4", "ports": ports(view.store, self)}),
        };
        let endpoints = self.endpoints.iter().map(|it| slice_endpoint(self, it));
        body.put("endpoints", endpoints.collect::<Vec<_>>());
        body
    }
}

/// The name of a slice's Service.
fn service_of(slice: &Meta) -> Rc<str> {
    slice.labels.get(SERVICE_NAME).map_or("", String::as_str).into()
}

/// The label with the name of a slice's Service.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// An endpoint as a slice writes it; none without an IPv4 address.
fn endpoint(tree: &Value) -> Option<Endpoint> {
    let (conditions, target) = (tree.at("conditions"), tree.at("targetRef"));
    let holds = |field: &str| conditions.set(field).is_none() || conditions.flag(field);
    Some(Endpoint {
        pod: target.text("name").into(),
        pod_uid: Uid::read(target.text("uid")),
        address: tree.texts("addresses").next()?.parse().ok()?,
        hostname: tree.opt_text("hostname").map(Rc::from),
        node: tree.opt_text("nodeName").map(Rc::from),
        ready: holds("ready"),
        serving: holds("serving"),
        terminating: conditions.flag("terminating"),
    })
}

/// An endpoint as its slice writes it.
fn slice_endpoint(slice: &EndpointSlice, own: &Endpoint) -> Value {
    let mut endpoint = tree!({
        "addresses": [own.address.to_string()],
        "conditions": {
            "ready": own.ready, "serving": own.serving, "terminating": own.terminating,
        },
    });
    if !own.pod.is_empty() {
        endpoint.put("targetRef", target(slice, own));
    }
    for (field, text) in [("hostname", &own.hostname), ("nodeName", &own.node)] {
        if let Some(text) = text {
            endpoint.put(field, &**text);
        }
    }
    endpoint
}

/// The pod behind an endpoint.
pub fn target(slice: &EndpointSlice, own: &Endpoint) -> Value {
    tree!({
        "kind": "Pod", "name": &*own.pod, "namespace": &*slice.meta.key.namespace,
        "uid": own.pod_uid.to_string(),
    })
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
    let own = service.spec.items("ports").iter();
    own.filter_map(|port| {
        let target = match port.at("targetPort") {
            Value::String(name) => number_of(name)?,
            Value::Null => port.int("port"),
            number => number.as_i64()?,
        };
        Some(tree!({
            "name": port.text("name"),
            "port": target,
            "protocol": port.opt_text("protocol").unwrap_or("TCP"),
        }))
    })
    .collect()
}
