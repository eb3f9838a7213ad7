//! What the server fills in and checks of the objects of a kind: a row for each kind that has rules.
//!
//! Objects of other kinds are kept as they are written; only their metadata is checked.

use super::update_rules::{self, Alone, Update};
use super::validate::{self, Create, Run};
use super::{ApiObject, FieldError, Kind, Kubernetes, defaults, warnings as texts};
use serde_json::Value;

/// The rules of a kind.
struct Rules {
    kind: Kind,
    /// Fills in what the server fills in when an object is written, and drops what it drops.
    defaults: fn(&mut Value, &Kubernetes),
    /// Complaints about an object that is to be created.
    create: Create,
    /// Complaints about an object that replaces another one.
    update: Update,
    /// What the server warns of although it accepts the object.
    warnings: fn(&mut Vec<String>, &Value),
    /// Versions that the server still knows and no longer serves.
    ///
    /// Upstream: `pkg/apis/apps/install/install.go` and its siblings.
    former: &'static [&'static str],
}

/// A kind with a check, whose fields may all change.
const fn row(kind: Kind, create: Create) -> Rules {
    let (defaults, warnings) =
        (|_: &mut Value, _: &Kubernetes| {}, |_: &mut Vec<String>, _: &Value| {});
    Rules { kind, defaults, create, update: update_rules::any, warnings, former: &[] }
}

/// The rules of every kind that has some.
static TABLE: [Rules; 12] = [
    Rules {
        defaults: defaults::created_stateful_set,
        update: update_rules::stateful_set,
        warnings: texts::stateful_set,
        former: &["v1beta1", "v1beta2"],
        ..row(Kind::StatefulSet, validate::stateful_set::create)
    },
    Rules {
        defaults: defaults::pod,
        update: update_rules::pod,
        warnings: texts::pod,
        ..row(Kind::Pod, validate::pod_template::pod)
    },
    Rules {
        defaults: defaults::service,
        update: update_rules::service,
        warnings: texts::service,
        ..row(Kind::Service, validate::service::create)
    },
    Rules {
        defaults: defaults::written_claim,
        update: update_rules::claim,
        warnings: texts::claim,
        ..row(Kind::PersistentVolumeClaim, validate::claim::create)
    },
    Rules {
        defaults: defaults::volume,
        update: update_rules::volume,
        warnings: texts::volume,
        ..row(Kind::PersistentVolume, validate::storage::volume)
    },
    Rules {
        defaults: defaults::class,
        update: update_rules::class,
        former: &["v1alpha1", "v1beta1"],
        ..row(Kind::StorageClass, validate::storage::class)
    },
    Rules {
        update: update_rules::attributes_class,
        former: &["v1alpha1", "v1beta1"],
        ..row(Kind::VolumeAttributesClass, validate::storage::attributes_class)
    },
    Rules {
        defaults: defaults::namespaced,
        former: &["v1beta1"],
        ..row(Kind::PodDisruptionBudget, validate::budget::create)
    },
    Rules {
        defaults: defaults::namespaced,
        update: update_rules::config_map,
        ..row(Kind::ConfigMap, validate::config::map)
    },
    Rules {
        defaults: defaults::secret,
        update: update_rules::secret,
        ..row(Kind::Secret, validate::config::secret)
    },
    Rules {
        defaults: defaults::deployment,
        update: update_rules::deployment,
        ..row(Kind::Deployment, validate::deployment::create)
    },
    Rules {
        defaults: defaults::replica_set,
        update: update_rules::deployment,
        ..row(Kind::ReplicaSet, validate::deployment::replica_set)
    },
];

fn of(kind: Kind) -> Option<&'static Rules> {
    TABLE.iter().find(|row| row.kind == kind)
}

/// Fills in what the API server fills in when the object is created, and drops what it drops.
///
/// Fields that only allocators set (`clusterIP`, `nodePort`, `storageClassName`) stay as written.
pub fn apply(object: &mut ApiObject, kubernetes: &Kubernetes) {
    if let Some(rules) = of(object.kind) {
        (rules.defaults)(&mut object.tree, kubernetes);
    }
}

/// All complaints about an object that is to be created; none if it is valid.
pub fn create(object: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    match of(object.kind) {
        Some(rules) => validate::complaints(rules.create, object, kubernetes),
        None => validate::kept(object, kubernetes),
    }
}

/// All complaints about an object that is to be stored: first the rules, and if it is valid,
/// whether its addresses and ports can be allocated.
pub fn admit(object: &ApiObject, kubernetes: &Kubernetes, run: Run) -> Vec<FieldError> {
    let found = create(object, kubernetes);
    if object.kind != Kind::Service || !found.is_empty() {
        return found;
    }
    validate::allocation(object, kubernetes, run)
}

/// All complaints about replacing `old` by `new`; both with their defaults filled in.
///
/// Objects of different kinds have nothing to compare.
pub fn update(new: &ApiObject, old: &ApiObject, kubernetes: &Kubernetes) -> Vec<FieldError> {
    let mut found = Vec::new();
    if new.kind != old.kind {
        return found;
    }
    update_rules::names(&mut found, new, old);
    if let Some(rules) = of(new.kind) {
        let alone = Alone { kubernetes, create: rules.create };
        (rules.update)(&mut found, new, old, &alone);
    }
    found
}

/// Whether the server still knows a version of a kind that it no longer serves.
pub fn is_former(kind: Kind, version: &str) -> bool {
    of(kind).is_some_and(|rules| rules.former.contains(&version))
}

/// The texts of the Warning headers, in the server's order.
pub fn warnings(object: &ApiObject) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(rules) = of(object.kind) {
        (rules.warnings)(&mut found, &object.tree);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_table_of_kinds_calls_checked_has_rules() {
        for kind in Kind::all() {
            assert_eq!(kind.is_checked(), of(kind).is_some(), "{kind:?}");
        }
    }
}
