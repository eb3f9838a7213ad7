//! Which names of a definition are accepted: those that no other of its group has.
//!
//! Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go`,
//! calculateNamesAndConditions.

use super::kind::CustomResourceDefinition;
use crate::api::Tree;
use crate::cluster::store::Store;
use crate::cluster::time::{Millis, timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Why a name is not accepted.
struct Conflict {
    reason: &'static str,
    message: String,
}

/// The accepted names, and the conditions that they come to.
pub fn names(store: &Store, own: &CustomResourceDefinition, now: Millis) -> (Value, Vec<Value>) {
    let (accepted, conflict) = accepted(store, own);
    let is_established = conflict.is_none() || own.is("Established");
    let mut conditions = vec![match &conflict {
        None => ("NamesAccepted", true, "NoConflicts", "no conflicts found".to_owned()),
        Some(it) => ("NamesAccepted", false, it.reason, it.message.clone()),
    }];
    conditions.push(match is_established {
        true => (
            "Established",
            true,
            "InitialNamesAccepted",
            "the initial names have been accepted".into(),
        ),
        false => ("Established", false, "NotAccepted", "not all names are accepted".into()),
    });
    let told = conditions.into_iter();
    let conditions = told.map(|(type_, is_true, reason, message)| {
        condition(own, (type_, is_true), (reason, &message), now)
    });
    (accepted, conditions.collect())
}

/// A condition; it is as old as its status.
pub fn condition(
    own: &CustomResourceDefinition,
    (type_, is_true): (&str, bool),
    (reason, message): (&str, &str),
    now: Millis,
) -> Value {
    let status = if is_true { "True" } else { "False" };
    let known = own.conditions.iter().find(|it| it.text("type") == type_);
    let since = known.filter(|it| it.text("status") == status);
    let since = since.map_or_else(|| timestamp(now), |it| it.text("lastTransitionTime").to_owned());
    json!({
        "type": type_, "status": status, "reason": reason, "message": message,
        "lastTransitionTime": since,
    })
}

fn accepted(store: &Store, own: &CustomResourceDefinition) -> (Value, Option<Conflict>) {
    let asked = own.spec.at("names");
    let is_other = |it: &&Rc<CustomResourceDefinition>| {
        it.meta.uid != own.meta.uid && it.spec.text("group") == own.spec.text("group")
    };
    let others: Vec<_> = store.list::<CustomResourceDefinition>().filter(is_other).collect();
    let resources: BTreeSet<&str> = others
        .iter()
        .flat_map(|it| {
            let names = [it.accepted.text("plural"), it.accepted.text("singular")];
            names.into_iter().chain(it.accepted.texts("shortNames"))
        })
        .collect();
    let kinds: BTreeSet<&str> = others
        .iter()
        .flat_map(|it| [it.accepted.text("kind"), it.accepted.text("listKind")])
        .collect();
    let is_taken = |names: &BTreeSet<&str>, name: &str| !name.is_empty() && names.contains(name);
    let in_use = |name: &str| format!("\"{name}\" is already in use");
    let mut accepted = (*own.accepted).clone();
    accepted.fill_text("kind", "");
    let mut conflict = None;
    let each = [
        ("plural", "PluralConflict", &resources),
        ("singular", "SingularConflict", &resources),
        ("shortNames", "ShortNamesConflict", &resources),
        ("kind", "KindConflict", &kinds),
        ("listKind", "ListKindConflict", &kinds),
    ];
    for (field, reason, names) in each {
        let mut taken = match asked.at(field) {
            Value::Array(_) => asked.texts(field).filter(|it| is_taken(names, it)).collect(),
            _ => vec![asked.text(field)],
        };
        taken.retain(|it| is_taken(names, it));
        if taken.is_empty() {
            match asked.set(field) {
                Some(value) => accepted.put(field, value.clone()),
                None => drop(accepted.drop_field(field)),
            }
        } else {
            let message = taken.iter().map(|it| in_use(it)).collect::<Vec<_>>().join(", ");
            conflict = Some(Conflict { reason, message });
        }
    }
    match (asked.set("categories"), &conflict) {
        (Some(categories), None) => accepted.put("categories", categories.clone()),
        (None, None) => drop(accepted.drop_field("categories")),
        _ => {}
    }
    (accepted, conflict)
}
