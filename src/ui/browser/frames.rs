//! Turns the browser's frames into elapsed wall time, as long as the handle lives.

use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// A page that was hidden or busy does not make up for more than this, in milliseconds.
const LONGEST_MS: f64 = 100.0;

/// Frames keep coming while this lives. A hidden page gets none from the browser.
pub struct Frames {
    _next: Rc<RefCell<Option<AnimationFrame>>>,
}

impl Frames {
    /// Calls back before each frame with the milliseconds since the one before.
    pub fn start(callback: Callback<u32>) -> Self {
        let next = Rc::new(RefCell::new(None));
        request(&next, callback, None);
        Self { _next: next }
    }
}

fn request(
    slot: &Rc<RefCell<Option<AnimationFrame>>>,
    callback: Callback<u32>,
    before: Option<f64>,
) {
    let weak = Rc::downgrade(slot);
    let frame = request_animation_frame(move |now| {
        let Some(slot) = weak.upgrade() else { return };
        let elapsed = before.map_or(0.0, |before| (now - before).clamp(0.0, LONGEST_MS));
        // What is cut off here counts for the next frame, so no time is lost to rounding.
        let whole = elapsed.floor();
        if whole >= 1.0 {
            callback.emit(whole as u32);
        }
        request(&slot, callback, Some(now - elapsed.fract()));
    });
    *slot.borrow_mut() = Some(frame);
}
