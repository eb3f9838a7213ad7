//! What stays in this browser: the work, the theme.

use gloo::utils::window;
use web_sys::Storage;

const WORK: &str = "statefulset-playground.work";
const ASIDE: &str = "statefulset-playground.work.aside";
const THEME: &str = "statefulset-playground.theme";

/// The saved work, if there is any.
pub fn load() -> Option<String> {
    get(WORK)
}

/// Saves the work. A browser may forbid storage or have none left; then the work lives as long as
/// the page.
pub fn save(work: &str) {
    if !super::crash::happened() {
        set(WORK, Some(work));
    }
}

/// Moves the saved work to where a person can still find it, and a start does not.
pub fn keep_aside() {
    if let Some(work) = load() {
        set(ASIDE, Some(&work));
    }
    set(WORK, None);
}

/// The chosen theme, `light` or `dark`.
pub fn theme() -> Option<String> {
    get(THEME)
}

/// Keeps the chosen theme; `None` follows the system.
pub fn set_theme(theme: Option<&str>) {
    set(THEME, theme);
}

/// The browser's storage, unless it is forbidden.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value, or forgets it. What the browser refuses is not kept.
fn set(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _refused = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}
