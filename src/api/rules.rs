//! What the API server fills in and checks of the objects of a kind: the rules that a row of the table
//! of kinds names.

use super::status::FieldError;
use super::validate::{Checks, Create};
use super::{ApiObject, Kubernetes, defaults, update_rules, validate, warnings};
use serde_json::Value;

/// The rules of a kind.
#[derive(Debug)]
pub struct Rules {
    /// Fills in what the server fills in when an object is written, and drops what it drops.
    pub(super) defaults: fn(&mut Value, &Kubernetes),
    /// Complaints about an object that is to be created.
    pub(super) create: Create,
    /// Complaints about an object that replaces another one.
    pub(super) update: fn(&mut Vec<FieldError>, &ApiObject, &ApiObject, &Kubernetes),
    /// What the server warns of although it accepts the object.
    pub(super) warnings: fn(&mut Vec<String>, &Value),
    /// Versions that the server still knows and no longer serves.
    ///
    /// Upstream: `pkg/apis/apps/install/install.go` and its siblings.
    pub(super) former: &'static [&'static str],
}

/// Rules of a kind that has none of its own but those of metadata.
const PLAIN: Rules = Rules {
    defaults: |_, _| {},
    create: |_: &mut Checks, _| {},
    update: update_rules::any,
    warnings: |_, _| {},
    former: &[],
};

pub(super) static STATEFUL_SET: Rules = Rules {
    defaults: defaults::created_stateful_set,
    create: validate::stateful_set::create,
    update: update_rules::stateful_set,
    warnings: warnings::stateful_set,
    former: &["v1beta1", "v1beta2"],
};

pub(super) static SERVICE: Rules = Rules {
    defaults: defaults::service,
    create: validate::service::create,
    update: update_rules::service,
    warnings: warnings::service,
    ..PLAIN
};

pub(super) static CLAIM: Rules = Rules {
    defaults: defaults::written_claim,
    create: validate::claim::create,
    update: update_rules::claim,
    warnings: warnings::claim,
    ..PLAIN
};

pub(super) static POD: Rules = Rules {
    defaults: defaults::pod,
    create: validate::pod_template::pod,
    update: update_rules::pod,
    warnings: warnings::pod,
    ..PLAIN
};

pub(super) static VOLUME: Rules = Rules {
    defaults: defaults::volume,
    create: validate::storage::volume,
    update: update_rules::volume,
    warnings: warnings::volume,
    ..PLAIN
};

pub(super) static CLASS: Rules = Rules {
    defaults: defaults::class,
    create: validate::storage::class,
    update: update_rules::class,
    former: &["v1alpha1", "v1beta1"],
    ..PLAIN
};

pub(super) static ATTRIBUTES_CLASS: Rules = Rules {
    create: validate::storage::attributes_class,
    update: update_rules::attributes_class,
    former: &["v1alpha1", "v1beta1"],
    ..PLAIN
};

pub(super) static BUDGET: Rules = Rules {
    defaults: defaults::namespaced,
    create: validate::budget::create,
    former: &["v1beta1"],
    ..PLAIN
};

pub(super) static CONFIG_MAP: Rules = Rules {
    defaults: defaults::namespaced,
    create: validate::config::map,
    update: update_rules::config_map,
    ..PLAIN
};

pub(super) static SECRET: Rules = Rules {
    defaults: defaults::secret,
    create: validate::config::secret,
    update: update_rules::secret,
    ..PLAIN
};

pub(super) static DEPLOYMENT: Rules = Rules {
    defaults: defaults::deployment,
    create: validate::deployment::create,
    update: update_rules::deployment,
    ..PLAIN
};

pub(super) static REPLICA_SET: Rules = Rules {
    defaults: defaults::replica_set,
    create: validate::deployment::replica_set,
    update: update_rules::deployment,
    ..PLAIN
};
