//! The work as it is kept in the browser: a session, the text, the view.

use crate::api::{Tree, json};
use crate::client::admit;
use crate::client::migrate::{self, Opened};
use crate::cluster::Millis;
use crate::session::Session;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// Number of the format that is written.
pub const FORMAT: u32 = 1;

/// Longest saved work that is read, in bytes: more than any browser keeps.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// What is kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// [`FORMAT`].
    pub format: u32,
    /// Inputs, seed, version.
    pub session: Session,
    /// The manifest as it stands in the editor.
    pub text: String,
    /// The manifest that was last applied.
    pub applied: String,
    /// Id of the example that the work started from.
    pub example: String,
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
    /// The lesson in progress; not part of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Value>,
    /// What the terminal remembers; not part of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminal: Option<Remembered>,
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
}

impl Remembered {
    fn of(tree: &Value) -> Self {
        let texts = |field: &str| -> BTreeMap<String, String> {
            let members = tree.members(field);
            members.filter_map(|(key, text)| Some((key.clone(), text.as_str()?.into()))).collect()
        };
        let history = tree.texts("history").map(str::to_owned).collect();
        Self { history, aliases: texts("aliases"), files: texts("files") }
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
    /// It holds what no person could have done, in the API server's words.
    #[error("it holds what no cluster takes: {0}")]
    Refused(String),
}

impl Saved {
    /// Reads saved work.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn read(text: &str) -> Result<Self, RestoreError> {
        let damaged = |error: String| RestoreError::Damaged(error);
        if text.len() > MAX_LENGTH {
            return Err(damaged("it is too long".into()));
        }
        let value = json::parse(text).map_err(damaged)?;
        let format = value.at("format").as_u64().unwrap_or(0);
        if format > u64::from(FORMAT) {
            return Err(RestoreError::TooNew(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let saved = from_tree(&value);
        let mut saved = saved.ok_or_else(|| damaged("a part of it is missing or wrong".into()))?;
        let is_in_time = admit::instant(saved.playhead.max(saved.horizon));
        is_in_time.and(admit::session(&mut saved.session)).map_err(RestoreError::Refused)?;
        Ok(saved)
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

fn from_tree(tree: &Value) -> Option<Saved> {
    let text = |field: &str| tree.opt_text(field).map(String::from);
    let until = tree.at("horizon").as_u64()?.max(tree.at("playhead").as_u64()?);
    let opened = migrate::session(tree.at("session"), until)?;
    let lesson = tree.set("lesson").map(|lesson| lesson_of(lesson, &opened));
    Some(Saved {
        format: FORMAT,
        session: opened.session,
        text: text("text")?,
        applied: text("applied")?,
        example: text("example")?,
        playhead: tree.at("playhead").as_u64()?,
        horizon: tree.at("horizon").as_u64()?,
        auto_apply: tree.flag("autoApply"),
        speed: tree.at("speed").as_u64()?.try_into().ok()?,
        skip_waits: tree.flag("skipWaits"),
        selected: tree.at("selected").as_u64().and_then(|it| it.try_into().ok()).unwrap_or(0),
        lesson,
        terminal: tree.set("terminal").map(Remembered::of),
    })
}
