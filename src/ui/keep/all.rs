//! All workspaces of this browser: listed, copied, deleted and brought back, exported, imported.

use super::opening::in_slices;
use super::place::Place;
use super::{State, database, flush, id, present, set, with};
use crate::ui::browser::database::{Change, Database, Trouble};
use crate::ui::browser::{storage, tabs};
use js_sys::Date;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::workspaces::{
    self, ImportError, Label, Workspace, free_name,
};

/// What was deleted can be brought back for so long, in milliseconds: thirty days.
const BACK_MS: u64 = 30 * 86_400_000;

/// A workspace in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What is known of it.
    pub label: Label,
}

/// All workspaces, by name; those deleted long ago are forgotten now.
///
/// # Errors
/// [`Trouble`] with the database.
pub async fn list() -> Result<Vec<Listed>, Trouble> {
    let database = database().await?;
    let mut all = Vec::new();
    let now = Date::now() as u64;
    for (id, text) in database.workspaces().await? {
        let label = Label::read(&text);
        if label.deleted > 0 && label.deleted + BACK_MS < now {
            let change = Change { id, expected: Some(text), ..Change::default() };
            // Another time, if not now.
            let _forgotten = database.change(&change).await;
            continue;
        }
        all.push(Listed { id, label });
    }
    let unkept = with(|keep| keep.place.clone()).filter(|place| place.kept.is_none());
    all.extend(unkept.map(|place| Listed { id: place.id, label: place.label }));
    all.sort_by(|one, other| (&one.label.name, &one.id).cmp(&(&other.label.name, &other.id)));
    Ok(all)
}

/// The names that are taken.
pub(super) async fn names(database: &Database) -> Result<Vec<String>, Trouble> {
    let labels = database.workspaces().await?;
    let labels = labels.into_iter().map(|(_, text)| Label::read(&text));
    Ok(labels.filter(|label| label.deleted == 0).map(|label| label.name).collect())
}

/// Keeps work in a workspace of its own, under this name or one like it. Returns its id.
///
/// # Errors
/// [`Trouble`]; then nothing has changed.
pub async fn add(name: &str, origin: &str, work: &Saved) -> Result<String, Trouble> {
    let database = database().await?;
    let name = free_name(name, &names(&database).await?);
    let place = Place::new(&name, origin);
    let Some(step) = place.step(&Saved::default(), work) else {
        return Err(Trouble::Failed("there is nothing to keep".into()));
    };
    database.change(&step.change).await?;
    tabs::tell(&place.id);
    Ok(place.id)
}

/// Keeps the present work under another name. Returns the copy's id.
///
/// # Errors
/// [`Trouble`]; then nothing has changed.
pub async fn copy(name: &str) -> Result<String, Trouble> {
    let kept = flush().await;
    let work = present().unwrap_or_default();
    let id = add(name, "", &work).await?;
    if !kept {
        // The copy has all that the workspace had not.
        with(|keep| keep.is_due = false);
        set(State::Kept);
    }
    Ok(id)
}

/// Deletes a workspace; [`restore`] brings it back.
///
/// # Errors
/// [`Trouble`]; then nothing has changed.
pub async fn delete(id: &str) -> Result<(), Trouble> {
    relabel(id, |label| label.deleted = (Date::now() as u64).max(1)).await
}

/// Brings a deleted workspace back, under its name or one like it.
///
/// # Errors
/// [`Trouble`]; then nothing has changed.
pub async fn restore(id: &str) -> Result<(), Trouble> {
    let taken = names(&*database().await?).await?;
    relabel(id, |label| {
        label.deleted = 0;
        label.name = free_name(&label.name, &taken);
    })
    .await
}

/// Lets a workspace that is set aside be opened again.
///
/// # Errors
/// [`Trouble`]; then nothing has changed.
pub async fn take_back(id: &str) -> Result<(), Trouble> {
    relabel(id, |label| label.aside.clear()).await
}

pub(super) async fn relabel(id: &str, change: impl FnOnce(&mut Label)) -> Result<(), Trouble> {
    let database = database().await?;
    let expected = database.label(id).await?.ok_or(Trouble::Changed)?;
    let mut label = Label::read(&expected);
    change(&mut label);
    label.revision += 1;
    label.tab = storage::tab();
    let (expected, label) = (Some(expected), Some(label.text()));
    database.change(&Change { id: id.into(), expected, label, ..Change::default() }).await?;
    tabs::tell(id);
    Ok(())
}

/// All workspaces in one file, what is on the screen among them.
///
/// # Errors
/// [`Trouble`] with the database.
pub async fn export() -> Result<String, Trouble> {
    let shown = present().unwrap_or_default();
    let mut all = vec![workspace(super::name(), &shown)];
    match database().await {
        Ok(database) => {
            for (other, text) in database.workspaces().await? {
                let label = Label::read(&text);
                if other != id() && label.deleted == 0 {
                    all.push(Workspace {
                        name: label.name,
                        saved: text_of(&database, &other).await?,
                    });
                }
            }
        }
        // What is on the screen can be had all the same.
        Err(_) if with(|keep| keep.place.is_some()) => {}
        Err(trouble) => return Err(trouble),
    }
    Ok(workspaces::export(&all))
}

/// One workspace in a file.
///
/// # Errors
/// [`Trouble`] with the database.
pub async fn file_of(listed: &Listed) -> Result<String, Trouble> {
    let saved = text_of(&*database().await?, &listed.id).await?;
    Ok(workspaces::export(&[Workspace { name: listed.label.name.clone(), saved }]))
}

fn workspace(name: String, work: &Saved) -> Workspace {
    Workspace { name, saved: serde_json::to_string(work).unwrap_or_default() }
}

/// The work of a workspace in one text; what cannot be read as it stands.
async fn text_of(database: &Database, id: &str) -> Result<String, Trouble> {
    let loaded = Place::load(database, id).await?.ok_or(Trouble::Changed)?;
    if loaded.is_whole {
        return Ok(workspace(String::new(), &loaded.work).saved);
    }
    let records = database.records(id).await?;
    Ok(records.into_iter().map(|(_, record)| record).collect::<Vec<_>>().join("\n"))
}

/// Keeps the workspaces of a file, under names that are free. Returns how many.
///
/// # Errors
/// Why it cannot be used, in words; those before the one that failed are kept.
pub async fn import(file: String) -> Result<usize, String> {
    let mut count = 0;
    let mut reading = workspaces::reading(file).map_err(|it| it.to_string())?;
    let tree = in_slices(|patience| reading.go_on(&|| patience.lasts()).transpose()).await;
    let tree = tree.map_err(|_| ImportError::Damaged.to_string())?;
    for Workspace { name, saved } in workspaces::of_tree(&tree).map_err(|it| it.to_string())? {
        let read = super::opening::read(saved).await;
        let work = read.map_err(|error| format!("{name}: {error}"))?;
        add(&name, "", &work).await.map_err(|trouble| super::told::sentence(&trouble))?;
        count += 1;
    }
    Ok(count)
}
