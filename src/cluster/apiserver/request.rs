//! Requests for single objects, as `kubectl` sends them: POST, PUT, PATCH, DELETE, evictions.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/`.

use super::{delete, pod, write};
use crate::api::change::{Cascade, Change, Reply, Request};
use crate::api::{Kind, Status, StatusReason, Tree};
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::record::Record;
use crate::cluster::{Cluster, budget, node, objects};
use serde_json::Value;

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
    let Some(before) = objects::get(cluster, kind, &key) else {
        return Err(Status::not_found(kind, &key.name));
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
        change => {
            let validation = request.field_validation;
            let (written, warnings) = write::update(cluster, kind, &key, change, validation)?;
            let after = written.map(|record| objects::whole(cluster, &*record)).unwrap_or(before);
            Ok(Reply { object: (*after).clone(), warnings })
        }
    }
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
    let validation = request.field_validation;
    let (record, warnings) = write::create(cluster, kind, namespace, value, validation)?;
    let object = objects::whole(cluster, &*record);
    Ok(Reply { object: (*object).clone(), warnings })
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
