//! Opens a popover beside the element that asked for it.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Room between the opener, the popover and the edge of the window, in CSS pixels.
const MARGIN: f64 = 8.0;

/// A place on the screen, in CSS pixels: the left and right, top and bottom edges of an opener.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    left: f64,
    top: f64,
    bottom: f64,
}

/// What popovers open beside.
const OPENERS: &str = "[aria-haspopup], .pod, .disk";

/// Where the opener is that was clicked. Yew listens at the page's root, so the event's current
/// target says nothing.
pub fn anchor(event: &Event) -> Option<Anchor> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let element = target.closest(OPENERS).ok()??;
    let rect = element.get_bounding_client_rect();
    Some(Anchor { left: rect.left(), top: rect.top(), bottom: rect.bottom() })
}

/// Shows the popover below the anchor, or above where there is no room.
pub fn open(popover: &HtmlElement, anchor: Anchor) {
    // Refused only if it is open already, and then it moves.
    let _ = popover.show_popover();
    let rect = popover.get_bounding_client_rect();
    let (width, height) = (extent(window().inner_width()), extent(window().inner_height()));
    let left = anchor.left.min(width - rect.width() - MARGIN).max(MARGIN);
    let below = anchor.bottom + MARGIN / 2.0;
    let above = anchor.top - rect.height() - MARGIN / 2.0;
    let top = if below + rect.height() <= height - MARGIN { below } else { above.max(MARGIN) };
    let style = popover.style();
    // Custom properties take any value.
    let _ = style.set_property("--x", &px(left));
    let _ = style.set_property("--y", &px(top));
}

fn px(length: f64) -> String {
    format!("{}px", length as i32)
}

/// Hides the popover.
pub fn close(popover: &HtmlElement) {
    // Refused only if it is not open.
    let _ = popover.hide_popover();
}

/// Whether the popover is shown.
pub fn is_open(popover: &HtmlElement) -> bool {
    popover.matches(":popover-open").unwrap_or(false)
}

fn extent(value: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>) -> f64 {
    value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
}

/// Whether the click was on a button inside.
pub fn chose(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest("button").ok().flatten().is_some())
}
