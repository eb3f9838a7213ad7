//! Copies text and says that it did.

use crate::ui::browser::clipboard;
use crate::ui::icons::{Icon, glyph};
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long the answer stays, in milliseconds.
const ANSWER_MS: u32 = 2_000;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its accessible name.
    pub label: AttrValue,
    pub text: AttrValue,
    /// Shows the icon only.
    #[prop_or_default]
    pub small: bool,
}

/// A button that copies.
#[component]
pub fn CopyButton(props: &Props) -> Html {
    let answer = use_state(|| None::<bool>);
    {
        let answer = answer.clone();
        use_effect_with(*answer, move |shown| {
            let timeout = shown.map(|_| Timeout::new(ANSWER_MS, move || answer.set(None)));
            move || drop(timeout)
        });
    }
    let onclick = {
        let (text, answer) = (props.text.clone(), answer.clone());
        move |_| {
            let answer = answer.clone();
            clipboard::copy(&text, Callback::from(move |worked| answer.set(Some(worked))));
        }
    };
    let (icon, word) = match *answer {
        None => (Icon::Copy, props.label.clone()),
        Some(true) => (Icon::Check, AttrValue::from("Copied")),
        Some(false) => (Icon::Warning, AttrValue::from("Not allowed")),
    };
    let small = props.small.then_some("button--icon");
    html! {
        <>
            <button class={classes!("button", "button--quiet", small)} type="button"
                aria-label={props.label.clone()} title={props.label.clone()} {onclick}>
                { glyph(icon) }
                if !props.small {
                    <span>{ &word }</span>
                }
            </button>
            <span class="visually-hidden" aria-live="polite">
                { answer.map(|_| word.clone()) }
            </span>
        </>
    }
}
