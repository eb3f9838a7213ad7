//! One row of the form: label, control, unit, "use default", and what is wrong.

use super::control::Input;
use super::group::FieldState;
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::Dispatch;
use crate::ui::widgets::Switch;
use statefulset_playground::manifest::form::{Control, FIELDS, Field};
use statefulset_playground::playground::Action;
use yew::prelude::*;

/// A choice longer than this many characters needs the whole width of the row.
const WIDE_CHOICE: usize = 18;

/// The row of the field at this place in the table.
pub fn field_row(index: usize, state: &FieldState, dispatch: &Dispatch) -> Html {
    let field = &FIELDS[index];
    let set = setter(field, dispatch);
    if matches!(field.control, Control::Switch) {
        return Switch {
            label: field.label,
            checked: state.is_on(),
            class: "",
            title: field.help,
            on_change: set.reform(|on: bool| Some(on.to_string())),
        }
        .view();
    }
    let problem_id = AttrValue::from(format!("field-{index}-problem"));
    let input = Input {
        id: AttrValue::from(format!("field-{index}")),
        label: field.label,
        value: state.value.clone(),
        placeholder: field.placeholder,
        described_by: state.problem.is_some().then(|| problem_id.clone()),
        on_set: set.clone(),
    };
    html! {
        <div key={index} class={classes!("field", is_wide(field).then_some("field--wide"))}>
            <span class="field__label" title={field.help}>
                if matches!(field.control, Control::Choice(_)) {
                    { field.label }
                } else {
                    <label for={input.id.clone()}>{ field.label }</label>
                }
            </span>
            <span class="field__control">
                { control(field, &input) }
                if let Some(unit) = field.unit {
                    <span class="field__unit">{ unit }</span>
                }
                if state.value.is_some() && !field.placeholder.is_empty() {
                    { unset(field, set) }
                }
            </span>
            if let Some(problem) = &state.problem {
                <span class="field__problem" id={problem_id}>{ problem }</span>
            }
        </div>
    }
}

/// Sets this field; `None` unsets it.
pub fn setter(field: &'static Field, dispatch: &Dispatch) -> Callback<Option<String>> {
    dispatch.0.reform(|value| Action::SetField(field.field, value))
}

fn control(field: &Field, input: &Input) -> Html {
    match field.control {
        Control::Integer { min, max } => input.number(min, max),
        Control::Choice(options) => input.choice(options),
        Control::Text | Control::Switch => input.text(),
    }
}

fn is_wide(field: &Field) -> bool {
    match field.control {
        Control::Choice(options) => options.iter().map(|it| it.len()).sum::<usize>() > WIDE_CHOICE,
        _ => false,
    }
}

fn unset(field: &Field, set: Callback<Option<String>>) -> Html {
    html! {
        <button class="field__unset" type="button"
            aria-label={format!("Use default for {}", field.label)}
            title={format!("Use default: {}", field.placeholder)}
            onclick={move |_| set.emit(None)}>
            { glyph(Icon::Cross) }
        </button>
    }
}
