//! When typing has paused: what waits for that costs a keystroke nothing.

use crate::ui::state::ByAddress;
use gloo::timers::callback::Timeout;
use js_sys::Date;
use statefulset_playground::manifest::Manifest;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// A pause is this long, in milliseconds.
const PAUSE_MS: u32 = 500;

/// What was typed last, when, and the timer that looks whether anything came after it.
struct Typing {
    manifest: ByAddress<Manifest>,
    at: f64,
    timer: Option<Timeout>,
    paused: Callback<()>,
    settled: UseStateSetter<Option<ByAddress<Manifest>>>,
}

/// Calls `paused` at each pause after a change. Whether no change came since the last pause.
#[hook]
pub fn use_pause(manifest: &ByAddress<Manifest>, paused: Callback<()>) -> bool {
    let settled = use_state(|| None);
    let typing = {
        let (manifest, settled) = (manifest.clone(), settled.setter());
        use_mut_ref(|| Typing { manifest, at: 0.0, timer: None, paused, settled })
    };
    use_effect_with(manifest.clone(), move |manifest| {
        let is_waited_for = {
            let mut typing = typing.borrow_mut();
            typing.manifest = manifest.clone();
            typing.at = Date::now();
            typing.timer.is_some()
        };
        if !is_waited_for {
            wait(&typing, PAUSE_MS);
        }
    });
    settled.as_ref() == Some(manifest)
}

/// One timer waits for the end of many keystrokes: it looks again if there were some meanwhile.
fn wait(typing: &Rc<RefCell<Typing>>, wait_ms: u32) {
    let shared = typing.clone();
    let timer = Timeout::new(wait_ms, move || {
        let passed = Date::now() - shared.borrow().at;
        let left = (f64::from(PAUSE_MS) - passed).clamp(0.0, f64::from(PAUSE_MS)).ceil() as u32;
        if left > 0 {
            return wait(&shared, left);
        }
        let (manifest, paused, settled) = {
            let mut typing = shared.borrow_mut();
            typing.timer = None;
            (typing.manifest.clone(), typing.paused.clone(), typing.settled.clone())
        };
        settled.set(Some(manifest));
        paused.emit(());
    });
    typing.borrow_mut().timer = Some(timer);
}
