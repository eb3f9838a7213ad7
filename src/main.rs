//! The page.

use gloo::utils::document;
use yew::prelude::*;

#[function_component]
fn App() -> Html {
    use_effect_with((), |()| {
        if let Some(root) = document().document_element() {
            // Refused only for a name that is no attribute name.
            let _ = root.set_attribute("data-ready", "true");
        }
    });
    html! { <main><h1>{ "StatefulSet Playground" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
