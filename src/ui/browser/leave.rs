//! The moments before a page is left: the last ones in which work can be kept.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use yew::Callback;

/// Calls back when the page may be left: it is hidden, closed, or another one opens. While something
/// `would_be_lost`, the browser asks first. Listens as long as the page lives.
pub fn listen(leaving: Callback<()>, would_be_lost: fn() -> bool) {
    let hidden = leaving.clone();
    let options = EventListenerOptions::enable_prevent_default();
    let listeners = [
        EventListener::new(&window(), "pagehide", move |_| leaving.emit(())),
        EventListener::new(&document(), "visibilitychange", move |_| {
            if document().hidden() {
                hidden.emit(());
            }
        }),
        EventListener::new_with_options(&window(), "beforeunload", options, move |event| {
            if would_be_lost() {
                event.prevent_default();
            }
        }),
    ];
    listeners.into_iter().for_each(EventListener::forget);
}
