//! Hands a file to the person.

use gloo::file::{Blob, ObjectUrl};
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use statefulset_playground::playground::take::file_name;
use wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

/// Time in which a browser has surely begun to read the file, in milliseconds.
const KEEP_MS: u32 = 10_000;

/// Downloads the text as a file of this name.
pub fn save_as(name: &str, text: &str) {
    save_bytes(name, "application/yaml", text.as_bytes());
}

/// Downloads bytes as a file of this name and media type.
pub fn save_bytes(name: &str, media_type: &str, bytes: &[u8]) {
    let file = Blob::new_with_options(bytes, Some(media_type));
    let address = ObjectUrl::from(file);
    let link = document().create_element("a").ok().and_then(|a| a.dyn_into().ok());
    let Some(link): Option<HtmlAnchorElement> = link else { return };
    link.set_href(&address);
    link.set_download(&file_name(name));
    link.click();
    Timeout::new(KEEP_MS, move || drop(address)).forget();
}
