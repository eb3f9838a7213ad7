//! The columns of each kind.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, AddHandlers.

use super::cell::Cell;
use super::texts::{age, name};
use super::{controllers, custom, events, network, nodes, others, pods, storage};
use crate::api::custom::Column;
use crate::api::{Kubernetes, Resource};
use serde_json::Value;

/// The columns of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Group and version, such as `apps/v1`; empty for every other one.
    api_version: &'static str,
    /// The kind; empty for every other one.
    kind: &'static str,
    /// The titles, separated by `|`; one after a `*` is shown with `-o wide` only.
    titles: &'static str,
    /// The cells of an object below all of the titles.
    cells: fn(&Value, Kubernetes) -> Vec<Cell>,
    /// The columns that a definition names, in the place of these.
    defined: &'static [Column],
}

/// A row of the table below.
const fn row(
    api_version: &'static str,
    kind: &'static str,
    titles: &'static str,
    cells: fn(&Value, Kubernetes) -> Vec<Cell>,
) -> Columns {
    Columns { api_version, kind, titles, cells, defined: &[] }
}

const RBAC: &str = "rbac.authorization.k8s.io/v1";

const BINDING: &str = "NAME|ROLE|AGE|*USERS|*GROUPS|*SERVICEACCOUNTS";

/// The columns of every kind that has its own.
static TABLE: &[Columns] = &[
    row(
        "v1",
        "Pod",
        "NAME|READY|STATUS|RESTARTS|AGE|*IP|*NODE|*NOMINATED NODE|*READINESS GATES",
        pods::cells,
    ),
    row("apps/v1", "StatefulSet", "NAME|READY|AGE|*CONTAINERS|*IMAGES", controllers::stateful_set),
    row(
        "apps/v1",
        "Deployment",
        "NAME|READY|UP-TO-DATE|AVAILABLE|AGE|*CONTAINERS|*IMAGES|*SELECTOR",
        controllers::deployment,
    ),
    row(
        "apps/v1",
        "DaemonSet",
        "NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE|*CONTAINERS|*IMAGES|\
         *SELECTOR",
        controllers::daemon_set,
    ),
    row(
        "apps/v1",
        "ReplicaSet",
        "NAME|DESIRED|CURRENT|READY|AGE|*CONTAINERS|*IMAGES|*SELECTOR",
        controllers::replica_set,
    ),
    row("apps/v1", "ControllerRevision", "NAME|CONTROLLER|REVISION|AGE", controllers::revision),
    row(
        "policy/v1",
        "PodDisruptionBudget",
        "NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE",
        controllers::budget,
    ),
    row(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "NAME|REFERENCE|TARGETS|MINPODS|MAXPODS|REPLICAS|AGE",
        controllers::autoscaler,
    ),
    row(
        "v1",
        "Service",
        "NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE|*SELECTOR",
        network::service,
    ),
    row(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE",
        network::endpoint_slice,
    ),
    row("v1", "Endpoints", "NAME|ENDPOINTS|AGE", network::endpoints),
    row(
        "v1",
        "PersistentVolumeClaim",
        "NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE|\
         *VOLUMEMODE",
        storage::claim,
    ),
    row(
        "v1",
        "PersistentVolume",
        "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS|\
         VOLUMEATTRIBUTESCLASS|REASON|AGE|*VOLUMEMODE",
        storage::volume,
    ),
    row(
        "storage.k8s.io/v1",
        "StorageClass",
        "NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE",
        storage::class,
    ),
    row(
        "storage.k8s.io/v1",
        "VolumeAttachment",
        "NAME|ATTACHER|PV|NODE|ATTACHED|AGE",
        storage::attachment,
    ),
    row("storage.k8s.io/v1", "VolumeAttributesClass", "NAME|DRIVERNAME|AGE", storage::attributes),
    row(
        "v1",
        "Node",
        "NAME|STATUS|ROLES|AGE|VERSION|*INTERNAL-IP|*EXTERNAL-IP|*OS-IMAGE|*KERNEL-VERSION|\
         *CONTAINER-RUNTIME",
        nodes::cells,
    ),
    row("v1", "Event", EVENT, events::cells),
    row("events.k8s.io/v1", "Event", EVENT, events::cells),
    row("v1", "Namespace", "NAME|STATUS|AGE", others::namespace),
    row("certificates.k8s.io/v1", "ClusterTrustBundle", "NAME|SIGNERNAME", others::trust_bundle),
    row("v1", "ConfigMap", "NAME|DATA|AGE", others::config_map),
    row("v1", "Secret", "NAME|TYPE|DATA|AGE", others::secret),
    row("v1", "ResourceQuota", "NAME|REQUEST|LIMIT|AGE", others::quota),
    row("v1", "LimitRange", "NAME|CREATED AT", others::with_moment),
    row(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "NAME|CREATED AT",
        others::with_moment,
    ),
    row(RBAC, "Role", "NAME|CREATED AT", others::with_moment),
    row(RBAC, "ClusterRole", "NAME|CREATED AT", others::with_moment),
    row(RBAC, "RoleBinding", BINDING, others::binding),
    row(RBAC, "ClusterRoleBinding", BINDING, others::binding),
    row(
        "scheduling.k8s.io/v1",
        "PriorityClass",
        "NAME|VALUE|GLOBAL-DEFAULT|AGE|PREEMPTIONPOLICY",
        others::priority_class,
    ),
];

