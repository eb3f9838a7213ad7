//! What the simulation leaves out or makes simpler, from the core's own list.

use statefulset_playground::cluster::simplified::simplifications;
use yew::prelude::*;

/// Where the list is, below the page.
pub const ADDRESS: &str = "simplified.txt";

/// Id of the box that scrolls.
pub const ID: &str = "leaves-out";

/// The list; empty while it has not been asked for.
pub fn leaves_out(list: &str) -> Html {
    if list.is_empty() {
        return Html::default();
    }
    html! {
        <div class="sheet sheet--leaves-out">
            <h2 class="sheet__title">{ "What this leaves out" }</h2>
            <div class="sheet__scroll" id={ID} tabindex="0" role="group"
                aria-label="What this leaves out, scrollable">
                <dl class="leaves-out">
                    { for simplifications(list).map(|one| html! {
                        <div class="leaves-out__item">
                            <dt>{ one.topic }</dt>
                            <dd>{ one.text }</dd>
                        </div>
                    }) }
                </dl>
            </div>
        </div>
    }
}
