//! The work as it is kept in the browser: a session, the text, the view.

use super::patience::Patience;
use crate::api::{Tree, json};
use crate::client::admit;
use crate::client::migrate::{Migration, Opened};
use crate::cluster::Millis;
use crate::session::Session;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;
use thiserror::Error;

/// Number of the format that is written.
pub const FORMAT: u32 = 2;

/// Longest saved work that is read, in bytes: more than any browser keeps.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// Most bytes that inputs which differ from others may come to in what somebody shared. A person's own
/// may come to any length.
const MOST_SHARED: usize = 32 * 1024 * 1024;

/// What is kept. The default is nothing: its format is 0. A clone is cheap.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// [`FORMAT`].
    pub format: u32,
    /// Inputs, seed, version.
    pub session: Session,
    /// The manifest as it stands in the editor.
    pub text: Rc<str>,
    /// The manifest that was last applied.
    pub applied: Rc<str>,
    /// Id of the example that the work started from.
    pub example: Rc<str>,
    /// Where the playhead stands.
    pub playhead: Millis,
    /// The furthest instant seen.
    pub horizon: Millis,
    /// Apply every valid change at once.
    pub auto_apply: bool,
    /// Simulated milliseconds per millisecond.
    pub speed: u32,
    /// Jump over idle times.
    pub skip_waits: bool,
    /// Which StatefulSet of the text the form edits, from 0.
    pub selected: usize,
    /// What was typed may still be on its way: it is not applied yet, but is to be.
    #[serde(skip_serializing_if = "is_false")]
    pub typing: bool,
    /// The lesson in progress; not part of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Value>,
    /// What the terminal remembers; not part of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminal: Option<Rc<Remembered>>,
    /// What is half written elsewhere on the page, by what it is; not part of a link.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub drafts: BTreeMap<String, String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// What the terminal remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remembered {
    /// Lines that were entered, oldest first.
    pub history: Vec<String>,
    /// Names and texts of aliases.
    pub aliases: BTreeMap<String, String>,
    /// Files that the person wrote, by their paths.
    pub files: BTreeMap<String, String>,
    /// Lines that were entered and want more: the beginning of a here-document.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pending: String,
    /// The line whose command has an editor open; empty if none has.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub editing: String,
}

impl Remembered {
    fn of(tree: &Value) -> Self {
        let texts = |field: &str| -> BTreeMap<String, String> {
            let members = tree.members(field);
            members.filter_map(|(key, text)| Some((key.clone(), text.as_str()?.into()))).collect()
        };
        let history = tree.texts("history").map(str::to_owned).collect();
        Self {
            history,
            aliases: texts("aliases"),
            files: texts("files"),
            pending: tree.text("pending").into(),
            editing: tree.text("editing").into(),
        }
    }
}

/// Why saved work cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RestoreError {
    /// It is no saved work, or damaged.
    #[error("the saved work is damaged: {0}")]
    Damaged(String),
    /// A later release wrote it.
    #[error("the saved work has format {0}; this release reads format {FORMAT}")]
    TooNew(u32),
    /// It is of an earlier release, and was not read to its end.
    #[error("it is of an earlier release, and was not read to its end")]
    Unread,
    /// It holds what no person could have done, in the API server's words.
    #[error("it holds what no cluster takes: {0}")]
    Refused(String),
}

/// Saved work that is being read.
pub struct Beginning {
    tree: Value,
    migration: Migration,
    is_shared: bool,
}

impl Beginning {
    /// How much simulated time an earlier release's work is played for to be read; 0 of today's.
    pub fn to_play(&self) -> Millis {
        self.migration.to_play()
    }

    /// How much of it was played.
    pub fn played(&self) -> Millis {
        self.migration.played()
    }

    /// Goes on as long as the patience lasts. Returns whether all is read.
    pub fn go_on(&mut self, patience: &Patience) -> bool {
        self.migration.go_on(&|| patience.lasts())
    }

