//! What the store holds of an object, whatever its kind.
//!
//! A kind that acts has a type, which the control loops read and change; it is [`Stored`], which says
//! how the type is read from an object of the API and how the whole object is made of it again. What
//! the loops do not decide by is kept beside, so that nothing of the object is lost. Objects of all
//! other kinds are [`Kept`] as they are. [`Record`] is either.
//!
//! The store does not keep the tree of every object: two thousand pods of a set share the tree of
//! their template, and a tree each would take forty megabytes. It is made when somebody asks.

use super::meta::{Key, Kind, Meta};
use super::store::Store;
use super::time::Millis;
use crate::api::{Kubernetes, Status, Tree};
use crate::ordered::Map;
use serde_json::Value;
use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// What an object is looked at with: some of what the API shows of one is worked out of others.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// All objects.
    pub store: &'a Store,
    /// The moment.
    pub now: Millis,
    /// Version and gates.
    pub kubernetes: Kubernetes,
}

/// A kind that control loops decide by, as they see it.
pub trait Stored: Clone + PartialEq + fmt::Debug + 'static {
    /// Its kind.
    const KIND: Kind;

    /// Its metadata.
    fn meta(&self) -> &Meta;

    /// Its metadata, to change.
    fn meta_mut(&mut self) -> &mut Meta;

    /// Reads again what it takes from its metadata, which has changed.
    fn refresh(&mut self) {}

    /// What the loops read of an object that has been admitted; `old` is what it replaces, whose
    /// status stays.
    fn read(meta: Meta, object: &Value, old: Option<&Self>) -> Self;

    /// The object as the API has it, without its metadata.
    fn body(&self, view: View<'_>) -> Value;

    /// Why it may not be deleted; none if it may.
    fn deletion_refused(&self) -> Option<Status> {
        None
    }

    /// The finalizer that the server itself adds when the object is deleted; none of most kinds.
    fn deletion_finalizer(&self) -> Option<&'static str> {
        None
    }

    /// Notes the moment of what a write has added, where that counts.
    fn stamp(&mut self, _now: Millis) {}

    /// How long a deletion that was asked for with this grace period, in seconds, waits for somebody to
    /// confirm it, in milliseconds: 0 if nobody has to.
    fn grace_ms(&self, _asked: Option<i64>) -> Millis {
        0
    }

    /// Whether something in the object keeps it although its deletion was requested, besides its
    /// finalizers.
    fn stays(&self) -> bool {
        false
    }
}

/// An object of any kind.
pub trait Record: Any + fmt::Debug {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// Its metadata.
    fn metadata(&self) -> &Meta;

    /// The object as the API has it, without its metadata.
    fn tree(&self, view: View<'_>) -> Value;

    /// The same object with other metadata.
    fn with(&self, meta: Meta) -> Rc<dyn Record>;

    /// Whether another record says the same.
    fn is_same(&self, other: &dyn Record) -> bool;

    /// How long its deletion waits; see [`Stored::grace_ms`].
    fn grace(&self, asked: Option<i64>) -> Millis;

    /// Why it may not be deleted; see [`Stored::deletion_refused`].
    fn refuses_deletion(&self) -> Option<Status>;

    /// What its deletion adds; see [`Stored::deletion_finalizer`].
    fn finalizer(&self) -> Option<&'static str>;

    /// Whether the object itself keeps what is being deleted; see [`Stored::stays`].
    fn stays_on(&self) -> bool;

    /// Whether it is being deleted and nothing keeps it.
    fn is_released(&self) -> bool {
        self.metadata().is_released() && !self.stays_on()
    }

    /// An empty table for objects of its type.
    fn table(&self) -> Rc<dyn AnyTable>;
}

impl<T: Stored> Record for T {
    fn kind(&self) -> Kind {
        T::KIND
    }

    fn metadata(&self) -> &Meta {
        self.meta()
    }

