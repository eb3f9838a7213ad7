//! Where a piece of work is kept: its workspace, and which records are to be written next.

use super::opening;
use crate::ui::browser::database::{Change, Database, Trouble};
use crate::ui::browser::storage;
use js_sys::Date;
use serde_json::{Value, json};
use statefulset_playground::api::{Tree, json as reader};
use statefulset_playground::playground::journal::entry;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::workspaces::Label;

/// So many short records are put together in one.
const SHORT: u32 = 64;

/// So many records are put together in one that holds everything.
const LONG: u32 = 24;

/// A workspace, as this tab knows it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Label,
    /// Its label as it is in the database; none: it is not there yet.
    pub kept: Option<String>,
    /// The number of the next record.
    next: u32,
    /// The number of the first record that may still be put together with those after it.
    first: u32,
    /// How many there are before it.
    before: u32,
    /// The work as of the records before it.
    base: Saved,
}

/// What was kept of a workspace.
pub struct Loaded {
    pub place: Place,
    /// The work, as far as it can be read.
    pub work: Saved,
    /// Whether all of it could be read.
    pub is_whole: bool,
}

impl Place {
    /// A workspace that is not kept yet.
    pub fn new(name: &str, origin: &str) -> Self {
        let id = format!("{:x}{:x}", Date::now() as u64, (js_sys::Math::random() * 1e9) as u64);
        Self::at(id, Label { name: name.into(), origin: origin.into(), ..Label::default() }, None)
    }

    fn at(id: String, label: Label, kept: Option<String>) -> Self {
        Self { id, label, kept, next: 1, first: 1, before: 0, base: Saved::default() }
    }

    /// What is kept of a workspace.
    ///
    /// # Errors
    /// [`Trouble`] with the database.
    pub async fn load(database: &Database, id: &str) -> Result<Option<Loaded>, Trouble> {
        let Some(kept) = database.label(id).await? else { return Ok(None) };
        let records = database.records(id).await?;
        let mut place = Self::at(id.into(), Label::read(&kept), Some(kept));
        let mut work = Saved::default();
        let mut is_whole = true;
        place.before = u32::try_from(records.len()).unwrap_or(u32::MAX);
        for (number, record) in records {
            place.next = number + 1;
            match if is_whole { opening::follow(&work, record).await } else { None } {
                Some(longer) => work = longer,
                None => is_whole = false,
            }
        }
        place.first = place.next;
        place.base = work.clone();
        Ok(Some(Loaded { place, work, is_whole }))
    }

    /// The work as of a record; none if it was put together with others.
    ///
    /// # Errors
    /// [`Trouble`] with the database.
    pub async fn work_at(
        database: &Database,
        id: &str,
        last: u64,
    ) -> Result<Option<Saved>, Trouble> {
        let records = database.records(id).await?;
        let is_there = last == 0 || records.iter().any(|(number, _)| u64::from(*number) == last);
        let mut work = Saved::default();
        let mut up_to = records.iter().take_while(|(number, _)| u64::from(*number) <= last);
        let is_whole = up_to.all(|(_, record)| work.follow(record).is_some());
        Ok((is_there && is_whole).then_some(work))
    }

    /// What writes a change of the work; none if nothing has changed.
    pub fn step(&self, written: &Saved, now: &Saved) -> Option<Step> {
        let short = entry(written, now)?;
        let mut next = self.clone();
        next.next += 1;
        let is_new = self.kept.is_none();
        let (record, gone) = if self.before >= LONG || is_new {
            (next.base, next.first, next.before) = (now.clone(), self.next + 1, 1);
            let is_all = written.format == 0;
            let record = if is_all { short.clone() } else { entry(&Saved::default(), now)? };
            (record, Some((0, self.next)))
        } else if self.next - self.first >= SHORT {
            let record = entry(&self.base, now)?;
            (next.base, next.first, next.before) = (now.clone(), self.next + 1, self.before + 1);
            (record, Some((self.first, self.next)))
        } else {
            (short.clone(), None)
        };
        next.label.revision += 1;
        next.label.tab = storage::tab();
        next.label.changed = Date::now() as u64;
        let label = next.label.text();
        next.kept = Some(label.clone());
        let change = Change {
            id: self.id.clone(),
            expected: self.kept.clone(),
            label: Some(label),
            put: vec![(self.next, record)],
            gone,
        };
        Some(Step { change, place: next, short })
    }

    /// The number of the last record.
    pub fn last(&self) -> u32 {
        self.next - 1
    }

    /// What [`storage`] keeps of a change until it is in the database.
    pub fn pending(&self, short: &str) -> String {
        let label = &self.label;
        json!({
            "after": self.last(), "name": label.name, "origin": label.origin, "entry": short,
        })
        .to_string()
    }
}

/// A change of the work on its way.
pub struct Step {
    /// What is to be written.
    pub change: Change,
    /// The workspace afterwards.
    pub place: Place,
    /// The change by itself.
    pub short: String,
}

impl Step {
    /// Whether nothing that somebody made is in it: the playhead moved, a line is half entered.
    pub fn is_slight(&self) -> bool {
        let tree = reader::parse(&self.short).unwrap_or_default();
        let fields = tree.as_object().map(|fields| fields.keys().map(String::as_str));
        fields.is_some_and(|mut fields| fields.all(|field| matches!(field, "head" | "drafts")))
    }
}

/// What a tab that died had not in the database yet.
pub struct Pending {
    /// The record that it comes after.
    pub after: u64,
    /// What its workspace is called.
    pub name: String,
    origin: String,
    entry: String,
}

impl Pending {
    /// What [`Place::pending`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let tree: Value = reader::parse(text).ok()?;
        Some(Self {
            after: tree.at("after").as_u64()?,
            name: tree.text("name").into(),
            origin: tree.text("origin").into(),
            entry: tree.opt_text("entry")?.into(),
        })
    }

    /// The work with it.
    pub fn on(&self, mut work: Saved) -> Option<Saved> {
        work.follow(&self.entry).map(|()| work)
    }

    /// The work with it, if it comes right after what is kept of the workspace.
    pub fn after(&self, loaded: &Loaded) -> Option<Saved> {
        let fits = loaded.is_whole && u64::from(loaded.place.last()) == self.after;
        fits.then(|| self.on(loaded.work.clone())).flatten()
    }

    /// A workspace that died before anything of it was in the database.
    pub fn alone(&self, id: &str) -> Option<Loaded> {
        let mut work = Saved::default();
        let label =
            Label { name: self.name.clone(), origin: self.origin.clone(), ..Label::default() };
        let place = Place::at(id.into(), label, None);
        (self.after == 0).then(|| work.follow(&self.entry)).flatten()?;
        Some(Loaded { place, work, is_whole: true })
    }
}
