//! A panic ends the application at once; the page that says so needs nothing of it (`static/parts/`).

use gloo::utils::window;
use js_sys::Error;
use std::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// The application panicked: what it holds is not to be saved any more.
pub fn happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
}

/// Notes for whoever shows that the page failed whether something is not kept, and why.
pub fn mark(is_unsaved: bool, why: &str) {
    let mark = js_sys::Object::new();
    let put = |name: &str, value: wasm_bindgen::JsValue| {
        // Refused only for objects that cannot be written to.
        let _ = js_sys::Reflect::set(&mark, &name.into(), &value);
    };
    put("unsaved", is_unsaved.into());
    put("why", why.into());
    let _ = js_sys::Reflect::set(&window(), &"statefulsetPlayground".into(), &mark);
}

/// Tells the page when the application panics.
pub fn install() {
    // Not the standard one: Yew would put its own over it.
    yew::set_custom_panic_hook(Box::new(|info| {
        HAPPENED.store(true, Ordering::Relaxed);
        let message = info.to_string();
        gloo::console::error!(&message);
        let error = Error::new(&message);
        // `static/rest.js` knows it by this name.
        error.set_name("Panic");
        wasm_bindgen::throw_val(error.into());
    }));
}
