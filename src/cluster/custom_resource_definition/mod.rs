//! CustomResourceDefinitions: which are taken, and the controllers that serve their kinds.

mod admission;
mod controller;
pub mod kind;
mod naming;
#[cfg(test)]
mod tests;

pub use kind::CustomResourceDefinition;

use super::journal::Change;
use super::meta::Key;
use super::record::Stored;
use super::state::{Acts, Cluster};
use crate::api::{ApiObject, Status, validate};

/// How many definitions one cluster holds.
const MOST: usize = 500;

impl Acts for CustomResourceDefinition {
    fn admit(
        cluster: &mut Cluster,
        object: &mut ApiObject,
        old: Option<&ApiObject>,
    ) -> Result<(), Status> {
        admission::fill_in(object);
        let mut causes = Vec::new();
        let stored = cluster.store.get::<Self>(&Self::key(object.name()));
        if let (Some(old), Some(_)) = (old, stored.filter(|it| it.is("Established"))) {
            causes.extend(admission::changed(object, old));
        }
        causes.extend(admission::complaints(object));
        validate::refusal(object, causes).map_or(Ok(()), Err)?;
        if old.is_none() && cluster.store.list::<Self>().count() >= MOST {
            let why = format!("the playground serves at most {MOST} kinds of custom resources");
            return Err(Status::forbidden(Self::KIND, object.name(), &why));
        }
        Ok(())
    }

    fn observe(cluster: &mut Cluster, change: &Change) {
        controller::observe(cluster, change);
    }

    fn sync(cluster: &mut Cluster, key: &Key) {
        controller::sync(cluster, key);
    }
}
