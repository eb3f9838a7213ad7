//! Claims, the volumes behind them, and storage classes.

use super::meta::{Key, Labels, Meta};
use super::{Cluster, Store};
use crate::api::Tree;
use crate::api::quantity::Quantity;
use serde_json::Value;
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
    pub claim: Option<(Key, super::meta::Uid)>,
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

/// The storage classes of a new cluster: name, provisioner, binding, expandable, default.
///
/// `standard` is minikube's. Simplified: the other two are there without being installed, to show
/// what else a class can do.
const CLASSES: [(&str, &str, BindingMode, bool, bool); 3] = [
    ("standard", "k8s.io/minikube-hostpath", BindingMode::Immediate, false, true),
    ("local-path", "rancher.io/local-path", BindingMode::WaitForFirstConsumer, false, false),
    ("fast", "hostpath.csi.k8s.io", BindingMode::Immediate, true, false),
];

/// Creates the storage classes of a new cluster.
pub fn create_classes(cluster: &mut Cluster) {
    let now = cluster.now;
    for (name, provisioner, binding_mode, allow_expansion, is_default) in CLASSES {
        let mut meta = Meta::new(StorageClass::key(name));
        if is_default {
            let annotation = "storageclass.kubernetes.io/is-default-class".to_string();
            meta.annotations = Rc::new(Labels::from([(annotation, "true".to_string())]));
        }
        let class = StorageClass {
            meta,
            provisioner: provisioner.into(),
            binding_mode,
            reclaim_policy: ReclaimPolicy::Delete,
            allow_expansion,
            is_default,
        };
        cluster.store.create(class, now).expect("the names of the classes differ");
    }
}

/// What admission makes of a claim before it is stored: the default class and the protection.
///
/// Upstream: `plugin/pkg/admission/storage/storageclass/setdefault`,
/// `plugin/pkg/admission/storage/storageobjectinuseprotection`.
pub fn admit_claim(store: &Store, claim: &mut Claim) {
    if claim.storage_class.is_none() {
        claim.storage_class = default_class(store).map(|class| class.meta.key.name.clone());
    }
    if !claim.meta.finalizers.iter().any(|finalizer| **finalizer == *CLAIM_PROTECTION) {
        claim.meta.finalizers.push(CLAIM_PROTECTION.into());
    }
}

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

/// Notes on a claim for which node it is to be bound.
pub fn select_node(cluster: &mut Cluster, claim: &Key, node: &str) {
    cluster.store.update::<Claim>(claim, |claim| {
        let annotations = Rc::make_mut(&mut claim.meta.annotations);
        annotations.insert(SELECTED_NODE.into(), node.into());
    });
}

/// The storage that a claim's spec requests, in bytes and as canonical text.
pub fn storage_request(spec: &Value) -> (u64, Rc<str>) {
    let request = spec.at("resources").at("requests").text("storage");
    Quantity::parse(request).map_or((0, "".into()), |request| {
        (u64::try_from(request.value()).unwrap_or(0), request.canonical().into())
    })
}
