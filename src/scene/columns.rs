//! The columns of the page's tables, in their order, and which of them kubectl has not.

/// The columns of Pods.
pub const PODS: &[&str] = &[
    "NAME",
    "READY",
    "STATUS",
    "RESTARTS",
    "AGE",
    "Created",
    "Ready since",
    "IP",
    "NODE",
    "REVISION",
];

/// The columns of Claims.
pub const CLAIMS: &[&str] = &[
    "NAME",
    "STATUS",
    "VOLUME",
    "CAPACITY",
    "ACCESS MODES",
    "STORAGECLASS",
    "AGE",
    "GROWS TO",
    "USED BY",
    "FILES",
];

/// The columns of Events.
pub const EVENTS: &[&str] = &["SEEN AT", "TYPE", "REASON", "OBJECT", "MESSAGE", "COUNT"];

/// The columns of Nodes.
pub const NODES: &[&str] =
    &["NAME", "ACTIONS", "STATUS", "ROLES", "AGE", "MACHINE", "ZONE", "PODS", "CPU", "TAINTS"];

/// The columns of PersistentVolumes.
pub const VOLUMES: &[&str] = &[
    "NAME",
    "ACTIONS",
    "CAPACITY",
    "ACCESS MODES",
    "RECLAIM POLICY",
    "STATUS",
    "CLAIM",
    "STORAGECLASS",
    "AGE",
];

/// The columns of StorageClasses.
pub const CLASSES: &[&str] =
    &["NAME", "PROVISIONER", "RECLAIMPOLICY", "VOLUMEBINDINGMODE", "ALLOWVOLUMEEXPANSION", "AGE"];

/// The columns of PodDisruptionBudgets.
pub const BUDGETS: &[&str] =
    &["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"];

/// The columns that kubectl has not: what it shows elsewhere, or nowhere. All others say what
/// `kubectl get -o wide` says at that instant.
pub const OWN: &[&str] = &[
    "ACTIONS",
    "CPU",
    "Created",
    "FILES",
    "GROWS TO",
    "MACHINE",
    "PODS",
    "Ready since",
    "REVISION",
    "SEEN AT",
    "TAINTS",
    "USED BY",
    "ZONE",
];
