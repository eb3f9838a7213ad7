//! The browser beside the cluster: what an address gives.
//!
//! It reaches ports that are forwarded (`minikube service`, `kubectl port-forward`) and node ports.
//! The words for what it cannot reach are Chrome's.

use crate::api::Tree;
use crate::cluster::application::{self, Answer, Reply};
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::service::Service;
use crate::cluster::{Cluster, Millis};
use crate::terminal::network::{State, Target};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What came of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// An answer: its status code and its body.
    Answer(u16, Rc<str>),
    /// The site cannot be reached: why, and the code under it.
    Failure(Rc<str>, &'static str),
}

/// An address that was requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When, in simulated time.
    pub at: Millis,
    /// What was requested.
    pub url: Rc<str>,
    /// The pod that was asked; none if none was.
    pub pod: Option<Rc<str>>,
    /// What came back.
    pub page: Page,
}

/// The browser, when it is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// What stands in the address bar.
    pub url: Rc<str>,
    /// What was requested, oldest first.
    pub visits: Vec<Visit>,
}

impl Browser {
    /// How many answers each pod gave, by the pods' names.
    pub fn answers(&self) -> Vec<(Rc<str>, usize)> {
        let mut counts = BTreeMap::new();
        let answered = |visit: &&Visit| matches!(visit.page, Page::Answer(..));
        for pod in self.visits.iter().filter(answered).filter_map(|visit| visit.pod.clone()) {
            *counts.entry(pod).or_insert(0) += 1;
        }
        counts.into_iter().collect()
    }
}

/// An address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) whole: String,
    host: String,
    port: i64,
    path: String,
}

impl Address {
    /// Reads what is typed into the address bar.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let (is_secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.eq_ignore_ascii_case("https"), rest),
            None => (false, text),
        };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let scheme = if is_secure { "https" } else { "http" };
        let whole = format!("{scheme}://{host}/{path}");
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let standard = if is_secure { 443 } else { 80 };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().unwrap_or(standard)),
            None => (host, standard),
        };
        Self { whole, host: host.into(), port, path: path.into() }
    }

    fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "127.0.0.1" | "localhost" | "[::1]")
    }
}

/// What an address gives: an answer, or why it cannot be reached.
pub(super) fn request(
    cluster: &Cluster,
    network: &State,
    turn: u64,
    address: &Address,
) -> Result<Answer, Page> {
    let Address { host, port, path, .. } = address;
    if address.is_local() {
        return match network.target(*port) {
            Some(target) => Ok(forwarded(cluster, &target, turn, path)),
            None => Err(failure(address, &Reply::Refused)),
        };
    }
    let is_node = |name: &str| {
        let nodes = crate::cluster::objects::list(cluster, "Node");
        let mut addresses = nodes.iter().flat_map(|node| node.at("status").items("addresses"));
        addresses.any(|it| it.text("address") == name)
    };
    if !is_node(host) {
        let is_number = host.parse::<std::net::Ipv4Addr>().is_ok();
        return Err(match is_number {
            true => failure(address, &Reply::Silent),
            false => Page::Failure(
                format!("{host}’s server IP address could not be found.").into(),
                "DNS_PROBE_FINISHED_NXDOMAIN",
            ),
        });
    }
    let with_port = |service: &Rc<Service>| {
        let ports = service.spec.items("ports").iter();
        let mut own = ports.filter(|it| it.opt_int("nodePort") == Some(*port));
        own.next().cloned().map(|port| (Rc::clone(service), port))
    };
    match cluster.store().list::<Service>().find_map(with_port) {
        Some((service, port)) => Ok(application::of_service(cluster, &service, &port, turn, path)),
        None => Err(failure(address, &Reply::Refused)),
    }
}

fn forwarded(cluster: &Cluster, target: &Target, turn: u64, path: &str) -> Answer {
    let nothing = Answer { reply: Reply::Refused, pod: None, input: None };
    match target {
        Target::Service { namespace, name, port } => {
            let Some(service) = cluster.store().get::<Service>(&Key::new(namespace, name)) else {
                return nothing;
            };
            let mut ports = service.spec.items("ports").iter();
            match ports.find(|it| it.int("port") == *port) {
                Some(port) => application::of_service(cluster, service, port, turn, path),
                None => nothing,
            }
        }
        Target::Pod { namespace, name, port } => {
            match cluster.store().get::<Pod>(&Key::new(namespace, name)) {
                Some(pod) => application::of_pod(cluster, pod, &Value::from(*port), path),
                None => nothing,
            }
        }
    }
}

/// What the browser makes of a reply.
pub(super) fn page(reply: Reply, address: &Address) -> Page {
    match reply {
        Reply::Answered { status, body, .. } => Page::Answer(status, body.into()),
        // Somebody listens on this computer, and finds nobody behind.
        Reply::Refused if address.is_local() => Page::Failure(
            format!("{} didn’t send any data.", address.host).into(),
            "ERR_EMPTY_RESPONSE",
        ),
        reply => failure(address, &reply),
    }
}

fn failure(address: &Address, reply: &Reply) -> Page {
    let host = &address.host;
    match reply {
        Reply::Silent => Page::Failure(
            format!("{host} took too long to respond.").into(),
            "ERR_CONNECTION_TIMED_OUT",
        ),
        _ => Page::Failure(format!("{host} refused to connect.").into(), "ERR_CONNECTION_REFUSED"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_a_browser_reads_it() {
        let address = Address::read("127.0.0.1:35499");
        assert_eq!(address.whole, "http://127.0.0.1:35499/");
        assert_eq!((address.port, address.is_local()), (35_499, true));
        let address = Address::read("https://web-app/a/b?c=d");
        assert_eq!((address.port, address.path.as_str()), (443, "a/b"));
        assert_eq!(Address::read("").whole, "http:///");
    }
}
