//! The cells of kinds that nothing in the simulation acts on.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printNamespace, printConfigMap, ….

use super::cell::Cell;
use super::texts::{age, labels, name};
use crate::api::{Kubernetes, Tree};
use serde_json::Value;

pub fn namespace(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(object), object.at("status").text("phase").into(), age(object)]
}

/// The number of a field's members.
fn count(object: &Value, field: &str) -> i64 {
    i64::try_from(object.members(field).count()).unwrap_or(i64::MAX)
}

pub fn config_map(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let count = count(object, "data") + count(object, "binaryData");
    vec![name(object), count.into(), age(object)]
}

pub fn secret(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(object), object.text("type").into(), count(object, "data").into(), age(object)]
}

pub fn trust_bundle(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(object), object.at("spec").text("signerName").into()]
}

pub fn certificate_request(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let spec = object.at("spec");
    let ends = |it: &&str| ["Issued", "Denied", "Failed"].contains(it);
    let conditions = object.at("status").items("conditions").iter();
    let state = conditions.map(|it| it.text("type")).rfind(ends);
    let texts = ["podName", "serviceAccountName", "nodeName", "signerName"];
    let mut cells = vec![name(object)];
    cells.extend(texts.map(|field| Cell::from(spec.text(field))));
    cells.extend([
        state.unwrap_or("Pending").into(),
        labels(spec.at("unverifiedUserAnnotations")).into(),
    ]);
    cells
}

pub fn device_taint(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let taint = object.at("spec").at("taint");
    let mut cells = vec![name(object)];
    cells.extend(["key", "value", "effect"].map(|field| Cell::from(taint.text(field))));
    cells.push(taint.opt_text("timeAdded").map_or("".into(), Cell::since));
    cells.push(age(object));
    cells
}

pub fn migration(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let resource = object.at("spec").at("resource");
    let (own, group) = (resource.text("resource"), resource.text("group"));
    let full = if group.is_empty() { own.to_owned() } else { format!("{own}.{group}") };
    let is_on = |it: &&Value| {
        let known = ["Running", "Succeeded", "Failed"];
        it.text("status") == "True" && known.contains(&it.text("type"))
    };
    let state = object.at("status").items("conditions").iter().rfind(is_on);
    vec![name(object), full.into(), state.map_or("Unknown", |it| it.text("type")).into()]
}

/// A kind that shows when it was created, as a moment.
pub fn with_moment(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![name(object), object.at("metadata").text("creationTimestamp").into()]
}

pub fn priority_class(object: &Value, _: Kubernetes) -> Vec<Cell> {
    vec![
        name(object),
        object.int("value").into(),
        object.flag("globalDefault").to_string().into(),
        age(object),
        object.text("preemptionPolicy").into(),
    ]
}

/// Whom a role is bound to, by kinds of subject.
pub fn binding(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let role = object.at("roleRef");
    let subjects = |kind: &str| -> Cell {
        let own = object.items("subjects").iter().filter(|it| it.text("kind") == kind);
        let names: Vec<String> = own
            .map(|it| match it.opt_text("namespace") {
                Some(namespace) => format!("{namespace}/{}", it.text("name")),
                None => it.text("name").into(),
            })
            .collect();
        names.join(", ").into()
    };
    vec![
        name(object),
        format!("{}/{}", role.text("kind"), role.text("name")).into(),
        age(object),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

/// What of a quota is used: requests and limits in columns of their own.
pub fn quota(object: &Value, _: Kubernetes) -> Vec<Cell> {
    let status = object.at("status");
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (resource, hard) in status.members("hard") {
        let used = status.at("used").opt_text(resource).unwrap_or("0");
        let column = if resource.starts_with("limits.") { &mut limits } else { &mut requests };
        column.push(format!("{resource}: {used}/{}", hard.as_str().unwrap_or_default()));
    }
    vec![name(object), requests.join(", ").into(), limits.join(", ").into(), age(object)]
}
