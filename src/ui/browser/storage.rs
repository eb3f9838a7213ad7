//! What stays in this browser: workspaces, which of them a tab shows, the theme.

use gloo::events::EventListener;
use gloo::utils::window;
use statefulset_playground::playground::workspaces::{Workspace, free_name};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};
use yew::Callback;

/// The first workspace; others have their name behind a dot.
const WORK: &str = "statefulset-playground.work";
const ASIDE: &str = "statefulset-playground.work.aside";
const THEME: &str = "statefulset-playground.theme";
/// Which workspace was open last; a tab keeps its own beside it.
const CURRENT: &str = "statefulset-playground.current";
/// The ids of lessons that are done, in lines.
const DONE: &str = "statefulset-playground.lessons";
/// What the first workspace is called.
const FIRST_NAME: &str = "My work";

thread_local! {
    /// Whether another tab has changed the workspace that this one shows.
    static CHANGED_ELSEWHERE: Cell<bool> = const { Cell::new(false) };
    /// Whether the page is about to start anew with another workspace: nothing more is saved.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// What became of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept, or need not be.
    Kept,
    /// The browser has no room left, or forbids it.
    Refused,
    /// Another tab has changed the same workspace: neither is to be lost.
    ChangedElsewhere,
}

/// The saved work of this tab's workspace, if there is any.
pub fn load() -> Option<String> {
    get(&key_of(&current()))
}

/// Saves the work in this tab's workspace.
pub fn save(work: &str) -> Saved {
    if super::crash::happened() || LEAVING.get() {
        return Saved::Kept;
    }
    if CHANGED_ELSEWHERE.get() {
        return Saved::ChangedElsewhere;
    }
    save_as(&current(), work)
}

/// Saves work under a name.
pub fn save_as(name: &str, work: &str) -> Saved {
    match set(&key_of(name), Some(work)) {
        true => Saved::Kept,
        false => Saved::Refused,
    }
}

/// Moves the saved work to where a person can still find it, and a start does not.
pub fn keep_aside() {
    if let Some(work) = load() {
        set(ASIDE, Some(&work));
    }
    set(&key_of(&current()), None);
}

/// The name of this tab's workspace.
pub fn current() -> String {
    let own = window().session_storage().ok().flatten();
    let own = own.and_then(|storage| storage.get_item(CURRENT).ok().flatten());
    own.or_else(|| get(CURRENT)).unwrap_or_else(|| FIRST_NAME.into())
}

/// Keeps this tab at its workspace, whatever other tabs choose from now on.
pub fn stay() {
    if let Ok(Some(own)) = window().session_storage() {
        let _refused = own.set_item(CURRENT, &current());
    }
}

/// Makes a workspace this tab's, and the one that the next tab begins with.
pub fn choose(name: &str) {
    CHANGED_ELSEWHERE.set(false);
    if let Ok(Some(own)) = window().session_storage() {
        let _refused = own.set_item(CURRENT, name);
    }
    set(CURRENT, Some(name));
}

/// Makes a workspace this tab's for a page that starts anew: what this one still holds is not saved
/// under the other's name.
pub fn leave_for(name: &str) {
    choose(name);
    LEAVING.set(true);
}

/// The names of all workspaces, in order.
pub fn names() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let name = |key: String| match key.as_str() {
        WORK => Some(FIRST_NAME.to_owned()),
        ASIDE => None,
        key => key.strip_prefix(WORK)?.strip_prefix('.').map(str::to_owned),
    };
    let mut names: Vec<String> = Vec::new();
    for name in keys.filter_map(name) {
        let at = names.partition_point(|other| *other < name);
        names.insert(at, name);
    }
    names
}

/// All workspaces, with their work.
pub fn all() -> Vec<Workspace> {
    let work = |name: String| {
        let saved = get(&key_of(&name))?;
        Some(Workspace { name, saved })
    };
    names().into_iter().filter_map(work).collect()
}

/// Keeps work in a workspace of its own, under this name or one like it; none if there is no room.
pub fn add(name: &str, work: &str) -> Option<String> {
    // Work that could not be opened is kept aside under this name.
    let taken: Vec<String> = names().into_iter().chain(["aside".to_owned()]).collect();
    let name = free_name(name, &taken);
    (save_as(&name, work) == Saved::Kept).then_some(name)
}

/// Forgets a workspace.
pub fn forget(name: &str) {
    set(&key_of(name), None);
}

/// Tells when another tab changes the workspace that this one shows, as long as the listener lives.
pub fn listen(changed: Callback<()>) -> EventListener {
    EventListener::new(&window(), "storage", move |event| {
        let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
        let is_ours = event.key().is_some_and(|key| key == key_of(&current()));
        if is_ours && event.new_value().is_some() {
            CHANGED_ELSEWHERE.set(true);
            changed.emit(());
        }
    })
}

/// The chosen theme, `light` or `dark`.
pub fn theme() -> Option<String> {
    get(THEME)
}

/// Keeps the chosen theme; `None` follows the system.
pub fn set_theme(theme: Option<&str>) {
    set(THEME, theme);
}

/// The ids of the lessons that are done.
pub fn done() -> Vec<String> {
    let kept = get(DONE).unwrap_or_default();
    kept.lines().map(str::to_owned).collect()
}

/// Notes that a lesson is done.
pub fn mark_done(id: &str) {
    let mut all = done();
    if !all.iter().any(|done| done == id) {
        all.push(id.to_owned());
        set(DONE, Some(&all.join("\n")));
    }
}

fn key_of(name: &str) -> String {
    match name {
        FIRST_NAME => WORK.into(),
        name => format!("{WORK}.{name}"),
    }
}

/// The browser's storage, unless it is forbidden.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value, or forgets it; whether the browser let it.
fn set(key: &str, value: Option<&str>) -> bool {
    let Some(storage) = storage() else { return false };
    match value {
        Some(value) => storage.set_item(key, value).is_ok(),
        None => storage.remove_item(key).is_ok(),
    }
}
