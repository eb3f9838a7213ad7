//! What a StatefulSet is asked to be, read from the admitted object.

use crate::api::selector::Selector;
use crate::api::{Tree, revision};
use crate::cluster::meta::{Labels, Shared};
use crate::cluster::storage::{AccessMode, storage_request};
use crate::cluster::template::{PodTemplate, labels};
use crate::cluster::time::{Millis, seconds};
use serde_json::Value;
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
    /// Which volumes will do.
    pub selector: Option<Selector>,
    /// `volumeMode: Block`.
    pub is_block: bool,
    /// The template's spec as admitted.
    pub spec: Shared<Value>,
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
    pub selector: Selector,
    /// The governing Service; empty if none.
    pub service_name: Rc<str>,
    /// What its pods run.
    pub template: Shared<PodTemplate>,
    /// Claims that every pod gets.
    pub claim_templates: Rc<[ClaimTemplate]>,
    /// The template as a revision's data, byte for byte.
    pub template_patch: Rc<str>,
    /// The spec as admitted.
    pub api: Shared<Value>,
}

impl StatefulSetSpec {
    /// The spec that an admitted one asks for. Total: what makes no sense counts as its default.
    pub fn from_api(api: &Value) -> Self {
        let template = Shared::new(PodTemplate::from_api(api.at("template")));
        let template_patch = revision::template_patch(api.at("template")).into();
        Self::with_template(api, template, template_patch)
    }

    /// The spec that replaces this one. An unchanged template stays the same value in memory.
    pub fn replaced_by(&self, api: &Value) -> Self {
        if api.at("template") != self.api.at("template") {
            return Self::from_api(api);
        }
        Self::with_template(api, self.template.clone(), Rc::clone(&self.template_patch))
    }

    fn with_template(api: &Value, template: Shared<PodTemplate>, template_patch: Rc<str>) -> Self {
        let strategy = api.at("updateStrategy");
        let policy = api.at("persistentVolumeClaimRetentionPolicy");
        let templates = api.items("volumeClaimTemplates");
        Self {
            replicas: number(api, "replicas", 1).max(0),
            start_ordinal: number(api.at("ordinals"), "start", 0).max(0),
            pod_management_policy: match api.text("podManagementPolicy") {
                "Parallel" => PodManagementPolicy::Parallel,
                _ => PodManagementPolicy::OrderedReady,
            },
            update_strategy: match strategy.text("type") {
                "OnDelete" => UpdateStrategyType::OnDelete,
                "Recreate" => UpdateStrategyType::Recreate,
                _ => UpdateStrategyType::RollingUpdate,
            },
            rolling_update: strategy.set("rollingUpdate").map(rolling_update),
            min_ready_seconds: number(api, "minReadySeconds", 0).max(0),
            revision_history_limit: number(api, "revisionHistoryLimit", 10),
            when_deleted: retention(policy.text("whenDeleted")),
            when_scaled: retention(policy.text("whenScaled")),
            selector: Selector::of(api.at("selector")),
            service_name: api.text("serviceName").into(),
            template,
            claim_templates: templates.iter().map(ClaimTemplate::from_api).collect(),
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

fn number(api: &Value, field: &str, default: i32) -> i32 {
    api.opt_int(field).and_then(|number| i32::try_from(number).ok()).unwrap_or(default)
}

fn rolling_update(api: &Value) -> RollingUpdate {
    let max_unavailable = match api.at("maxUnavailable") {
        Value::String(text) => {
            text.strip_suffix('%').and_then(|it| it.parse().ok()).map(IntOrPercent::Percent)
        }
        limit => limit.as_i64().and_then(|limit| i32::try_from(limit).ok()).map(IntOrPercent::Int),
    };
    RollingUpdate { partition: number(api, "partition", 0), max_unavailable }
}

fn retention(value: &str) -> Retention {
    if value == "Delete" { Retention::Delete } else { Retention::Retain }
}

impl ClaimTemplate {
    fn from_api(api: &Value) -> Self {
        let (meta, spec) = (api.at("metadata"), api.at("spec"));
        let (request_bytes, request) = storage_request(spec);
        Self {
            name: meta.text("name").into(),
            labels: Rc::new(labels(meta, "labels")),
            annotations: Rc::new(labels(meta, "annotations")),
            request_bytes,
            request,
            storage_class: spec.opt_text("storageClassName").map(Rc::from),
            access_modes: spec.texts("accessModes").filter_map(AccessMode::named).collect(),
            selector: spec.set("selector").map(Selector::of),
            is_block: spec.text("volumeMode") == "Block",
            spec: Shared::new(spec.clone()),
        }
    }
}
