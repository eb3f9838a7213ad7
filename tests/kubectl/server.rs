//! A small API server over plain objects: it admits, stores and deletes, and runs no controllers.

use serde_json::{Value, json};
use statefulset_playground::api::Resource;
use statefulset_playground::api::change::{self, Change, Reply, Request};
use statefulset_playground::api::managed::{Managers, Writer};
use statefulset_playground::api::validate::Run;
use statefulset_playground::api::{
    ApiObject, Kind, Kubernetes, Status, StatusReason, Tree, request, timestamp, update_rules,
    warnings,
};
use statefulset_playground::client;
use statefulset_playground::terminal::world::{World, not_found};
use std::rc::Rc;

/// Objects and a moment.
pub struct Server {
    pub objects: Vec<Rc<Value>>,
    pub now: i64,
    pub kubernetes: Kubernetes,
    /// Whether no controller takes finalizers of claims away.
    pub keeps_claims: bool,
}

impl Server {
    pub fn new(objects: Vec<Rc<Value>>, now: i64) -> Self {
        let mut server =
            Self { objects, now, kubernetes: Kubernetes::default(), keeps_claims: false };
        server.sort();
        server
    }

    fn sort(&mut self) {
        let key = |object: &Value, field: &str| object["metadata"].text(field).to_owned();
        self.objects.sort_by_key(|object| (key(object, "namespace"), key(object, "name")));
    }

    /// Time passes: pods that were deleted end, and claims that nothing uses any more go.
    pub fn pass(&mut self, millis: i64) {
        self.now += millis;
        let is_deleted = |object: &Value| !object["metadata"].text("deletionTimestamp").is_empty();
        self.objects.retain(|object| object["kind"] != "Pod" || !is_deleted(object));
    }

    fn place(&self, request: &Request) -> Option<usize> {
        self.objects.iter().position(|object| {
            let meta = &object["metadata"];
            object["kind"] == request.kind.as_str()
                && meta.text("name") == request.name
                && meta.text("namespace") == request.namespace
        })
    }

    fn create(&mut self, request: &Request, value: &Value) -> Result<Reply, Status> {
        let resource = Resource::of_kind(&request.kind, &request.api_version).unwrap();
        let kind = Kind::applied(&request.kind, &request.api_version);
        let run = if request.dry_run { Run::Dry } else { Run::Real };
        let mut tree = value.clone();
        let mut texts = Vec::new();
        if let Some(kind) = kind {
            let namespace = if resource.is_namespaced { "default" } else { "" };
            if resource.is_namespaced && value["metadata"].text("namespace") != "default" {
                let name = value["metadata"].text("namespace");
                if !name.is_empty() {
                    return Err(refusal(
                        StatusReason::NotFound,
                        format!("namespaces \"{name}\" not found"),
                    ));
                }
            }
            let _ = namespace;
            let object = request::create(value, kind, "default", &self.kubernetes, run)?;
            texts = warnings(&object);
            tree = object.tree;
        }
        if !resource.is_namespaced {
            tree.open("metadata").drop_field("namespace");
        }
        if self.place(request).is_some() {
            let what = format!("{} \"{}\" already exists", resource.with_group(), request.name);
            return Err(refusal(StatusReason::AlreadyExists, what));
        }
        let meta = tree.open("metadata");
        meta.put("creationTimestamp", timestamp::Moment::of(self.now).rfc3339());
        meta.put("uid", format!("{}-{}-{}", request.kind, request.name, self.now));
        if request.kind == "StatefulSet" {
            meta.put("generation", 1);
        }
        if request.kind == "PersistentVolumeClaim" {
            tree.put("status", json!({"phase": "Pending"}));
        }
        let reply = Reply { object: tree.clone(), warnings: texts };
        if !request.dry_run {
            self.objects.push(Rc::new(tree));
            self.sort();
        }
        Ok(reply)
    }

