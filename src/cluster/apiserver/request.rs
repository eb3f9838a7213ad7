//! Requests for single objects, as `kubectl` sends them: POST, PUT, PATCH, DELETE, evictions.
//!
//! Upstream: `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/`.

use super::{cascade, claim, kinds, pod};
use crate::api::change::{self, Cascade, Change, FieldValidation, Reply, Request};
use crate::api::decode::{self, DecodeReason};
use crate::api::{ApiObject, Kind, Status, StatusReason, Tree, warnings};
use crate::cluster::deployment::{Deployment, ReplicaSet};
use crate::cluster::meta::{Key, Labels};
use crate::cluster::node::{self, Effect, Node, Taint};
use crate::cluster::pod::Pod;
use crate::cluster::service::Service;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::StorageClass;
use crate::cluster::{Cluster, budget, objects, volumes};
use serde_json::{Value, json};
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
    let key = Key::new(&request.namespace, &request.name);
    if let Change::Create(value) = &request.change {
        return create(cluster, request, &key, value);
    }
    let Some(before) = objects::get(cluster, &request.kind, &key) else {
        return Err(missing(request));
    };
    let mut warnings = Vec::new();
    match &request.change {
        Change::Delete { grace_period_seconds, propagation } => {
            delete(cluster, request, &key, *grace_period_seconds, propagation)?;
            return Ok(Reply { object: (*before).clone(), warnings });
        }
        Change::Evict => evict(cluster, &key)?,
        _ => warnings = change(cluster, request, &key)?,
    }
    let after = objects::get(cluster, &request.kind, &key).unwrap_or(before);
    Ok(Reply { object: (*after).clone(), warnings })
}

/// The kind, if the simulator decides by its objects.
fn simulated(request: &Request) -> Option<Kind> {
    let known = Kind::APPLIED.into_iter().chain([Kind::Node, Kind::ControllerRevision]);
    known.chain([Kind::EndpointSlice, Kind::ReplicaSet]).find(|kind| kind.name() == request.kind)
}

fn missing(request: &Request) -> Status {
    Status {
        reason: StatusReason::NotFound,
        message: format!("{} \"{}\" not found", resource(request), request.name),
        kind: request.kind.clone(),
        name: request.name.clone(),
        causes: Vec::new(),
    }
}

/// The resource of a request as messages name it.
fn resource(request: &Request) -> String {
    if let Some(kind) = simulated(request) {
        return kind.resource();
    }
    let group = request.api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let name = request.kind.to_ascii_lowercase();
    let plural = match name.as_str() {
        "endpoints" => name,
        name if name.ends_with('s') => format!("{name}es"),
        name => format!("{name}s"),
    };
    if group.is_empty() { plural } else { format!("{plural}.{group}") }
}

fn create(
    cluster: &mut Cluster,
    request: &Request,
    key: &Key,
    value: &Value,
) -> Result<Reply, Status> {
    let is_namespaced = !request.namespace.is_empty();
    let own = value.at("metadata").text("namespace");
    if is_namespaced && !own.is_empty() && own != request.namespace {
        let text = "the namespace of the provided object does not match the namespace sent on the \
                    request";
        return Err(Status::bad_request(&request.kind, &request.name, text));
    }
    let exists = |name: &str| {
        let all = objects::list(cluster, "Namespace");
        all.iter().any(|it| it.at("metadata").text("name") == name)
    };
    if is_namespaced && !exists(&request.namespace) {
        return Err(Status {
            reason: StatusReason::NotFound,
            message: format!("namespaces \"{}\" not found", request.namespace),
            kind: String::new(),
            name: request.namespace.clone(),
            causes: Vec::new(),
        });
    }
    let Some(kind) = simulated(request).filter(|kind| Kind::APPLIED.contains(kind)) else {
        return keep(cluster, request, key, value);
    };
    if objects::get(cluster, &request.kind, key).is_some() {
        return Err(Status::already_exists(kind, &request.name));
    }
    let (mut object, mut told) = decoded(value, request.field_validation)?;
    if is_namespaced {
        object.tree.open("metadata").put("namespace", request.namespace.as_str());
    }
    object.tree.drop_field("status");
    kinds::create(cluster, &object)?;
    told.extend(warnings(&object));
    let object = objects::get(cluster, &request.kind, key);
    let object = object.map_or_else(|| value.clone(), |object| (*object).clone());
    Ok(Reply { object, warnings: told })
}

