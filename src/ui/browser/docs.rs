//! What the API's own schema says about fields: a file that is fetched when somebody asks first.

use gloo::utils::window;
use js_sys::Promise;
use serde_json::{Value, json};
use statefulset_playground::api::Tree;
use statefulset_playground::manifest::assist::Explained;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

const ADDRESS: &str = "docs/fields.json";

thread_local! {
    static DOCS: RefCell<Option<Rc<Value>>> = const { RefCell::new(None) };
}

/// The explanation of a field between two places, as JSON; without a text if none can be had.
pub fn explain(found: Explained, from: u32, to: u32) -> Promise {
    future_to_promise(async move {
        let docs = docs().await;
        let text = docs.as_deref().map_or("", |docs| docs.at(found.owner).text(found.field));
        let title = format!("{}: {}", found.field, found.detail);
        let answer = json!({"from": from, "to": to, "title": title, "text": text});
        Ok(JsValue::from(answer.to_string()))
    })
}

async fn docs() -> Option<Rc<Value>> {
    if let Some(known) = DOCS.with_borrow(Clone::clone) {
        return Some(known);
    }
    let response = JsFuture::from(window().fetch_with_str(ADDRESS)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    let docs = Rc::new(statefulset_playground::api::json::parse(&text).ok()?);
    DOCS.set(Some(docs.clone()));
    Some(docs)
}
