//! A checkbox that looks like a switch.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A switch with its label.
pub struct Switch {
    /// Its accessible name, and the words beside it.
    pub label: &'static str,
    pub checked: bool,
    pub class: &'static str,
    /// What it does, as a hint.
    pub title: &'static str,
    pub on_change: Callback<bool>,
}

impl Switch {
    /// Draws it.
    pub fn view(self) -> Html {
        let on_change = self.on_change;
        let onchange = move |event: Event| {
            let input =
                event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                on_change.emit(input.checked());
            }
        };
        html! {
            <label class={classes!("switch", self.class)} title={self.title}>
                <span class="switch__label">{ self.label }</span>
                <input class="switch__input" type="checkbox" checked={self.checked} {onchange} />
            </label>
        }
    }
}
