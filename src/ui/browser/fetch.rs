//! Fetches files of this site: all of them, by one function that knows when a file has arrived.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

#[wasm_bindgen]
extern "C" {
    /// Fetches a text, tries again for as long as it takes and says what does not come: see
    /// `static/parts/texts.js`. Undefined after that many milliseconds, if some are given.
    #[wasm_bindgen(catch, js_name = fetchText)]
    fn fetch_text(address: &str, patience_ms: Option<u32>) -> Result<Promise, JsValue>;
}

/// Fetches a text from an address below the page and hands it over; none if there is no such file, or
/// if the person does not want to wait any longer.
pub fn text(address: &str, done: Callback<Option<String>>) {
    let address = address.to_owned();
    spawn_local(async move { done.emit(arrived(&address, None).await) });
}

/// The text at an address below the page, if it is here after so many milliseconds; it goes on coming
/// for whoever asks next.
pub async fn within(address: &str, patience_ms: u32) -> Option<String> {
    arrived(address, Some(patience_ms)).await
}

async fn arrived(address: &str, patience_ms: Option<u32>) -> Option<String> {
    let coming = fetch_text(address, patience_ms).ok()?;
    JsFuture::from(coming).await.ok()?.as_string()
}
