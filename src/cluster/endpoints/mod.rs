//! The EndpointSlice controller: which pods stand behind a Service.
//!
//! Upstream: `staging/src/k8s.io/endpointslice/utils.go`, `reconciler.go`. A slice follows its pods
//! without delay; changes of the same instant are written together.

pub mod memory;

use super::apiserver::service;
use super::journal::{Change, Changed};
use super::meta::{Key, Kind, Labels, Meta, OwnerReference};
use super::pod::Pod;
use super::service::{Endpoint, EndpointSlice, Service};
use super::state::{Acts, Cluster};
use super::work::Work;
use crate::api::{ApiObject, Status};
use crate::ordered::Set;
use memory::Dirty;
use std::rc::Rc;

impl Acts for Service {
    fn observe(cluster: &mut Cluster, change: &Change) {
        observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        handle(cluster, key);
    }

    fn admit(
        cluster: &mut Cluster,
        object: &mut ApiObject,
        _old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        service::allocate(cluster, object)
    }
}

/// Queues the work that a change causes.
fn observe(cluster: &mut Cluster, change: &Change) {
    if let Some(Changed { old, new }) = change.of::<Pod>() {
        observe_pod(cluster, old.as_deref(), new.as_deref());
    } else if let Some(Changed { old, new }) = change.of::<Service>() {
        // The endpoints of others are not this controller's.
        if old.iter().chain(&new).any(|service| !service.selector.is_empty()) {
            enqueue(cluster, &change.meta().key, None);
        }
    } else if let Some(Changed { old: Some(slice), new: None }) = change.of::<EndpointSlice>() {
        enqueue(cluster, &slice.meta.key.sibling(&slice.service), None);
    }
}

fn observe_pod(cluster: &mut Cluster, old: Option<&Pod>, new: Option<&Pod>) {
    let relabelled = match (old, new) {
        (Some(old), Some(new)) => old.meta.labels != new.meta.labels,
        _ => false,
    };
    if !relabelled && old.and_then(endpoint) == new.and_then(endpoint) {
        return;
    }
    let Some(pod) = new.or(old) else { return };
    let selects = |service: &&Rc<Service>| {
        [old, new].into_iter().flatten().any(|pod| selects(service, &pod.meta.labels))
    };
    let services = cluster.store.list_in::<Service>(&pod.meta.key.namespace).filter(selects);
    for key in services.map(|service| service.meta.key.clone()).collect::<Vec<_>>() {
        enqueue(cluster, &key, Some(&pod.meta.key.name));
    }
}

fn enqueue(cluster: &mut Cluster, service: &Key, pod: Option<&Rc<str>>) {
    let now = cluster.now;
    if !cluster.endpoints.dirty.contains_key(service) {
        cluster.queue.schedule(now, Work::Sync(Kind::Service, service.clone()));
    }
    let dirty = cluster.endpoints.dirty.entry(service.clone());
    let dirty = dirty.or_insert_with(|| Dirty::Pods(Set::new()));
    match (dirty, pod) {
        (Dirty::Pods(pods), Some(pod)) => {
            pods.insert(Rc::clone(pod));
        }
        (dirty, None) => *dirty = Dirty::All,
        (Dirty::All, Some(_)) => {}
    }
}

/// Looks at one service.
fn handle(cluster: &mut Cluster, key: &Key) {
    let dirty = cluster.endpoints.dirty.remove(key);
    let slice = slice_of(cluster, key);
    let Some(service) = cluster.store.get::<Service>(key).cloned() else {
        if let Some(slice) = slice {
            cluster.store.remove::<EndpointSlice>(&slice);
        }
        return;
    };
    if service.selector.is_empty() {
        return;
    }
    let (slice, dirty) = match slice {
        Some(slice) => (slice, dirty.unwrap_or(Dirty::All)),
        None => (create_slice(cluster, &service), Dirty::All),
    };
    match dirty {
        Dirty::All => {
            let pods = cluster.store.list_in::<Pod>(&key.namespace);
            let endpoints: Vec<_> = pods.filter_map(|pod| member(&service, pod)).collect();
            cluster.store.update::<EndpointSlice>(&slice, |slice| slice.endpoints = endpoints);
        }
        Dirty::Pods(pods) => {
            let current = pods.into_iter().map(|name| {
                let pod = cluster.store.get::<Pod>(&key.sibling(&name));
                let endpoint = pod.and_then(|pod| member(&service, pod));
                (name, endpoint)
            });
            let current: Vec<_> = current.collect();
            cluster.store.update::<EndpointSlice>(&slice, |slice| merge(slice, current));
        }
    }
}

