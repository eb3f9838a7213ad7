//! The Endpoints, which the endpoints controller keeps beside the slices.

use crate::api::{Kind, Tree};
use crate::cluster::meta::Key;
use crate::cluster::record::Record;
use crate::cluster::service::{EndpointSlice, target};
use crate::cluster::state::Cluster;
use serde_json::{Value, json};
use std::rc::Rc;

/// The label that says who looks after a slice.
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";

/// The label of Endpoints that are not made into slices: somebody wrote both.
const SKIP_MIRROR: &str = "endpointslice.kubernetes.io/skip-mirror";

/// All of them.
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
        let ports = slice.tree(cluster.view()).at("ports").clone();
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
