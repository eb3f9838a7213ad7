//! Region Configure: one control per form field, grouped, drawn from the core's table of fields.

mod control;
mod field;
mod group;

use super::icons::{Icon, glyph};
use super::state::{Dispatch, use_dispatch};
use super::widgets::Switch;
use group::{FieldState, Group as GroupSection};
use statefulset_playground::manifest::form::FIELDS;
use statefulset_playground::playground::{Action, Playground};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// One state for each field of the table, in its order.
    pub fields: Rc<[FieldState]>,
    pub auto_apply: bool,
    pub is_applied: bool,
    /// The StatefulSets of the manifest.
    pub sets: Rc<[String]>,
    /// Which of them is edited.
    pub selected: usize,
}

/// What the form shows of the playground.
pub fn states(playground: &Playground) -> Rc<[FieldState]> {
    let values = playground.fields();
    let state = |(value, problem): (Option<String>, Option<String>)| FieldState {
        value: value.map(AttrValue::from),
        problem: problem.map(AttrValue::from),
    };
    values.into_iter().map(state).collect()
}

/// Which of several StatefulSets is edited and shown.
fn chooser(props: &Props, dispatch: &Dispatch) -> Html {
    let selected = props.selected.min(props.sets.len() - 1);
    let choose = dispatch.0.reform(|event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let chosen = select.and_then(|select| usize::try_from(select.selected_index()).ok());
        Action::SelectSet(chosen.unwrap_or(0))
    });
    html! {
        <select class="select__input configure__set" aria-label="StatefulSet" onchange={choose}>
            { for props.sets.iter().enumerate().map(|(at, name)| html! {
                <option key={at} value={at.to_string()} selected={at == selected}>{ name }</option>
            }) }
        </select>
    }
}

/// The region.
#[component]
pub fn Configure(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let auto = Switch {
        label: "Apply automatically",
        checked: props.auto_apply,
        class: "switch--quiet",
        title: "Apply every valid change at once",
        on_change: dispatch.0.reform(Action::SetAutoApply),
    };
    // As with kubectl, an unchanged manifest can be applied again.
    let weight = (!props.is_applied).then_some("button--primary");
    let mut groups: Vec<(_, Vec<usize>)> = Vec::new();
    for (index, field) in FIELDS.iter().enumerate() {
        match groups.last_mut() {
            Some((group, members)) if *group == field.group => members.push(index),
            _ => groups.push((field.group, vec![index])),
        }
    }
    html! {
        <section class="panel configure" aria-labelledby="configure-title">
            <div class="panel__head">
                <h2 class="panel__title" id="configure-title">{ "Configure" }</h2>
                if props.sets.len() > 1 {
                    { chooser(props, &dispatch) }
                }
                { auto.view() }
            </div>
            <div class="panel__body">
                { for groups.into_iter().map(|(group, members)| html! {
                    <GroupSection key={group} title={group} members={members}
                        fields={props.fields.clone()} />
                }) }
            </div>
            <div class="panel__foot">
                <button class={classes!("button", weight)} type="button"
                    onclick={dispatch.on(Action::Apply)} title="kubectl apply -f (Ctrl+Enter)">
                    { "Apply" }
                </button>
                <button class="button" type="button" onclick={dispatch.on(Action::Restart)}
                    title="A new cluster, to which this manifest is applied">
                    { glyph(Icon::Restart) }
                    { "Restart" }
                </button>
            </div>
        </section>
    }
}
