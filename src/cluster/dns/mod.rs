//! What the cluster's DNS answers: the records of Services and of the pods behind them.
//!
//! Upstream: `coredns/coredns`, `plugin/kubernetes/kubernetes.go`, findServices; `handler.go`,
//! ServeDNS; `parse.go`, parseRequest; `kubernetes/dns`, `docs/specification.md`.
//!
//! Simplified: only addresses (A) and services (SRV) have records.

mod cache;
pub mod memory;
#[cfg(test)]
mod tests;

pub use cache::{Reply, ask, expire, keep_answers, look_up};
pub use memory::{Answer, Cache, Data, Record, Why};

use super::meta::Key;
use super::pod::Pod;
use super::service::{Endpoint, EndpointSlice, Service};
use super::store::Store;
use crate::api::Tree;
use crate::ordered::Set;

/// How long an answer may be kept, in seconds: `ttl 30` of kubeadm's Corefile.
pub const TTL_SECONDS: u32 = 30;

/// Address of the DNS server: the Service kube-dns.
pub const SERVER: &str = "10.96.0.10";

/// The zone of the cluster.
pub const ZONE: &str = "cluster.local";

/// All records, by Service and then by endpoint.
pub fn records(store: &Store) -> Vec<Record> {
    let mut records = Vec::new();
    for service in store.list::<Service>() {
        let slice = slice_of(store, &service.meta.key);
        let endpoints: Vec<_> = ready(slice).collect();
        records.extend(service_addresses(service, &endpoints));
        for endpoint in endpoints.iter().filter(|endpoint| endpoint.hostname.is_some()) {
            records.push(endpoint_record(service, endpoint, host(endpoint)));
        }
        records.extend(service_ports(service, &endpoints));
    }
    records
}

/// Answers a question for the address of a full name; a final dot and case do not matter.
pub fn lookup(store: &Store, name: &str) -> Answer {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let Some(rest) = name.strip_suffix(ZONE).map(|rest| rest.trim_end_matches('.')) else {
        return Answer::NoSuchName(Why::OutsideZone);
    };
    let labels: Vec<_> = rest.split('.').rev().collect();
    match labels[..] {
        ["svc"] => Answer::NoData(Why::NoAddressHere),
        ["svc", namespace] => lookup_namespace(store, namespace),
        ["svc", namespace, service] => lookup_service(store, &Key::new(namespace, service)),
        ["svc", namespace, service, hostname] => {
            lookup_hostname(store, &Key::new(namespace, service), hostname)
        }
        _ => Answer::NoSuchName(Why::Shape),
    }
}

/// Answers a question as a pod's resolver puts it: a name with fewer than five dots is tried with
/// each suffix of the search list first. `ask` answers a question for a full name. Returns the full
/// name that the answer is about.
///
/// Upstream: `pkg/kubelet/network/dns/dns.go`, generateSearchesForDNSClusterFirst;
/// `resolv.conf(5)`, `ndots`.
pub fn resolve(
    namespace: &str,
    name: &str,
    ask: &mut dyn FnMut(&str) -> Answer,
) -> (String, Answer) {
    let suffixes = [format!("{namespace}.svc.{ZONE}."), format!("svc.{ZONE}."), format!("{ZONE}.")];
    let searches = !name.ends_with('.') && name.matches('.').count() < 5;
    let mut first = None;
    for suffix in suffixes.iter().filter(|_| searches) {
        let full = format!("{name}.{suffix}");
        match ask(&full) {
            Answer::NoSuchName(why) => {
                first.get_or_insert((full, Answer::NoSuchName(why)));
            }
            answer => return (full, answer),
        }
    }
    match ask(name) {
        Answer::NoSuchName(why) => {
            first.unwrap_or_else(|| (name.to_string(), Answer::NoSuchName(why)))
        }
        answer => (name.to_string(), answer),
    }
}

fn lookup_namespace(store: &Store, namespace: &str) -> Answer {
    let known = ["default", "kube-system", "kube-public", "kube-node-lease"].contains(&namespace)
        || store.list_in::<Service>(namespace).next().is_some()
        || store.list_in::<Pod>(namespace).next().is_some();
    match known {
        true => Answer::NoData(Why::NoAddressHere),
        false => Answer::NoSuchName(Why::NoNamespace),
    }
}

fn lookup_service(store: &Store, key: &Key) -> Answer {
    let Some(service) = store.get::<Service>(key) else {
        return Answer::NoSuchName(Why::NoService { service: key.clone() });
    };
    let endpoints: Vec<_> = ready(slice_of(store, key)).collect();
    let records = service_addresses(service, &endpoints);
    match records.is_empty() {
        true => Answer::NoSuchName(Why::NoReadyEndpoint { service: key.clone() }),
        false => Answer::Found(records),
    }
}