    fn tree(&self, view: View<'_>) -> Value {
        self.body(view)
    }

    fn with(&self, meta: Meta) -> Rc<dyn Record> {
        let mut own = self.clone();
        *own.meta_mut() = meta;
        own.refresh();
        Rc::new(own)
    }

    fn is_same(&self, other: &dyn Record) -> bool {
        (other as &dyn Any).downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn grace(&self, asked: Option<i64>) -> Millis {
        self.grace_ms(asked)
    }

    fn refuses_deletion(&self) -> Option<Status> {
        self.deletion_refused()
    }

    fn finalizer(&self) -> Option<&'static str> {
        self.deletion_finalizer()
    }

    fn stays_on(&self) -> bool {
        self.stays()
    }

    fn table(&self) -> Rc<dyn AnyTable> {
        Rc::new(Table::<T>::new())
    }
}

/// An object that no control loop decides by.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    kind: Kind,
    meta: Meta,
    /// All but its metadata.
    body: Rc<Value>,
}

impl Kept {
    /// An object with this metadata.
    pub fn read(kind: Kind, meta: Meta, object: &Value) -> Self {
        let mut body = object.clone();
        for field in ["metadata", "apiVersion", "kind"] {
            body.drop_field(field);
        }
        Self { kind, meta, body: Rc::new(body) }
    }

    /// The same object of another kind: its definition has changed.
    pub fn of_kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// All but its metadata.
    pub fn body(&self) -> &Value {
        &self.body
    }
}

impl Record for Kept {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn metadata(&self) -> &Meta {
        &self.meta
    }

    fn tree(&self, _view: View<'_>) -> Value {
        (*self.body).clone()
    }

    fn with(&self, meta: Meta) -> Rc<dyn Record> {
        Rc::new(Self { meta, ..self.clone() })
    }

    fn is_same(&self, other: &dyn Record) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| self == other)
    }

    fn grace(&self, _asked: Option<i64>) -> Millis {
        0
    }

    fn refuses_deletion(&self) -> Option<Status> {
        None
    }

    fn finalizer(&self) -> Option<&'static str> {
        None
    }

    fn stays_on(&self) -> bool {
        false
    }

    fn table(&self) -> Rc<dyn AnyTable> {
        Rc::new(Table::<Self>::new())
    }
}

/// The objects of one kind, by namespace and name.
pub type Table<T> = Map<Key, Rc<T>>;

/// A table of objects of one kind, whichever it is.
pub trait AnyTable: Any + fmt::Debug {
    /// A copy of its own.
    fn copy(&self) -> Rc<dyn AnyTable>;

    /// The object of this name.
    fn find(&self, key: &Key) -> Option<Rc<dyn Record>>;

    /// All objects, by namespace and name.
    fn all(&self) -> Vec<Rc<dyn Record>>;

    /// How many objects there are.
    fn size(&self) -> usize;

    /// Puts an object in the place of one of its name.
    fn put(&mut self, key: &Key, object: Rc<dyn Record>);

    /// Takes the object of this name out.
    fn take(&mut self, key: &Key);
}

impl<T: Record + 'static> AnyTable for Table<T> {
    fn copy(&self) -> Rc<dyn AnyTable> {
        Rc::new(self.clone())
    }

    fn find(&self, key: &Key) -> Option<Rc<dyn Record>> {
        self.get(key).map(|object| Rc::clone(object) as Rc<dyn Record>)
    }

    fn all(&self) -> Vec<Rc<dyn Record>> {
        self.values().map(|object| Rc::clone(object) as Rc<dyn Record>).collect()
    }

    fn size(&self) -> usize {
        self.len()
    }

    fn put(&mut self, key: &Key, object: Rc<dyn Record>) {
        let object: Rc<dyn Any> = object;
        if let Ok(object) = object.downcast::<T>() {
            self.insert(key.clone(), object);
        }
    }

    fn take(&mut self, key: &Key) {
        self.remove(key);
    }
}
