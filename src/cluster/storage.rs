//! Claims, the volumes behind them, and storage classes.

use super::meta::Meta;
use std::collections::BTreeMap;
use std::rc::Rc;

/// `status.phase` of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimPhase {
    Pending,
    Bound,
    Lost,
}

/// `spec.accessModes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessMode {
    ReadWriteOnce,
    ReadOnlyMany,
    ReadWriteMany,
    ReadWriteOncePod,
}

/// A PersistentVolumeClaim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Metadata.
    pub meta: Meta,
    /// Requested size in bytes.
    pub request_bytes: u64,
    /// Requested size as canonical text, such as `1Gi`.
    pub request: Rc<str>,
    /// Class; `None` if there is none and no default either, empty for "no class".
    pub storage_class: Option<Rc<str>>,
    /// Requested access modes.
    pub access_modes: Rc<[AccessMode]>,
    /// Phase.
    pub phase: ClaimPhase,
    /// The volume it is bound to.
    pub volume: Option<Rc<str>>,
    /// Size of the bound volume, as canonical text.
    pub capacity: Option<Rc<str>>,
}

/// `status.phase` of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumePhase {
    Available,
    Bound,
    Released,
    Failed,
}

/// What becomes of a volume whose claim is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReclaimPolicy {
    Delete,
    Retain,
}

/// A PersistentVolume and what is stored on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Metadata.
    pub meta: Meta,
    /// Size in bytes.
    pub capacity_bytes: u64,
    /// Size as canonical text.
    pub capacity: Rc<str>,
    /// Class.
    pub storage_class: Rc<str>,
    /// Access modes.
    pub access_modes: Rc<[AccessMode]>,
    /// What happens when the claim is gone.
    pub reclaim_policy: ReclaimPolicy,
    /// Phase.
    pub phase: VolumePhase,
    /// Namespace and name of the claim it is bound to, with the claim's UID.
    pub claim: Option<(super::meta::Key, super::meta::Uid)>,
    /// Files by path below the volume's root, with their content.
    pub files: Rc<BTreeMap<String, String>>,
}

/// When a claim is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingMode {
    Immediate,
    WaitForFirstConsumer,
}

/// A StorageClass.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageClass {
    /// Metadata.
    pub meta: Meta,
    /// Who makes the volumes.
    pub provisioner: Rc<str>,
    /// When claims are bound.
    pub binding_mode: BindingMode,
    /// What becomes of volumes.
    pub reclaim_policy: ReclaimPolicy,
    /// Whether claims may grow.
    pub allow_expansion: bool,
    /// Whether it is the default.
    pub is_default: bool,
}

/// Creates the storage classes of a new cluster.
pub fn create_classes(_cluster: &mut super::Cluster) {}
