//! Services and their endpoints.

use crate::api::{ApiObject, Kind, Status, Tree};
use crate::cluster::meta::{Key, Meta, Shared, Uid, texts};
use crate::cluster::pod::Pod;
use crate::cluster::record::{Record, Stored};
use crate::cluster::service::{Endpoint, EndpointSlice, Service};
use crate::cluster::store::Store;
use crate::cluster::{Change, Cluster, apiserver, endpoints};
use serde_json::{Value, json};
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

    fn observe(cluster: &mut Cluster, change: &Change) {
        endpoints::observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        endpoints::handle(cluster, key);
    }

    fn body(&self, _cluster: &Cluster) -> Value {
        json!({"spec": &*self.spec, "status": {"loadBalancer": {}}})
    }

    fn admit(
        cluster: &mut Cluster,
        object: &mut ApiObject,
        _old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        apiserver::service::allocate(cluster, object)
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

    fn read(meta: Meta, object: &Value, _old: Option<&Self>) -> Self {
        let service = meta.labels.get(SERVICE_NAME).map_or("", String::as_str).into();
        let endpoints = object.items("endpoints").iter().filter_map(endpoint).collect();
        let mut body = object.clone();
        for field in ["metadata", "apiVersion", "kind", "endpoints"] {
            body.drop_field(field);
        }
        Self { meta, service, endpoints, rest: Some(Shared::new(body)) }
    }

    fn body(&self, cluster: &Cluster) -> Value {
        let mut body = match &self.rest {
            Some(rest) => (**rest).clone(),
            None if self.endpoints.is_empty() => json!({"addressType": "IPv4", "ports": []}),
            None => json!({"addressType": "IPv4", "ports": ports(cluster.store(), self)}),
        };
        let endpoints = self.endpoints.iter().map(|it| slice_endpoint(self, it));
        body.put("endpoints", endpoints.collect::<Vec<_>>());
        body
    }
}

/// The label that says who looks after a slice.
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";

/// The label of Endpoints that are not made into slices: somebody wrote both.
const SKIP_MIRROR: &str = "endpointslice.kubernetes.io/skip-mirror";

/// The label with the name of a slice's Service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

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
    let mut endpoint = json!({
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

fn target(slice: &EndpointSlice, own: &Endpoint) -> Value {
    json!({
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
        Some(json!({
            "name": port.text("name"),
            "port": target,
            "protocol": port.opt_text("protocol").unwrap_or("TCP"),
        }))
    })
    .collect()
}

/// The Endpoints, which the endpoints controller keeps beside the slices.
pub fn endpoints(cluster: &Cluster) -> Vec<Value> {
    let slices = cluster.store().list::<EndpointSlice>();
    slices.filter(|slice| !slice.service.is_empty()).map(|it| mirror(cluster, it)).collect()
}

fn mirror(cluster: &Cluster, slice: &EndpointSlice) -> Value {
    let mut meta = slice.meta.clone();
    meta.key = Key::new(&slice.meta.key.namespace, &slice.service);
    meta.owners.clear();
    meta.generate_name = "".into();
    if !meta.labels.contains_key(MANAGED_BY) {
        let label = (SKIP_MIRROR.to_owned(), "true".to_owned());
        meta.labels = Rc::new([label].into());
    }
    let mut metadata = meta.tree(Kind::EndpointSlice);
    metadata.drop_field("generation");
    let mut whole = json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata});
    let address = |ready: bool| -> Vec<Value> {
        let own = slice.endpoints.iter().filter(|it| it.ready == ready);
        own.map(|it| {
            let mut address = json!({"ip": it.address.to_string()});
            if !it.pod.is_empty() {
                address.put("targetRef", target(slice, it));
            }
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
        let ports = slice.tree(cluster).at("ports").clone();
        let mut subset = json!({"ports": ports});
        for (field, addresses) in [("addresses", ready), ("notReadyAddresses", not_ready)] {
            if !addresses.is_empty() {
                subset.put(field, addresses);
            }
        }
        whole.put("subsets", vec![subset]);
    }
    whole
}

/// The address of the API server inside the cluster.
const KUBERNETES: &str = "10.96.0.1";
/// The address and port behind it.
const API_SERVER: (&str, i64) = ("192.168.49.2", 8443);

/// Puts the API server's own Service and slice into a new cluster.
///
/// Upstream: `pkg/controlplane/controller/kubernetesservice/controller.go`.
pub fn create_kubernetes(cluster: &mut Cluster) {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut meta = Meta::new(Key::new("default", "kubernetes"));
    meta.labels =
        Rc::new([label("component", "apiserver"), label("provider", "kubernetes")].into());
    let service = json!({"spec": {
        "clusterIP": KUBERNETES, "clusterIPs": [KUBERNETES],
        "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "type": "ClusterIP",
        "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443}],
    }});
    let now = cluster.now;
    let _free = cluster.store.create(Service::read(meta, &service, None), now);
    let mut meta = Meta::new(Key::new("default", "kubernetes"));
    meta.labels = Rc::new([label(SERVICE_NAME, "kubernetes")].into());
    let (address, port) = API_SERVER;
    let slice = json!({
        "addressType": "IPv4",
        "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
        "ports": [{"name": "https", "port": port, "protocol": "TCP"}],
    });
    let _free = cluster.store.create(EndpointSlice::read(meta, &slice, None), now);
}