fn lookup_hostname(store: &Store, key: &Key, hostname: &str) -> Answer {
    let Some(service) = store.get::<Service>(key) else {
        return Answer::NoSuchName(Why::NoService { service: key.clone() });
    };
    let slice = slice_of(store, key);
    let asked = |endpoint: &&Endpoint| host(endpoint) == hostname;
    let records: Vec<_> = ready(slice)
        .filter(asked)
        .map(|endpoint| endpoint_record(service, endpoint, host(endpoint)))
        .collect();
    match records.is_empty() {
        true => Answer::NoSuchName(why_not(store, service, slice, hostname)),
        false => Answer::Found(records),
    }
}

/// Why no ready endpoint has this hostname.
fn why_not(store: &Store, service: &Service, slice: Option<&EndpointSlice>, hostname: &str) -> Why {
    let key = &service.meta.key;
    let of_slice = slice.into_iter().flat_map(|slice| &slice.endpoints);
    if let Some(endpoint) = of_slice.into_iter().find(|endpoint| host(endpoint) == hostname) {
        let pod = key.sibling(&endpoint.pod);
        return match endpoint.terminating {
            true => Why::Terminating { pod },
            false => Why::NotReady { pod },
        };
    }
    let Some(pod) = store.get::<Pod>(&key.sibling(hostname)) else {
        return Why::NoHostname { service: key.clone(), hostname: hostname.into() };
    };
    let selected = service.selector.iter().all(|(k, v)| pod.meta.labels.get(k) == Some(v));
    let pod_key = pod.meta.key.clone();
    if service.selector.is_empty() || !selected || *pod.subdomain != *key.name {
        Why::NotGoverned { service: key.clone(), pod: pod_key }
    } else {
        Why::NoAddress { pod: pod_key }
    }
}

/// The slice of a Service.
fn slice_of<'a>(store: &'a Store, service: &'a Key) -> Option<&'a EndpointSlice> {
    let mut slices = store.list_in::<EndpointSlice>(&service.namespace);
    slices.find(|slice| slice.service == service.name).map(|slice| &**slice)
}

fn ready(slice: Option<&EndpointSlice>) -> impl Iterator<Item = &Endpoint> {
    let endpoints = slice.into_iter().flat_map(|slice| &slice.endpoints);
    endpoints.filter(|endpoint| endpoint.ready)
}

/// The first label of an endpoint's name: its hostname, or its address with dashes.
fn host(endpoint: &Endpoint) -> String {
    match &endpoint.hostname {
        Some(hostname) => hostname.to_string(),
        None => endpoint.address.to_string().replace('.', "-"),
    }
}

fn full_name(service: &Service) -> String {
    format!("{}.{}.svc.{ZONE}", service.meta.key.name, service.meta.key.namespace)
}

fn service_addresses(service: &Service, endpoints: &[&Endpoint]) -> Vec<Record> {
    let name = full_name(service);
    if let Some(address) = service.cluster_ip {
        let data = Data::Address(address);
        return vec![Record { name, ttl_seconds: TTL_SECONDS, data, pod: None }];
    }
    let mut seen = Set::new();
    let fresh = endpoints.iter().filter(|endpoint| seen.insert(endpoint.address));
    let record = |endpoint: &&Endpoint| Record {
        name: name.clone(),
        ttl_seconds: TTL_SECONDS,
        data: Data::Address(endpoint.address),
        pod: Some(service.meta.key.sibling(&endpoint.pod)),
    };
    fresh.map(record).collect()
}

fn endpoint_record(service: &Service, endpoint: &Endpoint, host: String) -> Record {
    Record {
        name: format!("{host}.{}", full_name(service)),
        ttl_seconds: TTL_SECONDS,
        data: Data::Address(endpoint.address),
        pod: Some(service.meta.key.sibling(&endpoint.pod)),
    }
}

/// The SRV records of a Service's named ports.
fn service_ports(service: &Service, endpoints: &[&Endpoint]) -> Vec<Record> {
    let mut records = Vec::new();
    for port in service.spec.items("ports") {
        let port_name = port.text("name");
        if port_name.is_empty() {
            continue;
        }
        let protocol = port.opt_text("protocol").unwrap_or("TCP").to_ascii_lowercase();
        let number = i32::try_from(port.int("port")).unwrap_or(0);
        let name = format!("_{port_name}._{protocol}.{}", full_name(service));
        let targets: Vec<_> = match service.cluster_ip {
            Some(_) => vec![(full_name(service), None)],
            None => endpoints
                .iter()
                .map(|each| {
                    let target = format!("{}.{}", host(each), full_name(service));
                    (target, Some(service.meta.key.sibling(&each.pod)))
                })
                .collect(),
        };
        let weight = u16::try_from(100 / targets.len().max(1)).unwrap_or(0);
        records.extend(targets.into_iter().map(|(target, pod)| Record {
            name: name.clone(),
            ttl_seconds: TTL_SECONDS,
            data: Data::Service { priority: 0, weight, port: number, target },
            pod,
        }));
    }
    records
}
