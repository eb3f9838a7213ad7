//! Where something is on the screen.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent, ScrollBehavior, ScrollIntoViewOptions};

/// How far along the width of the element a pointer is: 0 at the left end, 1 at the right.
pub fn fraction(element: &Element, event: &PointerEvent) -> Option<f64> {
    let rect = element.get_bounding_client_rect();
    (rect.width() > 0.0)
        .then(|| ((f64::from(event.client_x()) - rect.left()) / rect.width()).clamp(0.0, 1.0))
}

/// Lets the element follow the pointer until it is released.
pub fn capture(element: &Element, event: &PointerEvent) {
    // Refused if the pointer is gone already; then there is nothing to follow.
    let _ = element.set_pointer_capture(event.pointer_id());
}

/// Scrolls the element with this id into view and puts the focus there.
pub fn show(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(ScrollBehavior::Auto);
    element.scroll_into_view_with_scroll_into_view_options(&options);
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}
