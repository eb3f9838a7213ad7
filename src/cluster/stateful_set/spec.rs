//! What a StatefulSet is asked to be, read from the admitted object.

use crate::api::quantity::Quantity;
use crate::api::revision;
use crate::cluster::meta::{Labels, Shared};
use crate::cluster::storage::AccessMode;
use crate::cluster::template::PodTemplate;
use crate::cluster::time::{Millis, seconds};
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::rc::Rc;

/// `spec.podManagementPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodManagementPolicy {
    OrderedReady,
    Parallel,
}

/// `spec.updateStrategy.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStrategyType {
    RollingUpdate,
    OnDelete,
    Recreate,
}

/// A number, or a percentage of the replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    Int(i32),
    Percent(i32),
}

/// `spec.updateStrategy.rollingUpdate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollingUpdate {
    /// Pods below this position keep the current revision.
    pub partition: i32,
    /// How many pods may be unavailable during an update.
    pub max_unavailable: Option<IntOrPercent>,
}

/// What becomes of claims: `spec.persistentVolumeClaimRetentionPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    Retain,
    Delete,
}

/// One of `spec.volumeClaimTemplates`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimTemplate {
    /// Name; claims are called `<name>-<pod>`.
    pub name: Rc<str>,
    /// Labels of the claims.
    pub labels: Rc<Labels>,
    /// Annotations of the claims.
    pub annotations: Rc<Labels>,
    /// Requested size in bytes.
    pub request_bytes: u64,
    /// Requested size as canonical text.
    pub request: Rc<str>,
    /// Class; `None` if the template names none.
    pub storage_class: Option<Rc<str>>,
    /// Requested access modes.
    pub access_modes: Rc<[AccessMode]>,
}

/// What a StatefulSet is asked to be, with every default filled in.
#[derive(Clone, Debug)]
pub struct StatefulSetSpec {
    /// Number of pods.
    pub replicas: i32,
    /// Ordinal of the first pod.
    pub start_ordinal: i32,
    /// One after the other, or all at once.
    pub pod_management_policy: PodManagementPolicy,
    /// Type of the update strategy.
    pub update_strategy: UpdateStrategyType,
    /// The `rollingUpdate` object; `None` if there is none.
    pub rolling_update: Option<RollingUpdate>,
    /// Seconds a pod must be ready to count as available.
    pub min_ready_seconds: i32,
    /// How many old revisions are kept; negative keeps all.
    pub revision_history_limit: i32,
    /// Claims when the set is deleted.
    pub when_deleted: Retention,
    /// Claims when the set is scaled down.
    pub when_scaled: Retention,
    /// Which pods belong to the set.
    pub selector: LabelSelector,
    /// The governing Service; empty if none.
    pub service_name: Rc<str>,
    /// What its pods run.
    pub template: Shared<PodTemplate>,
    /// Claims that every pod gets.
    pub claim_templates: Rc<[ClaimTemplate]>,
    /// The template as a revision's data, byte for byte.
    pub template_patch: Rc<str>,
    /// The spec as admitted.
    pub api: Shared<apps::StatefulSetSpec>,
}

impl StatefulSetSpec {
    /// The spec that an admitted one asks for. Total: what makes no sense counts as its default.
    pub fn from_api(api: &apps::StatefulSetSpec) -> Self {
        let template = Shared::new(PodTemplate::from_api(&api.template));
        let template_patch = revision::template_patch(&api.template).into();
        Self::with_template(api, template, template_patch)
    }

    /// The spec that replaces this one. An unchanged template stays the same value in memory.
    pub fn replaced_by(&self, api: &apps::StatefulSetSpec) -> Self {
        if api.template != self.api.template {
            return Self::from_api(api);
        }
        Self::with_template(api, self.template.clone(), Rc::clone(&self.template_patch))
    }

