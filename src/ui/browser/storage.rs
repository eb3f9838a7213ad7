//! What must be there at once, in the browser's small storage: which workspace a tab shows, what of its
//! work is on its way to the database, the theme, the lessons that are done.

use gloo::utils::window;
use web_sys::Storage;

/// What all keys of ours begin with.
const PREFIX: &str = "statefulset-playground.";
const THEME: &str = "theme";
/// Which workspace was open last; a tab keeps its own beside it.
const CURRENT: &str = "current";
/// The ids of lessons that are done, in lines.
const DONE: &str = "lessons";
/// What is on its way to the database, by tab.
const PENDING: &str = "pending";
/// Set by a page that failed: the next one begins without the workspace.
const ASIDE: &str = "aside";
/// The workspace that is being opened.
const OPENING: &str = "opening";
/// Where earlier releases kept work: the first workspace; others have their name behind a dot.
const WORK: &str = "work";

/// The id of the workspace that this tab showed last, or else that any tab did.
pub fn current() -> Option<String> {
    let own = session().and_then(|own| own.get_item(&key(CURRENT)).ok().flatten());
    own.or_else(|| get(CURRENT))
}

/// Makes a workspace this tab's, and the one that the next tab begins with.
pub fn choose(id: &str) {
    if let Some(own) = session() {
        // Where it is forbidden, the tab begins with the one that was changed last.
        let _refused = own.set_item(&key(CURRENT), id);
    }
    set(CURRENT, Some(id));
}

/// The mark of this tab, another one after each reload.
pub fn tab() -> String {
    thread_local! {
        static TAB: String = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    }
    TAB.with(Clone::clone)
}

/// Whether a page that failed asked to begin without its work; asks once.
pub fn takes_aside() -> bool {
    let Some(own) = session() else { return false };
    let is_asked = own.get_item(&key(ASIDE)).ok().flatten().is_some();
    let _refused = own.remove_item(&key(ASIDE));
    is_asked
}

/// Keeps at once what is to come after a record of a workspace, or forgets it. Whether the browser let
/// it.
pub fn set_pending(id: &str, after: u32, text: Option<&str>) -> bool {
    set(&format!("{PENDING}.{id}.{}.{after}", tab()), text)
}

/// What tabs had not in the database yet: key, workspace, text.
pub fn pending() -> Vec<(String, String, String)> {
    let all = kept(PENDING).into_iter().filter_map(|(key, text)| {
        let mut parts = key.strip_prefix(PREFIX)?.split('.').skip(1);
        let id = parts.next()?.to_owned();
        Some((key, id, text))
    });
    all.collect()
}

/// Forgets a key that [`pending`] or [`earlier`] gave.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _refused = storage.remove_item(key);
    }
}

/// The work that earlier releases kept: key, name, work.
pub fn earlier() -> Vec<(String, String, String)> {
    let all = kept(WORK).into_iter().filter_map(|(key, work)| {
        let rest = key.strip_prefix(PREFIX)?.strip_prefix(WORK)?;
        let name = match rest {
            "" => "My work",
            ".aside" => "Set aside",
            rest => rest.strip_prefix('.')?,
        };
        let name = name.to_owned();
        Some((key, name, work))
    });
    all.collect()
}

/// Keys of ours that begin like this, and their values.
fn kept(begin: &str) -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let ours: Vec<String> = keys.filter(|it| it.starts_with(&key(begin))).collect();
    let value = |key: String| Some((storage.get_item(&key).ok().flatten()?, key));
    ours.into_iter().filter_map(value).map(|(value, key)| (key, value)).collect()
}

/// The workspace that is being opened in this tab.
pub fn opening() -> Option<String> {
    session()?.get_item(&key(OPENING)).ok().flatten()
}

/// Notes which workspace is being opened in this tab.
pub fn set_opening(id: Option<&str>) {
    let Some(own) = session() else { return };
    // Where it is forbidden, a workspace that takes long is opened again.
    let _refused = match id {
        Some(id) => own.set_item(&key(OPENING), id),
        None => own.remove_item(&key(OPENING)),
    };
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

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// The browser's storage, unless it is forbidden.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The storage of this tab, unless it is forbidden.
fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn get(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok().flatten()
}

/// Keeps a value, or forgets it; whether the browser let it.
fn set(name: &str, value: Option<&str>) -> bool {
    let Some(storage) = storage() else { return false };
    match value {
        Some(value) => storage.set_item(&key(name), value).is_ok(),
        None => storage.remove_item(&key(name)).is_ok(),
    }
}
