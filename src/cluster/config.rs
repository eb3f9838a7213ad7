//! What a session fixes about its cluster.

use super::time::Millis;
use crate::api::Kubernetes;
use serde::Serialize;

/// What a session fixes about its cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClusterConfig {
    /// Seed of every random number.
    pub seed: u64,
    /// Version and feature gates.
    pub kubernetes: Kubernetes,
    /// Number of nodes, at least 1.
    pub nodes: u8,
    /// Pods that each node can run.
    pub pods_per_node: u32,
    /// Times that vary in a real cluster are drawn from the seed, instead of calm.
    pub drawn_times: bool,
    /// Who has set it up.
    #[serde(skip_serializing_if = "Distribution::is_minikube")]
    pub distribution: Distribution,
    /// Stretches of time before the session in which nothing happened, by their instants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

/// Who has set a cluster up, and so what it brings besides Kubernetes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Distribution {
    /// minikube, with drivers for several kinds of volumes and nodes in three zones.
    Minikube,
    /// Nobody but the programs of Kubernetes: nodes without a role, and no storage class.
    Plain,
}

impl Distribution {
    /// Whether it is the one that the page shows.
    pub fn is_minikube(&self) -> bool {
        *self == Self::Minikube
    }
}

/// A stretch of time in which nothing happened: at this instant the clocks went so far ahead.
///
/// So a cluster can have objects of yesterday without a day being simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// The instant, in simulated time.
    pub at: Millis,
    /// How long it was.
    pub ms: Millis,
}

impl Default for ClusterConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            kubernetes: Kubernetes::default(),
            nodes: 3,
            pods_per_node: 110,
            drawn_times: false,
            distribution: Distribution::Minikube,
            pauses: Vec::new(),
        }
    }
}

impl ClusterConfig {
    /// When the session of a person begins: after the last pause.
    pub fn begins_at(&self) -> Millis {
        self.pauses.iter().map(|pause| pause.at).max().unwrap_or(0)
    }

    /// How much earlier an instant was than simulated time says, seen from the session.
    pub fn paused_since(&self, at: Millis) -> Millis {
        self.pauses.iter().filter(|pause| pause.at > at).map(|pause| pause.ms).sum()
    }

    /// How long ago an instant was.
    pub fn elapsed(&self, since: Millis, now: Millis) -> Millis {
        now.saturating_sub(since) + self.paused_since(since).saturating_sub(self.paused_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_a_pause_is_older() {
        let pauses = vec![Pause { at: 10, ms: 1_000 }, Pause { at: 20, ms: 500 }];
        let config = ClusterConfig { pauses, ..ClusterConfig::default() };
        assert_eq!(config.begins_at(), 20);
        let ages: Vec<Millis> = [0, 10, 19, 20, 30].map(|at| config.elapsed(at, 30)).to_vec();
        assert_eq!(ages, [1_530, 520, 511, 10, 0]);
        assert_eq!(config.elapsed(5, 15), 1_010);
    }
}
