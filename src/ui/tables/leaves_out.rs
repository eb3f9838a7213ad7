//! What the simulation leaves out or makes simpler, from the core's own list.

use statefulset_playground::cluster::simplified::SIMPLIFIED;
use yew::prelude::*;

/// The list.
pub fn leaves_out() -> Html {
    html! {
        <div class="sheet sheet--leaves-out">
            <h2 class="sheet__title">{ "What this leaves out" }</h2>
            <div class="sheet__scroll" id="leaves-out" tabindex="0" role="group"
                aria-label="What this leaves out, scrollable">
                <dl class="leaves-out">
                    { for SIMPLIFIED.iter().map(|one| html! {
                        <div key={one.topic} class="leaves-out__item">
                            <dt>{ one.topic }</dt>
                            <dd>{ one.text }</dd>
                        </div>
                    }) }
                </dl>
            </div>
        </div>
    }
}
