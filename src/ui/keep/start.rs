//! What a page begins with: the workspace of its link, of this tab, or the one changed last; what a tab
//! that died had not in the database yet; what earlier releases kept elsewhere.

use super::place::{Loaded, Pending, Place};
use super::{State, all, database, opening, told, watch, with};
use crate::ui::browser::database::{Change, Database, Trouble};
use crate::ui::browser::{address, storage};
use statefulset_playground::playground::opening::Opening;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::share;
use statefulset_playground::playground::workspaces::{Label, free_name};
use statefulset_playground::playground::{Playground, RestoreError};
use std::rc::Rc;

/// What the page begins with.
#[derive(Clone)]
pub struct Found {
    /// The work.
    pub playground: Playground,
    /// What a person is to be told first.
    pub told: Option<String>,
}

impl PartialEq for Found {
    /// It is found once.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Default for Found {
    fn default() -> Self {
        Self { playground: Playground::new(), told: None }
    }
}

/// Finds what the page begins with.
pub async fn resume() -> Found {
    let link = address::fragment();
    let is_link = link.starts_with("#play=");
    if address::is_embedded() {
        return match play_link(&link).await {
            Some(Ok(playground)) => Found { playground, told: None },
            Some(Err(why)) => Found { told: Some(unopened(&why)), ..Found::default() },
            None => Found::default(),
        };
    }
    let database = match database().await {
        Ok(database) => database,
        Err(trouble) => return without_database(&link, trouble).await,
    };
    if is_link {
        // What fails or takes too long is not opened again by itself.
        address::drop_fragment();
    }
    let taken_in = take_in(&database).await;
    let found = match is_link {
        true => of_link(&database, &link).await,
        false => of_browser(&database).await,
    };
    let mut found = match found {
        Ok(found) => found,
        Err(trouble) => {
            with(|keep| keep.state = State::Not(trouble));
            Found::default()
        }
    };
    let told = match taken_in {
        Ok(told) => told,
        Err(trouble) => {
            let why = told::sentence(&trouble);
            Some(format!("Work of an earlier release stays where it is. {why}"))
        }
    };
    found.told = found.told.or(told);
    found
}

/// The page still works, and says that nothing is kept. Work of earlier releases is shown.
async fn without_database(link: &str, trouble: Trouble) -> Found {
    with(|keep| keep.state = State::Not(trouble));
    let mut told = None;
    match play_link(link).await {
        Some(Ok(playground)) => {
            address::drop_fragment();
            return Found { playground, told };
        }
        Some(Err(why)) => told = Some(unopened(&why)),
        None => {}
    }
    if let Some((_, name, work)) = storage::earlier().into_iter().next()
        && let Ok(opened) = Opening::of_saved(&work)
        && let Ok(playground) = opening::play(opened, &quoted(&name), false).await
    {
        return Found { playground, told };
    }
    Found { told, ..Found::default() }
}

/// The work of a link, played; none if it is no link to work.
///
/// # Errors
/// Why it is not opened, in words.
async fn play_link(link: &str) -> Option<Result<Playground, String>> {
    match Opening::of_link(link)? {
        Ok(opened) => Some(opening::play(opened, "the link", false).await),
        Err(error) => Some(Err(error.to_string())),
    }
}

/// A link's work in a workspace of its own: the same link goes on in the same one.
async fn of_link(database: &Rc<Database>, link: &str) -> Result<Found, Trouble> {
    let origin = format!("link {}", share::mark(link));
    let is_it = |label: &Label| label.origin == origin && is_usable(label);
    let known = all::list().await?.into_iter().find(|listed| is_it(&listed.label));
    if let Some(known) = known
        && let Some(loaded) = Place::load(database, &known.id).await?
    {
        return open(database, loaded).await;
    }
    match play_link(link).await {
        Some(Ok(playground)) => {
            let place = Place::new("Shared", &origin);
            storage::choose(&place.id);
            with(|keep| {
                keep.place = Some(place);
                keep.is_due = true;
            });
            Ok(Found { playground, told: None })
        }
        Some(Err(why)) => Ok(Found { told: Some(unopened(&why)), ..of_browser(database).await? }),
        None => of_browser(database).await,
    }
}

fn unopened(why: &str) -> String {
    format!("The link was not opened: {why}.")
}

fn quoted(name: &str) -> String {
    format!("“{name}”")
}

/// The workspace of this tab, or the one that was changed last, or a new one.
async fn of_browser(database: &Rc<Database>) -> Result<Found, Trouble> {
    let current = storage::current();
    if storage::takes_aside() {
        if let Some(id) = &current {
            all::relabel(id, |label| label.aside = "the page failed with it".into()).await?;
        }
        return Ok(Found { told: Some(ASIDE.into()), ..Found::default() });
    }
    let listed: Vec<_> =
        all::list().await?.into_iter().filter(|listed| is_usable(&listed.label)).collect();
    let own = listed.iter().find(|listed| Some(&listed.id) == current.as_ref());
    let Some(listed) = own.or_else(|| listed.iter().max_by_key(|listed| listed.label.changed))
    else {
        return Ok(Found::default());
    };
    match Place::load(database, &listed.id).await? {
        Some(loaded) => open(database, loaded).await,
        None => Ok(Found::default()),
    }
}

fn is_usable(label: &Label) -> bool {
    label.deleted == 0 && label.aside.is_empty()
}

const ASIDE: &str = "Your work is set aside, as it was: open or download it under Workspaces. The page \
    starts with an example.";

