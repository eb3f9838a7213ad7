//! The nodes, and what can be done to them.

use super::table::{Heading, table};
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::{Dispatch, use_dispatch};
use crate::ui::widgets::Menu;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::client::{Deed, command};
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{NodeAct, NodeRow, columns};
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
                    { for node.acts.iter().map(|act| item(&node.name, *act, dispatch)) }
                </Menu>
            </td>
            { for cells.iter().skip(1).map(|cell| html! {
                <td class="table__cell">{ if cell.is_empty() { "<none>" } else { cell } }</td>
            }) }
        </tr>
    }
}

fn item(node: &str, act: NodeAct, dispatch: &Dispatch) -> Html {
    let ask = |request| Deed::Node { node: node.into(), request };
    let (icon, text, deed) = match act {
        NodeAct::Lose => (Icon::Bolt, "Cut off from the cluster", ask(NodeRequest::Lose)),
        NodeAct::Regain => (Icon::Restart, "Bring back", ask(NodeRequest::Regain)),
        NodeAct::Cordon => (Icon::Cross, "Cordon", ask(NodeRequest::Cordon)),
        NodeAct::Uncordon => (Icon::Check, "Uncordon", ask(NodeRequest::Uncordon)),
        NodeAct::Drain => (Icon::Leave, "Drain", ask(NodeRequest::Drain)),
        NodeAct::Delete => (Icon::Delete, "Delete node", ask(NodeRequest::Delete)),
        NodeAct::TaintOutOfService => {
            (Icon::Warning, "Taint out-of-service", ask(NodeRequest::TaintOutOfService))
        }
        NodeAct::UntaintOutOfService => {
            let request = NodeRequest::UntaintOutOfService;
            (Icon::Check, "Remove the out-of-service taint", ask(request))
        }
    };
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
