//! Requests that change objects, and what an object becomes by one.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/`.

use super::decode::{self, DecodeError, DecodeReason};
use super::{
    ApiObject, Kind, Kubernetes, Status, StatusReason, Tree, allocated, patch, rules, strategic,
    validate, warnings,
};
use serde::Serialize;
use serde_json::Value;

/// The most operations of a JSON patch.
///
/// Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go`, maxJSONPatchOperations.
const MOST_OPERATIONS: usize = 10_000;

/// How a patch is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PatchType {
    /// RFC 6902.
    Json,
    /// RFC 7386.
    Merge,
    /// As merge, but lists with a merge key are merged item by item.
    Strategic,
}

/// What becomes of the dependents of a deleted object: `kubectl delete --cascade`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cascade {
    /// They are deleted after it.
    Background,
    /// They are deleted before it.
    Foreground,
    /// They stay, without an owner.
    Orphan,
}

impl Cascade {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Background, Self::Foreground, Self::Orphan];

    /// The propagation policy that a request names.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Background => "Background",
            Self::Foreground => "Foreground",
            Self::Orphan => "Orphan",
        }
    }

    /// What a propagation policy asks for; one that is not known is that of most kinds.
    pub fn of_policy(policy: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.policy() == policy).unwrap_or(Self::Background)
    }
}

/// What a request does with its object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// POST: creates the object.
    Create(Value),
    /// PUT: replaces the object.
    Replace(Value),
    /// PATCH.
    Patch(PatchType, Value),
    /// PATCH by server-side apply: what the manager says of the object, and whether it takes by force
    /// what others own.
    Apply { object: Value, forces: bool },
    /// PATCH of the subresource scale.
    Scale(i32),
    /// DELETE: with a grace period in seconds, and what becomes of dependents: `Background`,
    /// `Foreground` or `Orphan`.
    Delete { grace_period_seconds: Option<i64>, propagation: String },
    /// POST of an eviction of a pod.
    Evict,
}

/// What becomes of fields that the server does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldValidation {
    /// The request is refused.
    #[default]
    Strict,
    /// They are dropped, with a warning.
    Warn,
    /// They are dropped.
    Ignore,
}

/// A request that changes an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Kind of the object.
    pub kind: String,
    /// Group and version of the kind.
    pub api_version: String,
    /// Namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What it does.
    pub change: Change,
    /// Whether nothing is to be stored (`--dry-run=server`).
    pub dry_run: bool,
    /// What becomes of fields that the server does not know.
    pub field_validation: FieldValidation,
    /// Who owns the fields that it writes; empty for `kubectl`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field_manager: String,
}

/// What a request gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The object as it is now; as it was, of a deletion.
    pub object: Value,
    /// What the server warns of.
    pub warnings: Vec<String>,
}

/// An object that exists after a PUT or PATCH, decoded, with its defaults, and checked against what
/// it was. Its status stays.
///
/// # Errors
/// The server's refusal. The rules of volume expansion need the claim's class; see
/// [`update_rules::resize`](super::update_rules::resize).
pub fn changed(
    live: &Value,
    change: &Change,
    validation: FieldValidation,
    kubernetes: &Kubernetes,
) -> Result<(ApiObject, Vec<String>), Status> {
    let mut unknown = Vec::new();
    let merged = merged(live, change)?;
    let refused = |error: DecodeError| match change {
        Change::Patch(_, patch) => patch::refusal(patch, &error),
        _ => error.into(),
    };
    let mut object = match decode::decode(&merged) {
        Err(error)
            if error.reason == DecodeReason::UnknownFields
                && validation != FieldValidation::Strict =>
        {
            let texts = error.complaints.iter().map(|complaint| complaint.text.clone());
            unknown.extend(texts.filter(|_| validation == FieldValidation::Warn));
            decode::decode_known(&merged).map_err(refused)?
        }
        decoded => decoded.map_err(refused)?,
    };
    let old = decode::decode_known(live).map_err(refused)?;
    if object.kind == Kind::Service {
        allocated::keep(object.spec_mut(), old.spec());
    }
    rules::apply(&mut object, kubernetes);
    // What a person cannot write stays.
    for field in ["uid", "creationTimestamp", "resourceVersion", "generation", "deletionTimestamp"]
    {
        match old.metadata().set(field).cloned() {
            Some(value) => object.tree.open("metadata").put(field, value),
            None => drop(object.tree.open("metadata").drop_field(field)),
        }
    }
    match live.set("status").cloned() {
        Some(status) => object.tree.put("status", status),
        None => drop(object.tree.drop_field("status")),
    }
    let causes = rules::update(&object, &old, kubernetes);
    if let Some(refusal) = validate::refusal(&object, causes) {
        return Err(refusal);
    }
    let of_person = |object: &ApiObject| (object.metadata().clone(), object.spec().clone());
    // Some kinds are warned of at every update.
    let always = [Kind::PersistentVolume, Kind::PersistentVolumeClaim, Kind::StorageClass];
    if always.contains(&object.kind) || of_person(&object) != of_person(&old) {
        unknown.extend(warnings(&object));
    }
    Ok((object, unknown))
}

/// The object as a request wants it, not decoded.
///
/// # Errors
/// The server's refusal of a patch that does not fit.
pub fn merged(live: &Value, change: &Change) -> Result<Value, Status> {
    Ok(match change {
        Change::Replace(object) => object.clone(),
        Change::Patch(PatchType::Strategic, patch) => strategic::apply(live, patch),
        Change::Patch(PatchType::Merge, patch) => strategic::apply_merge(live, patch),
        Change::Patch(PatchType::Json, patch) => {
            let Some(operations) = patch.as_array() else {
                let found = decode::json_type(patch);
                let text = format!(
                    "error decoding patch: json: cannot unmarshal {found} into Go value of type \
                     []handlers.jsonPatchOp"
                );
                return Err(Status::bad_request("", "", text));
            };
            if operations.len() > MOST_OPERATIONS {
                return Err(too_many_operations(operations.len()));
            }
            strategic::apply_json(live, operations).ok_or_else(rejected)?
        }
        Change::Scale(replicas) => {
            let mut scaled = live.clone();
            scaled.open("spec").put("replicas", *replicas);
            scaled
        }
        Change::Create(_) | Change::Apply { .. } | Change::Delete { .. } | Change::Evict => {
            live.clone()
        }
    })
}

/// The refusal of a JSON patch of so many operations.
fn too_many_operations(count: usize) -> Status {
    let most = MOST_OPERATIONS;
    Status {
        reason: StatusReason::RequestEntityTooLarge,
        message: format!(
            "Request entity too large: The allowed maximum operations in a JSON patch is {most}, \
             got {count}"
        ),
        kind: String::new(),
        name: String::new(),
        causes: Vec::new(),
    }
}

/// The refusal of a JSON patch that does not fit.
fn rejected() -> Status {
    Status {
        reason: StatusReason::Invalid,
        message: "the server rejected our request due to an error in our request".into(),
        kind: String::new(),
        name: String::new(),
        causes: Vec::new(),
    }
}

/// Whether a kind can be changed by requests here.
pub fn is_known(kind: &str, api_version: &str) -> bool {
    Kind::applied(kind, api_version).is_some()
}
