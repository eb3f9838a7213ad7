//! Values that reach a part of the page some frames after the rest, where there is much to draw.

use super::state::ByAddress;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// So many rows are drawn at once, in the frame of the change.
pub const FEW: usize = 24;

/// What is shown and what is still to be.
struct Late<T> {
    shown: ByAddress<T>,
    /// There is much to draw of it.
    is_large: bool,
    /// The frame that is asked for; dropped, it would not come.
    frame: Option<AnimationFrame>,
    /// Values, each with the number of frames until it is shown.
    waiting: Vec<(u32, ByAddress<T>, bool)>,
}

/// The value, or, if there is much to draw of it or was before, as it was so many frames ago. Where a
/// hundred pods change at once, to draw everything takes longer than one frame; so parts follow each
/// other.
#[hook]
pub fn use_late<T: 'static>(value: &ByAddress<T>, is_large: bool, frames: u32) -> ByAddress<T> {
    let first = value.clone();
    let late =
        use_mut_ref(move || Late { shown: first, is_large, frame: None, waiting: Vec::new() });
    let update = use_force_update();
    let at_once = !is_large && !late.borrow().is_large;
    if at_once {
        let mut late = late.borrow_mut();
        late.shown = value.clone();
        late.waiting.clear();
    }
    let shown = late.borrow().shown.clone();
    use_effect_with(value.clone(), move |value| {
        if at_once {
            return;
        }
        late.borrow_mut().waiting.push((frames, value.clone(), is_large));
        if late.borrow().frame.is_none() {
            ask(&late, update);
        }
    });
    shown
}

fn ask<T: 'static>(late: &Rc<RefCell<Late<T>>>, update: UseForceUpdateHandle) {
    let again = late.clone();
    let frame = request_animation_frame(move |_| {
        let mut guard = again.borrow_mut();
        let late = &mut *guard;
        late.frame = None;
        let mut is_due = false;
        late.waiting.retain_mut(|(frames, value, is_large)| {
            *frames -= 1;
            if *frames == 0 {
                late.shown = value.clone();
                late.is_large = *is_large;
                is_due = true;
            }
            *frames > 0
        });
        let is_done = late.waiting.is_empty();
        drop(guard);
        if is_due {
            update.force_update();
        }
        if !is_done {
            ask(&again, update);
        }
    });
    late.borrow_mut().frame = Some(frame);
}
