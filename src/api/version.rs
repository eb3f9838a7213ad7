//! Which Kubernetes is simulated: the minor version and the feature gates that matter here.

use serde::{Deserialize, Serialize};

/// A minor version of Kubernetes that the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    #[serde(rename = "1.34")]
    V1_34,
    #[serde(rename = "1.35")]
    V1_35,
    #[serde(rename = "1.36")]
    V1_36,
    #[serde(rename = "1.37")]
    V1_37,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 4] = [Self::V1_34, Self::V1_35, Self::V1_36, Self::V1_37];

    /// The minor version as people write it, such as `1.36`.
    pub fn label(self) -> &'static str {
        match self {
            Self::V1_34 => "1.34",
            Self::V1_35 => "1.35",
            Self::V1_36 => "1.36",
            Self::V1_37 => "1.37",
        }
    }
}

/// The feature gates whose setting changes what a StatefulSet does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureGates {
    /// `MaxUnavailableStatefulSet`: honours `updateStrategy.rollingUpdate.maxUnavailable`.
    pub max_unavailable: bool,
    /// `StatefulSetRecreateStrategy` (1.37): accepts `updateStrategy.type: Recreate`.
    pub recreate: bool,
}

/// The Kubernetes that is simulated. Every difference between versions is a method of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kubernetes {
    /// Minor version.
    pub version: Version,
    /// Feature gates.
    pub gates: FeatureGates,
}

impl Kubernetes {
    /// A version with its default gates.
    ///
    /// Upstream: `pkg/features/kube_features.go`.
    pub fn new(version: Version) -> Self {
        let max_unavailable = version >= Version::V1_37;
        Self { version, gates: FeatureGates { max_unavailable, recreate: false } }
    }
}

impl Default for Kubernetes {
    fn default() -> Self {
        Self::new(Version::V1_36)
    }
}
