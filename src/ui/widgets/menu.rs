//! A button that opens a small panel beside itself.

use crate::ui::browser::popover;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The button's accessible name, and that of the panel.
    pub label: AttrValue,
    /// What the button shows.
    pub face: Html,
    #[prop_or(classes!("button", "button--quiet"))]
    pub class: Classes,
    pub children: Html,
}

/// The button and its panel. A click inside on a button closes it.
#[component]
pub fn Menu(props: &Props) -> Html {
    let panel = use_node_ref();
    let open = {
        let panel = panel.clone();
        move |event: MouseEvent| {
            let anchor = popover::anchor(&event);
            if let (Some(panel), Some(anchor)) = (panel.cast::<HtmlElement>(), anchor) {
                popover::open(&panel, anchor);
            }
        }
    };
    let close = {
        let panel = panel.clone();
        move |event: MouseEvent| {
            let chose = popover::chose(&event);
            if let (true, Some(panel)) = (chose, panel.cast::<HtmlElement>()) {
                popover::close(&panel);
            }
        }
    };
    html! {
        <>
            <button class={props.class.clone()} type="button" aria-label={props.label.clone()}
                title={props.label.clone()} aria-haspopup="dialog" onclick={open}>
                { props.face.clone() }
            </button>
            <div class="popover" ref={panel} popover="auto" role="dialog"
                aria-label={props.label.clone()} onclick={close}>
                { props.children.clone() }
            </div>
        </>
    }
}
