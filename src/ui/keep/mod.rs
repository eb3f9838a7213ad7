//! Keeps the work: every change at once where a crash leaves it, and soon in the browser's database.
//!
//! What cannot be kept is a fact: it has a reason, stays told until it is kept, and is tried again. Work
//! that another tab has changed is kept as a copy. Nothing is forgotten before it is safe elsewhere.

mod all;
mod beside;
mod opening;
mod place;
mod start;
mod told;

pub use all::{Listed, copy, delete, export, file_of, import, list, restore, take_back};
pub use beside::{beside, follow_link};
pub use start::{Found, resume};
pub use told::{NotSaved, open, sentence};

use super::browser::database::{Database, Trouble};
use super::browser::{address, crash, leave, storage, tabs};
use gloo::timers::callback::Timeout;
use place::Place;
use statefulset_playground::playground::journal::entry;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::workspaces::free_name;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

/// A change is in the database this long after it was made, in milliseconds, with those made meanwhile.
const SOON_MS: u32 = 300;

/// What could not be kept is tried again after this time, in milliseconds.
const AGAIN_MS: u32 = 4_000;

/// So many inputs more than in the database are written there at once, and nowhere else before.
const MOST_PENDING: usize = 4_000;

/// What a workspace of a person's own is called at first.
pub const FIRST_NAME: &str = "My work";

/// How it stands with the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It is kept, or there is nothing to keep.
    #[default]
    Kept,
    /// It is not: why.
    Not(Trouble),
    /// Another tab has changed the workspace of this name and id; what is done here is kept apart.
    Elsewhere(String, String),
}

#[derive(Default)]
struct Keep {
    database: Option<Rc<Database>>,
    place: Option<Place>,
    /// The work as it is in the database.
    written: Saved,
    /// What is on its way there: the workspace and the work once it has arrived.
    arriving: Option<(Place, Saved)>,
    /// A change is not in the database yet.
    is_due: bool,
    /// A change is on its way there.
    is_busy: bool,
    /// A crash would leave what is not in the database yet.
    is_pending_kept: bool,
    /// The page starts anew with another workspace: nothing more is kept here.
    is_over: bool,
    is_watching: bool,
    /// What tabs that died had kept elsewhere, and what the work has since: forgotten once it is written.
    taken_over: Vec<String>,
    timer: Option<Timeout>,
    state: State,
    drafts: BTreeMap<String, String>,
}