/// The columns of all other kinds.
static PLAIN: Columns = row("", "", "NAME|AGE", |object, _| vec![name(object), age(object)]);

const EVENT: &str =
    "LAST SEEN|TYPE|REASON|OBJECT|*SUBOBJECT|*SOURCE|MESSAGE|*FIRST SEEN|*COUNT|*NAME";

impl Columns {
    /// The columns of a kind, in a group and version such as `apps/v1`.
    pub fn of(api_version: &str, kind: &str) -> &'static Self {
        let own = TABLE.iter().find(|it| it.kind == kind && it.api_version == api_version);
        own.unwrap_or(&PLAIN)
    }

    /// The columns of a resource that a server serves.
    pub fn of_resource(resource: &Resource) -> Self {
        Self { defined: resource.columns, ..*Self::of(resource.api_version, resource.kind) }
    }

    /// The columns of every object where the server prints no tables.
    pub fn plain() -> &'static Self {
        &PLAIN
    }

    /// The cells of an object, those of wide columns too.
    pub fn cells(&self, object: &Value, kubernetes: Kubernetes) -> Vec<Cell> {
        (self.cells)(object, kubernetes)
    }

    /// The header of a table.
    pub fn header(&self, wide: bool) -> Vec<String> {
        if !self.defined.is_empty() {
            return custom::header(self.defined, wide);
        }
        self.shown(wide).map(|(_, title)| title.into()).collect()
    }

    /// The row of an object under the header, at a moment in milliseconds since 1970.
    pub fn row(&self, object: &Value, printing: &Printing) -> Vec<String> {
        if !self.defined.is_empty() {
            let cells = custom::cells(self.defined, printing.wide, object);
            return cells.iter().map(|cell| cell.text(printing.now)).collect();
        }
        let cells = self.cells(object, printing.kubernetes);
        let shown = self.shown(printing.wide).filter_map(|(at, _)| cells.get(at));
        shown.map(|cell| cell.text(printing.now)).collect()
    }

    /// The place of a column among all cells, by its title.
    pub fn place(&self, title: &str) -> Option<usize> {
        self.shown(true).find(|(_, own)| *own == title).map(|(at, _)| at)
    }

    fn shown(&self, wide: bool) -> impl Iterator<Item = (usize, &'static str)> + use<> {
        self.titles.split('|').enumerate().filter_map(move |(at, title)| {
            match title.strip_prefix('*') {
                Some(_) if !wide => None,
                Some(title) => Some((at, title)),
                None => Some((at, title)),
            }
        })
    }
}

/// What rows are made with.
#[derive(Clone, Copy, Debug)]
pub struct Printing {
    /// Now, in milliseconds since 1970.
    pub now: i64,
    /// Whether wide columns are shown.
    pub wide: bool,
    /// The version of client and server.
    pub kubernetes: Kubernetes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_row_is_of_a_resource_and_has_a_cell_for_each_title() {
        for columns in TABLE.iter().chain([&PLAIN]) {
            let (kind, api_version) = (columns.kind, columns.api_version);
            assert!(kind.is_empty() || Resource::of_kind(kind, api_version).is_some(), "{kind}");
            let cells = columns.cells(&json!({}), Kubernetes::default());
            assert_eq!(cells.len(), columns.header(true).len(), "{kind}");
        }
        assert_eq!(Columns::of("example.com/v1", "Pod").header(true), ["NAME", "AGE"]);
        assert_eq!(Columns::of("v1", "Pod").place("STATUS"), Some(2));
        assert_eq!(Columns::of("v1", "Pod").place("Status"), None);
    }
}
