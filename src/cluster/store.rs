//! What the API server keeps: every object, its resource version, and the journal of writes.

use super::budget::Budget;
use super::deployment::{Deployment, ReplicaSet};
use super::event::{Event, Events};
use super::meta::{Key, Kind, Meta, Uid};
use super::node::Node;
use super::pod::Pod;
use super::rng::Rng;
use super::service::{EndpointSlice, Service};
use super::stateful_set::{ControllerRevision, StatefulSet};
use super::step::{Change, Changed};
use super::storage::{Claim, StorageClass, Volume};
use super::time::Millis;
use crate::api::{Status, Tree};
use crate::ordered::Map;
use serde_json::Value;
use std::rc::Rc;

/// The objects of one kind, by namespace and name.
pub type Table<T> = Map<Key, Rc<T>>;

/// A kind that the store keeps.
pub trait Stored: Clone + PartialEq + Sized {
    /// Its kind.
    const KIND: Kind;
    /// Its metadata.
    fn meta(&self) -> &Meta;
    /// Its metadata, to change.
    fn meta_mut(&mut self) -> &mut Meta;
    /// Where the store keeps it.
    fn table(store: &Store) -> &Table<Self>;
    /// Where the store keeps it, to change.
    fn table_mut(store: &mut Store) -> &mut Table<Self>;
    /// A change of this kind for the journal.
    fn change(changed: Changed<Self>) -> Change;
}

macro_rules! stored {
    ($type:ty, $kind:ident, $field:ident, $change:ident) => {
        impl Stored for $type {
            const KIND: Kind = Kind::$kind;

            fn meta(&self) -> &Meta {
                &self.meta
            }

            fn meta_mut(&mut self) -> &mut Meta {
                &mut self.meta
            }

            fn table(store: &Store) -> &Table<Self> {
                &store.$field
            }

            fn table_mut(store: &mut Store) -> &mut Table<Self> {
                &mut store.$field
            }

            fn change(changed: Changed<Self>) -> Change {
                Change::$change(changed)
            }
        }
    };
}

stored!(StatefulSet, StatefulSet, stateful_sets, StatefulSet);
stored!(ControllerRevision, ControllerRevision, revisions, ControllerRevision);
stored!(Pod, Pod, pods, Pod);
stored!(Claim, PersistentVolumeClaim, claims, Claim);
stored!(Volume, PersistentVolume, volumes, Volume);
stored!(StorageClass, StorageClass, storage_classes, StorageClass);
stored!(Service, Service, services, Service);
stored!(EndpointSlice, EndpointSlice, endpoint_slices, EndpointSlice);
stored!(Node, Node, nodes, Node);
stored!(Budget, PodDisruptionBudget, budgets, Budget);
stored!(Deployment, Deployment, deployments, Deployment);
stored!(ReplicaSet, ReplicaSet, replica_sets, ReplicaSet);

/// The simulated API server's storage.
#[derive(Clone, Debug)]
pub struct Store {
    stateful_sets: Table<StatefulSet>,
    revisions: Table<ControllerRevision>,
    pods: Table<Pod>,
    claims: Table<Claim>,
    volumes: Table<Volume>,
    storage_classes: Table<StorageClass>,
    services: Table<Service>,
    endpoint_slices: Table<EndpointSlice>,
    nodes: Table<Node>,
    budgets: Table<Budget>,
    deployments: Table<Deployment>,
    replica_sets: Table<ReplicaSet>,
    events: Events,
    resource_version: u64,
    uids: Rng,
    journal: Vec<Change>,
    reported: Vec<Rc<Event>>,
    pod_policy: Option<Rc<str>>,
    kept: Map<(Rc<str>, Key), Rc<Value>>,
}

