//! What the DNS server answers, and the answers that it keeps.

use crate::cluster::meta::Key;
use crate::cluster::time::Millis;
use crate::ordered::Map;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// What the DNS server answers to a question for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Addresses.
    Found(Vec<Record>),
    /// NXDOMAIN: no such name.
    NoSuchName(Why),
    /// NOERROR without records: the name exists, but has no address.
    NoData(Why),
}

/// An answer that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was answered.
    pub answer: Answer,
    /// When it was asked for.
    pub asked_at: Millis,
    /// Until when it is given again.
    pub until: Millis,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A: an address.
    Address(Ipv4Addr),
    /// SRV: a port and the name of who serves it.
    Service { priority: u16, weight: u16, port: i32, target: String },
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Full name, without the final dot.
    pub name: String,
    /// Seconds for which it may be kept.
    pub ttl_seconds: u32,
    /// What it says.
    pub data: Data,
    /// The pod that it leads to; `None` for the address of a Service.
    pub pod: Option<Key>,
}

/// Why a name has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The name is not in the cluster's zone.
    OutsideZone,
    /// No name of the cluster has this shape.
    Shape,
    /// There is no such namespace.
    NoNamespace,
    /// There is no such Service.
    NoService { service: Key },
    /// A headless Service has no endpoint that is ready.
    NoReadyEndpoint { service: Key },
    /// No pod has this hostname and names the Service as its subdomain.
    NoHostname { service: Key, hostname: Rc<str> },
    /// There is such a pod, but the Service does not select it or it names another Service.
    NotGoverned { service: Key, pod: Key },
    /// The pod has no address yet, or has ended.
    NoAddress { pod: Key },
    /// The pod is being deleted.
    Terminating { pod: Key },
    /// The pod is not Ready.
    NotReady { pod: Key },
    /// The name stands for a namespace or the whole tree: it exists and has no address.
    NoAddressHere,
}

/// The answers that the DNS server keeps, by full name.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    pub(super) on: bool,
    pub(super) kept: Map<String, Kept>,
}

impl Cache {
    /// Whether answers are kept.
    pub fn is_on(&self) -> bool {
        self.on
    }

    pub(super) fn kept(&self, name: &str, now: Millis) -> Option<&Kept> {
        self.kept.get(name).filter(|kept| self.on && now < kept.until)
    }
}
