//! The node ports that a cluster gives a Service.

use statefulset_playground::api::{ApiObject, Kind, Tree};
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::service::Service;
use statefulset_playground::cluster::{Cluster, ClusterConfig};

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
    let deed = Deed::Apply { objects: vec![portless] };
    let done = deed.carry_out(&mut Aside::new(&mut cluster, 0), &mut Output::default());
    let Some(service) = cluster.store().get::<Service>(&key) else {
        panic!("{:?}", done.failures);
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
