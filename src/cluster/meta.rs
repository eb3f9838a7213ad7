//! What every stored object has: its key, identity, owners and deletion.

pub use crate::api::Kind;

use super::time::{Millis, timestamp};
use crate::api::tree::tree;
use crate::api::{ApiObject, Tree};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// Labels or annotations.
pub type Labels = BTreeMap<String, String>;

/// A large immutable value that several objects share; equal only if it is the same value in memory.
#[derive(Debug)]
pub struct Shared<T: ?Sized>(pub Rc<T>);

impl<T> Shared<T> {
    /// Shares `value`.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Namespace and name of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Namespace; empty for objects of the whole cluster.
    pub namespace: Rc<str>,
    /// Name.
    pub name: Rc<str>,
}

impl Key {
    /// The key of `name` in `namespace`.
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// The key of another object in the same namespace.
    pub fn sibling(&self, name: &str) -> Self {
        Self { namespace: Rc::clone(&self.namespace), name: name.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A UUID. Objects with the same name but different UIDs are different objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u128);

impl Uid {
    /// The UUID that a text is; zero if it is none.
    pub fn read(text: &str) -> Self {
        let hex: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        Self(u128::from_str_radix(&hex, 16).unwrap_or_default())
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

/// A reference to an owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerReference {
    /// Group and version of the owner's kind.
    pub api_version: Rc<str>,
    /// Kind of the owner as written in the reference; may be one that the simulator does not store.
    pub kind: Rc<str>,
    /// Name of the owner.
    pub name: Rc<str>,
    /// The owner itself: another object of the same name does not count.
    pub uid: Uid,
    /// Whether the owner is the managing controller.
    pub controller: bool,
    /// Whether a foreground deletion of the owner waits for this object.
    pub block_owner_deletion: bool,
}

impl OwnerReference {
    /// The reference that makes an object the managing controller of another.
    ///
    /// Upstream: `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go`, NewControllerRef.
    pub fn controller(kind: Kind, owner: &Meta) -> Self {
        Self {
            api_version: kind.api_version().into(),
            kind: kind.name().into(),
            name: Rc::clone(&owner.key.name),
            uid: owner.uid,
            controller: true,
            block_owner_deletion: true,
        }
    }

    /// A reference as an object writes it.
    fn read(reference: &Value) -> Self {
        Self {
            api_version: reference.text("apiVersion").into(),
            kind: reference.text("kind").into(),
            name: reference.text("name").into(),
            uid: Uid::read(reference.text("uid")),
            controller: reference.flag("controller"),
            block_owner_deletion: reference.flag("blockOwnerDeletion"),
        }
    }

    /// The reference as an object of the API has it.
    pub fn tree(&self) -> Value {
        let mut own = tree!({
            "apiVersion": &*self.api_version,
            "kind": &*self.kind,
            "name": &*self.name,
            "uid": self.uid.to_string(),
        });
        for (field, set) in
            [("controller", self.controller), ("blockOwnerDeletion", self.block_owner_deletion)]
        {
            if set {
                own.put(field, true);
            }
        }
        own
    }
}

/// A requested deletion that has not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `deletionTimestamp`: the request's time plus the grace period.
    pub timestamp: Millis,
    /// `deletionGracePeriodSeconds`, in milliseconds.
    pub grace_ms: Millis,
}

/// Who owns which fields of an object that persons have written.
#[derive(Clone, Debug, PartialEq)]
pub enum Managed {
    /// A person created it, and nobody owns anything else: who, when, and what it was. What that is in
    /// fields is worked out when somebody asks.
    Created { manager: Rc<str>, at: Millis, object: Value },
    /// `managedFields`.
    Entries(Vec<Value>),
}

/// Metadata of a stored object.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Namespace and name.
    pub key: Key,
    /// Identity; set by the store at creation.
    pub uid: Uid,
    /// Counts up over all writes of the store.
    pub resource_version: u64,
    /// Counts the changes of the spec, from 1.
    pub generation: i64,
    /// When it was created.
    pub created_at: Millis,
    /// Set while the object is being deleted.
    pub deletion: Option<Deletion>,
    /// Labels.
    pub labels: Rc<Labels>,
    /// Annotations.
    pub annotations: Rc<Labels>,
    /// Owners.
    pub owners: Vec<OwnerReference>,
    /// Finalizers that keep the object after its deletion was requested.
    pub finalizers: Vec<Rc<str>>,
    /// `generateName`: what its name was made of; empty if it was given.
    pub generate_name: Rc<str>,
    /// Who owns which of its fields; none if only controllers have written it.
    pub managed: Option<Rc<Managed>>,
}

impl Meta {
    /// Metadata of an object that is about to be created; the store fills in the rest.
    pub fn new(key: Key) -> Self {
        Self {
            key,
            uid: Uid::default(),
            resource_version: 0,
            generation: 1,
            created_at: 0,
            deletion: None,
            labels: Rc::default(),
            annotations: Rc::default(),
            owners: Vec::new(),
            finalizers: Vec::new(),
            generate_name: "".into(),
            managed: None,
        }
    }

