//! Keys that work wherever the focus is, as long as nothing there needs them itself.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

/// Elements to which the arrow keys and letters belong.
const TYPING: &str = "input, textarea, select, [contenteditable], .code__host";
/// Elements to which the space bar belongs.
const PRESSING: &str =
    "input, textarea, select, button, summary, a, [contenteditable], .code__host";

/// A key of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    PlayOrPause,
    StepForward,
    StepBack,
    Apply,
    Undo,
    Redo,
}

/// Listens as long as the listener lives.
pub fn listen(callback: Callback<Shortcut>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if let Some(shortcut) = shortcut(event) {
            event.prevent_default();
            callback.emit(shortcut);
        }
    })
}

fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector| {
        target.as_ref().is_some_and(|element| element.closest(selector).ok().flatten().is_some())
    };
    let command = event.ctrl_key() || event.meta_key();
    match (event.key().as_str(), command) {
        ("Enter", true) => Some(Shortcut::Apply),
        ("z", true) if !event.shift_key() && !within(TYPING) => Some(Shortcut::Undo),
        ("z" | "Z" | "y", true) if !within(TYPING) => Some(Shortcut::Redo),
        _ if command || event.alt_key() || within("[popover]") => None,
        (" ", _) if !within(PRESSING) => Some(Shortcut::PlayOrPause),
        ("ArrowRight", _) if !within(TYPING) => Some(Shortcut::StepForward),
        ("ArrowLeft", _) if !within(TYPING) => Some(Shortcut::StepBack),
        _ => None,
    }
}