impl Store {
    /// An empty store whose UIDs come from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            stateful_sets: Table::new(),
            revisions: Table::new(),
            pods: Table::new(),
            claims: Table::new(),
            volumes: Table::new(),
            storage_classes: Table::new(),
            services: Table::new(),
            endpoint_slices: Table::new(),
            nodes: Table::new(),
            budgets: Table::new(),
            deployments: Table::new(),
            replica_sets: Table::new(),
            events: Events::default(),
            resource_version: 0,
            uids: Rng::new(seed),
            journal: Vec::new(),
            reported: Vec::new(),
            pod_policy: None,
            kept: Map::new(),
        }
    }

    /// Why an admission policy refuses every new pod; `None` if none does.
    pub fn pod_policy(&self) -> Option<&Rc<str>> {
        self.pod_policy.as_ref()
    }

    /// Sets an admission policy that refuses every new pod for this reason, or takes it away.
    pub fn set_pod_policy(&mut self, reason: Option<&str>) {
        self.pod_policy = reason.map(Rc::from);
    }

    /// The object of this kind and name.
    pub fn get<T: Stored>(&self, key: &Key) -> Option<&Rc<T>> {
        T::table(self).get(key)
    }

    /// All objects of this kind, by namespace and name.
    pub fn list<'a, T: Stored + 'a>(&'a self) -> impl DoubleEndedIterator<Item = &'a Rc<T>> {
        T::table(self).values()
    }

    /// All objects of this kind in `namespace`, by name.
    pub fn list_in<'a, T: Stored + 'a>(
        &'a self,
        namespace: &'a str,
    ) -> impl Iterator<Item = &'a Rc<T>> {
        let all = T::table(self).as_slice();
        let start = all.partition_point(|(key, _)| *key.namespace < *namespace);
        let in_namespace = move |(key, _): &&(Key, Rc<T>)| *key.namespace == *namespace;
        all[start..].iter().take_while(in_namespace).map(|(_, object)| object)
    }

    /// All objects of this kind from `key` on, by namespace and name.
    pub fn list_from<'a, T: Stored + 'a>(
        &'a self,
        key: &Key,
    ) -> impl Iterator<Item = &'a Rc<T>> + use<'a, T> {
        let all = T::table(self).as_slice();
        let start = all.partition_point(|(each, _)| each < key);
        all[start..].iter().map(|(_, object)| object)
    }

    /// Whether an object of this kind and name exists and is that very object.
    pub fn has<T: Stored>(&self, key: &Key, uid: Uid) -> bool {
        self.get::<T>(key).is_some_and(|object| object.meta().uid == uid)
    }

    /// Creates an object: gives it a UID, a resource version and its creation time.
    ///
    /// # Errors
    /// `AlreadyExists` if one of this kind and name exists.
    pub fn create<T: Stored>(&mut self, mut object: T, now: Millis) -> Result<Rc<T>, Status> {
        let key = object.meta().key.clone();
        if T::table(self).contains_key(&key) {
            return Err(Status::already_exists(T::KIND, &key.name));
        }
        let uid = Uid(self.uids.uuid());
        self.resource_version += 1;
        let meta = object.meta_mut();
        meta.uid = uid;
        meta.resource_version = self.resource_version;
        meta.created_at = now;
        let object = Rc::new(object);
        T::table_mut(self).insert(key, Rc::clone(&object));
        let new = Some(Rc::clone(&object));
        self.journal.push(T::change(Changed { old: None, new }));
        Ok(object)
    }

    /// Changes an object. A change that leaves it as it was is no write. Returns whether it was one;
    /// false too if there is no such object.
    pub fn update<T: Stored>(&mut self, key: &Key, change: impl FnOnce(&mut T)) -> bool {
        let mut change = Some(change);
        self.update_once::<T>(key, &mut |object| {
            if let Some(change) = change.take() {
                change(object);
            }
        })
    }

    /// Compiled once for each kind, not for each caller.
    #[inline(never)]
    fn update_once<T: Stored>(&mut self, key: &Key, change: &mut dyn FnMut(&mut T)) -> bool {
        let Some(old) = T::table(self).get(key).cloned() else { return false };
        let mut object = T::clone(&old);
        change(&mut object);
        if object == *old {
            return false;
        }
        self.resource_version += 1;
        object.meta_mut().resource_version = self.resource_version;
        let new = Rc::new(object);
        T::table_mut(self).insert(key.clone(), Rc::clone(&new));
        self.journal.push(T::change(Changed { old: Some(old), new: Some(new) }));
        true
    }

    /// Removes an object. Returns it as it last was.
    pub fn remove<T: Stored>(&mut self, key: &Key) -> Option<Rc<T>> {
        let old = T::table_mut(self).remove(key)?;
        self.resource_version += 1;
        self.journal.push(T::change(Changed { old: Some(Rc::clone(&old)), new: None }));
        Some(old)
    }

    /// The objects of a kind that nothing here acts on.
    pub fn kept(&self, kind: &str) -> impl Iterator<Item = &Rc<Value>> {
        self.kept.iter().filter(move |((own, _), _)| **own == *kind).map(|(_, object)| object)
    }

    /// Stores an object that nothing here acts on, in place of one of its name. Returns it with the
    /// metadata that the server gives.
    pub fn keep(&mut self, kind: &str, key: &Key, mut object: Value, now: String) -> Value {
        self.resource_version += 1;
        let version = self.resource_version.to_string();
        let meta = object.open("metadata");
        if meta.text("uid").is_empty() {
            meta.put("uid", Uid(self.uids.uuid()).to_string());
            meta.put("creationTimestamp", now);
        }
        meta.put("resourceVersion", version);
        self.kept.insert((kind.into(), key.clone()), Rc::new(object.clone()));
        object
    }

    /// Removes such an object.
    pub fn forget(&mut self, kind: &str, key: &Key) {
        self.resource_version += 1;
        self.kept.remove(&(kind.into(), key.clone()));
    }

    /// Records an event.
    pub fn report(&mut self, event: Event) {
        self.reported.extend(self.events.record(event));
    }

    /// From now on every event is kept, however many there are.
    pub fn keep_all_events(&mut self) {
        self.events.keep_all();
    }

    /// The events held.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// The number of the last write.
    pub fn resource_version(&self) -> u64 {
        self.resource_version
    }

    /// Takes the writes since this was last called.
    pub fn take_journal(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.journal)
    }

    /// Takes the events reported since this was last called.
    pub fn take_reported(&mut self) -> Vec<Rc<Event>> {
        std::mem::take(&mut self.reported)
    }
}
