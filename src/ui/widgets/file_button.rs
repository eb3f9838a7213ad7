//! A button that lets a person choose files.

use crate::ui::browser::files::{self, Texts};
use crate::ui::icons::{Icon, glyph};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its accessible name.
    pub label: AttrValue,
    /// What the chooser offers, such as `.yaml,.json`.
    pub accept: AttrValue,
    pub on_files: Callback<Texts>,
    /// Shows the label beside the icon.
    #[prop_or_default]
    pub wide: bool,
}

/// The button: a label around an input for files, so that the browser's own chooser opens.
#[component]
pub fn FileButton(props: &Props) -> Html {
    let onchange = {
        let on_files = props.on_files.clone();
        move |event: Event| files::chosen(&event, on_files.clone())
    };
    let shape = (!props.wide).then_some("button--icon");
    html! {
        <label class={classes!("button", "button--quiet", "file-button", shape)}
            title={props.label.clone()}>
            <input class="file-button__input" type="file" multiple=true
                accept={props.accept.clone()} aria-label={props.label.clone()} {onchange} />
            { glyph(Icon::Upload) }
            if props.wide {
                <span>{ &props.label }</span>
            }
        </label>
    }
}
