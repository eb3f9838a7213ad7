//! Creating and changing an object of any kind: decoded, filled in, checked, admitted, stored.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go`, Create, Update;
//! `staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update,meta}.go`.

use super::managed;
use crate::api::change::{self, Change, FieldValidation, PatchType, Request};
use crate::api::decode::{self, DecodeReason};
use crate::api::managed::{Managers, Writer};
use crate::api::{
    ApiObject, FieldError, Kind, Status, StatusReason, Tree, rules, validate, warnings,
};
use crate::cluster::meta::{Key, Managed, Meta};
use crate::cluster::namespace::Namespace;
use crate::cluster::objects;
use crate::cluster::record::Record;
use crate::cluster::state::Cluster;
use crate::cluster::time::timestamp;
use serde_json::Value;
use std::rc::Rc;

/// Creates an object in the namespace of a request, which is empty for kinds of the whole cluster.
/// Returns it, and what the server warns of.
///
/// # Errors
/// The server's refusal.
pub fn create(
    cluster: &mut Cluster,
    kind: Kind,
    request: &Request,
    value: &Value,
) -> Result<(Rc<dyn Record>, Vec<String>), Status> {
    let (namespace, validation) = (request.namespace.as_str(), request.field_validation);
    let kubernetes = cluster.kubernetes();
    if kind.is_namespaced() {
        lifecycle(cluster, namespace)?;
    }
    let (mut object, mut told) = decoded(kind, value, validation)?;
    let meta = object.tree.open("metadata");
    if kind.is_namespaced() {
        meta.put("namespace", namespace);
    } else {
        meta.drop_field("namespace");
    }
    let prefix = meta.text("generateName").to_owned();
    if meta.text("name").is_empty() && !prefix.is_empty() {
        meta.put("name", format!("{prefix}{}", cluster.rng.suffix()));
    }
    if kind.row().acts {
        object.tree.drop_field("status");
    }
    rules::apply(&mut object, &kubernetes);
    let causes = rules::create(&object, &kubernetes);
    validate::refusal(&object, causes).map_or(Ok(()), Err)?;
    let managed = match &request.change {
        Change::Apply { object, .. } => applied_first(cluster, kind, request, object),
        _ => Managed::Created {
            manager: manager(request).into(),
            at: cluster.now,
            object: object.tree.clone(),
        },
    };
    cluster.admit(&mut object, None)?;
    told.extend(warnings(&object));
    let key = Key::new(if kind.is_namespaced() { namespace } else { "" }, object.name());
    let mut meta = Meta::written(key, object.metadata());
    meta.managed = Some(Rc::new(managed));
    let record = cluster.read(kind, meta, &object.tree, None);
    let now = cluster.now;
    Ok((cluster.store.add(&*record, now)?, told))
}

/// The namespace must be there.
///
/// Upstream: `staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`.
fn lifecycle(cluster: &Cluster, own: &str) -> Result<(), Status> {
    if cluster.store.get::<Namespace>(&Namespace::key(own)).is_none() {
        return Err(Status {
            reason: StatusReason::NotFound,
            message: format!("namespaces \"{own}\" not found"),
            kind: String::new(),
            name: own.into(),
            causes: Vec::new(),
        });
    }
    Ok(())
}

/// The object that a body asks for. What is not checked is kept as it is.
pub(super) fn decoded(
    kind: Kind,
    value: &Value,
    validation: FieldValidation,
) -> Result<(ApiObject, Vec<String>), Status> {
    if !kind.is_checked() {
        return Ok((ApiObject { kind, tree: value.clone() }, Vec::new()));
    }
    match decode::decode(value) {
        Err(error)
            if error.reason == DecodeReason::UnknownFields
                && validation != FieldValidation::Strict =>
        {
            let texts = error.complaints.iter().map(|complaint| complaint.text.clone());
            let texts = texts.filter(|_| validation == FieldValidation::Warn).collect();
            Ok((decode::decode_known(value)?, texts))
        }
        decoded => Ok((decoded?, Vec::new())),
    }
}

/// What a change has written, if it was a write, and what the server warns of.
pub type Updated = (Option<Rc<dyn Record>>, Vec<String>);

/// The manager that a request names.
fn manager(request: &Request) -> &str {
    match request.field_manager.as_str() {
        "" => "kubectl",
        manager => manager,
    }
}

/// Who owns an object that is created by server-side apply.
#[inline(never)]
fn applied_first(cluster: &Cluster, kind: Kind, request: &Request, said: &Value) -> Managed {
    let (mut managers, time) = (Managers::default(), timestamp(cluster.now));
    let writer = managed::writer(kind, manager(request), &time);
    let _nobody_refuses = managers.apply(&Value::Null, said, writer, true);
    Managed::Entries(managers.entries())
}

