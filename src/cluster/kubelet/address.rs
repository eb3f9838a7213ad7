//! Which address a pod gets: the next free one of its node's range.
//!
//! Upstream: `containernetworking/plugins`, `plugins/ipam/host-local`: addresses go round, so a pod
//! that is made again gets another one.

use crate::ordered::Set;
use std::net::Ipv4Addr;

/// Pods per node up to which a node's range is a /24, as in minikube. Beyond, it is a /16.
pub const NARROW_PODS: u32 = 250;

/// The addresses of one node.
#[derive(Clone, Debug)]
pub struct Addresses {
    base: u32,
    size: u32,
    last: u32,
    used: Set<u32>,
}

impl Addresses {
    /// The range of the node with this number, wide enough for `pods` pods.
    ///
    /// Simplified: a node that is made for more than 250 pods gets `10.<128 + index>.0.0/16`.
    pub fn new(index: u8, pods: u32) -> Self {
        let index = u32::from(index);
        let (base, size) = if pods <= NARROW_PODS {
            (u32::from(Ipv4Addr::new(10, 244, 0, 0)) + (index << 8), 1 << 8)
        } else {
            (u32::from(Ipv4Addr::new(10, 128, 0, 0)) + (index << 16), 1 << 16)
        };
        Self { base, size, last: 1, used: Set::new() }
    }

    /// Takes the next free address; `None` if all are in use. The first two and the last of the
    /// range are not given out: network, gateway and broadcast.
    pub fn take(&mut self) -> Option<Ipv4Addr> {
        for _ in 2..self.size {
            self.last = if self.last + 2 >= self.size { 2 } else { self.last + 1 };
            if self.used.insert(self.last) {
                return Some(Ipv4Addr::from(self.base + self.last));
            }
        }
        None
    }

    /// Gives an address back.
    pub fn release(&mut self, address: Ipv4Addr) {
        self.used.remove(&u32::from(address).wrapping_sub(self.base));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_comes_round() {
        let mut addresses = Addresses::new(1, 110);
        let first = addresses.take().unwrap();
        assert_eq!(first.to_string(), "10.244.1.2");
        addresses.release(first);
        assert_eq!(addresses.take().unwrap().to_string(), "10.244.1.3");
        let all: Vec<_> = std::iter::from_fn(|| addresses.take()).collect();
        assert_eq!(all.len(), 252);
        assert_eq!(all.last().unwrap().to_string(), "10.244.1.2");
    }

    #[test]
    fn has_room_for_thousands() {
        let mut addresses = Addresses::new(2, 5_000);
        let last = (0..5_000).filter_map(|_| addresses.take()).last().unwrap();
        assert_eq!(last.to_string(), "10.130.19.137");
    }
}
