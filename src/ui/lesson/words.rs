//! The texts of lessons: paragraphs, and code between backticks.

use yew::prelude::*;

/// Paragraphs, with empty lines between them.
pub fn paragraphs(text: &str) -> Html {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    html! { { for parts.map(|part| html! { <p class="lesson__text">{ spans(part) }</p> }) } }
}

/// A text with what stands between backticks as code.
pub fn spans(text: &str) -> Html {
    let spans = text.split('`').enumerate().map(|(number, part)| match number % 2 {
        1 => html! { <code>{ part }</code> },
        _ => html! { { part } },
    });
    html! { { for spans } }
}
