//! The gate between two neighbouring ordinals.

use statefulset_playground::scene::Gate;
use yew::prelude::*;

/// A turnstile: two bars while shut, a tick once open.
pub fn gate_view(gate: &Gate) -> Html {
    let Gate { open, text } = gate;
    let (state, word) = if *open { ("gate--open", "open") } else { ("gate--shut", "shut") };
    html! {
        <div class={classes!("gate", state)} role="img" aria-label={format!("Gate {word}: {text}")}
            title={text.clone()}>
            <svg class="gate__shape" viewBox="0 0 24 24" aria-hidden="true">
                <circle class="gate__disc" cx="12" cy="12" r="10.5" />
                if *open {
                    <path class="gate__sign" d="M7.2 12.4l3.3 3.3 6.3-6.9" />
                } else {
                    <path class="gate__sign" d="M9.4 7.5v9M14.6 7.5v9" />
                }
            </svg>
            <span class="gate__word">{ word }</span>
        </div>
    }
}
