//! The work as it is kept in the browser: a session, the text, the view.

use crate::api::Tree;
use crate::client::migrate::Opened;
use crate::cluster::Millis;
use crate::session::Session;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;
use thiserror::Error;

/// Number of the format that is written.
pub const FORMAT: u32 = 2;

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
    /// The link that carries it is not whole.
    #[error("the link is damaged: it may have been cut off when it was copied or sent")]
    CutOff,
    /// Somebody did not want to wait until it was read.
    #[error("it was not read to its end")]
    Unread,
    /// It holds what no person could have done, in the API server's words.
    #[error("it holds what no cluster takes: {0}")]
    Refused(String),
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

/// Whether all is there, besides the session, that saved work must have.
pub(super) fn has_all(tree: &Value) -> bool {
    let is_text = |field: &&str| tree.opt_text(field).is_some();
    let speed = tree.at("speed").as_u64().and_then(|it| u32::try_from(it).ok());
    let is_number = |field: &&str| tree.at(field).as_u64().is_some();
    let has_texts = ["text", "applied", "example"].iter().all(is_text);
    has_texts && speed.is_some() && ["horizon", "playhead"].iter().all(is_number)
}

/// The work of this tree, with its session, which was read.
pub(super) fn from_tree(tree: &Value, opened: Opened) -> Saved {
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
