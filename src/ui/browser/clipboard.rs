//! Copies text.

use gloo::utils::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

/// Copies the text and tells whether that worked; a browser may forbid it.
pub fn copy(text: &str, done: Callback<bool>) {
    let promise = window().navigator().clipboard().write_text(text);
    spawn_local(async move { done.emit(JsFuture::from(promise).await.is_ok()) });
}
