//! The node ports that a cluster gives a Service.

use statefulset_playground::api::{ApiObject, Kind, Tree};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::service::Service;
use statefulset_playground::cluster::{Cluster, ClusterConfig, Input};

/// A Service with the node ports that a cluster gives it, as the recordings show them.
pub fn with_ports(object: ApiObject) -> ApiObject {
    if object.kind != Kind::Service {
        return object;
    }
    let mut cluster = Cluster::new(ClusterConfig::default());
    let key = Key::new(object.namespace(), object.name());
    let mut portless = object.clone();
    for port in portless.spec_mut().items_mut("ports") {
        port.drop_field("nodePort");
    }
    let (outcome, _) = cluster.submit(0, &Input::Apply { objects: vec![portless] });
    let Some(service) = cluster.store().get::<Service>(&key) else {
        panic!("{:?}", outcome.refusals);
    };
    let (asked, mut given) = (object.spec().items("ports").to_vec(), object);
    let ports = service.spec.items("ports");
    for (index, port) in given.spec_mut().items_mut("ports").iter_mut().enumerate() {
        if ports[index].set("nodePort").is_some() && asked[index].set("nodePort").is_none() {
            port.put("nodePort", "<node-port>");
        }
    }
    given
}