thread_local! {
    /// None as long as there is nothing to keep.
    static KEEP: RefCell<Option<Box<Keep>>> = const { RefCell::new(None) };
    /// What the page is asked, and told.
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// The page: its work, and whom it tells where that is kept and how it stands with it.
#[derive(Clone)]
struct Page {
    work: Callback<(), Saved>,
    tell: Callback<(String, State)>,
}

fn with<T>(act: impl FnOnce(&mut Keep) -> T) -> T {
    KEEP.with_borrow_mut(|keep| act(keep.get_or_insert_default()))
}

/// Whether there is anything to keep.
fn is_begun() -> bool {
    KEEP.with_borrow(Option::is_some)
}

/// From now on the work is what `work` says, and `tell` is told where it is kept and how it stands
/// with it.
pub fn of(work: Callback<(), Saved>, tell: Callback<(String, State)>) {
    PAGE.set(Some(Page { work, tell }));
    if is_begun() {
        tell_all();
        write_what_was_found();
    }
}

/// What the page begins with may not be in the database yet: a link's work, what found no room.
#[inline(never)]
fn write_what_was_found() {
    if with(|keep| keep.is_due) {
        changed();
    }
}

#[inline(never)]
fn tell_all() {
    let state = with(|keep| keep.state.clone());
    if let Some(page) = PAGE.with_borrow(Clone::clone) {
        page.tell.emit((name(), state));
    }
}

/// From now on there is something to keep: other tabs may change it, and the page may be left.
#[inline(never)]
fn watch() {
    if with(|keep| std::mem::replace(&mut keep.is_watching, true)) {
        return;
    }
    mark();
    tabs::listen(Callback::from(changed_elsewhere));
    leave::listen(Callback::from(|()| leave()), would_lose);
}

/// The work as it is, with its drafts.
fn present() -> Option<Saved> {
    let work = PAGE.with_borrow(Clone::clone)?.work.emit(());
    Some(Saved { drafts: with(|keep| keep.drafts.clone()), ..work })
}

/// The name of this tab's workspace.
pub fn name() -> String {
    if is_begun() { name_of_place() } else { FIRST_NAME.into() }
}

#[inline(never)]
fn name_of_place() -> String {
    with(|keep| keep.place.as_ref().map_or(FIRST_NAME.into(), |place| place.label.name.clone()))
}

/// The id of this tab's workspace; empty if nothing is to be kept yet.
pub fn id() -> String {
    with(|keep| keep.place.as_ref().map_or_else(String::new, |place| place.id.clone()))
}

/// Something has changed: it is kept.
pub fn changed() {
    if address::is_embedded() || crash::happened() || with(|keep| keep.is_over) {
        return;
    }
    let Some(now) = present() else { return };
    watch();
    let place = with(|keep| keep.place.get_or_insert_with(|| Place::new(FIRST_NAME, "")).clone());
    // A crash may find what is on its way in the database, or not.
    let (place, written) = with(|keep| {
        let as_it_is = || (place.clone(), keep.written.clone());
        keep.arriving.clone().unwrap_or_else(as_it_is)
    });
    let more = now.session.inputs.len().saturating_sub(written.session.inputs.len());
    // So much is written down once, and at once.
    let mut pending = None;
    if more < MOST_PENDING {
        let Some(short) = entry(&written, &now) else { return };
        pending = Some(place.pending(&short));
    }
    if place.kept.is_none() {
        storage::choose(&place.id);
    }
    let is_kept = pending
        .is_some_and(|pending| storage::set_pending(&place.id, place.last(), Some(&pending)));
    if is_kept {
        forget_what_was_taken_over();
    }
    let wait = if is_kept { SOON_MS } else { 0 };
    with(|keep| {
        (keep.is_due, keep.is_pending_kept) = (true, is_kept);
        let waits_again = matches!(keep.state, State::Not(_)) && keep.timer.is_some();
        if !keep.is_busy && !waits_again {
            keep.timer.get_or_insert_with(|| soon(wait));
        }
    });
    mark();
}

/// What tabs that died had kept elsewhere is in what this one has kept since.
fn forget_what_was_taken_over() {
    let keys = with(|keep| std::mem::take(&mut keep.taken_over));
    keys.iter().for_each(|key| storage::forget(key));
}

/// Writes what is due in a while.
fn soon(wait_ms: u32) -> Timeout {
    Timeout::new(wait_ms, || {
        with(|keep| keep.timer = None);
        spawn_local(write());
    })
}

/// What is half written elsewhere on the page; empty: nothing is.
pub fn draft(what: &str, text: &str) {
    let is_same = with(|keep| keep.drafts.get(what).map_or("", String::as_str) == text);
    if is_same {
        return;
    }
    with(|keep| match text {
        "" => drop(keep.drafts.remove(what)),
        text => drop(keep.drafts.insert(what.into(), text.into())),
    });
    changed();
}

/// What was half written when the page was left.
pub fn draft_of(what: &str) -> Option<String> {
    is_begun().then(|| kept_draft(what)).flatten()
}

#[inline(never)]
fn kept_draft(what: &str) -> Option<String> {
    with(|keep| keep.drafts.get(what).cloned())
}

/// The page is being left, now or perhaps.
pub fn leave() {
    if with(|keep| keep.place.is_some()) {
        changed();
    }
    if with(|keep| keep.is_due && !keep.is_busy) {
        with(|keep| keep.timer = None);
        spawn_local(write());
    }
}

/// Whether something would be lost if the page were left now.
pub fn would_lose() -> bool {
    with(|keep| keep.is_due && !keep.is_pending_kept && !keep.is_over)
}

/// Writes what is due, and waits for it. Whether everything is kept.
pub async fn flush() -> bool {
    changed();
    while with(|keep| keep.is_busy) {
        gloo::timers::future::sleep(std::time::Duration::from_millis(10)).await;
    }
    write().await;
    with(|keep| !keep.is_due)
}

/// Writes what is due until nothing is, or it cannot be.
async fn write() {
    if with(|keep| std::mem::replace(&mut keep.is_busy, true)) {
        return;
    }
    while with(|keep| keep.is_due) {
        if let Err(trouble) = write_once().await {
            with(|keep| keep.timer = Some(soon(AGAIN_MS)));
            set(State::Not(trouble));
            break;
        }
    }
    with(|keep| keep.is_busy = false);
    mark();
}

async fn write_once() -> Result<(), Trouble> {
    let database = database().await?;
    let Some(now) = present() else { return Ok(()) };
    let Some(place) = name_first(&database).await? else { return Ok(()) };
    let step = with(|keep| {
        keep.is_due = false;
        place.step(&keep.written, &now)
    });
    let forget = || storage::set_pending(&place.id, place.last(), None);
    let Some(step) = step else {
        forget();
        return Ok(());
    };
    with(|keep| keep.arriving = Some((step.place.clone(), now.clone())));
    let arrived = database.change(&step.change).await;
    with(|keep| keep.arriving = None);
    match arrived {
        Ok(()) => {}
        Err(Trouble::Changed) if step.is_slight() => {
            forget();
            return Ok(());
        }
        Err(Trouble::Changed) => {
            // A tab that begins takes in what this one had not written yet.
            match Place::load(&database, &place.id).await? {
                Some(loaded) if loaded.is_whole && loaded.work == now => with(|keep| {
                    keep.written = now;
                    keep.place = Some(loaded.place);
                }),
                _ => move_aside(&place),
            }
            return Ok(());
        }
        Err(trouble) => {
            with(|keep| keep.is_due = true);
            changed();
            return Err(trouble);
        }
    }
    tabs::tell(&place.id);
    with(|keep| {
        keep.written = now;
        keep.place = Some(step.place);
    });
    forget();
    forget_what_was_taken_over();
    if with(|keep| matches!(keep.state, State::Not(_))) {
        set(State::Kept);
    }
    Ok(())
}

/// This tab's workspace; one that is not kept yet gets a name that is free.
async fn name_first(database: &Database) -> Result<Option<Place>, Trouble> {
    let Some(place) = with(|keep| keep.place.clone()) else { return Ok(None) };
    if place.kept.is_some() {
        return Ok(Some(place));
    }
    let taken = all::names(database).await?;
    let name = free_name(&place.label.name, &taken);
    with(|keep| {
        if let Some(place) = &mut keep.place {
            place.label.name.clone_from(&name);
        }
    });
    tell_all();
    tabs::ask_to_persist();
    Ok(with(|keep| keep.place.clone()))
}

/// Another tab has changed the workspace: what is done here goes into one of its own.
fn move_aside(place: &Place) {
    let other = Place::new(&place.label.name, &place.label.origin);
    storage::choose(&other.id);
    with(|keep| {
        keep.place = Some(other);
        keep.written = Saved::default();
    });
    set(State::Elsewhere(place.label.name.clone(), place.id.clone()));
    changed();
    storage::set_pending(&place.id, place.last(), None);
}

/// Another tab has changed a workspace.
fn changed_elsewhere(id: String) {
    let name = with(|keep| {
        let place = keep.place.as_ref().filter(|place| place.id == id)?;
        Some(place.label.name.clone())
    });
    if let Some(name) = name {
        set(State::Elsewhere(name, id));
    }
}

/// Ends keeping: the page starts anew.
pub fn end() {
    with(|keep| keep.is_over = true);
}

async fn database() -> Result<Rc<Database>, Trouble> {
    if let Some(database) = with(|keep| keep.database.clone()) {
        return Ok(database);
    }
    let database = Rc::new(Database::open().await?);
    with(|keep| keep.database = Some(Rc::clone(&database)));
    Ok(database)
}

fn set(state: State) {
    with(|keep| keep.state = state);
    tell_all();
    mark();
}

/// Says to a page that may fail how it stands with the work.
fn mark() {
    let (is_due, state) = with(|keep| (keep.is_due || keep.is_busy, keep.state.clone()));
    let why = match &state {
        State::Not(trouble) => told::why(trouble),
        _ => "",
    };
    crash::mark(is_due && !with(|keep| keep.is_pending_kept), why);
}
