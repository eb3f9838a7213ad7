//! What stays in this browser: the work, the theme.

use gloo::storage::{LocalStorage, Storage};

const WORK: &str = "statefulset-playground.work";
const ASIDE: &str = "statefulset-playground.work.aside";
const THEME: &str = "statefulset-playground.theme";

/// The saved work, if there is any.
pub fn load() -> Option<String> {
    LocalStorage::get(WORK).ok()
}

/// Saves the work. A browser may forbid storage or have none left; then the work lives as long as
/// the page.
pub fn save(work: &str) {
    if !super::crash::happened() {
        let _ = LocalStorage::set(WORK, work);
    }
}

/// Moves the saved work to where a person can still find it, and a start does not.
pub fn keep_aside() {
    if let Some(work) = load() {
        let _ = LocalStorage::set(ASIDE, work);
    }
    LocalStorage::delete(WORK);
}

/// The chosen theme, `light` or `dark`.
pub fn theme() -> Option<String> {
    LocalStorage::get(THEME).ok()
}

/// Keeps the chosen theme; `None` follows the system.
pub fn set_theme(theme: Option<&str>) {
    match theme {
        Some(theme) => {
            let _ = LocalStorage::set(THEME, theme);
        }
        None => LocalStorage::delete(THEME),
    }
}
