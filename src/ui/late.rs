//! Values that reach a part of the page one frame after the rest.

use super::state::ByAddress;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What is still to be shown.
struct Late<T> {
    /// Shows the value that was new a frame before; dropped, it would not come.
    frame: Option<AnimationFrame>,
    /// The newest value that no frame has been asked for yet.
    next: Option<ByAddress<T>>,
}

/// The value as it was a frame ago. Where a hundred pods change at once, to draw everything takes
/// longer than one frame.
#[hook]
pub fn use_late<T: 'static>(value: &ByAddress<T>) -> ByAddress<T> {
    let shown = use_state(|| value.clone());
    let late = use_mut_ref(|| Late { frame: None, next: None });
    let setter = shown.setter();
    use_effect_with(value.clone(), move |value| {
        let waits = late.borrow().frame.is_some();
        if waits {
            late.borrow_mut().next = Some(value.clone());
        } else {
            ask(&late, value.clone(), setter);
        }
    });
    (*shown).clone()
}

fn ask<T: 'static>(
    late: &Rc<RefCell<Late<T>>>,
    value: ByAddress<T>,
    shown: UseStateSetter<ByAddress<T>>,
) {
    let again = late.clone();
    let frame = request_animation_frame(move |_| {
        shown.set(value);
        let mut late = again.borrow_mut();
        late.frame = None;
        if let Some(next) = late.next.take() {
            drop(late);
            ask(&again, next, shown);
        }
    });
    late.borrow_mut().frame = Some(frame);
}
