//! The resources that the API server serves, and how commands name them.
//!
//! Source: `kubectl api-resources`; `staging/src/k8s.io/client-go/restmapper/shortcut.go`.

use super::Tree;
use super::custom::{self, Column};
use super::kinds::TABLE;
use super::version::Version;
use serde_json::Value;

/// One resource of the API: a row of the table of kinds.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// Its name, a plural such as `statefulsets`.
    pub name: &'static str,
    /// Its short names, separated by commas; empty if it has none.
    pub short_names: &'static str,
    /// Group and version, such as `apps/v1`.
    pub api_version: &'static str,
    /// Other versions that are served as well, separated by commas; empty if there are none.
    pub(super) others: &'static str,
    /// Its name for one object; empty if that is the kind in lower case.
    pub(super) singular: &'static str,
    /// The first version of Kubernetes that serves it.
    pub(super) since: Version,
    /// The columns that its definition names; none of a resource that is built in.
    pub columns: &'static [Column],
    /// Whether its objects belong to a namespace.
    pub is_namespaced: bool,
    /// The kind of its objects.
    pub kind: &'static str,
    /// Whether `kubectl get all` lists it.
    pub is_in_all: bool,
    /// Whether its objects count the changes of their spec: `metadata.generation`.
    pub counts_generation: bool,
    /// Whether a deletion of its objects is noted without a grace period.
    ///
    /// Upstream: `pkg/registry/core/namespace/storage/storage.go`, Delete;
    /// `staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go`, Delete.
    pub deletes_by_itself: bool,
    /// Whether a PUT makes an object that it does not find.
    ///
    /// Upstream: AllowCreateOnUpdate of the strategies below `pkg/registry`.
    pub is_made_by_put: bool,
    /// Whether a control loop of the simulation decides by its objects.
    pub acts: bool,
    /// Whether its objects are decoded, filled in and checked; if not, they are kept as they are
    /// written.
    pub is_checked: bool,
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.api_version) == (other.name, other.api_version)
    }
}

impl Eq for Resource {}

/// How a row is written.
impl Resource {
    pub(super) const fn new(
        kind: &'static str,
        name: &'static str,
        api_version: &'static str,
    ) -> Self {
        Self {
            name,
            short_names: "",
            api_version,
            others: "",
            singular: "",
            since: Version::V1_34,
            columns: &[],
            is_namespaced: true,
            kind,
            is_in_all: false,
            counts_generation: false,
            deletes_by_itself: false,
            is_made_by_put: false,
            acts: false,
            is_checked: false,
        }
    }

    pub(super) const fn short(self, short_names: &'static str) -> Self {
        Self { short_names, ..self }
    }

    pub(super) const fn of_cluster(self) -> Self {
        Self { is_namespaced: false, ..self }
    }

    pub(super) const fn in_all(self) -> Self {
        Self { is_in_all: true, ..self }
    }

    pub(super) const fn generations(self) -> Self {
        Self { counts_generation: true, ..self }
    }

    pub(super) const fn older(self, others: &'static str) -> Self {
        Self { others, ..self }
    }

    pub(super) const fn since(self, since: Version) -> Self {
        Self { since, ..self }
    }

    pub(super) const fn deleting_by_itself(self) -> Self {
        Self { deletes_by_itself: true, ..self }
    }

    pub(super) const fn made_by_put(self) -> Self {
        Self { is_made_by_put: true, ..self }
    }

    pub(super) const fn acts(self) -> Self {
        Self { acts: true, ..self }
    }

    pub(super) const fn checked(self) -> Self {
        Self { is_checked: true, ..self }
    }
}

