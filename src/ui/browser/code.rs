//! The editor that comes later (`static/editor/editor.js`): opened in an element, told what to show.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::Element;
use yew::Callback;

#[wasm_bindgen]
extern "C" {
    /// Fetches the editor and opens it, see `static/parts/parts.js`.
    #[wasm_bindgen(catch, js_name = openEditor)]
    fn open_editor(host: &Element, page: &Object) -> Result<Promise, JsValue>;

    /// The opened editor.
    #[derive(Clone)]
    pub type Code;

    #[wasm_bindgen(method, js_name = show)]
    fn show_in(this: &Code, text: Option<&str>, problems: &str, changed: &Array);

    #[wasm_bindgen(method, js_name = goToLine)]
    pub fn go_to_line(this: &Code, line: u32);

    #[wasm_bindgen(method, js_name = focusAt)]
    pub fn focus_at(this: &Code, from: u32, to: u32);
}

/// What the editor asks of the page. Offsets are in UTF-16 units, answers are JSON.
pub struct Page {
    pub edited: Callback<String>,
    /// A text of so many units was not taken in.
    pub refused: Callback<u32>,
    pub undo: Callback<()>,
    pub redo: Callback<()>,
    /// The number of a quick fix, in the order in which they were shown.
    pub fix: Callback<u32>,
    pub complete: Callback<u32, String>,
    pub hover: Callback<u32, Promise>,
}

impl Code {
    /// Shows a text if it is another one, its problems as JSON, and which lines have changed.
    pub fn show(&self, text: Option<&str>, problems: &str, changed: &[u32]) {
        let lines: Array = changed.iter().map(|line| JsValue::from(*line)).collect();
        self.show_in(text, problems, &lines);
    }
}

/// Opens the editor in an element; nothing comes back if it cannot be had.
pub fn open(host: Element, page: Page, done: Callback<Code>) {
    let asks = Object::new();
    let Page { edited, refused, undo, redo, fix, complete, hover } = page;
    let put = |name: &str, function: JsValue| {
        // Refused only for objects that cannot be written to.
        let _ = Reflect::set(&asks, &name.into(), &function);
    };
    let called = |function: Closure<dyn FnMut()>| function.into_js_value();
    put("undo", called(Closure::new(move || undo.emit(()))));
    put("redo", called(Closure::new(move || redo.emit(()))));
    let function = Closure::<dyn FnMut(String)>::new(move |text| edited.emit(text));
    put("edited", function.into_js_value());
    let function = Closure::<dyn FnMut(u32)>::new(move |index| fix.emit(index));
    put("fix", function.into_js_value());
    let function = Closure::<dyn FnMut(u32)>::new(move |length| refused.emit(length));
    put("refused", function.into_js_value());
    let function = Closure::<dyn FnMut(u32) -> String>::new(move |at| complete.emit(at));
    put("complete", function.into_js_value());
    let function = Closure::<dyn FnMut(u32) -> Promise>::new(move |at| hover.emit(at));
    put("hover", function.into_js_value());
    spawn_local(async move {
        let Ok(opening) = open_editor(&host, &asks) else { return };
        if let Ok(code) = JsFuture::from(opening).await {
            done.emit(code.unchecked_into());
        }
    });
}

/// The answer that there is nothing to tell.
pub fn nothing() -> Promise {
    future_to_promise(async { Ok(JsValue::from("null")) })
}
