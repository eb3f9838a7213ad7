//! Creating and changing Services, with the addresses and ports that the server hands out.
//!
//! Upstream: `pkg/registry/core/service/storage/{storage,alloc}.go`.

use crate::api::{ApiObject, FieldError, Kubernetes, Status, defaults, update_rules, validate};
use crate::cluster::Cluster;
use crate::cluster::meta::{Key, Kind, Meta, Shared};
use crate::cluster::rng::Rng;
use crate::cluster::service::Service;
use crate::cluster::store::Store;
use k8s_openapi::api::core::v1 as core;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// `--service-cluster-ip-range`, as messages name it.
const RANGE: &str = "10.96.0.0/12";
/// The first and last address of the range that a Service can ask for.
const FIRST: u32 = u32::from_be_bytes([10, 96, 0, 1]);
const LAST: u32 = u32::from_be_bytes([10, 111, 255, 254]);
/// Below this address the server picks none by itself; they are for who asks for one.
///
/// Upstream: `pkg/registry/core/service/ipallocator/ipallocator.go`, calculateRangeOffset.
const FIRST_PICKED: u32 = u32::from_be_bytes([10, 96, 1, 0]);
/// The addresses of `default/kubernetes` and `kube-system/kube-dns`.
const TAKEN: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 96, 0, 1), Ipv4Addr::new(10, 96, 0, 10)];
/// `--service-node-port-range`.
const NODE_PORTS: (i32, i32) = (30_000, 32_767);

/// Creates a Service: defaults, validation, an address unless it is headless, node ports.
///
/// # Errors
/// `Invalid`, also if an address or port that it asks for cannot be had; `AlreadyExists`.
pub fn create(cluster: &mut Cluster, service: &core::Service) -> Result<(), Status> {
    let kubernetes = cluster.kubernetes();
    let admitted = defaulted(service.clone(), &kubernetes);
    let object = ApiObject::Service(Box::new(admitted.clone()));
    admit(&object, validate::create(&object, &kubernetes))?;
    let admitted = allocated(cluster, None, admitted)?;
    let meta = &admitted.metadata;
    let namespace = meta.namespace.as_deref().unwrap_or("default");
    let key = Key::new(namespace, meta.name.as_deref().unwrap_or_default());
    let stored = stored(Meta::new(key), admitted);
    cluster.store.create(stored, cluster.now)?;
    Ok(())
}

/// Replaces what is asked of a Service; it keeps the address it has. Returns whether that was a
/// write.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub fn update(cluster: &mut Cluster, key: &Key, service: &core::Service) -> Result<bool, Status> {
    let Some(old) = cluster.store.get::<Service>(key).cloned() else {
        let kind = Kind::Service;
        return Err(Status::not_found(kind.name(), kind.resource(), &key.name));
    };
    let kubernetes = cluster.kubernetes();
    let mut service = service.clone();
    keep_allocated(&mut service, &old.api);
    let admitted = defaulted(service, &kubernetes);
    let before = ApiObject::Service(Box::new((*old.api).clone()));
    let object = ApiObject::Service(Box::new(admitted.clone()));
    admit(&object, update_rules::update(&object, &before, &kubernetes))?;
    let admitted = allocated(cluster, Some(key), admitted)?;
    if admitted == *old.api {
        return Ok(false);
    }
    let new = stored(old.meta.clone(), admitted);
    Ok(cluster.store.update::<Service>(key, |service| *service = new))
}

fn admit(object: &ApiObject, causes: Vec<FieldError>) -> Result<(), Status> {
    validate::refusal(object, causes).map_or(Ok(()), Err)
}

/// The Service with its defaults, the allocator's of address families among them.
fn defaulted(service: core::Service, kubernetes: &Kubernetes) -> core::Service {
    let mut service = service;
    service.status = None;
    defaults::service(&mut service, kubernetes);
    let spec = service.spec.get_or_insert_default();
    if has_address(spec) {
        spec.ip_families.get_or_insert_with(|| vec!["IPv4".into()]);
        spec.ip_family_policy.get_or_insert_with(|| "SingleStack".into());
    }
    service
}

fn has_address(spec: &core::ServiceSpec) -> bool {
    spec.type_.as_deref() != Some("ExternalName")
}

fn has_node_ports(spec: &core::ServiceSpec) -> bool {
    match spec.type_.as_deref() {
        Some("NodePort") => true,
        Some("LoadBalancer") => spec.allocate_load_balancer_node_ports != Some(false),
        _ => false,
    }
}

/// Before defaults: the address stays unless another is asked for, and what the new type does not
/// use goes.
///
/// Upstream: `pkg/registry/core/service/strategy.go`, patchAllocatedValues,
/// dropTypeDependentFields.
fn keep_allocated(service: &mut core::Service, old: &core::Service) {
    let Some(before) = &old.spec else { return };
    let spec = service.spec.get_or_insert_default();
    let is_external = |spec: &core::ServiceSpec| {
        matches!(spec.type_.as_deref(), Some("NodePort" | "LoadBalancer"))
    };
    if !has_address(spec) {
        if has_address(before) {
            drop_address(spec);
        }
    } else if spec.cluster_ip.as_deref().unwrap_or_default().is_empty() {
        spec.cluster_ip.clone_from(&before.cluster_ip);
        spec.cluster_ips.clone_from(&before.cluster_ips);
    } else if spec.cluster_ip != before.cluster_ip && spec.cluster_ips == before.cluster_ips {
        spec.cluster_ips = None;
    }
    if !is_external(spec) && is_external(before) {
        spec.external_traffic_policy = None;
        let ports_before = before.ports.iter().flatten();
        let ports_before: BTreeSet<i32> = ports_before.filter_map(|port| port.node_port).collect();
        for port in spec.ports.iter_mut().flatten() {
            port.node_port = port.node_port.filter(|number| !ports_before.contains(number));
        }
    }
    if spec.type_.as_deref() != Some("LoadBalancer") {
        spec.allocate_load_balancer_node_ports = None;
    }
}