/// PUT, PATCH and the subresource scale. A change that leaves the object as it was is no write.
/// Returns the object as it was written, if it was one, and what the server warns of.
///
/// # Errors
/// `NotFound`, or the server's refusal.
#[inline(never)]
pub fn update(
    cluster: &mut Cluster,
    kind: Kind,
    key: &Key,
    request: &Request,
) -> Result<Updated, Status> {
    let Some(old) = cluster.store.record(kind, key) else {
        return Err(Status::not_found(kind, &key.name));
    };
    let mut live = objects::whole(cluster, &*old);
    let owners = managed::of(kind, old.metadata(), &live);
    managed::show(kind, old.metadata(), Rc::make_mut(&mut live));
    let time = timestamp(cluster.now);
    let subresource = if matches!(request.change, Change::Scale(_)) { "scale" } else { "" };
    let writer = Writer { subresource, ..managed::writer(kind, manager(request), &time) };
    let mut managers = owners.clone();
    let applied;
    let change = match &request.change {
        Change::Apply { object, forces } => {
            applied = applied_over(kind, &live, object, |live, said| {
                managers.apply(live, said, writer, *forces)
            })?;
            &applied
        }
        change => change,
    };
    let validation = request.field_validation;
    let (mut object, told) = match kind.is_checked() {
        true => change::changed(&live, change, validation, &cluster.kubernetes())?,
        false => (ApiObject { kind, tree: kept(kind, &live, change)? }, Vec::new()),
    };
    is_current(&object, old.metadata(), change)?;
    if !matches!(request.change, Change::Apply { .. }) {
        managers = managed::written(&object.tree, &live, &owners);
        managers.update(&live, &object.tree, writer);
    }
    let before = ApiObject { kind, tree: (*live).clone() };
    let mut causes = finalizers(&object, old.metadata());
    if !kind.is_checked() {
        causes.extend(rules::create(&object, &cluster.kubernetes()));
    }
    validate::refusal(&object, causes).map_or(Ok(()), Err)?;
    cluster.admit(&mut object, Some(&before))?;
    let mut meta = old.metadata().clone();
    meta.rewrite(object.metadata());
    managed::note(&mut meta, &owners, &managers);
    let new = match is_same_but_meta(&object.tree, &before.tree) {
        true => old.with(meta),
        false => {
            meta.generation += 1;
            cluster.read(kind, meta, &object.tree, Some(&*old))
        }
    };
    Ok((cluster.store.replace(old, new), told))
}

/// The replacement that applying a configuration comes to.
fn applied_over(
    kind: Kind,
    live: &Value,
    said: &Value,
    apply: impl FnOnce(&Value, &Value) -> Result<Value, String>,
) -> Result<Change, Status> {
    let name = live.at("metadata").text("name");
    apply(live, said).map(Change::Replace).map_err(|message| Status {
        reason: StatusReason::Conflict,
        message,
        kind: kind.name().into(),
        name: name.into(),
        causes: Vec::new(),
    })
}

/// What becomes of an object that is kept as it is. A definition says nothing of how its lists are
/// merged.
///
/// Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go`,
/// ServeHTTP.
fn kept(kind: Kind, live: &Value, change: &Change) -> Result<Value, Status> {
    if !matches!(change, Change::Patch(PatchType::Strategic, _)) || !kind.is_custom() {
        return change::merged(live, change);
    }
    let (version, name) = (kind.api_version(), kind.name());
    Err(Status {
        reason: StatusReason::UnsupportedMediaType,
        message: format!(
            "application/strategic-merge-patch+json is not supported by {version}, Kind={name}: the \
             body of the request was in an unknown format - accepted media types include: \
             application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
        ),
        kind: name.into(),
        name: String::new(),
        causes: Vec::new(),
    })
}

/// Whether two objects differ in nothing but metadata and status.
fn is_same_but_meta(left: &Value, right: &Value) -> bool {
    let counts = |field: &str| !matches!(field, "metadata" | "status" | "apiVersion" | "kind");
    let of = |tree: &Value| -> Vec<(String, Value)> {
        let members = tree.as_object().into_iter().flatten();
        let members = members.filter(|(field, value)| counts(field) && !value.is_null());
        members.map(|(field, value)| (field.clone(), value.clone())).collect()
    };
    of(left) == of(right)
}

/// An object that was read before another write must not undo that.
fn is_current(object: &ApiObject, old: &Meta, change: &Change) -> Result<(), Status> {
    let sent = match change {
        Change::Replace(sent) | Change::Patch(_, sent) => sent.at("metadata"),
        _ => return Ok(()),
    };
    let version = sent.text("resourceVersion");
    if version.is_empty() || version == old.resource_version.to_string() {
        return Ok(());
    }
    let kind = object.kind;
    Err(Status {
        reason: StatusReason::Conflict,
        message: format!(
            "Operation cannot be fulfilled on {} \"{}\": the object has been modified; please apply \
             your changes to the latest version and try again",
            kind.resource(),
            old.name()
        ),
        kind: kind.name().into(),
        name: old.name().into(),
        causes: Vec::new(),
    })
}

/// An object that is being deleted gets no new finalizers.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go`,
/// ValidateObjectMetaAccessorUpdate.
fn finalizers(object: &ApiObject, old: &Meta) -> Vec<FieldError> {
    let is_new = |it: &&str| old.finalizers.iter().all(|known| **known != **it);
    let mut added: Vec<&str> = object.metadata().texts("finalizers").filter(is_new).collect();
    if old.deletion.is_none() || added.is_empty() {
        return Vec::new();
    }
    added.sort_unstable();
    let listed: Vec<String> = added.iter().map(|it| format!("\"{it}\"")).collect();
    let detail = format!(
        "no new finalizers can be added if the object is being deleted, found new finalizers \
         []string{{{}}}",
        listed.join(", ")
    );
    vec![FieldError::forbidden("metadata.finalizers", detail)]
}
