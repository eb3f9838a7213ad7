//! Claims, the volumes behind them, and storage classes.

mod object;

use super::meta::{Key, Meta, Shared, Uid};
use super::node::NodeRule;
use super::store::Store;
use crate::api::Tree;
use crate::api::quantity::Quantity;
use crate::api::selector::Selector;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Files by their paths from the root of where they lie; a directory's path ends in a slash.
pub type Files = BTreeMap<String, String>;

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

impl AccessMode {
    /// The mode as the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadWriteOnce => "ReadWriteOnce",
            Self::ReadOnlyMany => "ReadOnlyMany",
            Self::ReadWriteMany => "ReadWriteMany",
            Self::ReadWriteOncePod => "ReadWriteOncePod",
        }
    }

    /// The mode of this name.
    pub fn named(name: &str) -> Option<Self> {
        let all =
            [Self::ReadWriteOnce, Self::ReadOnlyMany, Self::ReadWriteMany, Self::ReadWriteOncePod];
        all.into_iter().find(|mode| mode.name() == name)
    }
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
    /// Access modes of the bound volume.
    pub granted_modes: Rc<[AccessMode]>,
    /// Which volumes will do; `None`: every one.
    pub selector: Option<Selector>,
    /// `volumeMode: Block`.
    pub is_block: bool,
    /// How far its expansion has come.
    pub growth: Option<Growth>,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
}

/// How far an expansion has come: the claim's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// `Resizing`.
    Resizing,
    /// `FileSystemResizePending`.
    FileSystemResizePending,
}

impl Growth {
    /// The type of the condition.
    pub fn condition(self) -> &'static str {
        match self {
            Self::Resizing => "Resizing",
            Self::FileSystemResizePending => "FileSystemResizePending",
        }
    }
}

impl Claim {
    /// A claim for nothing, to be filled in.
    pub fn new(meta: Meta) -> Self {
        Self {
            meta,
            request_bytes: 0,
            request: "".into(),
            storage_class: None,
            access_modes: Rc::new([]),
            phase: ClaimPhase::Pending,
            volume: None,
            capacity: None,
            granted_modes: Rc::new([]),
            selector: None,
            is_block: false,
            growth: None,
            spec: Shared::new(Value::Null),
        }
    }
}

/// `status.phase` of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumePhase {
    Pending,
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

impl ReclaimPolicy {
    /// The policy of this name. Simplified: `Recycle`, which nothing carries out any more, retains.
    pub fn named(name: &str) -> Self {
        if name == "Delete" { Self::Delete } else { Self::Retain }
    }

    /// The policy as the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
        }
    }
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
    /// Namespace and name of the claim it is bound to, or kept for, with the claim's UID; zero if it
    /// is kept for a claim that has not come.
    pub claim: Option<(Key, Uid)>,
    /// `volumeMode: Block`.
    pub is_block: bool,
    /// The nodes from which it can be reached; `None`: all.
    pub nodes: Option<Rc<NodeRule>>,
    /// Whether it is attached to a node before it is mounted there.
    pub is_attachable: bool,
    /// Files by path below the volume's root, with their content.
    pub files: Rc<Files>,
    /// `spec` as admitted.
    pub spec: Shared<Value>,
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
    /// The object as admitted, without its metadata.
    pub body: Shared<Value>,
}

impl StorageClass {
    /// The key of the class of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }
}

impl Volume {
    /// The key of the volume of this name.
    pub fn key(name: &str) -> Key {
        Key::new("", name)
    }
}

/// The finalizer that keeps a claim while a pod uses it.
pub const CLAIM_PROTECTION: &str = "kubernetes.io/pvc-protection";

/// The annotation by which the scheduler tells for which node a claim is to be bound.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// The annotation of the default class.
pub const IS_DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

/// The finalizer that keeps a volume while a claim is bound to it.
pub const VOLUME_PROTECTION: &str = "kubernetes.io/pv-protection";

/// Provisioners that are there: minikube's and rancher's make volumes in a folder of a node, the
/// others have disks that are attached to nodes, one of them disks that stay in their zone.
pub const MINIKUBE: &str = "k8s.io/minikube-hostpath";
pub const LOCAL_PATH: &str = "rancher.io/local-path";
pub const NETWORK_DISKS: &str = "hostpath.csi.k8s.io";
pub const ZONAL_DISKS: &str = "pd.csi.storage.gke.io";

/// The provisioner that is part of the controller manager: folders on its own computer.
pub const HOST_PATH: &str = "kubernetes.io/host-path";

/// The provisioner that is none: volumes are made by hand.
pub const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";

/// The default class: of several the newest, of those the first by name.
///
/// Upstream: `pkg/volume/util/storageclass.go`, GetDefaultClass.
pub fn default_class(store: &Store) -> Option<&Rc<StorageClass>> {
    let defaults = store.list::<StorageClass>().filter(|class| class.is_default);
    defaults.rev().max_by_key(|class| class.meta.created_at)
}

/// The class of a claim, if it names one that exists.
pub fn class_of<'a>(store: &'a Store, claim: &Claim) -> Option<&'a Rc<StorageClass>> {
    let name = claim.storage_class.as_ref().filter(|name| !name.is_empty())?;
    store.get::<StorageClass>(&StorageClass::key(name))
}

/// The storage that a claim's spec requests, in bytes and as canonical text.
pub fn storage_request(spec: &Value) -> (u64, Rc<str>) {
    amount_of(spec.at("resources").at("requests"))
}

pub fn amount_of(resources: &Value) -> (u64, Rc<str>) {
    let storage = resources.text("storage");
    Quantity::parse(storage).map_or((0, "".into()), |amount| {
        (u64::try_from(amount.value()).unwrap_or(0), amount.canonical().into())
    })
}
