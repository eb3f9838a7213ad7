//! What a lookup of a name would be told at this moment, and why.

use super::clock::short_clock as clock;
use crate::cluster::dns::{self, Answer, Data, Why};
use crate::cluster::{Cluster, Millis};

/// The answer to one lookup, and the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupScene {
    /// Namespace of the pod that would ask.
    pub namespace: String,
    /// The name as typed.
    pub asked: String,
    /// The full name that the answer is about.
    pub name: String,
    /// Addresses; empty if there are none.
    pub addresses: Vec<String>,
    /// `NXDOMAIN` or `No answer`; empty if there are addresses.
    pub failure: &'static str,
    /// Why it is so, as a sentence.
    pub why: String,
    /// The server keeps answers.
    pub keeps_answers: bool,
}

/// What a pod of this namespace would be told.
pub fn lookup(cluster: &Cluster, namespace: &str, asked: &str, now: Millis) -> LookupScene {
    let reply = dns::ask(cluster, namespace, asked, now);
    let (addresses, failure, mut why) = match &reply.answer {
        Answer::Found(records) => {
            let addresses = records.iter().filter_map(|record| match record.data {
                Data::Address(address) => Some(address.to_string()),
                Data::Service { .. } => None,
            });
            let leads = records.iter().filter_map(|record| record.pod.as_ref());
            let pods: Vec<_> = leads.map(|pod| pod.name.to_string()).collect();
            let why = match pods.is_empty() {
                true => "It is the address of the Service.".to_owned(),
                false => format!("It leads to {}.", pods.join(", ")),
            };
            (addresses.collect(), "", why)
        }
        Answer::NoSuchName(why) => (Vec::new(), "NXDOMAIN", reason(why)),
        Answer::NoData(why) => (Vec::new(), "No answer", reason(why)),
    };
    if let Some((asked_at, until)) = reply.kept {
        let (asked_at, until) = (clock(asked_at), clock(until));
        why = format!("Kept since {asked_at}, given until {until}. When it was found: {why}");
    }
    LookupScene {
        namespace: namespace.into(),
        asked: asked.into(),
        name: reply.name,
        addresses,
        failure,
        why,
        keeps_answers: cluster.dns().is_on(),
    }
}

fn reason(why: &Why) -> String {
    match why {
        Why::OutsideZone => {
            format!("The cluster's DNS knows only names in {}.", dns::ZONE)
        }
        Why::Shape => "No name of the cluster has this shape: a pod behind a Service is \
                       <pod>.<service>.<namespace>.svc.cluster.local."
            .into(),
        Why::NoNamespace => "There is no such namespace.".into(),
        Why::NoService { service } => format!("There is no Service {}.", service.name),
        Why::NoReadyEndpoint { service } => format!(
            "The Service {} is headless, and none of the pods that it selects is Ready.",
            service.name
        ),
        Why::NoHostname { service, hostname } => {
            format!("The Service {} has no pod called {hostname} behind it.", service.name)
        }
        Why::NotGoverned { service, pod } => format!(
            "The Service {} does not select the pod {}, or the StatefulSet's serviceName is \
             another one.",
            service.name, pod.name
        ),
        Why::NoAddress { pod } => format!("The pod {} has no address yet, or ended.", pod.name),
        Why::Terminating { pod } => format!("The pod {} is being deleted.", pod.name),
        Why::NotReady { pod } => format!(
            "The pod {} is not Ready, and the Service does not set publishNotReadyAddresses.",
            pod.name
        ),
        Why::NoAddressHere => "The name stands for a part of the tree and has no address.".into(),
    }
}
