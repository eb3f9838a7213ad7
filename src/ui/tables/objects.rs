//! The table of a kind that has one only if there are objects of it, with what can be done to them.

use super::table::{Heading, table};
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::Dispatch;
use crate::ui::widgets::Menu;
use statefulset_playground::cluster::Input;
use statefulset_playground::playground::{Action, command_of};
use statefulset_playground::scene::{ObjectRow, ObjectTable};
use yew::prelude::*;

/// The table.
pub fn object_table(other: &ObjectTable, dispatch: &Dispatch) -> Html {
    let heading = Heading { id: other.name, name: other.name, columns: other.columns, empty: "" };
    let has_actions = other.columns.contains(&"ACTIONS");
    let rows = other.rows.iter().map(|each| row(each, has_actions, dispatch));
    table(&heading, rows.collect(), 0)
}

fn row(row: &ObjectRow, has_actions: bool, dispatch: &Dispatch) -> Html {
    let name = &row.cells[0];
    html! {
        <tr key={name.clone()}>
            <th class="table__cell table__cell--name" scope="row">{ name }</th>
            if has_actions {
                <td class="table__cell">
                    <Menu label={format!("Actions for {name}")}
                        class="button button--quiet table__button" face={html! { { "Actions" } }}>
                        <p class="menu__title">{ name }</p>
                        { for row.inputs.iter().map(|(text, input)| item(text, input, dispatch)) }
                    </Menu>
                </td>
            }
            { for row.cells.iter().skip(1).map(|cell| html! {
                <td class="table__cell">{ if cell.is_empty() { "<none>" } else { cell } }</td>
            }) }
        </tr>
    }
}

fn item(text: &'static str, input: &Input, dispatch: &Dispatch) -> Html {
    html! {
        <button class="menu__item" type="button"
            onclick={dispatch.on(Action::Submit(input.clone()))}>
            { glyph(Icon::Disk) }
            <span class="menu__text">{ text }</span>
            <code class="menu__command">{ command_of(input) }</code>
        </button>
    }
}
