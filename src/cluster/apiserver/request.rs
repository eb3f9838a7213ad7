//! Requests as `kubectl` sends them: GET, POST, PUT, PATCH, DELETE, evictions.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/`.

use super::{delete, managed, pod, write};
use crate::api::change::{Cascade, Change, Reply, Request};
use crate::api::managed::typed;
use crate::api::{FieldError, Kind, Status, StatusReason, Tree};
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::record::Record;
use crate::cluster::{Cluster, budget, node, objects};
use serde_json::Value;
use std::rc::Rc;

/// Carries out a request. With `dry_run` the cluster stays as it was.
///
/// # Errors
/// The server's refusal.
#[inline(never)]
pub fn answer(cluster: &mut Cluster, request: &Request) -> Result<Reply, Status> {
    match request.dry_run {
        true => carry_out(&mut cluster.clone(), request),
        false => carry_out(cluster, request),
    }
}

fn carry_out(cluster: &mut Cluster, request: &Request) -> Result<Reply, Status> {
    let Some(kind) = cluster.served(&request.kind, &request.api_version) else {
        return Err(Status {
            reason: StatusReason::NotFound,
            message: "the server could not find the requested resource".into(),
            kind: request.kind.clone(),
            name: request.name.clone(),
            causes: Vec::new(),
        });
    };
    let key = Key::new(&request.namespace, &request.name);
    if let Change::Create(value) = &request.change {
        return create(cluster, kind, request, value);
    }
    let found = objects::get(cluster, kind, &key);
    if let Change::Apply { object, .. } = &request.change {
        named_manager(request)?;
        typed(kind, request, object)?;
        if found.is_none() {
            return create(cluster, kind, request, object);
        }
    }
    let Some(before) = found else {
        return absent(cluster, kind, request);
    };
    match &request.change {
        Change::Delete { grace_period_seconds, propagation } => {
            let cascade = Some(Cascade::of_policy(propagation));
            let (how, now) = ((*grace_period_seconds, cascade), cluster.now);
            delete::delete_any(&mut cluster.store, kind, &key, how, now)?;
            Ok(Reply { object: (*before).clone(), warnings: Vec::new() })
        }
        Change::Evict => {
            evict(cluster, &key)?;
            let after = objects::get(cluster, kind, &key).unwrap_or(before);
            Ok(Reply { object: (*after).clone(), warnings: Vec::new() })
        }
        _ => {
            let (written, warnings) = write::update(cluster, kind, &key, request)?;
            let record = written.or_else(|| cluster.store.record(kind, &key));
            let after = record.map_or(before, |record| shown(cluster, &*record));
            Ok(Reply { object: (*after).clone(), warnings })
        }
    }
}

/// What comes of a request for an object that is not there. What is sent is read before that is found
/// out.
#[inline(never)]
fn absent(cluster: &mut Cluster, kind: Kind, request: &Request) -> Result<Reply, Status> {
    if let Change::Replace(object) = &request.change {
        write::decoded(kind, object, request.field_validation)?;
        if kind.row().is_made_by_put {
            return create(cluster, kind, request, object);
        }
    }
    Err(Status::not_found(kind, &request.name))
}

fn create(
    cluster: &mut Cluster,
    kind: Kind,
    request: &Request,
    value: &Value,
) -> Result<Reply, Status> {
    let namespace = request.namespace.as_str();
    let own = value.at("metadata").text("namespace");
    if kind.is_namespaced() && !own.is_empty() && own != namespace {
        let text = "the namespace of the provided object does not match the namespace sent on the \
                    request";
        return Err(Status::bad_request(&request.kind, &request.name, text));
    }
    let key = Key::new(namespace, &request.name);
    if let Some(record) = cluster.store.record(kind, &key) {
        return Err(taken(&*record));
    }
    let (record, warnings) = write::create(cluster, kind, request, value)?;
    let object = objects::whole(cluster, &*record);
    Ok(Reply { object: (*object).clone(), warnings })
}

