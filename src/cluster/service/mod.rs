//! Services and their endpoints.

mod object;

pub use object::{SERVICE_NAME, target};

use super::meta::{Labels, Meta, Shared, Uid};
use serde_json::Value;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// A Service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Metadata.
    pub meta: Meta,
    /// Its address; `None` if headless.
    pub cluster_ip: Option<Ipv4Addr>,
    /// Labels of the pods it selects; empty selects none.
    pub selector: Rc<Labels>,
    /// Publish addresses of pods that are not ready, too.
    pub publish_not_ready_addresses: bool,
    /// `spec` as admitted: ports and the rest.
    pub spec: Shared<Value>,
}

impl Service {
    /// Whether `clusterIP` is `None`.
    pub fn is_headless(&self) -> bool {
        self.cluster_ip.is_none()
    }
}

/// One endpoint of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod behind it.
    pub pod: Rc<str>,
    /// UID of that pod.
    pub pod_uid: Uid,
    /// Its address.
    pub address: Ipv4Addr,
    /// Set if the pod's subdomain names this Service: the first label of its DNS name.
    pub hostname: Option<Rc<str>>,
    /// The node it runs on.
    pub node: Option<Rc<str>>,
    /// Gets traffic and a DNS record.
    pub ready: bool,
    /// The pod is Ready, terminating or not.
    pub serving: bool,
    /// The pod is being deleted.
    pub terminating: bool,
}

/// The EndpointSlice of a Service.
///
/// Simplified: one slice per Service, whatever its size (a real slice holds at most 100 endpoints).
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointSlice {
    /// Metadata.
    pub meta: Meta,
    /// Name of the Service.
    pub service: Rc<str>,
    /// Endpoints, by pod name.
    pub endpoints: Vec<Endpoint>,
    /// What else it was written with; none of the controller's own slices.
    pub rest: Option<Shared<Value>>,
}
