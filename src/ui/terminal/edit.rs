//! The text that a command has opened: `kubectl edit`, `vi`.

use crate::ui::keep;
use crate::ui::state::use_dispatch;
use statefulset_playground::playground::Action;
use statefulset_playground::terminal::editor::Shown;
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub shown: Rc<Shown>,
}

/// Under which name the text is kept that is being edited, behind its title.
const DRAFT: &str = "editor";

/// The text with its buttons; Ctrl+S saves.
#[component]
pub fn Edit(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let area = use_node_ref();
    {
        let area = area.clone();
        use_effect_with(props.shown.clone(), move |shown| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let draft = keep::draft_of(DRAFT).unwrap_or_default();
                let draft = draft.split_once('\n').filter(|(title, _)| *title == shown.title);
                area.set_value(draft.map_or(&shown.text, |(_, text)| text));
                let _ = area.set_selection_range(0, 0);
                let _ = area.focus();
            }
        });
    }
    let save = {
        let (dispatch, area) = (dispatch.clone(), area.clone());
        move || {
            let text = area.cast::<HtmlTextAreaElement>().map(|area| area.value());
            keep::draft(DRAFT, "");
            dispatch.send(Action::CloseEditor(text));
        }
    };
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
                event.prevent_default();
                save();
            }
            event.stop_propagation();
        })
    };
    let leave = {
        let dispatch = dispatch.clone();
        move |_: MouseEvent| {
            keep::draft(DRAFT, "");
            dispatch.send(Action::CloseEditor(None));
        }
    };
    let title = &props.shown.title;
    let oninput = {
        let (area, title) = (area.clone(), title.clone());
        move |_: InputEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                keep::draft(DRAFT, &format!("{title}\n{}", area.value()));
            }
        }
    };
    html! {
        <div class="terminal__edit" role="group" aria-label={format!("Editing {title}")}>
            <textarea class="terminal__area" ref={area} aria-label={title.clone()} rows="12"
                autocapitalize="none" autocomplete="off" spellcheck="false" {onkeydown} {oninput} />
            <p class="terminal__choices">
                <button class="button button--primary" type="button"
                    onclick={Callback::from(move |_: MouseEvent| save())}>
                    { "Save and close" }
                </button>
                <button class="button" type="button"
                    onclick={leave}>
                    { "Close without saving" }
                </button>
                <span class="terminal__title">{ title }</span>
            </p>
        </div>
    }
}