/// The objects of a kind, by namespace and name: those that a person has written with their managers.
pub fn list(cluster: &Cluster, kind: Kind) -> Vec<Rc<Value>> {
    let records = cluster.store.records(kind);
    let of_list = |record: &Rc<dyn Record>| match record.metadata().managed {
        Some(_) => shown(cluster, &**record),
        None => objects::whole(cluster, &**record),
    };
    match records.is_empty() {
        true => objects::list_of(cluster, kind),
        false => records.iter().map(of_list).collect(),
    }
}

/// The object of a kind and a name with its managers.
pub fn get(cluster: &Cluster, kind: Kind, key: &Key) -> Option<Rc<Value>> {
    match cluster.store.record(kind, key) {
        Some(record) => Some(shown(cluster, &*record)),
        None => objects::get(cluster, kind, key),
    }
}

/// The uid of the object of a kind and a name.
pub fn uid(cluster: &Cluster, kind: Kind, key: &Key) -> Option<String> {
    match cluster.store.record(kind, key) {
        Some(record) => Some(record.metadata().uid.to_string()),
        None => {
            let object = objects::get(cluster, kind, key)?;
            Some(object.at("metadata").text("uid").to_owned())
        }
    }
}

/// An object with its managers.
#[inline(never)]
fn shown(cluster: &Cluster, record: &dyn Record) -> Rc<Value> {
    let mut whole = objects::whole(cluster, record);
    managed::show(record.kind(), record.metadata(), Rc::make_mut(&mut whole));
    whole
}

/// Who applies must say who he is.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`,
/// ValidatePatchOptions.
#[inline(never)]
fn named_manager(request: &Request) -> Result<(), Status> {
    if !request.field_manager.is_empty() {
        return Ok(());
    }
    let cause = FieldError::required("fieldManager", "is required for apply patch");
    Err(Status::invalid("PatchOptions", "meta.k8s.io", "", vec![cause]))
}

/// What is applied must have the shape of its type, whatever the request says of unknown fields.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go`,
/// Apply.
#[inline(never)]
fn typed(kind: Kind, request: &Request, said: &Value) -> Result<(), Status> {
    if said.at("metadata").set("managedFields").is_some() {
        let text = "metadata.managedFields must be nil";
        return Err(Status::bad_request(kind.name(), &request.name, text));
    }
    let Some(why) = typed::complaint(said) else { return Ok(()) };
    let Request { namespace, name, api_version, .. } = request;
    let version = if api_version.contains('/') { "" } else { "/" };
    Err(Status {
        reason: StatusReason::Unknown,
        message: format!(
            "failed to create typed patch object ({namespace}/{name}; {version}{api_version}, \
             Kind={}): {why}",
            kind.name()
        ),
        kind: String::new(),
        name: String::new(),
        causes: Vec::new(),
    })
}

/// The refusal of an object whose name is taken.
#[inline(never)]
fn taken(record: &dyn Record) -> Status {
    let meta = record.metadata();
    let mut status = Status::already_exists(record.kind(), meta.name());
    if meta.is_terminating() {
        status.message = format!("object is being deleted: {}", status.message);
    }
    status
}

/// Upstream: `pkg/registry/core/pod/storage/eviction.go`.
#[inline(never)]
fn evict(cluster: &mut Cluster, key: &Key) -> Result<(), Status> {
    let Some(pod) = cluster.store.get::<Pod>(key).cloned() else {
        return Err(Status::not_found(Kind::Pod, &key.name));
    };
    if let Some(objection) = budget::objection(&cluster.store, &pod) {
        let message = objection.message.into();
        node::note_refusal(cluster, &pod, objection);
        return Err(Status {
            reason: StatusReason::TooManyRequests,
            message,
            kind: Kind::Pod.name().into(),
            name: key.name.to_string(),
            causes: Vec::new(),
        });
    }
    node::let_go(cluster, &pod);
    let now = cluster.now;
    pod::delete(&mut cluster.store, key, None, now)
}
