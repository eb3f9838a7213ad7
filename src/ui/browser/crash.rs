//! A panic ends the application at once; the page that says so needs nothing of it (`static/parts/`).

use js_sys::Error;
use std::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// The application panicked: what it holds is not to be saved any more.
pub fn happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
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