fn decoded(value: &Value, validation: FieldValidation) -> Result<(ApiObject, Vec<String>), Status> {
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

/// Stores an object that nothing here acts on.
fn keep(
    cluster: &mut Cluster,
    request: &Request,
    key: &Key,
    value: &Value,
) -> Result<Reply, Status> {
    if simulated(request).is_some() {
        let text = "this playground does not take it from a person";
        return Err(refused(request, text));
    }
    if objects::get(cluster, &request.kind, key).is_some() {
        return Err(Status {
            reason: StatusReason::AlreadyExists,
            message: format!("{} \"{}\" already exists", resource(request), request.name),
            kind: request.kind.clone(),
            name: request.name.clone(),
            causes: Vec::new(),
        });
    }
    let mut object = value.clone();
    let mut told = Vec::new();
    if let Some(kind) = Kind::checked().find(|kind| kind.name() == request.kind) {
        decoded(value, request.field_validation)?;
        let run = crate::api::validate::Run::Real;
        let kubernetes = cluster.kubernetes();
        let namespace = request.namespace.as_str();
        let admitted = crate::api::request::create(value, kind, namespace, &kubernetes, run)?;
        told.extend(warnings(&admitted));
        object = admitted.tree;
    }
    if request.kind == "Namespace" {
        object.put("spec", json!({"finalizers": ["kubernetes"]}));
        object.put("status", json!({"phase": "Active"}));
        let name = request.name.as_str();
        object.open("metadata").open("labels").put("kubernetes.io/metadata.name", name);
    }
    if !request.namespace.is_empty() {
        object.open("metadata").put("namespace", request.namespace.as_str());
    }
    let now = cluster.now;
    let object = cluster.store.keep(&request.kind, key, object, objects::timestamp(now));
    Ok(Reply { object, warnings: told })
}

fn refused(request: &Request, why: &str) -> Status {
    Status {
        reason: StatusReason::Forbidden,
        message: format!("{} \"{}\" is forbidden: {why}", resource(request), request.name),
        kind: request.kind.clone(),
        name: request.name.clone(),
        causes: Vec::new(),
    }
}

/// PUT, PATCH and the subresource scale. Returns what the server warns of.
fn change(cluster: &mut Cluster, request: &Request, key: &Key) -> Result<Vec<String>, Status> {
    let kubernetes = cluster.kubernetes();
    match simulated(request) {
        Some(Kind::Node) => change_node(cluster, request, key).map(|()| Vec::new()),
        Some(Kind::ControllerRevision | Kind::EndpointSlice) => {
            Err(refused(request, "this playground does not take it from a person"))
        }
        Some(kind) => {
            let Some(live) = kinds::api_object(&cluster.store, kind, key) else {
                return Err(missing(request));
            };
            if kind == Kind::PersistentVolume && frees(cluster, request, key)? {
                volumes::free(cluster, &key.name);
                return Ok(Vec::new());
            }
            let validation = request.field_validation;
            let (object, warnings) =
                change::changed(&live.tree, &request.change, validation, &kubernetes)?;
            if object != live {
                kinds::update(cluster, key, &object)?;
            }
            Ok(warnings)
        }
        None => {
            let Some(before) = objects::get(cluster, &request.kind, key) else {
                return Err(missing(request));
            };
            let merged = change::merged(&before, &request.change)?;
            let now = objects::timestamp(cluster.now);
            if merged != *before {
                cluster.store.keep(&request.kind, key, merged, now);
            }
            Ok(Vec::new())
        }
    }
}

/// Whether a change takes the claim out of a volume, and does nothing else.
fn frees(cluster: &Cluster, request: &Request, key: &Key) -> Result<bool, Status> {
    let Some(before) = objects::get(cluster, &request.kind, key) else { return Ok(false) };
    let after = change::merged(&before, &request.change)?;
    let mut without = (*before).clone();
    without.open("spec").drop_field("claimRef");
    Ok(without != *before && without == after)
}

/// What a person may change of a node: whether pods are placed there, taints, labels, annotations.
fn change_node(cluster: &mut Cluster, request: &Request, key: &Key) -> Result<(), Status> {
    let Some(before) = objects::get(cluster, &request.kind, key) else {
        return Err(missing(request));
    };
    let mut merged = change::merged(&before, &request.change)?;
    let (now, name) = (cluster.now, key.name.to_string());
    let is_off = merged.at("spec").flag("unschedulable");
    let taints: Vec<Taint> = merged
        .at("spec")
        .items("taints")
        .iter()
        .filter_map(|taint| {
            Some(Taint {
                key: taint.text("key").into(),
                value: taint.text("value").into(),
                effect: Effect::named(taint.text("effect"))?,
                since: now,
            })
        })
        .collect();
    let own = |meta: &Value, field: &str| -> Labels {
        let members = meta.members(field);
        members.map(|(key, it)| (key.clone(), it.as_str().unwrap_or_default().into())).collect()
    };
    let meta = merged.open("metadata").clone();
    cluster.store.update::<Node>(key, |node| {
        node.meta.labels = Rc::new(own(&meta, "labels"));
        let since = |taint: &Taint| {
            let same = |old: &&Taint| old.key == taint.key && old.effect == taint.effect;
            node.taints.iter().find(same).map_or(now, |old| old.since)
        };
        let kept: Vec<Taint> =
            taints.iter().map(|taint| Taint { since: since(taint), ..taint.clone() }).collect();
        node.taints = kept;
    });
    node::set_unschedulable(cluster, &name, is_off);
    Ok(())
}

fn delete(
    cluster: &mut Cluster,
    request: &Request,
    key: &Key,
    grace_seconds: Option<i64>,
    propagation: &str,
) -> Result<(), Status> {
    let now = cluster.now;
    match simulated(request) {
        Some(Kind::Pod) => pod::delete(&mut cluster.store, key, grace_seconds, now),
        Some(Kind::PersistentVolumeClaim) => claim::delete(&mut cluster.store, key, now),
        Some(kind @ (Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet)) => {
            let cascade = Cascade::of_policy(propagation);
            let store = &mut cluster.store;
            match kind {
                Kind::Deployment => cascade::delete::<Deployment>(store, key, cascade, now),
                Kind::ReplicaSet => cascade::delete::<ReplicaSet>(store, key, cascade, now),
                _ => cascade::delete::<StatefulSet>(store, key, cascade, now),
            }
        }
        Some(Kind::PersistentVolume) => {
            volumes::delete(cluster, &key.name);
            Ok(())
        }
        Some(Kind::Node) => {
            node::remove(cluster, &key.name);
            Ok(())
        }
        Some(Kind::Service) => {
            cluster.store.remove::<Service>(key);
            Ok(())
        }
        Some(Kind::PodDisruptionBudget) => {
            cluster.store.remove::<budget::Budget>(key);
            Ok(())
        }
        Some(Kind::StorageClass) => {
            cluster.store.remove::<StorageClass>(key);
            Ok(())
        }
        Some(Kind::ControllerRevision | Kind::EndpointSlice) => {
            Err(refused(request, "its controller would make it again at once"))
        }
        _ => {
            cluster.store.forget(&request.kind, key);
            Ok(())
        }
    }
}

/// Upstream: `pkg/registry/core/pod/storage/eviction.go`.
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