impl Resource {
    /// Every resource that is built in, in the order of `kubectl api-resources`.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().copied()
    }

    /// Whether it is built into this version of Kubernetes.
    pub fn is_of(&self, version: Version) -> bool {
        self.since <= version
    }

    /// Whether a definition brings it, and its objects have no rules of their own.
    pub fn is_custom(&self) -> bool {
        custom::is_custom(self)
    }

    /// Whether the server serves it in this group and version.
    pub fn is_served_in(&self, api_version: &str) -> bool {
        self.api_version == api_version
            || self.others.split(',').any(|it| it == api_version && !it.is_empty())
    }

    /// The resource that an argument names among those that are built in: `pods`, `pod`, `po`, `Pod`,
    /// `pods.v1`, `statefulsets.apps`, `statefulsets.v1.apps`.
    pub fn named(argument: &str) -> Option<Self> {
        Self::named_among(Self::all(), argument)
    }

    /// The same among those that a server serves.
    pub fn named_among(all: impl IntoIterator<Item = Self>, argument: &str) -> Option<Self> {
        let argument = argument.to_ascii_lowercase();
        let (word, rest) = argument.split_once('.').unwrap_or((&argument, ""));
        all.into_iter().find(|resource| {
            let is_it = resource.name == word
                || resource.singular() == word
                || resource.kind.eq_ignore_ascii_case(word)
                || resource.short_names.split(',').any(|short| !short.is_empty() && short == word);
            let (group, version) = (resource.group(), resource.version());
            let with_version = rest.strip_prefix(version).and_then(|rest| rest.strip_prefix('.'));
            is_it && (rest.is_empty() || rest == group || with_version == Some(group))
        })
    }

    /// The resource of a kind in a group and version, such as `StatefulSet` in `apps/v1`.
    pub fn of_kind(kind: &str, api_version: &str) -> Option<Self> {
        Self::all().find(|it| it.kind == kind && it.api_version == api_version)
    }

    /// The resource of an object.
    pub fn of(object: &Value) -> Option<Self> {
        Self::of_kind(object.text("kind"), object.text("apiVersion"))
    }

    /// Its group; empty for the core group.
    pub fn group(&self) -> &'static str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// Its version, such as `v1`.
    pub fn version(&self) -> &'static str {
        self.api_version.rsplit_once('/').map_or(self.api_version, |(_, version)| version)
    }

    /// Its name for one object, such as `statefulset`.
    pub fn singular(&self) -> String {
        if self.singular.is_empty() { self.kind.to_ascii_lowercase() } else { self.singular.into() }
    }

    /// One object of it as kubectl prints it, such as `statefulset.apps`.
    pub fn singular_with_group(&self) -> String {
        with_group(&self.kind.to_ascii_lowercase(), self.group())
    }

    /// Its name as messages print it, such as `statefulsets.apps`.
    pub fn with_group(&self) -> String {
        with_group(self.name, self.group())
    }

    /// An object of it as kubectl names it, such as `statefulset.apps/web`.
    pub fn object(&self, name: &str) -> String {
        format!("{}/{name}", self.singular_with_group())
    }

    /// As the server's messages identify it, such as `apps/v1, Resource=statefulsets`.
    pub fn gvr(&self) -> String {
        format!("{}/{}, Resource={}", self.group(), self.version(), self.name)
    }

    /// The second of these resources that a short name could mean; `ev` names two.
    pub fn shadowed_among(all: impl IntoIterator<Item = Self>, argument: &str) -> Option<Self> {
        let known = |it: &Self| it.short_names.split(',').any(|short| short == argument);
        all.into_iter().filter(known).nth(1)
    }
}

fn with_group(name: &str, group: &str) -> String {
    if group.is_empty() { name.into() } else { format!("{name}.{group}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_resource_by_each_of_its_names() {
        let names =
            ["sts", "statefulset", "StatefulSets", "statefulsets.apps", "statefulset.v1.apps"];
        for name in names {
            let found = Resource::named(name).expect(name);
            assert_eq!(found.with_group(), "statefulsets.apps", "{name}");
        }
        for name in ["", "nosuch", "sts.batch", "pods.apps", "-"] {
            assert_eq!(Resource::named(name), None, "{name}");
        }
        assert_eq!(Resource::named("ev").map(|it| it.api_version), Some("v1"));
        assert!(Resource::shadowed_among(Resource::all(), "ev").is_some());
        assert!(Resource::shadowed_among(Resource::all(), "po").is_none());
    }
}
