//! Several pieces of work in one browser: their names, and all of them in one file.

use crate::api::{Tree, json};
use serde_json::{Value, json};
use thiserror::Error;

/// Number of the file's format.
pub const FORMAT: u32 = 1;

/// Longest name, in characters.
pub const MAX_NAME: usize = 60;

/// Longest file that is read, in bytes.
const MAX_LENGTH: usize = 64 * 1024 * 1024;

/// A named piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// What a person called it.
    pub name: String,
    /// The work, as of [`super::Playground::save`].
    pub saved: String,
}

/// What is known of a workspace without opening it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// What a person called it.
    pub name: String,
    /// Counts the changes of what is kept.
    pub revision: u64,
    /// Who made the last change: a tab's own mark.
    pub tab: String,
    /// When, in milliseconds since 1970.
    pub changed: u64,
    /// What it was opened for, such as a lesson's id or a link's mark; empty: a person's own.
    pub origin: String,
    /// Why it cannot be opened; empty: it can.
    pub aside: String,
    /// When it was deleted, in milliseconds since 1970; 0: it was not.
    pub deleted: u64,
}

impl Label {
    /// As it is kept.
    pub fn text(&self) -> String {
        let Self { name, revision, tab, changed, origin, aside, deleted } = self;
        let tree = json!({
            "name": name, "revision": revision, "tab": tab, "changed": changed, "origin": origin,
            "aside": aside, "deleted": deleted,
        });
        tree.to_string()
    }

    /// The one that is kept in this way; what is damaged of it is as of nothing.
    pub fn read(text: &str) -> Self {
        let tree = json::parse(text).unwrap_or_default();
        let number = |field: &str| tree.at(field).as_u64().unwrap_or(0);
        Self {
            name: name_of(tree.text("name")),
            revision: number("revision"),
            tab: tree.text("tab").into(),
            changed: number("changed"),
            origin: tree.text("origin").into(),
            aside: tree.text("aside").into(),
            deleted: number("deleted"),
        }
    }
}

/// Why a file of workspaces cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// It is no such file, or damaged.
    #[error("this is no file of workspaces, or it is damaged")]
    Damaged,
    /// A later release wrote it.
    #[error("the file has format {0}; this release reads format {FORMAT}")]
    TooNew(u32),
}

/// A name as it is kept: without blanks around it, not too long; `Untitled` if nothing is left.
pub fn name_of(typed: &str) -> String {
    let plain = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = plain.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if name.is_empty() { "Untitled".into() } else { name }
}

/// A name that is none of `taken`: the same one, or with a number behind it.
pub fn free_name(wanted: &str, taken: &[String]) -> String {
    let wanted = name_of(wanted);
    let numbered = |number: usize| match number {
        1 => wanted.clone(),
        number => format!("{wanted} {number}"),
    };
    (1..).map(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// All workspaces in one file of JSON.
pub fn export(all: &[Workspace]) -> String {
    let list: Vec<Value> =
        all.iter().map(|each| json!({"name": each.name, "work": each.saved})).collect();
    let file = json!({"statefulsetPlayground": {"format": FORMAT, "workspaces": list}});
    file.to_string()
}

/// The workspaces of such a file.
///
/// # Errors
/// [`ImportError`] if it is none. What each one holds is looked at only when it is opened.
pub fn import(file: &str) -> Result<Vec<Workspace>, ImportError> {
    if file.len() > MAX_LENGTH {
        return Err(ImportError::Damaged);
    }
    let value = json::parse(file).map_err(|_| ImportError::Damaged)?;
    let root = value.set("statefulsetPlayground").ok_or(ImportError::Damaged)?;
    let format = root.at("format").as_u64().ok_or(ImportError::Damaged)?;
    if format > u64::from(FORMAT) {
        return Err(ImportError::TooNew(u32::try_from(format).unwrap_or(u32::MAX)));
    }
    let list = root.set("workspaces").and_then(Value::as_array).ok_or(ImportError::Damaged)?;
    let each = |value: &Value| {
        let (name, saved) = (value.opt_text("name")?, value.opt_text("work")?);
        Some(Workspace { name: name_of(name), saved: saved.into() })
    };
    list.iter().map(each).collect::<Option<_>>().ok_or(ImportError::Damaged)
}
