//! Why the pods of a set have no names in the DNS though all is as asked.

use super::super::Why;
use crate::cluster::Cluster;
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;

/// Tells that the Service which the set names is missing or selects other pods; nothing if pods get
/// their names, or if the set asks for none.
///
/// Upstream: `staging/src/k8s.io/endpointslice/utils.go`, ShouldSetHostname: an endpoint has a
/// hostname if the pod's subdomain, which is the set's serviceName, is the Service's name.
pub fn nameless(cluster: &Cluster, set: &StatefulSet, headline: &str) -> Option<Why> {
    let name = &set.spec.service_name;
    if name.is_empty() || set.spec.replicas == 0 {
        return None;
    }
    let namespace = &set.meta.key.namespace;
    let selects = |service: &Service| {
        let selector = &service.selector;
        let has = |(key, value): (&String, &String)| {
            set.spec.template.labels.get(key).is_some_and(|it| it == value)
        };
        !selector.is_empty() && selector.iter().all(has)
    };
    let governing = cluster.store().get::<Service>(&set.meta.key.sibling(name));
    if governing.is_some_and(|service| selects(service)) {
        return None;
    }
    let mut others = cluster.store().list_in::<Service>(namespace);
    let detail = match (governing, others.find(|service| selects(service))) {
        (Some(_), _) => format!("the Service {name} does not select them"),
        (None, None) => format!("there is no Service {name}, which serviceName names"),
        (None, Some(other)) => format!(
            "serviceName is {name}, and the Service that selects them is {}",
            other.meta.name()
        ),
    };
    let in_namespace = match &**namespace {
        "default" => String::new(),
        other => format!(" -n {other}"),
    };
    Some(Why {
        headline: format!("{headline}, but have no names in the DNS"),
        detail: format!("It waits for a Service that gives them names: {detail}."),
        command: format!("kubectl get service,endpointslice{in_namespace}"),
        waiting: true,
        ..Why::default()
    })
}
