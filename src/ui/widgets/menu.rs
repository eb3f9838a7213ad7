//! A button that opens a small panel beside itself.

use crate::ui::browser::popover::{self, Anchor};
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
    /// What the panel shows.
    #[prop_or_default]
    pub children: Html,
    /// What the panel shows besides, made only once it has been opened.
    #[prop_or_default]
    pub content: Option<Callback<(), Html>>,
}

/// The button and its panel. A click inside on a button closes it.
#[component]
pub fn Menu(props: &Props) -> Html {
    let panel = use_node_ref();
    let was_opened = use_state(|| false);
    let anchor = use_mut_ref(|| None);
    {
        // The first time, there is something to show only after a render.
        let (panel, anchor) = (panel.clone(), anchor.clone());
        use_effect_with(*was_opened, move |_| show(&panel, *anchor.borrow()));
    }
    let open = {
        let (panel, was_opened) = (panel.clone(), was_opened.clone());
        move |event: MouseEvent| {
            *anchor.borrow_mut() = popover::anchor(&event);
            match *was_opened {
                true => show(&panel, *anchor.borrow()),
                false => was_opened.set(true),
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
                if *was_opened {
                    { props.content.as_ref().map(|content| content.emit(())) }
                }
            </div>
        </>
    }
}

fn show(panel: &NodeRef, anchor: Option<Anchor>) {
    if let (Some(panel), Some(anchor)) = (panel.cast::<HtmlElement>(), anchor) {
        popover::open(&panel, anchor);
    }
}
