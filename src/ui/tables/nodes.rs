//! The nodes, and what can be done to them.

use super::table::{Heading, table};
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::{Dispatch, use_dispatch};
use crate::ui::widgets::Menu;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::client::{Deed, command};
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{NodeRow, columns};
use yew::prelude::*;

const NODES: Heading =
    Heading { id: "table-nodes", name: "Nodes", columns: columns::NODES, empty: "No nodes." };

#[derive(Properties, PartialEq)]
pub struct Props {
    pub nodes: Vec<NodeRow>,
}

/// The table.
#[component]
pub fn Nodes(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let rows = props.nodes.iter().map(|node| row(node, &dispatch));
    table(&NODES, rows.collect(), 0)
}

fn row(node: &NodeRow, dispatch: &Dispatch) -> Html {
    let cells = node.cells();
    html! {
        <tr key={node.name.clone()} class={node.is_lost.then_some("table__row--warning")}>
            <th class="table__cell table__cell--name" scope="row">{ &node.name }</th>
            <td class="table__cell">
                <Menu label={format!("Actions for node {}", node.name)}
                    class="button button--quiet table__button" face={html! { { "Actions" } }}>
                    <p class="menu__title">{ format!("Node {}", node.name) }</p>
                    { for node.requests.iter().map(|it| item(&node.name, *it, dispatch)) }
                </Menu>
            </td>
            { for cells.iter().skip(1).map(|cell| html! {
                <td class="table__cell">{ if cell.is_empty() { "<none>" } else { cell } }</td>
            }) }
        </tr>
    }
}

fn item(node: &str, request: NodeRequest, dispatch: &Dispatch) -> Html {
    let (icon, text) = match request {
        NodeRequest::Lose => (Icon::Bolt, "Cut off from the cluster"),
        NodeRequest::Regain => (Icon::Restart, "Bring back"),
        NodeRequest::Cordon => (Icon::Cross, "Cordon"),
        NodeRequest::Uncordon => (Icon::Check, "Uncordon"),
        NodeRequest::Drain => (Icon::Leave, "Drain"),
        NodeRequest::Delete => (Icon::Delete, "Delete node"),
        NodeRequest::TaintOutOfService => (Icon::Warning, "Taint out-of-service"),
        NodeRequest::UntaintOutOfService => (Icon::Check, "Remove the out-of-service taint"),
    };
    let deed = Deed::Node { node: node.into(), request };
    let command = command::of(&deed);
    html! {
        <button class="menu__item" type="button" onclick={dispatch.on(Action::Submit(deed))}>
            { glyph(icon) }
            <span class="menu__text">{ text }</span>
            if !command.is_empty() {
                <code class="menu__command">{ command }</code>
            }
        </button>
    }
}
