//! Objects that the API server stores as they are written, with their defaults.

use crate::api::{ApiObject, Status, Tree, defaults, update_rules, validate};
use crate::cluster::Cluster;
use crate::cluster::meta::{Key, Meta, OwnerReference, Uid};
use crate::cluster::store::{Store, Stored};
use crate::cluster::template::labels;
use serde_json::Value;
use std::rc::Rc;

/// A kind that is stored so.
pub trait Plain: Stored {
    /// What the cluster reads of an admitted object, in place of what there was.
    fn of(meta: Meta, api: ApiObject, old: Option<&Self>) -> Self;
    /// The admitted object.
    fn api(&self) -> ApiObject;
}

/// Creates an object.
///
/// # Errors
/// `Invalid`, `AlreadyExists`.
#[inline(never)]
pub fn create<T: Plain>(cluster: &mut Cluster, object: &ApiObject) -> Result<(), Status> {
    create_admitted::<T>(cluster, object, &mut |_, _| Ok(()))
}

/// What changes or refuses an object before it is stored.
type Admission<'a, T> = &'a mut dyn FnMut(&Store, &mut T) -> Result<(), Status>;

/// Creates an object that something else has to admit, too.
///
/// # Errors
/// `Invalid`, `AlreadyExists`, or its refusal.
pub fn create_admitted<T: Plain>(
    cluster: &mut Cluster,
    object: &ApiObject,
    admit: Admission<T>,
) -> Result<(), Status> {
    let object = defaulted(cluster, object);
    let causes = validate::create(&object, &cluster.kubernetes());
    validate::refusal(&object, causes).map_or(Ok(()), Err)?;
    let mut own = T::of(meta(&object, None), object, None);
    admit(&cluster.store, &mut own)?;
    cluster.store.create(own, cluster.now)?;
    Ok(())
}

/// Replaces an object. Returns whether that was a write.
///
/// # Errors
/// `NotFound`, `Invalid`.
#[inline(never)]
pub fn update<T: Plain>(
    cluster: &mut Cluster,
    key: &Key,
    object: &ApiObject,
) -> Result<bool, Status> {
    let Some(old) = cluster.store.get::<T>(key).cloned() else {
        return Err(Status::not_found(T::KIND, &key.name));
    };
    let object = defaulted(cluster, object);
    let before = old.api();
    let causes = update_rules::update(&object, &before, &cluster.kubernetes());
    validate::refusal(&object, causes).map_or(Ok(()), Err)?;
    if object == before {
        return Ok(false);
    }
    let new = T::of(meta(&object, Some(old.meta())), object, Some(&old));
    Ok(cluster.store.update::<T>(key, |stored| *stored = new))
}

fn defaulted(cluster: &Cluster, object: &ApiObject) -> ApiObject {
    let mut object = object.clone();
    object.tree.drop_field("status");
    defaults::apply(&mut object, &cluster.kubernetes());
    object
}

fn meta(object: &ApiObject, old: Option<&Meta>) -> Meta {
    let namespace = if object.kind.is_namespaced() { object.namespace() } else { "" };
    let key = Key::new(namespace, object.name());
    let mut meta = old.cloned().unwrap_or_else(|| Meta::new(key));
    meta.owners = object.metadata().items("ownerReferences").iter().map(owner).collect();
    meta.labels = Rc::new(labels(object.metadata(), "labels"));
    meta.annotations = Rc::new(labels(object.metadata(), "annotations"));
    meta
}

fn owner(reference: &Value) -> OwnerReference {
    let hex: String = reference.text("uid").chars().filter(char::is_ascii_hexdigit).collect();
    OwnerReference {
        kind: reference.text("kind").into(),
        name: reference.text("name").into(),
        uid: Uid(u128::from_str_radix(&hex, 16).unwrap_or_default()),
        controller: reference.flag("controller"),
        block_owner_deletion: reference.flag("blockOwnerDeletion"),
    }
}
