//! What the API server keeps: every object, its resource version, and the journal of writes.

use super::event::{Event, Events};
use super::journal::Change;
use super::meta::{Key, Kind, Meta, Uid};
use super::record::{AnyTable, Kept, Record, Table};
use super::rng::Rng;
use super::time::Millis;
use crate::api::{Status, limits};
use std::any::Any;
use std::rc::Rc;

pub use super::record::Stored;

/// The kind of namespaces.
const NAMESPACE: Kind = Kind::of("Namespace", "v1");

/// The simulated API server's storage. A clone shares its tables until one of them changes.
#[derive(Clone, Debug)]
pub struct Store {
    /// The objects of each kind, at the kind's place.
    tables: Vec<Option<Rc<dyn AnyTable>>>,
    /// The kinds that are served besides those that are built in, in order.
    defined: Rc<[Kind]>,
    /// Those of them whose definition is being deleted: nothing new is created of them.
    closed: Rc<[Kind]>,
    events: Events,
    resource_version: u64,
    uids: Rng,
    journal: Vec<Change>,
    reported: Vec<Rc<Event>>,
    pod_policy: Option<Rc<str>>,
}

impl Store {
    /// An empty store whose UIDs come from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            tables: Vec::new(),
            defined: Rc::new([]),
            closed: Rc::new([]),
            events: Events::default(),
            resource_version: 0,
            uids: Rng::new(seed),
            journal: Vec::new(),
            reported: Vec::new(),
            pod_policy: None,
        }
    }

    /// From now on UIDs are drawn from these numbers. Returns those that they came from.
    pub fn draw_uids_from(&mut self, numbers: Rng) -> Rng {
        std::mem::replace(&mut self.uids, numbers)
    }

    /// Why an admission policy refuses every new pod; `None` if none does.
    pub fn pod_policy(&self) -> Option<&Rc<str>> {
        self.pod_policy.as_ref()
    }

    /// Sets an admission policy that refuses every new pod for this reason, or takes it away.
    pub fn set_pod_policy(&mut self, reason: Option<&str>) {
        self.pod_policy = reason.map(Rc::from);
    }

    fn any_table(&self, kind: Kind) -> Option<&dyn AnyTable> {
        self.tables.get(kind.index())?.as_deref()
    }

    /// The table of a record's kind, to change.
    fn own_table(&mut self, record: &dyn Record) -> &mut dyn AnyTable {
        let at = record.kind().index();
        if self.tables.len() <= at {
            self.tables.resize(at + 1, None);
        }
        let table = self.tables[at].get_or_insert_with(|| record.table());
        if Rc::get_mut(table).is_none() {
            *table = table.copy();
        }
        Rc::get_mut(table).expect("nobody else has a copy that was just made")
    }

    /// The objects of a type, by namespace and name.
    fn typed<T: Stored>(&self) -> &[(Key, Rc<T>)] {
        let table = self.any_table(T::KIND).map(|table| table as &dyn Any);
        let table = table.and_then(|table| table.downcast_ref::<Table<T>>());
        table.map_or(&[], |table| table.as_slice())
    }

    /// The object of this type and name.
    pub fn get<T: Stored>(&self, key: &Key) -> Option<&Rc<T>> {
        let all = self.typed::<T>();
        let at = all.binary_search_by(|(each, _)| each.cmp(key)).ok()?;
        Some(&all[at].1)
    }

    /// All objects of this type, by namespace and name.
    pub fn list<T: Stored>(&self) -> impl DoubleEndedIterator<Item = &Rc<T>> {
        self.typed::<T>().iter().map(|(_, object)| object)
    }

    /// All objects of this type in `namespace`, by name.
    pub fn list_in<'a, T: Stored>(&'a self, namespace: &'a str) -> impl Iterator<Item = &'a Rc<T>> {
        let all = self.typed::<T>();
        let start = all.partition_point(|(key, _)| *key.namespace < *namespace);
        let in_namespace = move |(key, _): &&(Key, Rc<T>)| *key.namespace == *namespace;
        all[start..].iter().take_while(in_namespace).map(|(_, object)| object)
    }

    /// All objects of this type from `key` on, by namespace and name.
    pub fn list_from<'a, T: Stored>(
        &'a self,
        key: &Key,
    ) -> impl Iterator<Item = &'a Rc<T>> + use<'a, T> {
        let all = self.typed::<T>();
        let start = all.partition_point(|(each, _)| each < key);
        all[start..].iter().map(|(_, object)| object)
    }

    /// The object of this kind and name.
    pub fn record(&self, kind: Kind, key: &Key) -> Option<Rc<dyn Record>> {
        self.any_table(kind)?.find(key)
    }

    /// All objects of a kind, by namespace and name.
    pub fn records(&self, kind: Kind) -> Vec<Rc<dyn Record>> {
        self.any_table(kind).map(AnyTable::all).unwrap_or_default()
    }

    /// The kinds that there may be objects of: those that are built in, in the table's order, then
    /// others by name.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        let all = Kind::all().chain(self.defined.iter().copied());
        all.filter(|kind| self.any_table(*kind).is_some())
    }

    /// The kinds that are served besides those that are built in, by name.
    pub fn defined(&self) -> &[Kind] {
        &self.defined
    }

    /// The kind of this name, if it is served in this group and version.
    pub fn served(&self, kind: &str, api_version: &str) -> Option<Kind> {
        Kind::served(kind, api_version).or_else(|| {
            let is_it = |it: &Kind| it.name() == kind && it.row().is_served_in(api_version);
            self.defined.iter().copied().find(is_it)
        })
    }

    /// From now on nothing new of a kind is created: its definition is being deleted.
    pub fn close(&mut self, kind: Kind) {
        if !self.closed.contains(&kind) {
            self.closed = self.closed.iter().copied().chain([kind]).collect();
        }
    }

    /// From now on serves one kind in the place of another, whose objects become its own; without
    /// another one it is no longer served, and its objects are gone.
    #[inline(never)]
    pub fn serve(&mut self, old: Option<Kind>, new: Option<Kind>) {
        if old == new {
            return;
        }
        let mut defined = self.defined.to_vec();
        defined.retain(|kind| Some(*kind) != old);
        defined.extend(new);
        defined.sort_unstable();
        defined.dedup();
        self.defined = defined.into();
        self.closed = self.closed.iter().copied().filter(|kind| Some(*kind) != old).collect();
        let Some(old) = old else { return };
        let objects: Vec<Kept> = self.kept(old).cloned().collect();
        if let Some(table) = self.tables.get_mut(old.index()) {
            *table = None;
        }
        for object in objects {
            let Some(new) = new else { break };
            let object: Rc<dyn Record> = Rc::new(object.of_kind(new));
            let key = object.metadata().key.clone();
            self.own_table(&*object).put(&key, object);
        }
    }

    /// The objects of a kind that no loop decides by.
    pub fn kept(&self, kind: Kind) -> impl Iterator<Item = &Kept> {
        let table = self.any_table(kind).map(|table| table as &dyn Any);
        let table = table.and_then(|table| table.downcast_ref::<Table<Kept>>());
        table.into_iter().flat_map(|table| table.values()).map(|object| &**object)
    }

    /// Whether an object of this type and name exists and is that very object.
    pub fn has<T: Stored>(&self, key: &Key, uid: Uid) -> bool {
        self.get::<T>(key).is_some_and(|object| object.meta().uid == uid)
    }

    /// Creates an object: gives it a UID, a resource version and its creation time.
    ///
    /// # Errors
    /// `AlreadyExists` if one of this kind and name exists.
    pub fn create<T: Stored>(&mut self, object: T, now: Millis) -> Result<Rc<T>, Status> {
        let created: Rc<dyn Any> = self.add(&object, now)?;
        Ok(created.downcast::<T>().unwrap_or_else(|_| Rc::new(object)))
    }

    /// The same for an object of any kind.
    ///
    /// # Errors
    /// `AlreadyExists` if one of this kind and name exists; `Forbidden` in a namespace that is being
    /// deleted, and beyond what the playground holds.
    pub fn add(&mut self, object: &dyn Record, now: Millis) -> Result<Rc<dyn Record>, Status> {
        let (kind, key) = (object.kind(), object.metadata().key.clone());
        if self.record(kind, &key).is_some() {
            return Err(Status::already_exists(kind, &key.name));
        }
        if kind.is_namespaced() && self.is_ending(&key.namespace) {
            let why = format!(
                "unable to create new content in namespace {} because it is being terminated",
                key.namespace
            );
            return Err(Status::forbidden(kind, &key.name, &why));
        }
        if self.closed.contains(&kind) {
            let why = "create not allowed while custom resource definition is terminating";
            return Err(Status::forbidden(kind, &key.name, why));
        }
        let held = self.any_table(kind).map_or(0, AnyTable::size);
        limits::full(kind, &key.name, held).map_or(Ok(()), Err)?;
        let uid = Uid(self.uids.uuid());
        self.resource_version += 1;
        let resource_version = self.resource_version;
        let meta = Meta { uid, resource_version, created_at: now, ..object.metadata().clone() };
        let object = object.with(meta);
        self.own_table(&*object).put(&key, Rc::clone(&object));
        self.journal.push(Change { old: None, new: Some(Rc::clone(&object)) });
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

    /// Compiled once for each type, not for each caller.
    #[inline(never)]
    fn update_once<T: Stored>(&mut self, key: &Key, change: &mut dyn FnMut(&mut T)) -> bool {
        let Some(old) = self.get::<T>(key).cloned() else { return false };
        let mut object = T::clone(&old);
        change(&mut object);
        if object == *old {
            return false;
        }
        self.resource_version += 1;
        object.meta_mut().resource_version = self.resource_version;
        self.put_over(old, Rc::new(object));
        true
    }

    /// Puts an object in the place of what it was, unless both say the same. Returns what was written.
    ///
    /// One that is being deleted goes when nothing keeps it any longer: no finalizer, and no grace
    /// period.
    ///
    /// Upstream: `staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go`,
    /// ShouldDeleteDuringUpdate.
    pub fn replace(&mut self, old: Rc<dyn Record>, new: Rc<dyn Record>) -> Option<Rc<dyn Record>> {
        if new.is_same(&*old) {
            return None;
        }
        self.resource_version += 1;
        let resource_version = self.resource_version;
        let new = new.with(Meta { resource_version, ..new.metadata().clone() });
        self.put_over(old, Rc::clone(&new));
        Some(new)
    }

    fn put_over(&mut self, old: Rc<dyn Record>, new: Rc<dyn Record>) {
        let key = new.metadata().key.clone();
        if new.is_released() && !old.is_released() {
            self.own_table(&*new).take(&key);
            self.journal.push(Change { old: Some(new), new: None });
        } else {
            self.own_table(&*new).put(&key, Rc::clone(&new));
            self.journal.push(Change { old: Some(old), new: Some(new) });
        }
    }

    /// Removes an object, whatever keeps it. Returns it as it last was.
    pub fn remove<T: Stored>(&mut self, key: &Key) -> Option<Rc<T>> {
        let old = self.get::<T>(key).cloned()?;
        self.drop_record(T::KIND, key);
        Some(old)
    }

    /// The same for an object of any kind.
    pub fn drop_record(&mut self, kind: Kind, key: &Key) -> Option<Rc<dyn Record>> {
        let old = self.record(kind, key)?;
        self.own_table(&*old).take(key);
        self.resource_version += 1;
        self.journal.push(Change { old: Some(Rc::clone(&old)), new: None });
        Some(old)
    }

    /// Whether a namespace is being deleted: nothing new is created in it.
    fn is_ending(&self, namespace: &str) -> bool {
        let found = self.record(NAMESPACE, &Key::new("", namespace));
        found.is_some_and(|found| found.metadata().is_terminating())
    }

    /// Records an event, unless it would be in a namespace that is being deleted.
    pub fn report(&mut self, event: Event) {
        if self.is_ending(&event.regarding.key.namespace) {
            return;
        }
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
