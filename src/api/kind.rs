//! The kinds of objects: what the API calls them, and their groups and resources.

use k8s_openapi::Resource;
use k8s_openapi::api::apps::v1::{ControllerRevision, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{
    ConfigMap, Node, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;

/// A kind of object that the simulated API server stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    StatefulSet,
    ControllerRevision,
    Pod,
    PersistentVolumeClaim,
    PersistentVolume,
    StorageClass,
    Service,
    EndpointSlice,
    Node,
    PodDisruptionBudget,
    ConfigMap,
    Secret,
    Deployment,
    ReplicaSet,
}

/// What the API says of a kind.
struct Facts {
    kind: &'static str,
    group: &'static str,
    api_version: &'static str,
    plural: &'static str,
}

fn facts<T: Resource>() -> Facts {
    Facts {
        kind: T::KIND,
        group: T::GROUP,
        api_version: T::API_VERSION,
        plural: T::URL_PATH_SEGMENT,
    }
}

impl Kind {
    /// The kinds that a manifest may hold and that are simulated.
    pub const APPLIED: [Self; 8] = [
        Self::StatefulSet,
        Self::Service,
        Self::PersistentVolumeClaim,
        Self::PersistentVolume,
        Self::StorageClass,
        Self::PodDisruptionBudget,
        Self::Pod,
        Self::Deployment,
    ];

    /// The kinds that are checked in a manifest, but only kept.
    pub const KEPT: [Self; 2] = [Self::ConfigMap, Self::Secret];

    /// The kinds that are checked.
    pub fn checked() -> impl Iterator<Item = Self> {
        Self::APPLIED.into_iter().chain(Self::KEPT)
    }

    /// Whether its objects belong to a namespace.
    pub fn is_namespaced(self) -> bool {
        !matches!(self, Self::PersistentVolume | Self::StorageClass | Self::Node)
    }

    fn facts(self) -> Facts {
        match self {
            Self::StatefulSet => facts::<StatefulSet>(),
            Self::ControllerRevision => facts::<ControllerRevision>(),
            Self::Pod => facts::<Pod>(),
            Self::PersistentVolumeClaim => facts::<PersistentVolumeClaim>(),
            Self::PersistentVolume => facts::<PersistentVolume>(),
            Self::StorageClass => facts::<StorageClass>(),
            Self::Service => facts::<Service>(),
            Self::EndpointSlice => facts::<EndpointSlice>(),
            Self::Node => facts::<Node>(),
            Self::PodDisruptionBudget => facts::<PodDisruptionBudget>(),
            Self::ConfigMap => facts::<ConfigMap>(),
            Self::Secret => facts::<Secret>(),
            Self::Deployment => facts::<Deployment>(),
            Self::ReplicaSet => facts::<ReplicaSet>(),
        }
    }

    /// The kind as an API object names it, such as `StatefulSet`.
    pub fn name(self) -> &'static str {
        self.facts().kind
    }

    /// The kind's group, such as `apps`; empty for the core group.
    pub fn group(self) -> &'static str {
        self.facts().group
    }

    /// The kind's group and version, such as `apps/v1`.
    pub fn api_version(self) -> &'static str {
        self.facts().api_version
    }

    /// The resource with its group, as messages name it, such as `statefulsets.apps`.
    pub fn resource(self) -> String {
        let Facts { group, plural, .. } = self.facts();
        if group.is_empty() { plural.into() } else { format!("{plural}.{group}") }
    }

    /// One object of it as kubectl names it, such as `statefulset.apps`.
    pub fn singular(self) -> String {
        let (kind, group) = (self.name().to_ascii_lowercase(), self.group());
        if group.is_empty() { kind } else { format!("{kind}.{group}") }
    }

    /// The kind that a manifest's document names; none if it is not checked.
    pub fn applied(kind: &str, api_version: &str) -> Option<Self> {
        let is_it = |it: &Self| it.name() == kind && it.api_version() == api_version;
        Self::checked().find(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_kinds_and_resources_as_the_api_does() {
        assert_eq!(Kind::applied("StatefulSet", "apps/v1"), Some(Kind::StatefulSet));
        assert_eq!(Kind::applied("StatefulSet", "v1"), None);
        assert_eq!(Kind::applied("Node", "v1"), None, "nodes are not applied");
        assert_eq!(Kind::StatefulSet.resource(), "statefulsets.apps");
        assert_eq!(Kind::Pod.resource(), "pods");
        assert_eq!(Kind::EndpointSlice.resource(), "endpointslices.discovery.k8s.io");
    }
}
