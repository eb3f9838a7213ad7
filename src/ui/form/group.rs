//! A group of form fields; one that begins with a switch shows the others only when it is on.

use super::field::{field_row, setter};
use crate::ui::state::use_dispatch;
use crate::ui::widgets::Switch;
use statefulset_playground::manifest::form::{Control, FIELDS};
use std::rc::Rc;
use yew::prelude::*;

/// What one field holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldState {
    /// `None`: unset, Kubernetes' default applies.
    pub value: Option<AttrValue>,
    /// What is wrong with it.
    pub problem: Option<AttrValue>,
}

impl FieldState {
    /// A switch that is on.
    pub fn is_on(&self) -> bool {
        self.value.as_deref() == Some("true")
    }
}

#[derive(Properties)]
pub struct Props {
    pub title: &'static str,
    /// Places of its fields in the table.
    pub members: Vec<usize>,
    pub fields: Rc<[FieldState]>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let same = |index: &usize| self.fields.get(*index) == other.fields.get(*index);
        self.members == other.members && self.members.iter().all(same)
    }
}

/// The group.
#[component]
pub fn Group(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let state = |index: usize| props.fields.get(index).cloned().unwrap_or_default();
    let first = props.members.first().copied().unwrap_or(0);
    let switch = matches!(FIELDS[first].control, Control::Switch).then_some(first);
    let shown = switch.is_none_or(|index| state(index).is_on());
    let title = match switch {
        None => html! { <h3 class="group__title">{ props.title }</h3> },
        Some(index) => {
            let field = &FIELDS[index];
            Switch {
                label: field.label,
                checked: state(index).is_on(),
                class: "switch--title",
                title: field.help,
                on_change: setter(field, &dispatch).reform(|on: bool| Some(on.to_string())),
            }
            .view()
        }
    };
    let rows = props.members.iter().filter(|index| Some(**index) != switch && shown);
    html! {
        <div class="group" role="group" aria-label={props.title}>
            { title }
            { for rows.map(|index| field_row(*index, &state(*index), &dispatch)) }
        </div>
    }
}
