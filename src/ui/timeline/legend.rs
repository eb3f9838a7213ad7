//! What the bars and marks mean.

use statefulset_playground::scene::PodState;
use yew::prelude::*;

const STATES: [PodState; 5] = [
    PodState::Pending,
    PodState::Running,
    PodState::Ready,
    PodState::Terminating,
    PodState::Failed,
];

/// The legend.
pub fn legend() -> Html {
    html! {
        <ul class="legend" aria-label="Legend">
            { for STATES.iter().map(|state| html! {
                <li key={state.class()} class="legend__item">
                    <svg class={classes!("legend__bar", "bar", format!("bar--{}", state.class()))}
                        aria-hidden="true" viewBox="0 0 16 12">
                        <rect class="bar__shape" x=".5" y=".5" width="15" height="11" rx="2" />
                    </svg>
                    { if *state == PodState::Running { "Not ready" } else { state.word() } }
                </li>
            }) }
            <li class="legend__item">
                <svg class="legend__mark mark mark--failure" viewBox="-6 -6 12 12"
                    aria-hidden="true">
                    <path d="M-3.2 -3.2l6.4 6.4M3.2 -3.2l-6.4 6.4" />
                </svg>
                { "probe failed" }
            </li>
            <li class="legend__item">
                <svg class="legend__mark mark mark--restart" viewBox="-6 -6 12 12"
                    aria-hidden="true">
                    <path d="M3.4 -2.4A4.2 4.2 0 1 0 4.2 0M4.6 -5v3.2H1.4" />
                </svg>
                { "restarted" }
            </li>
            <li class="legend__item">
                <svg class="legend__mark arrow" viewBox="0 0 16 12" aria-hidden="true">
                    <path class="arrow__line" d="M1 6h9" />
                    <path class="arrow__head" d="M9 2.5L15 6l-6 3.5z" />
                </svg>
                { "made possible" }
            </li>
        </ul>
    }
}