    fn with_template(
        api: &apps::StatefulSetSpec,
        template: Shared<PodTemplate>,
        template_patch: Rc<str>,
    ) -> Self {
        let strategy = api.update_strategy.as_ref();
        let policy = api.persistent_volume_claim_retention_policy.as_ref();
        Self {
            replicas: api.replicas.unwrap_or(1).max(0),
            start_ordinal: api.ordinals.as_ref().and_then(|it| it.start).unwrap_or(0).max(0),
            pod_management_policy: match api.pod_management_policy.as_deref() {
                Some("Parallel") => PodManagementPolicy::Parallel,
                _ => PodManagementPolicy::OrderedReady,
            },
            update_strategy: match strategy.and_then(|strategy| strategy.type_.as_deref()) {
                Some("OnDelete") => UpdateStrategyType::OnDelete,
                Some("Recreate") => UpdateStrategyType::Recreate,
                _ => UpdateStrategyType::RollingUpdate,
            },
            rolling_update: strategy.and_then(|it| it.rolling_update.as_ref()).map(rolling_update),
            min_ready_seconds: api.min_ready_seconds.unwrap_or(0).max(0),
            revision_history_limit: api.revision_history_limit.unwrap_or(10),
            when_deleted: retention(policy.and_then(|policy| policy.when_deleted.as_deref())),
            when_scaled: retention(policy.and_then(|policy| policy.when_scaled.as_deref())),
            selector: api.selector.clone(),
            service_name: api.service_name.as_deref().unwrap_or_default().into(),
            template,
            claim_templates: api
                .volume_claim_templates
                .iter()
                .flatten()
                .map(ClaimTemplate::from_api)
                .collect(),
            template_patch,
            api: Shared::new(api.clone()),
        }
    }

    /// One pod after the other, not all at once.
    ///
    /// Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, allowsBurst (the opposite).
    pub fn is_monotonic(&self) -> bool {
        self.pod_management_policy != PodManagementPolicy::Parallel
    }

    /// Whether a pod of this ordinal is asked for.
    ///
    /// Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, podInOrdinalRange.
    pub fn is_in_range(&self, ordinal: i32) -> bool {
        let position = i64::from(ordinal) - i64::from(self.start_ordinal);
        (0..i64::from(self.replicas)).contains(&position)
    }

    /// `minReadySeconds` in milliseconds.
    pub fn min_ready_ms(&self) -> Millis {
        seconds(self.min_ready_seconds)
    }

    /// How many of the lowest positions keep the current revision.
    pub fn partition(&self) -> usize {
        let partition = self.rolling_update.map_or(0, |rolling| rolling.partition);
        usize::try_from(partition).unwrap_or(0)
    }

    /// Whether claims never go with a pod or the set.
    pub fn retains_claims(&self) -> bool {
        self.when_deleted == Retention::Retain && self.when_scaled == Retention::Retain
    }

    /// How many pods may be unavailable during an update, at least 1.
    ///
    /// Upstream: `pkg/controller/statefulset/stateful_set_utils.go`, getStatefulSetMaxUnavailable.
    pub fn max_unavailable(&self) -> usize {
        let limit = match self.rolling_update.and_then(|rolling| rolling.max_unavailable) {
            None => 1,
            Some(IntOrPercent::Int(limit)) => i64::from(limit),
            Some(IntOrPercent::Percent(percent)) => {
                i64::from(percent) * i64::from(self.replicas) / 100
            }
        };
        usize::try_from(limit.max(1)).unwrap_or(1)
    }
}

fn rolling_update(api: &apps::RollingUpdateStatefulSetStrategy) -> RollingUpdate {
    let max_unavailable = api.max_unavailable.as_ref().and_then(|limit| match limit {
        IntOrString::Int(number) => Some(IntOrPercent::Int(*number)),
        IntOrString::String(text) => {
            text.strip_suffix('%')?.parse().ok().map(IntOrPercent::Percent)
        }
    });
    RollingUpdate { partition: api.partition.unwrap_or(0), max_unavailable }
}

fn retention(value: Option<&str>) -> Retention {
    if value == Some("Delete") { Retention::Delete } else { Retention::Retain }
}

impl ClaimTemplate {
    fn from_api(api: &core::PersistentVolumeClaim) -> Self {
        let meta = &api.metadata;
        let spec = api.spec.clone().unwrap_or_default();
        let requests = spec.resources.and_then(|resources| resources.requests).unwrap_or_default();
        let request = requests.get("storage").and_then(|request| Quantity::parse(&request.0).ok());
        let modes = spec.access_modes.unwrap_or_default();
        Self {
            name: meta.name.as_deref().unwrap_or_default().into(),
            labels: Rc::new(meta.labels.clone().unwrap_or_default()),
            annotations: Rc::new(meta.annotations.clone().unwrap_or_default()),
            request_bytes: request.map_or(0, |it| u64::try_from(it.value()).unwrap_or(0)),
            request: request.map_or_else(String::new, Quantity::canonical).into(),
            storage_class: spec.storage_class_name.map(Rc::from),
            access_modes: modes.iter().filter_map(|mode| AccessMode::named(mode)).collect(),
        }
    }
}
