//! The page's own address: the link that it was opened by, and whether it stands in another page.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::Callback;

/// The fragment, with its `#`; empty if there is none.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Whether the page was asked to show the stage alone: `?embed=1`.
pub fn is_embedded() -> bool {
    let search = window().location().search().unwrap_or_default();
    search.trim_start_matches('?').split('&').any(|pair| pair == "embed=1")
}

/// Whether nothing can be there to go on with: no link, nothing kept.
pub fn is_first_visit() -> bool {
    let kept = window().local_storage().ok().flatten();
    fragment().is_empty() && kept.is_none_or(|kept| kept.length().is_ok_and(|length| length == 0))
}

/// Takes the fragment off the address: what it carried is the page's own now.
pub fn drop_fragment() {
    let location = window().location();
    let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
    if let Ok(history) = window().history() {
        let address = format!("{path}{search}");
        let _refused = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Calls back when another link to this page is opened in it, as long as the listener lives.
pub fn listen(opened: Callback<()>) -> EventListener {
    EventListener::new(&window(), "hashchange", move |_| {
        let fragment = fragment();
        if ["#play=", "#lesson="].iter().any(|begin| fragment.starts_with(begin)) {
            opened.emit(());
        }
    })
}

/// The address of this page with a fragment.
pub fn with_fragment(fragment: &str) -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    format!("{origin}{path}#{fragment}")
}

/// Loads the page anew.
pub fn reload() {
    let _refused = window().location().reload();
}
