//! A kind of objects: its row in the table of kinds, as a value that is quick to copy and compare.

use super::custom;
use super::kinds::TABLE;
use super::resource::Resource;
use std::cmp::Ordering;
use std::fmt;

/// A kind of objects that an API server serves: the place of a row, in the table or behind it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(u16);

/// The kinds that code names. They are written as the API writes them.
#[allow(non_upper_case_globals)]
impl Kind {
    pub const ConfigMap: Self = Self::of("ConfigMap", "v1");
    pub const ControllerRevision: Self = Self::of("ControllerRevision", "apps/v1");
    pub const Deployment: Self = Self::of("Deployment", "apps/v1");
    pub const EndpointSlice: Self = Self::of("EndpointSlice", "discovery.k8s.io/v1");
    pub const Node: Self = Self::of("Node", "v1");
    pub const PersistentVolume: Self = Self::of("PersistentVolume", "v1");
    pub const PersistentVolumeClaim: Self = Self::of("PersistentVolumeClaim", "v1");
    pub const Pod: Self = Self::of("Pod", "v1");
    pub const PodDisruptionBudget: Self = Self::of("PodDisruptionBudget", "policy/v1");
    pub const ReplicaSet: Self = Self::of("ReplicaSet", "apps/v1");
    pub const Secret: Self = Self::of("Secret", "v1");
    pub const Service: Self = Self::of("Service", "v1");
    pub const StatefulSet: Self = Self::of("StatefulSet", "apps/v1");
    pub const StorageClass: Self = Self::of("StorageClass", "storage.k8s.io/v1");
    pub const VolumeAttributesClass: Self = Self::of("VolumeAttributesClass", "storage.k8s.io/v1");
}

impl Kind {
    /// The kind of this name in a group and version, for constants.
    ///
    /// # Panics
    /// While the program is compiled, if the table has no such row.
    pub const fn of(kind: &str, api_version: &str) -> Self {
        let mut at = 0;
        while at < TABLE.len() {
            if is_same(TABLE[at].kind, kind) && is_same(TABLE[at].api_version, api_version) {
                return Self(at as u16);
            }
            at += 1;
        }
        panic!("the table of kinds has no such row")
    }

    /// Every kind that is built in, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.len()).filter_map(|at| u16::try_from(at).ok().map(Self))
    }

    /// The kind of the row at a place beside the table.
    pub(super) fn beside_the_table(place: usize) -> Option<Self> {
        u16::try_from(TABLE.len() + place).ok().map(Self)
    }

    /// The kinds whose objects are decoded, filled in and checked.
    pub fn checked() -> impl Iterator<Item = Self> {
        Self::all().filter(|kind| kind.is_checked())
    }

    /// The kind that an object names, if it is built in and served in that version.
    pub fn served(kind: &str, api_version: &str) -> Option<Self> {
        Self::all().find(|it| it.name() == kind && it.row().is_served_in(api_version))
    }

    /// The kind that a manifest's document names; none if it is not checked.
    pub fn applied(kind: &str, api_version: &str) -> Option<Self> {
        Self::checked().find(|it| it.name() == kind && it.api_version() == api_version)
    }

    /// Its row.
    pub fn row(self) -> &'static Resource {
        let at = self.index();
        let beside = || custom::row(at - TABLE.len()).expect("a kind is made of a row");
        TABLE.get(at).unwrap_or_else(beside)
    }

    /// Its place among all rows, for tables by kind.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether its objects are decoded, filled in and checked; if not, they are kept as they are
    /// written.
    pub fn is_checked(self) -> bool {
        self.row().is_checked
    }

    /// Whether a definition brings it.
    pub fn is_custom(self) -> bool {
        self.index() >= TABLE.len()
    }

    /// Whether its objects belong to a namespace.
    pub fn is_namespaced(self) -> bool {
        self.row().is_namespaced
    }

    /// The kind as an API object names it, such as `StatefulSet`.
    pub fn name(self) -> &'static str {
        let Resource { kind, .. } = self.row();
        kind
    }

    /// The kind's group, such as `apps`; empty for the core group.
    pub fn group(self) -> &'static str {
        self.row().group()
    }

    /// The kind's group and version, such as `apps/v1`.
    pub fn api_version(self) -> &'static str {
        self.row().api_version
    }

    /// The resource with its group, as messages name it, such as `statefulsets.apps`.
    pub fn resource(self) -> String {
        self.row().with_group()
    }

    /// One object of it as kubectl names it, such as `statefulset.apps`.
    pub fn singular(self) -> String {
        self.row().singular_with_group()
    }
}

/// Kinds that are built in come first, in the table's order; others by their names, so that no order
/// depends on what was defined when.
impl Ord for Kind {
    fn cmp(&self, other: &Self) -> Ordering {
        if usize::from(self.0.min(other.0)) < TABLE.len() || self == other {
            return self.0.cmp(&other.0);
        }
        let names = |kind: &Self| (kind.api_version(), kind.name());
        names(self).cmp(&names(other)).then(self.0.cmp(&other.0))
    }
}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether two texts are the same, while the program is compiled.
const fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_kinds_and_resources_as_the_api_does() {
        assert_eq!(Kind::applied("StatefulSet", "apps/v1"), Some(Kind::StatefulSet));
        assert_eq!(Kind::applied("StatefulSet", "v1"), None);
        assert_eq!(Kind::applied("Node", "v1"), None, "nodes are not checked");
        assert_eq!(Kind::served("Node", "v1"), Some(Kind::Node));
        assert!(Kind::served("HorizontalPodAutoscaler", "autoscaling/v1").is_some());
        assert_eq!(Kind::StatefulSet.resource(), "statefulsets.apps");
        assert_eq!(Kind::Pod.resource(), "pods");
        assert_eq!(Kind::EndpointSlice.resource(), "endpointslices.discovery.k8s.io");
    }
}
