//! Fetches files of this site.

use gloo::utils::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::Callback;

/// Fetches a text from an address below the page and hands it over; none if it cannot be had.
pub fn text(address: &str, done: Callback<Option<String>>) {
    let request = window().fetch_with_str(address);
    spawn_local(async move {
        let text = async {
            let response: Response = JsFuture::from(request).await?.dyn_into()?;
            if !response.ok() {
                return Err(JsValue::NULL);
            }
            JsFuture::from(response.text()?).await
        };
        done.emit(text.await.ok().and_then(|text| text.as_string()));
    });
}
