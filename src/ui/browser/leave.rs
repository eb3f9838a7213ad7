//! The moment before a page is left: the last one in which work can be saved.

use gloo::events::EventListener;
use gloo::utils::window;
use yew::Callback;

/// Listens as long as the listener lives.
pub fn listen(callback: Callback<()>) -> EventListener {
    EventListener::new(&window(), "pagehide", move |_| callback.emit(()))
}
