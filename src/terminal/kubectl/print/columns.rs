//! The columns of each resource.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, AddHandlers.

use super::{Printing, age, controllers, events, network, nodes, pods, storage};
use crate::api::Resource;
use crate::api::Tree;
use serde_json::Value;

/// The names of a resource's columns; a `*` before one means that it is shown with `-o wide` only.
fn names(resource: &Resource) -> &'static str {
    match resource.name {
        "pods" => "Name|Ready|Status|Restarts|Age|*IP|*Node|*Nominated Node|*Readiness Gates",
        "statefulsets" => "Name|Ready|Age|*Containers|*Images",
        "deployments" => "Name|Ready|Up-to-date|Available|Age|*Containers|*Images|*Selector",
        "daemonsets" => {
            "Name|Desired|Current|Ready|Up-to-date|Available|Node Selector|Age|*Containers|*Images|\
             *Selector"
        }
        "replicasets" => "Name|Desired|Current|Ready|Age|*Containers|*Images|*Selector",
        "services" => "Name|Type|Cluster-IP|External-IP|Port(s)|Age|*Selector",
        "persistentvolumeclaims" => {
            "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|\
             *VolumeMode"
        }
        "persistentvolumes" => {
            "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|\
             VolumeAttributesClass|Reason|Age|*VolumeMode"
        }
        "storageclasses" => {
            "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age"
        }
        "nodes" => {
            "Name|Status|Roles|Age|Version|*Internal-IP|*External-IP|*OS-Image|*Kernel-Version|\
             *Container-Runtime"
        }
        "events" => {
            "Last Seen|Type|Reason|Object|*Subobject|*Source|Message|*First Seen|*Count|*Name"
        }
        "controllerrevisions" => "Name|Controller|Revision|Age",
        "endpointslices" => "Name|AddressType|Ports|Endpoints|Age",
        "endpoints" => "Name|Endpoints|Age",
        "namespaces" => "Name|Status|Age",
        "configmaps" => "Name|Data|Age",
        "secrets" => "Name|Type|Data|Age",
        "volumeattachments" => "Name|Attacher|PV|Node|Attached|Age",
        "poddisruptionbudgets" => "Name|Min Available|Max Unavailable|Allowed Disruptions|Age",
        "serviceaccounts" => "Name|Age",
        "resourcequotas" => "Name|Request|Limit|Age",
        "limitranges" => "Name|Created At",
        "priorityclasses" => "Name|Value|Global-Default|Age|PreemptionPolicy",
        "horizontalpodautoscalers" => "Name|Reference|Targets|MinPods|MaxPods|Replicas|Age",
        _ => "Name|Age",
    }
}

/// The header of a table.
pub fn header(resource: &Resource, printing: &Printing) -> Vec<String> {
    shown(resource, printing).map(|(_, name)| name.to_uppercase()).collect()
}

/// The cells of an object, under the header.
pub fn row(resource: &Resource, object: &Value, printing: &Printing) -> Vec<String> {
    let cells = cells(resource, object, printing);
    let shown = shown(resource, printing);
    shown.map(|(at, _)| cut(cells.get(at).map(String::as_str).unwrap_or_default())).collect()
}

/// A cell ends at its first line.
fn cut(cell: &str) -> String {
    match cell.split_once('\n') {
        Some((line, _)) => format!("{line}..."),
        None => cell.into(),
    }
}

fn shown(
    resource: &Resource,
    printing: &Printing,
) -> impl Iterator<Item = (usize, &'static str)> + use<> {
    let wide = printing.wide;
    let names = names(resource).split('|').enumerate();
    names.filter_map(move |(at, name)| match name.strip_prefix('*') {
        Some(_) if !wide => None,
        Some(name) => Some((at, name)),
        None => Some((at, name)),
    })
}

fn cells(resource: &Resource, object: &Value, printing: &Printing) -> Vec<String> {
    let name = || object.at("metadata").text("name").to_owned();
    let age = || age(object, printing.now);
    match resource.name {
        "pods" => pods::cells(object, printing),
        "statefulsets" => controllers::stateful_set(object, printing),
        "daemonsets" => controllers::daemon_set(object, printing),
        "deployments" => controllers::deployment(object, printing),
        "replicasets" => controllers::replica_set(object, printing),
        "controllerrevisions" => controllers::revision(object, printing),
        "poddisruptionbudgets" => controllers::budget(object, printing),
        "horizontalpodautoscalers" => controllers::autoscaler(object, printing),
        "services" => network::service(object, printing),
        "endpointslices" => network::endpoint_slice(object, printing),
        "endpoints" => network::endpoints(object, printing),
        "persistentvolumeclaims" => storage::claim(object, printing),
        "persistentvolumes" => storage::volume(object, printing),
        "storageclasses" => storage::class(object, printing),
        "volumeattachments" => storage::attachment(object, printing),
        "nodes" => nodes::cells(object, printing),
        "events" => events::cells(object, printing),
        "namespaces" => vec![name(), object.at("status").text("phase").into(), age()],
        "configmaps" => {
            let count = object.members("data").count() + object.members("binaryData").count();
            vec![name(), count.to_string(), age()]
        }
        "secrets" => {
            let count = object.members("data").count();
            vec![name(), object.text("type").into(), count.to_string(), age()]
        }
        "resourcequotas" => quota(object, printing),
        "limitranges" => vec![name(), object.at("metadata").text("creationTimestamp").into()],
        "priorityclasses" => vec![
            name(),
            object.int("value").to_string(),
            object.flag("globalDefault").to_string(),
            age(),
            object.text("preemptionPolicy").into(),
        ],
        _ => vec![name(), age()],
    }
}

/// What of a quota is used: requests and limits in columns of their own.
fn quota(object: &Value, printing: &Printing) -> Vec<String> {
    let status = object.at("status");
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (resource, hard) in status.members("hard") {
        let used = status.at("used").opt_text(resource).unwrap_or("0");
        let column = if resource.starts_with("limits.") { &mut limits } else { &mut requests };
        column.push(format!("{resource}: {used}/{}", hard.as_str().unwrap_or_default()));
    }
    let name = object.at("metadata").text("name").to_owned();
    vec![name, requests.join(", "), limits.join(", "), age(object, printing.now)]
}
