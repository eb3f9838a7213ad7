//! A page that failed says so, and offers two ways on; the saved work is never lost.

use gloo::events::EventListener;
use gloo::utils::{body, document, window};
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

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

/// Shows the overlay when the application panics.
pub fn install() {
    // Not the standard one: Yew would put its own over it.
    yew::set_custom_panic_hook(Box::new(|info| {
        HAPPENED.store(true, Ordering::Relaxed);
        let message = info.to_string();
        gloo::console::error!(&message);
        // The document itself may refuse; there is nothing left to tell it with then.
        let _ = show(&message);
    }));
}

fn show(message: &str) -> Option<()> {
    if document().query_selector(".crash").ok()?.is_some() {
        return None;
    }
    let overlay = element("div", "crash", "")?;
    overlay.set_attribute("role", "alertdialog").ok()?;
    overlay.set_attribute("aria-label", "The page stopped").ok()?;
    let sheet = add(&overlay, "div", "crash__sheet", "")?;
    add(&sheet, "h2", "crash__title", "The page stopped")?;
    add(&sheet, "p", "", "This is a mistake of the page, not yours. Your work is saved.")?;
    add(&sheet, "pre", "crash__message", message)?;
    let reload = add(&sheet, "button", "button button--primary", "Reload")?;
    EventListener::once(&reload, "click", |_| again()).forget();
    let fresh = add(&sheet, "button", "button", "Reload without saved work")?;
    EventListener::once(&fresh, "click", |_| {
        let session = window().session_storage().ok().flatten();
        // Where it is forbidden, nothing was kept either.
        let _asked = session.map(|own| own.set_item("statefulset-playground.aside", "1"));
        again();
    })
    .forget();
    body().append_child(&overlay).ok()?;
    reload.dyn_ref::<HtmlElement>()?.focus().ok()
}

fn again() {
    // Refused only in a sandboxed frame.
    let _ = window().location().reload();
}

fn element(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Some(element)
}

fn add(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let child = element(tag, class, text)?;
    parent.append_child(&child).ok()?;
    Some(child)
}
