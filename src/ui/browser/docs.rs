//! What the API's own schema says about fields: a file that is fetched when somebody asks first.

use super::fetch;
use js_sys::Promise;
use serde_json::{Value, json};
use statefulset_playground::api::Tree;
use statefulset_playground::manifest::assist::Explained;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

const ADDRESS: &str = "docs/fields.json";
/// An explanation that takes longer is shown without its text.
const PATIENCE_MS: u32 = 2_000;

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
    let text = fetch::within(ADDRESS, PATIENCE_MS).await?;
    let docs = Rc::new(statefulset_playground::api::json::parse(&text).ok()?);
    DOCS.set(Some(docs.clone()));
    Some(docs)
}
