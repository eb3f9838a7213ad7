//! How long the page works before it lets the browser draw and hear what a person does.

use statefulset_playground::playground::Patience;
use std::rc::Rc;

/// Longest slice of work, in milliseconds.
const SLICE_MS: f64 = 16.0;

/// The patience for a slice that begins now.
pub fn begin() -> Patience {
    let over = js_sys::Date::now() + SLICE_MS;
    Patience::new(Rc::new(move || js_sys::Date::now() < over))
}