    /// What was read, if all is. Of what somebody shared that is left out which belongs to a person
    /// alone.
    ///
    /// # Errors
    /// [`RestoreError::Refused`].
    pub fn take(&mut self) -> Result<Saved, RestoreError> {
        let mut saved = from_tree(&self.tree, self.migration.take());
        admit::session(&mut saved.session).map_err(RestoreError::Refused)?;
        if self.is_shared {
            saved = Saved { lesson: None, terminal: None, drafts: BTreeMap::new(), ..saved };
        }
        Ok(saved)
    }
}

impl Saved {
    /// Reads saved work.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn read(text: &str) -> Result<Self, RestoreError> {
        let mut beginning = Self::begin(text, false)?;
        beginning.go_on(&Patience::endless());
        beginning.take()
    }

    /// Begins to read saved work: a person's own, or what somebody shared.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn begin(text: &str, is_shared: bool) -> Result<Beginning, RestoreError> {
        let damaged = |error: String| RestoreError::Damaged(error);
        if text.len() > MAX_LENGTH {
            return Err(damaged("it is too long".into()));
        }
        let value = json::parse(text).map_err(damaged)?;
        let format = value.at("format").as_u64().unwrap_or(0);
        if format > u64::from(FORMAT) {
            return Err(RestoreError::TooNew(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let number = |field: &str| value.at(field).as_u64().unwrap_or(0);
        let until = number("playhead").max(number("horizon"));
        admit::instant(until).map_err(RestoreError::Refused)?;
        let migration = migration(&value, if is_shared { MOST_SHARED } else { usize::MAX });
        let migration =
            migration.ok_or_else(|| damaged("a part of it is missing or wrong".into()))?;
        Ok(Beginning { tree: value, migration, is_shared })
    }
}

/// A lesson in progress, with its positions in the session as it was opened.
fn lesson_of(saved: &Value, opened: &Opened) -> Value {
    let mut lesson = saved.clone();
    move_on(&mut lesson, "position", opened);
    if lesson.set("progress").is_some() {
        move_on(lesson.open("progress"), "decisive", opened);
    }
    lesson
}

fn move_on(tree: &mut Value, field: &str, opened: &Opened) {
    let position = tree.at(field).as_u64().and_then(|it| usize::try_from(it).ok());
    if let Some(position) = position {
        tree.put(field, opened.position(position));
    }
}

/// The beginning of the session, if all that saved work must have is there.
fn migration(tree: &Value, most: usize) -> Option<Migration> {
    let has_texts = ["text", "applied", "example"].iter().all(|it| tree.opt_text(it).is_some());
    let speed: Option<u32> = tree.at("speed").as_u64()?.try_into().ok();
    let until = tree.at("horizon").as_u64()?.max(tree.at("playhead").as_u64()?);
    speed.filter(|_| has_texts)?;
    Migration::begin(tree.at("session"), until, most)
}

fn from_tree(tree: &Value, opened: Opened) -> Saved {
    let text = |field: &str| Rc::from(tree.text(field));
    let number = |field: &str| tree.at(field).as_u64().unwrap_or(0);
    let lesson = tree.set("lesson").map(|lesson| lesson_of(lesson, &opened));
    let drafts = tree.members("drafts");
    let drafts = drafts.filter_map(|(what, text)| Some((what.clone(), text.as_str()?.into())));
    Saved {
        format: FORMAT,
        session: opened.session,
        text: text("text"),
        applied: text("applied"),
        example: text("example"),
        playhead: number("playhead"),
        horizon: number("horizon"),
        auto_apply: tree.flag("autoApply"),
        speed: number("speed").try_into().unwrap_or(1),
        skip_waits: tree.flag("skipWaits"),
        selected: tree.at("selected").as_u64().and_then(|it| it.try_into().ok()).unwrap_or(0),
        typing: tree.flag("typing"),
        lesson,
        terminal: tree.set("terminal").map(|tree| Rc::new(Remembered::of(tree))),
        drafts: drafts.collect(),
    }
}