/// Puts the current endpoints of some pods in place of those that the slice has.
fn merge(slice: &mut EndpointSlice, current: Vec<(Rc<str>, Option<Endpoint>)>) {
    for (name, endpoint) in current {
        let place = slice.endpoints.binary_search_by(|each| each.pod.cmp(&name));
        match (place, endpoint) {
            (Ok(at), Some(endpoint)) => slice.endpoints[at] = endpoint,
            (Ok(at), None) => {
                slice.endpoints.remove(at);
            }
            (Err(at), Some(endpoint)) => slice.endpoints.insert(at, endpoint),
            (Err(_), None) => {}
        }
    }
}

/// The slice of a Service: the one whose owner it is.
pub fn slice_of(cluster: &Cluster, service: &Key) -> Option<Key> {
    let prefix = format!("{}-", service.name);
    let slices = cluster.store.list_in::<EndpointSlice>(&service.namespace);
    let mut slices = slices.filter(|slice| slice.meta.key.name.starts_with(&prefix));
    slices.find(|slice| slice.service == service.name).map(|slice| slice.meta.key.clone())
}

fn create_slice(cluster: &mut Cluster, service: &Service) -> Key {
    let key =
        service.meta.key.sibling(&format!("{}-{}", service.meta.name(), cluster.rng.suffix()));
    let mut meta = Meta::new(key.clone());
    let label = |key: &str, value: &str| (key.to_string(), value.to_string());
    let mut labels = Labels::from([
        label("kubernetes.io/service-name", service.meta.name()),
        label("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"),
    ]);
    if service.is_headless() {
        labels.insert("service.kubernetes.io/headless".into(), String::new());
    }
    meta.labels = Rc::new(labels);
    meta.owners = vec![OwnerReference::controller(Kind::Service, &service.meta)];
    let name = Rc::clone(&service.meta.key.name);
    let slice = EndpointSlice { meta, service: name, endpoints: Vec::new(), rest: None };
    let now = cluster.now;
    let _already_there = cluster.store.create(slice, now);
    key
}

fn selects(service: &Service, labels: &Labels) -> bool {
    let selector = &service.selector;
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// The endpoint of a pod in a Service's slice, if it belongs there.
fn member(service: &Service, pod: &Pod) -> Option<Endpoint> {
    if !selects(service, &pod.meta.labels) {
        return None;
    }
    let endpoint = endpoint(pod)?;
    let own = pod.subdomain == service.meta.key.name && !pod.hostname.is_empty();
    let ready = service.publish_not_ready_addresses || (endpoint.serving && !endpoint.terminating);
    Some(Endpoint { hostname: endpoint.hostname.filter(|_| own), ready, ..endpoint })
}

/// What a pod brings to any slice; `None` if it has no address or has ended.
fn endpoint(pod: &Pod) -> Option<Endpoint> {
    let address = pod.status.pod_ip.filter(|_| !pod.status.phase.is_terminal())?;
    let serving = pod.is_ready();
    let terminating = pod.is_terminating();
    Some(Endpoint {
        pod: Rc::clone(&pod.meta.key.name),
        pod_uid: pod.meta.uid,
        address,
        hostname: Some(Rc::clone(&pod.hostname)),
        node: pod.node.clone(),
        ready: serving && !terminating,
        serving,
        terminating,
    })
}
