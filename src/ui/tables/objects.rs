//! The table of a kind that has one only if there are objects of it, with what can be done to them.

use super::table::{Heading, table};
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::{Dispatch, use_dispatch};
use crate::ui::widgets::Menu;
use statefulset_playground::client::deed::VolumeRequest;
use statefulset_playground::client::{Deed, command};
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{ObjectRow, ObjectTable, VolumeAct};
use yew::prelude::*;

/// With more objects than this only those that nothing uses have a menu: a hundred menus take longer
/// to make than a frame.
const MOST_MENUS: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub table: ObjectTable,
}

/// The table.
#[component]
pub fn Objects(props: &Props) -> Html {
    let ObjectTable { name, columns, rows, left_out } = &props.table;
    let heading = Heading { id: name, name, columns, empty: "" };
    let has_actions = columns.contains(&"ACTIONS");
    let few = rows.len() <= MOST_MENUS;
    let rows = rows.iter().map(|row| {
        let has_menu = few || !row.is_used;
        html! { <Object key={row.cells[0].clone()} row={row.clone()} {has_actions} {has_menu} /> }
    });
    table(&heading, rows.collect(), *left_out)
}

#[derive(Properties, PartialEq)]
struct ObjectProps {
    row: ObjectRow,
    has_actions: bool,
    has_menu: bool,
}

#[component]
fn Object(props: &ObjectProps) -> Html {
    let dispatch = use_dispatch();
    let ObjectRow { cells, acts, .. } = &props.row;
    let name = &cells[0];
    html! {
        <tr>
            <th class="table__cell table__cell--name" scope="row">{ name }</th>
            if props.has_actions {
                <td class="table__cell">
                    if props.has_menu {
                        <Menu label={format!("Actions for {name}")}
                            class="button button--quiet table__button" face={html! { { "Actions" } }}>
                            <p class="menu__title">{ name }</p>
                            { for acts.iter().map(|act| item(name, *act, &dispatch)) }
                        </Menu>
                    }
                </td>
            }
            { for cells.iter().skip(1).map(|cell| html! {
                <td class="table__cell">{ if cell.is_empty() { "<none>" } else { cell } }</td>
            }) }
        </tr>
    }
}

fn item(name: &str, act: VolumeAct, dispatch: &Dispatch) -> Html {
    let (text, request) = match act {
        VolumeAct::ClearClaim => ("Clear claimRef", VolumeRequest::Free),
        VolumeAct::Delete => ("Delete volume", VolumeRequest::Delete),
    };
    let deed = Deed::Volume { name: name.into(), request };
    let command = command::of(&deed);
    html! {
        <button class="menu__item" type="button" onclick={dispatch.on(Action::Submit(deed))}>
            { glyph(Icon::Disk) }
            <span class="menu__text">{ text }</span>
            <code class="menu__command">{ command }</code>
        </button>
    }
}