/// Opens what was kept; what is damaged is set aside, and what can be read of it is opened as a copy.
async fn open(database: &Rc<Database>, loaded: Loaded) -> Result<Found, Trouble> {
    let (now, taken_over) = with_pending(&loaded);
    let Loaded { place, work, is_whole } = loaded;
    if is_whole && work.format > 0 {
        let is_doubtful = opening::begin(&place.id);
        let opened = Opening::of_work(now.clone());
        let played = opening::play(opened, &quoted(&place.label.name), is_doubtful).await;
        opening::end();
        let playground = match played {
            Ok(playground) => playground,
            Err(why) => {
                let name = &place.label.name;
                let told = format!("“{name}” is as it was, under Workspaces: {why}.");
                return Ok(Found { told: Some(told), ..Found::default() });
            }
        };
        storage::choose(&place.id);
        with(|keep| {
            keep.is_due = now != work;
            keep.taken_over = taken_over;
            keep.drafts = now.drafts;
            keep.written = work;
            keep.place = Some(place);
            if playground.screen().edited.is_none() {
                keep.drafts.remove("editor");
            }
        });
        watch();
        return Ok(Found { playground, told: None });
    }
    let why = "a part of it is damaged".to_owned();
    all::relabel(&place.id, |label| label.aside.clone_from(&why)).await?;
    let told = unreadable(&why);
    if work.format == 0 {
        return Ok(Found { told: Some(told), ..Found::default() });
    }
    let name =
        free_name(&format!("{} (recovered)", place.label.name), &all::names(database).await?);
    let drafts = work.drafts.clone();
    let played = opening::play(Opening::of_work(work), &quoted(&name), false).await;
    let Ok(playground) = played else { return Ok(Found { told: Some(told), ..Found::default() }) };
    with(|keep| {
        keep.drafts = drafts;
        keep.place = Some(Place::new(&name, ""));
        keep.is_due = true;
    });
    let told = format!("{told} What could be read of it is here.");
    Ok(Found { playground, told: Some(told) })
}

fn unreadable(why: &str) -> String {
    format!(
        "Your saved work could not be opened: {why}. It is kept aside in this browser, under Workspaces."
    )
}

/// Takes into the database what is kept elsewhere: changes of tabs that died, work of earlier releases.
/// Returns what a person is to be told.
async fn take_in(database: &Rc<Database>) -> Result<Option<String>, Trouble> {
    for (key, id, pending) in pending() {
        // What finds no room stays where it is: whoever opens the workspace goes on with it.
        if take_in_one(database, &id, &pending).await.is_ok_and(|is_safe| is_safe) {
            storage::forget(&key);
        }
    }
    let mut told = None;
    for (key, name, text) in storage::earlier() {
        match opening::read(text.clone()).await {
            Ok(work) => drop(all::add(&name, "", &work).await?),
            Err(error) => {
                set_aside(database, &name, &text, &error).await?;
                told = Some(unreadable(&error.to_string()));
            }
        }
        storage::forget(&key);
    }
    Ok(told)
}

/// What tabs had not in the database yet, in the order in which it is to come there: key, workspace.
fn pending() -> Vec<(String, String, Pending)> {
    let all = storage::pending().into_iter();
    let mut all: Vec<_> =
        all.filter_map(|(key, id, text)| Some((key, id, Pending::read(&text)?))).collect();
    all.sort_by_key(|(.., pending)| pending.after);
    all
}

/// Takes in what a tab had not in the database yet. Whether it is safe there now.
async fn take_in_one(database: &Rc<Database>, id: &str, it: &Pending) -> Result<bool, Trouble> {
    let loaded = Place::load(database, id).await?;
    let (place, written, now) = match &loaded {
        Some(loaded) => (loaded.place.clone(), loaded.work.clone(), it.after(loaded)),
        None => match it.alone(id) {
            Some(alone) => (alone.place, Saved::default(), Some(alone.work)),
            None => return Ok(false),
        },
    };
    if let Some(now) = now {
        if let Some(step) = place.step(&written, &now) {
            database.change(&step.change).await?;
        }
        return Ok(true);
    }
    // Something else came after the same record: this very change, or that of another tab.
    let Some(before) = Place::work_at(database, id, it.after).await? else { return Ok(false) };
    let Some(now) = it.on(before) else { return Ok(false) };
    if Place::work_at(database, id, it.after + 1).await?.as_ref() != Some(&now) {
        all::add(&it.name, "", &now).await?;
    }
    Ok(true)
}

/// The work of a workspace with what is not in the database yet, and the keys of that.
fn with_pending(loaded: &Loaded) -> (Saved, Vec<String>) {
    let own = pending().into_iter().filter(|(_, id, _)| *id == loaded.place.id);
    let mut last = u64::from(loaded.place.last());
    let (mut work, mut keys) = (loaded.work.clone(), Vec::new());
    for (key, _, pending) in own {
        let next = (pending.after == last).then(|| pending.on(work.clone())).flatten();
        if let Some(next) = next {
            (work, last) = (next, last + 1);
            keys.push(key);
        }
    }
    (work, keys)
}

/// Keeps what cannot be read as it is.
async fn set_aside(
    database: &Database,
    name: &str,
    text: &str,
    error: &RestoreError,
) -> Result<(), Trouble> {
    let place = Place::new(&free_name(name, &all::names(database).await?), "");
    let label = Label { aside: error.to_string(), ..place.label };
    let change = Change {
        id: place.id,
        label: Some(label.text()),
        put: vec![(1, text.into())],
        ..Change::default()
    };
    database.change(&change).await
}