    /// Metadata of a new object, as far as a person may write it.
    pub fn written(key: Key, tree: &Value) -> Self {
        let mut meta = Self::new(key);
        meta.rewrite(tree);
        meta
    }

    /// Takes over what a person may change of an object's metadata.
    pub fn rewrite(&mut self, tree: &Value) {
        for (field, own) in [("labels", &mut self.labels), ("annotations", &mut self.annotations)] {
            let texts = texts(tree, field);
            if **own != texts {
                *own = Rc::new(texts);
            }
        }
        self.owners = tree.items("ownerReferences").iter().map(OwnerReference::read).collect();
        self.finalizers = tree.texts("finalizers").map(Rc::from).collect();
        self.generate_name = tree.text("generateName").into();
    }

    /// The metadata as an object of the API has it.
    pub fn tree(&self, kind: Kind) -> Value {
        let mut own = tree!({
            "name": self.name(),
            "uid": self.uid.to_string(),
            "resourceVersion": self.resource_version.to_string(),
            "creationTimestamp": timestamp(self.created_at),
        });
        if kind.is_namespaced() {
            own.put("namespace", &*self.key.namespace);
        }
        if !self.generate_name.is_empty() {
            own.put("generateName", &*self.generate_name);
        }
        self.put_maps(&mut own);
        if let Some(deletion) = self.deletion {
            own.put("deletionTimestamp", timestamp(deletion.timestamp));
            if !kind.row().deletes_by_itself {
                own.put("deletionGracePeriodSeconds", deletion.grace_ms / 1_000);
            }
        }
        if !self.finalizers.is_empty() {
            let names: Vec<Value> = self.finalizers.iter().map(|name| (&**name).into()).collect();
            own.put("finalizers", names);
        }
        if !self.owners.is_empty() {
            own.put("ownerReferences", self.owners.iter().map(|it| it.tree()).collect::<Vec<_>>());
        }
        if kind.row().counts_generation {
            own.put("generation", self.generation);
        }
        own
    }

    fn put_maps(&self, own: &mut Value) {
        for (field, map) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !map.is_empty() {
                let texts = map.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
                own.put(field, texts.collect::<Map<String, Value>>());
            }
        }
    }

    /// An object with the names, labels and annotations that a person may write.
    pub fn to_api(&self, kind: Kind) -> ApiObject {
        let mut object = ApiObject::new(kind);
        let meta = object.tree.open("metadata");
        meta.put("name", self.name());
        meta.put("namespace", &*self.key.namespace);
        self.put_maps(meta);
        object
    }

    /// The object's name.
    pub fn name(&self) -> &str {
        &self.key.name
    }

    /// Whether a deletion has been requested.
    pub fn is_terminating(&self) -> bool {
        self.deletion.is_some()
    }

    /// Whether it is being deleted and nothing keeps it: no finalizer, and no grace period.
    pub fn is_released(&self) -> bool {
        self.finalizers.is_empty() && self.deletion.is_some_and(|it| it.grace_ms == 0)
    }

    /// The managing controller, if there is one.
    ///
    /// Upstream: `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go`, GetControllerOf.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owners.iter().find(|owner| owner.controller)
    }

    /// Whether the object's controller is the object with this UID.
    pub fn is_controlled_by(&self, uid: Uid) -> bool {
        self.controller().is_some_and(|owner| owner.uid == uid)
    }
}

/// A map of texts, such as labels.
pub fn texts(tree: &Value, field: &str) -> Labels {
    let members = tree.members(field);
    members.map(|(key, it)| (key.clone(), it.as_str().unwrap_or_default().to_owned())).collect()
}