fn drop_address(spec: &mut core::ServiceSpec) {
    spec.cluster_ip = None;
    spec.cluster_ips = None;
    spec.ip_families = None;
    spec.ip_family_policy = None;
    spec.internal_traffic_policy = None;
}

/// The Service with an address and node ports, if its type has them.
fn allocated(
    cluster: &mut Cluster,
    own: Option<&Key>,
    mut service: core::Service,
) -> Result<core::Service, Status> {
    let mut causes = Vec::new();
    let others = Taken::by_others(&cluster.store, own);
    let spec = service.spec.get_or_insert_default();
    if has_address(spec) {
        causes.extend(address(&mut cluster.rng, &others, spec));
    }
    if causes.is_empty() && has_node_ports(spec) {
        causes.extend(node_ports(&mut cluster.rng, &others, spec));
    }
    let object = ApiObject::Service(Box::new(service));
    admit(&object, causes)?;
    let ApiObject::Service(service) = object else { unreachable!("it was made a Service above") };
    Ok(*service)
}

/// What other Services have been given.
struct Taken {
    addresses: BTreeSet<Ipv4Addr>,
    node_ports: BTreeSet<i32>,
}

impl Taken {
    fn by_others(store: &Store, own: Option<&Key>) -> Self {
        let others = || store.list::<Service>().filter(|it| Some(&it.meta.key) != own);
        let ports = |service: &Rc<Service>| -> Vec<i32> {
            let spec = service.api.spec.iter();
            let ports = spec.flat_map(|spec| spec.ports.iter().flatten());
            ports.filter_map(|port| port.node_port).collect()
        };
        Self {
            addresses: TAKEN.into_iter().chain(others().filter_map(|it| it.cluster_ip)).collect(),
            node_ports: others().flat_map(ports).collect(),
        }
    }
}

fn address(rng: &mut Rng, others: &Taken, spec: &mut core::ServiceSpec) -> Option<FieldError> {
    let asked = spec.cluster_ip.clone().unwrap_or_default();
    if asked.is_empty() {
        let mut number = rng.in_range(FIRST_PICKED.into(), LAST.into());
        while others.addresses.contains(&ipv4(number)) {
            number = if number == u64::from(LAST) { FIRST_PICKED.into() } else { number + 1 };
        }
        let text = ipv4(number).to_string();
        spec.cluster_ip = Some(text.clone());
        spec.cluster_ips = Some(vec![text]);
        return None;
    }
    let address: Ipv4Addr = asked.parse().ok()?;
    let why = if !(FIRST..=LAST).contains(&u32::from(address)) {
        format!(
            "the provided IP ({asked}) is not in the valid range. The range of valid IPs is {RANGE}"
        )
    } else if others.addresses.contains(&address) {
        "provided IP is already allocated".into()
    } else {
        return None;
    };
    let detail = format!("failed to allocate IP {asked}: {why}");
    Some(FieldError::invalid("spec.clusterIPs", json!([asked]), detail))
}

/// The address of a number drawn from the range, which has 32 bits.
fn ipv4(number: u64) -> Ipv4Addr {
    Ipv4Addr::from(u32::try_from(number).unwrap_or(LAST))
}

fn node_ports(rng: &mut Rng, others: &Taken, spec: &mut core::ServiceSpec) -> Option<FieldError> {
    let (first, last) = NODE_PORTS;
    let own = spec.ports.iter().flatten().filter_map(|port| port.node_port);
    let mut taken: BTreeSet<i32> = others.node_ports.iter().copied().chain(own).collect();
    for (index, port) in spec.ports.iter_mut().flatten().enumerate() {
        let path = format!("spec.ports[{index}].nodePort");
        let asked = port.node_port.unwrap_or_default();
        if asked != 0 && !(first..=last).contains(&asked) {
            let range = format!("The range of valid ports is {first}-{last}");
            let detail = format!("provided port is not in the valid range. {range}");
            return Some(FieldError::invalid(path, asked, detail));
        }
        if asked != 0 && others.node_ports.contains(&asked) {
            return Some(FieldError::invalid(path, asked, "provided port is already allocated"));
        }
        if asked == 0 {
            let start = rng.in_range(0, u64::from(first.abs_diff(last)));
            let start = i32::try_from(start).unwrap_or(0);
            let mut candidates = (first + start..=last).chain(first..first + start);
            let Some(free) = candidates.find(|number| !taken.contains(number)) else {
                let detail = "failed to allocate a nodePort: range is full";
                return Some(FieldError::invalid(path, 0, detail));
            };
            taken.insert(free);
            port.node_port = Some(free);
        }
    }
    None
}

fn stored(meta: Meta, api: core::Service) -> Service {
    let spec = api.spec.clone().unwrap_or_default();
    Service {
        meta: Meta {
            labels: Rc::new(api.metadata.labels.clone().unwrap_or_default()),
            annotations: Rc::new(api.metadata.annotations.clone().unwrap_or_default()),
            ..meta
        },
        cluster_ip: spec.cluster_ip.and_then(|ip| ip.parse().ok()),
        selector: Rc::new(spec.selector.unwrap_or_default()),
        publish_not_ready_addresses: spec.publish_not_ready_addresses.unwrap_or_default(),
        api: Shared::new(api),
    }
}