    fn change(&mut self, request: &Request) -> Result<Reply, Status> {
        let resource = Resource::of_kind(&request.kind, &request.api_version).unwrap();
        let place = self.place(request).ok_or_else(|| not_found(&resource, &request.name))?;
        let live = Rc::clone(&self.objects[place]);
        let applied;
        let change = match &request.change {
            Change::Apply { object, forces } => {
                applied = applied_over(&live, object, request, *forces)?;
                &applied
            }
            change => change,
        };
        let (mut tree, warnings) = if change::is_known(&request.kind, &request.api_version) {
            let (object, warnings) =
                change::changed(&live, change, request.field_validation, &self.kubernetes)?;
            self.check_size(&object, &live)?;
            (object.tree, warnings)
        } else {
            (change::merged(&live, change)?, Vec::new())
        };
        give_ports(&mut tree);
        if tree != *live {
            let generation = live["metadata"].int("generation");
            if tree["spec"] != live["spec"] && generation > 0 {
                tree.open("metadata").put("generation", generation + 1);
            }
            let version = live["metadata"].text("resourceVersion");
            let is_kept = request.dry_run || version.is_empty();
            if !is_kept {
                tree.open("metadata").put("resourceVersion", format!("{version}0"));
            }
        }
        let reply = Reply { object: tree.clone(), warnings };
        if !request.dry_run {
            self.objects[place] = Rc::new(tree);
        }
        Ok(reply)
    }

    fn check_size(&self, new: &ApiObject, live: &Value) -> Result<(), Status> {
        let Some(old) = ApiObject::from_tree(live.clone()) else { return Ok(()) };
        let class = new.spec().text("storageClassName");
        let classes = self.objects.iter().filter(|it| it["kind"] == "StorageClass");
        let is_expandable = classes
            .filter(|it| it["metadata"].text("name") == class)
            .any(|it| it.flag("allowVolumeExpansion"))
            || class == "expandable";
        update_rules::resize(new, &old, is_expandable).map_or(Ok(()), Err)
    }

    fn delete(&mut self, request: &Request, grace: Option<i64>) -> Result<Reply, Status> {
        let resource = Resource::of_kind(&request.kind, &request.api_version).unwrap();
        let place = self.place(request).ok_or_else(|| not_found(&resource, &request.name))?;
        let object = Rc::clone(&self.objects[place]);
        let used = |name: &str| {
            let pods = self.objects.iter().filter(|it| it["kind"] == "Pod");
            pods.flat_map(|pod| pod["spec"].items("volumes"))
                .any(|volume| volume["persistentVolumeClaim"].text("claimName") == name)
        };
        let stays = match request.kind.as_str() {
            "Pod" => grace != Some(0),
            "PersistentVolumeClaim" => {
                !object["metadata"].items("finalizers").is_empty()
                    && (self.keeps_claims || used(&request.name))
            }
            _ => false,
        };
        if request.dry_run {
        } else if stays {
            let mut tree = (*object).clone();
            let now = timestamp::Moment::of(self.now).rfc3339();
            let meta = tree.open("metadata");
            meta.put("deletionTimestamp", now);
            if request.kind != "Pod" {
                meta.put("deletionGracePeriodSeconds", 0);
            }
            self.objects[place] = Rc::new(tree);
        } else {
            self.objects.remove(place);
        }
        Ok(Reply { object: (*object).clone(), warnings: Vec::new() })
    }
}

/// A NodePort Service is given ports.
fn give_ports(object: &mut Value) {
    if object["kind"] == "Service" && object["spec"].text("type") == "NodePort" {
        for port in object.open("spec").items_mut("ports") {
            port.fill("nodePort", 30_000);
        }
    }
}

fn refusal(reason: StatusReason, message: String) -> Status {
    Status { reason, message, kind: String::new(), name: String::new(), causes: Vec::new() }
}

impl World for Server {}

impl client::Server for Server {
    fn now(&self) -> i64 {
        self.now
    }

    fn kubernetes(&self) -> Kubernetes {
        self.kubernetes
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        let is_it = |object: &&Rc<Value>| {
            object["kind"] == resource.kind && object["apiVersion"] == resource.api_version
        };
        self.objects.iter().filter(is_it).cloned().collect()
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        match &request.change {
            Change::Create(value) => self.create(request, value),
            Change::Delete { grace_period_seconds, .. } => {
                self.delete(request, *grace_period_seconds)
            }
            Change::Evict => self.delete(request, None),
            _ => self.change(request),
        }
    }
}

/// The recorded objects hold no managed fields, and kubectl has applied them all on its side.
fn applied_over(
    live: &Value,
    said: &Value,
    request: &Request,
    forces: bool,
) -> Result<Change, Status> {
    let api_version = request.api_version.as_str();
    let writer = |manager| Writer { manager, api_version, subresource: "", time: "" };
    let mut managers = Managers::of_new(live, writer("kubectl-client-side-apply"));
    let applied = managers.apply(live, said, writer(&request.field_manager), forces);
    applied.map(Change::Replace).map_err(|message| Status {
        reason: StatusReason::Conflict,
        message,
        kind: request.kind.clone(),
        name: request.name.clone(),
        causes: Vec::new(),
    })
}
