//! What differs between versions of the kubelet and the scheduler.

use crate::api::{Kubernetes, Version};

impl Kubernetes {
    /// Whether `Created` and `Started` events name the container.
    pub fn names_container_in_events(self) -> bool {
        self.version < Version::V1_35
    }

    /// Whether the kubelet checks that a pod may use an image that is already there, which shows in
    /// the text of `Pulled`. Upstream: gate `KubeletEnsureSecretPulledImages`.
    pub fn checks_cached_images(self) -> bool {
        self.version >= Version::V1_35
    }

    /// Whether a pod whose only trouble is a crash back-off is looked at when that ends, rather
    /// than every 10 s.
    pub fn retries_when_back_off_expires(self) -> bool {
        self.version >= Version::V1_35
    }

    /// Whether the kubelet looks at a pod's containers at once after it changed them, rather than
    /// at its next round. Upstream: gate `PLEGOnDemandRelist`.
    pub fn relists_on_demand(self) -> bool {
        self.version >= Version::V1_36
    }

    /// Whether exec readiness probes fail with a cancelled context once the pod is being deleted.
    pub fn cancels_exec_probes_of_terminating_pods(self) -> bool {
        matches!(self.version, Version::V1_35 | Version::V1_36)
    }

    /// Whether the API server keeps the restart policies of single containers. Upstream: gate
    /// `ContainerRestartRules`.
    pub fn has_container_restart_rules(self) -> bool {
        self.version >= Version::V1_35
    }

    /// Whether condition `PodReadyToStartContainers` has a reason while False.
    pub fn explains_missing_sandbox(self) -> bool {
        self.version >= Version::V1_37
    }

    /// Whether the scheduler's messages mention resource claims before preemption.
    pub fn mentions_resource_claims(self) -> bool {
        self.version < Version::V1_37
    }
}
