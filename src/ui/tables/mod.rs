//! The tables: what the API server holds, in kubectl's own columns; the text twin of the picture.

mod leaves_out;
mod lookup;
mod nodes;
mod objects;
mod probes;
mod row;
mod rows;
mod table;

use super::browser::{fetch, place};
use super::late::{FEW, use_late};
use super::state::ByAddress;
use leaves_out::leaves_out;
use lookup::Lookup;
use nodes::Nodes;
use objects::Objects;
use probes::Probes;
use row::Row;
use statefulset_playground::scene::{Scene, columns};
use table::{Heading, table};
use yew::prelude::*;

/// Older events than this many are not shown: to lay them out takes longer than a frame.
const MOST_EVENTS: usize = 100;

const PODS: Heading =
    Heading { id: "table-pods", name: "Pods", columns: columns::PODS, empty: "No pods." };
const CLAIMS: Heading =
    Heading { id: "table-claims", name: "Claims", columns: columns::CLAIMS, empty: "No claims." };
const RECORDS: Heading = Heading {
    id: "table-records",
    name: "DNS records",
    columns: &["NAME", "TYPE", "VALUE", "POD"],
    empty: "No records: no Service selects a pod.",
};
const EVENTS: Heading =
    Heading { id: "table-events", name: "Events", columns: columns::EVENTS, empty: "No events." };

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: ByAddress<Scene>,
}

/// All tables, side by side where there is room, and links to each. With many pods they follow the
/// picture and the timeline one after the other.
#[component]
pub fn Tables(props: &Props) -> Html {
    let scene = use_late(&props.scene, props.scene.pods.len() > FEW, 2);
    let left_out = scene.left_out;
    let list = use_state(AttrValue::default);
    let show_list = {
        let list = list.clone();
        move |_| {
            let list = list.clone();
            fetch::text(
                leaves_out::ADDRESS,
                Callback::from(move |text: Option<String>| {
                    list.set(
                        text.unwrap_or_else(|| "Offline: the list could not be loaded.".into())
                            .into(),
                    );
                }),
            );
        }
    };
    use_effect_with((*list).clone(), |list| {
        if !list.is_empty() {
            place::show(leaves_out::ID);
        }
    });
    html! {
        <section class="panel tables" aria-label="Tables">
            <nav class="tables__nav" aria-label="Tables">
                { jump("Pods", "table-pods", scene.pods.len() + left_out.pods) }
                { jump("Events", "table-events", scene.events.len() + left_out.events) }
                { jump("Claims", "table-claims", scene.claims.len() + left_out.claims) }
                { jump("DNS records", "table-records", scene.records.len() + left_out.records) }
                { jump("Nodes", "table-nodes", scene.nodes.len()) }
                { for scene.others.iter().map(|it| jump(it.name, it.name, it.rows.len() + it.left_out)) }
                <button class="tables__jump" type="button" onclick={show_list}>
                    { "What this leaves out" }
                </button>
            </nav>
            <div class="tables__all">
                if let Some(log) = &scene.probes {
                    <Probes log={log.clone()} />
                }
                <Part scene={scene.clone()} part={Which::Pods} />
                <Part scene={scene.clone()} part={Which::Events} />
                <Part scene={scene.clone()} part={Which::Claims} />
                <div class="sheet sheet--dns">
                    <Lookup lookup={scene.lookup.clone()} />
                    <Part scene={scene.clone()} part={Which::Records} />
                </div>
                <Nodes nodes={scene.nodes.clone()} />
                <Part scene={scene.clone()} part={Which::Others} />
                { leaves_out(&list) }
            </div>
        </section>
    }
}

/// A table, or all that there are of one sort, by the order in which they follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Pods = 1,
    Events,
    Claims,
    Records,
    Others,
}

#[derive(Properties, PartialEq)]
struct PartProps {
    scene: ByAddress<Scene>,
    part: Which,
}

#[component]
fn Part(props: &PartProps) -> Html {
    let scene = use_late(&props.scene, props.scene.pods.len() > FEW, props.part as u32);
    let left_out = scene.left_out;
    match props.part {
        Which::Pods => {
            let pods = scene.pods.iter();
            let pods = pods.map(|it| html! { <Row key={it.uid.clone()} cells={rows::pod(it)} /> });
            table(&PODS, pods.collect(), left_out.pods)
        }
        Which::Events => {
            let events = scene.events.iter().take(MOST_EVENTS);
            let events = events.map(|it| html! { <Row key={it.number} cells={rows::event(it)} /> });
            let more = scene.events.len().saturating_sub(MOST_EVENTS) + left_out.events;
            table(&EVENTS, events.collect(), more)
        }
        Which::Claims => {
            let claims = scene.claims.iter();
            let claims =
                claims.map(|it| html! { <Row key={it.uid.clone()} cells={rows::claim(it)} /> });
            table(&CLAIMS, claims.collect(), left_out.claims)
        }
        Which::Records => {
            let records = scene.records.iter().map(|it| html! { <Row cells={rows::record(it)} /> });
            table(&RECORDS, records.collect(), left_out.records)
        }
        Which::Others => html! {
            { for scene.others.iter().map(|other| html! {
                <Objects key={other.name} table={other.clone()} />
            }) }
        },
    }
}

fn jump(name: &'static str, id: &'static str, count: usize) -> Html {
    let onclick = move |_| place::show(id);
    html! {
        <button class="tables__jump" type="button" {onclick}>
            { name }
            <span class="tables__count">{ count }</span>
        </button>
    }
}
