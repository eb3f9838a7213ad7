//! Several pieces of work in one browser: their names, and all of them in one file.

use super::saved::Saved;
use crate::api::{Tree, json};
use serde_json::{Value, json};
use thiserror::Error;

/// Number of the file's format.
pub const FORMAT: u32 = 1;

/// Number of the format of a page that failed: the records of all workspaces as the browser kept them
/// (`static/parts/kept.js`).
const RECORDS: u32 = 2;

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

/// Such a file, to be taken apart in slices.
///
/// # Errors
/// [`ImportError::Damaged`] if it is longer than any.
pub fn reading(file: String) -> Result<json::Reading, ImportError> {
    if file.len() > MAX_LENGTH {
        return Err(ImportError::Damaged);
    }
    json::Reading::new(file).map_err(|_| ImportError::Damaged)
}

/// The workspaces of such a file, taken apart at once.
///
/// # Errors
/// See [`of_tree`].
pub fn import(file: &str) -> Result<Vec<Workspace>, ImportError> {
    of_tree(&reading(file.into())?.whole().map_err(|_| ImportError::Damaged)?)
}

/// The workspaces of such a file, which was taken apart.
///
/// # Errors
/// [`ImportError`] if it is none. What each one holds is looked at only when it is opened.
pub fn of_tree(value: &Value) -> Result<Vec<Workspace>, ImportError> {
    let root = value.set("statefulsetPlayground").ok_or(ImportError::Damaged)?;
    let format = root.at("format").as_u64().ok_or(ImportError::Damaged)?;
    if format == u64::from(RECORDS) {
        return Ok(of_records(root));
    }
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

/// The workspaces of a page that failed, as far as each can be read, with what was on its way to the
/// database.
fn of_records(root: &Value) -> Vec<Workspace> {
    let text = |value: &Value, at: usize| value.get(at).and_then(Value::as_str).map(str::to_owned);
    let number = |value: &Value| value.get(1).and_then(Value::as_u64).unwrap_or(0);
    let mut records: Vec<&Value> = root.items("records").iter().collect();
    records.sort_by_key(|record| number(record));
    let mut all: Vec<Workspace> = Vec::new();
    for known in root.items("workspaces") {
        let (Some(id), Some(label)) = (text(known, 0), text(known, 1)) else { continue };
        let mut work = Saved::default();
        let own = records.iter().filter(|it| text(it, 0).as_deref() == Some(&id));
        let mut last = 0;
        for record in own {
            let mut longer = work.clone();
            let followed = text(record, 2).and_then(|entry| longer.follow(&entry));
            if followed.is_none() {
                break;
            }
            (work, last) = (longer, number(record));
        }
        follow_pending(&mut work, &id, last, root.items("local"));
        let label = Label::read(&label);
        if work.format > 0 && label.deleted == 0 {
            let saved = serde_json::to_string(&work).unwrap_or_default();
            all.push(Workspace { name: label.name, saved });
        }
    }
    all
}

/// Goes on with what a tab had kept elsewhere of a workspace, right after its last record.
fn follow_pending(work: &mut Saved, id: &str, last: u64, local: &[Value]) {
    for kept in local {
        let text = |at: usize| kept.get(at).and_then(Value::as_str).unwrap_or_default();
        let is_own = text(0).contains(&format!(".pending.{id}."));
        let pending = json::parse(text(1)).unwrap_or_default();
        if is_own && pending.at("after").as_u64() == Some(last) {
            let mut longer = work.clone();
            if longer.follow(pending.text("entry")).is_some() {
                *work = longer;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::journal::entry;
    use crate::playground::{Action, Playground};

    #[test]
    fn what_a_page_that_failed_handed_over_is_read() {
        let mut page = Playground::new();
        let first = page.work();
        page.update(Action::EditText("a: 1\n".into()));
        let second = page.work();
        page.update(Action::EditText("a: 2\n".into()));
        let third = page.work();
        let label = Label { name: "Lab".into(), ..Label::default() };
        let pending = json!({"after": 2, "entry": entry(&second, &third).unwrap()}).to_string();
        let file = json!({"statefulsetPlayground": {
            "format": 2,
            "workspaces": [["w", label.text()]],
            "records": [
                ["w", 2, entry(&first, &second).unwrap()],
                ["w", 1, entry(&Saved::default(), &first).unwrap()],
                ["other", 1, "rubbish"],
            ],
            "local": [["statefulset-playground.pending.w.tab.2", pending]],
        }});
        let read = import(&file.to_string()).unwrap();
        let [Workspace { name, saved }] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(name, "Lab");
        assert_eq!(Saved::read(saved).as_ref(), Ok(&third));
    }
}
