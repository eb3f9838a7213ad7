//! What the person asked of their system, and the theme of this page.

use gloo::utils::{document_element, window};

/// The person asked for less motion.
pub fn reduced_motion() -> bool {
    window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Shows the page in this theme; `None` follows the system.
pub fn show_theme(theme: Option<&str>) {
    let root = document_element();
    // Both are refused only for a name that is no attribute name.
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}
