//! The addresses and ports that the server hands out to Services.
//!
//! Upstream: `pkg/registry/core/service/storage/{storage,alloc}.go`.

use crate::api::{ApiObject, FieldError, Status, Tree, allocated, validate};
use crate::cluster::Cluster;
use crate::cluster::meta::Key;
use crate::cluster::rng::Rng;
use crate::cluster::service::Service;
use crate::cluster::store::Store;
use serde_json::Value;
use std::net::Ipv4Addr;

/// `--service-cluster-ip-range`, as messages name it.
const RANGE: &str = "10.96.0.0/12";
/// The first and last address of the range that a Service can ask for.
const FIRST: u32 = u32::from_be_bytes([10, 96, 0, 1]);
const LAST: u32 = u32::from_be_bytes([10, 111, 255, 254]);
/// Below this address the server picks none by itself; they are for who asks for one.
///
/// Upstream: `pkg/registry/core/service/ipallocator/ipallocator.go`, calculateRangeOffset.
const FIRST_PICKED: u32 = u32::from_be_bytes([10, 96, 1, 0]);
/// The address of `kube-system/kube-dns`.
const DNS: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 10);
/// `--service-node-port-range`.
const NODE_PORTS: (i64, i64) = (30_000, 32_767);

fn has_node_ports(spec: &Value) -> bool {
    match spec.text("type") {
        "NodePort" => true,
        "LoadBalancer" => spec.at("allocateLoadBalancerNodePorts") != &Value::Bool(false),
        _ => false,
    }
}

/// Gives the Service an address and node ports, if its type has them.
///
/// # Errors
/// `Invalid` if an address or port that it asks for cannot be had.
pub fn allocate(cluster: &mut Cluster, service: &mut ApiObject) -> Result<(), Status> {
    let own = Key::new(service.namespace(), service.name());
    let is_dns = service.namespace() == "kube-system" && service.name() == "kube-dns";
    let others = Taken::by_others(&cluster.store, &own, is_dns);
    let spec = service.spec_mut();
    let mut cause = None;
    if allocated::has_address(spec) {
        spec.fill("ipFamilies", vec!["IPv4"]);
        spec.fill("ipFamilyPolicy", "SingleStack");
        cause = address(&mut cluster.rng, &others, spec);
    }
    if cause.is_none() && has_node_ports(spec) {
        cause = node_ports(&mut cluster.rng, &others, spec);
    }
    validate::refusal(service, cause.into_iter().collect()).map_or(Ok(()), Err)
}

/// What other Services have been given.
struct Taken {
    addresses: Vec<Ipv4Addr>,
    node_ports: Vec<i64>,
}

impl Taken {
    fn by_others(store: &Store, own: &Key, is_dns: bool) -> Self {
        let mut taken = Self { addresses: Vec::new(), node_ports: Vec::new() };
        if !is_dns {
            taken.addresses.push(DNS);
        }
        for service in store.list::<Service>().filter(|it| it.meta.key != *own) {
            taken.addresses.extend(service.cluster_ip);
            taken.node_ports.extend(allocated::node_ports(&service.spec));
        }
        taken
    }
}

fn address(rng: &mut Rng, others: &Taken, spec: &mut Value) -> Option<FieldError> {
    let asked = spec.text("clusterIP").to_owned();
    if asked.is_empty() {
        let mut number = rng.in_range(FIRST_PICKED.into(), LAST.into());
        while others.addresses.contains(&ipv4(number)) {
            number = if number == u64::from(LAST) { FIRST_PICKED.into() } else { number + 1 };
        }
        let text = ipv4(number).to_string();
        spec.put("clusterIP", text.as_str());
        spec.put("clusterIPs", vec![text]);
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
    Some(FieldError::invalid("spec.clusterIPs", Value::from(vec![asked]), detail))
}

/// The address of a number drawn from the range, which has 32 bits.
fn ipv4(number: u64) -> Ipv4Addr {
    Ipv4Addr::from(u32::try_from(number).unwrap_or(LAST))
}

#[inline(never)]
fn node_ports(rng: &mut Rng, others: &Taken, spec: &mut Value) -> Option<FieldError> {
    let (first, last) = NODE_PORTS;
    let mut taken = others.node_ports.clone();
    taken.extend(allocated::node_ports(spec));
    for (index, port) in spec.items_mut("ports").iter_mut().enumerate() {
        let path = format!("spec.ports[{index}].nodePort");
        let asked = port.int("nodePort");
        if asked != 0 && !(first..=last).contains(&asked) {
            let range = format!("The range of valid ports is {first}-{last}");
            let detail = format!("provided port is not in the valid range. {range}");
            return Some(FieldError::invalid(path, asked, detail));
        }
        if asked != 0 && others.node_ports.contains(&asked) {
            return Some(FieldError::invalid(path, asked, "provided port is already allocated"));
        }
        if asked == 0 {
            let start = rng.in_range(0, first.abs_diff(last));
            let start = i64::try_from(start).unwrap_or(0);
            let mut candidates = (first + start..=last).chain(first..first + start);
            let Some(free) = candidates.find(|number| !taken.contains(number)) else {
                let detail = "failed to allocate a nodePort: range is full";
                return Some(FieldError::invalid(path, 0, detail));
            };
            taken.push(free);
            port.put("nodePort", free);
        }
    }
    None
}
