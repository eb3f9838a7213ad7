//! What tabs of this page tell each other, and what the page asks of the browser for all of them.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};
use yew::Callback;

const NAME: &str = "statefulset-playground";

thread_local! {
    /// None where the browser forbids it.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new(NAME).ok();
}

/// Tells the other tabs that a workspace has changed.
pub fn tell(id: &str) {
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            // Refused only for a channel that is closed.
            let _told = channel.post_message(&id.into());
        }
    });
}

/// Tells from now on which workspaces other tabs change.
pub fn listen(changed: Callback<String>) {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(id) = event.data().as_string() {
            changed.emit(id);
        }
    });
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        }
    });
}

/// Asks the browser not to throw the work away when it needs room.
pub fn ask_to_persist() {
    // Some browsers ask the person; a refusal changes nothing.
    let _asked = window().navigator().storage().persist();
}
