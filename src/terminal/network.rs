//! The network of the person's own computer: what is forwarded into the cluster, and the browser.

use std::cell::RefCell;
use std::rc::Rc;

/// Where a forwarded port leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a port of a Service: any of its ready endpoints.
    Service {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The port of the Service.
        port: i64,
    },
    /// To a port of a pod.
    Pod {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The port of the pod.
        port: i64,
    },
}

/// The network. A clone is the same network.
#[derive(Clone, Debug, Default)]
pub struct Network(Rc<RefCell<State>>);

/// What it holds.
#[derive(Clone, Debug, Default)]
pub struct State {
    forwarded: Vec<(i64, Target)>,
    opened: Option<String>,
}

/// A port of this computer that is forwarded until this is dropped.
#[derive(Clone, Debug)]
pub struct Forwarding {
    network: Network,
    port: i64,
}

impl State {
    /// Where a port leads.
    pub fn target(&self, port: i64) -> Option<Target> {
        self.forwarded.iter().find(|(own, _)| *own == port).map(|(_, target)| target.clone())
    }

    /// Takes the address that a command has asked to open.
    pub fn take_opened(&mut self) -> Option<String> {
        self.opened.take()
    }
}

impl Network {
    /// Exchanges what it holds for something else: a terminal that begins to work brings its own, and
    /// takes it back when it is done.
    pub fn exchange(&self, state: &mut State) {
        std::mem::swap(&mut *self.0.borrow_mut(), state);
    }

    /// Forwards a port of this computer; none if the port is in use.
    pub fn forward(&self, port: i64, target: Target) -> Option<Forwarding> {
        if self.target(port).is_some() {
            return None;
        }
        self.0.borrow_mut().forwarded.push((port, target));
        Some(Forwarding { network: self.clone(), port })
    }

    /// Where a port of this computer leads.
    pub fn target(&self, port: i64) -> Option<Target> {
        self.0.borrow().target(port)
    }

    /// A port of this computer that is free, from a number on which it depends which.
    pub fn free_port(&self, seed: i64) -> i64 {
        let begin = 32_768 + seed.wrapping_mul(7_919).rem_euclid(28_000);
        (begin..65_536).find(|port| self.target(*port).is_none()).unwrap_or(begin)
    }

    /// Opens an address in the browser.
    pub fn open(&self, url: &str) {
        self.0.borrow_mut().opened = Some(url.into());
    }
}

impl Drop for Forwarding {
    fn drop(&mut self) {
        self.network.0.borrow_mut().forwarded.retain(|(port, _)| *port != self.port);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_forwarded_as_long_as_somebody_forwards_it() {
        let network = Network::default();
        let target = Target::Pod { namespace: "default".into(), name: "web-0".into(), port: 80 };
        let forwarding = network.forward(8080, target.clone());
        assert_eq!(network.target(8080), Some(target.clone()));
        assert!(network.forward(8080, target).is_none(), "the port is in use");
        drop(forwarding);
        assert_eq!(network.target(8080), None);
        assert!((32_768..65_536).contains(&network.free_port(i64::MIN)));
    }
}
