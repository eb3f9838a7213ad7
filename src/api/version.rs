//! Which Kubernetes is simulated: the minor version and the feature gates that matter here.

use serde::Serialize;

/// A minor version of Kubernetes that the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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

    /// The version of this label.
    pub fn named(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.label() == label)
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FeatureGates {
    /// `MaxUnavailableStatefulSet`: honours `updateStrategy.rollingUpdate.maxUnavailable`.
    pub max_unavailable: bool,
    /// `StatefulSetRecreateStrategy` (1.37): accepts `updateStrategy.type: Recreate`.
    pub recreate: bool,
}

/// A feature gate, to be shown and set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    MaxUnavailable,
    Recreate,
}

impl Gate {
    /// Every gate that matters here.
    pub const ALL: [Self; 2] = [Self::MaxUnavailable, Self::Recreate];

    /// The gate as the flag `--feature-gates` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MaxUnavailable => "MaxUnavailableStatefulSet",
            Self::Recreate => "StatefulSetRecreateStrategy",
        }
    }

    /// What it changes.
    pub fn help(self) -> &'static str {
        match self {
            Self::MaxUnavailable => "Honours updateStrategy.rollingUpdate.maxUnavailable",
            Self::Recreate => "Accepts updateStrategy.type: Recreate",
        }
    }
}

impl FeatureGates {
    /// Whether a gate is on.
    pub fn is_on(&self, gate: Gate) -> bool {
        match gate {
            Gate::MaxUnavailable => self.max_unavailable,
            Gate::Recreate => self.recreate,
        }
    }

    /// The same gates with this one on or off.
    pub fn with(mut self, gate: Gate, on: bool) -> Self {
        match gate {
            Gate::MaxUnavailable => self.max_unavailable = on,
            Gate::Recreate => self.recreate = on,
        }
        self
    }
}

/// The Kubernetes that is simulated. Every difference between versions is a method of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

    /// The gates that this version knows.
    pub fn gates_known(&self) -> impl Iterator<Item = Gate> {
        let knows_recreate = self.version >= Version::V1_37;
        Gate::ALL.into_iter().filter(move |gate| *gate != Gate::Recreate || knows_recreate)
    }

    /// Whether a gate is on unless somebody sets it.
    pub fn default_of(&self, gate: Gate) -> bool {
        Self::new(self.version).gates.is_on(gate)
    }

    /// The same version with a gate on or off.
    pub fn with(self, gate: Gate, on: bool) -> Self {
        Self { gates: self.gates.with(gate, on), ..self }
    }

    /// Whether a Service's name may start with a digit (`RelaxedServiceNameValidation`).
    pub fn relaxed_service_names(&self) -> bool {
        self.version >= Version::V1_36
    }

    /// What the server calls the unit in which it limits label values and the names in label keys.
    pub fn length_unit(&self) -> &'static str {
        if self.version >= Version::V1_35 { "bytes" } else { "characters" }
    }

    /// Whether each changed immutable field of a StatefulSet is refused by itself.
    pub fn names_each_immutable_field(&self) -> bool {
        self.version >= Version::V1_37
    }

    /// Whether the controller's event messages start with a capital letter.
    pub fn capitalises_event_verbs(&self) -> bool {
        self.version >= Version::V1_35
    }

    /// Whether the controller looks again exactly when the next pod becomes available, instead of
    /// a whole `minReadySeconds` later.
    pub fn looks_again_when_a_pod_becomes_available(&self) -> bool {
        self.version >= Version::V1_35
    }

    /// Whether a pod that is gone already counts as deleted.
    pub fn ignores_missing_pods_when_deleting(&self) -> bool {
        self.version >= Version::V1_36
    }

    /// Whether a completed update makes the update revision the current one whatever the strategy.
    pub fn completes_updates_of_every_strategy(&self) -> bool {
        self.version >= Version::V1_37
    }

    /// Whether the update phase counts unavailable pods against `maxUnavailable`.
    pub fn counts_max_unavailable(&self) -> bool {
        self.gates.max_unavailable
    }

    /// Whether Parallel with `maxUnavailable` first deletes every broken pod of an old revision.
    pub fn parallel_update_deletes_broken_first(&self) -> bool {
        self.gates.max_unavailable && self.version >= Version::V1_37
    }

    /// Whether `updateStrategy.type: Recreate` is known and enabled.
    pub fn knows_recreate(&self) -> bool {
        self.gates.recreate && self.version >= Version::V1_37
    }
}

impl Default for Kubernetes {
    fn default() -> Self {
        Self::new(Version::V1_36)
    }
}
