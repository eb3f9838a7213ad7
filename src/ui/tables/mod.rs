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
use super::late::use_late;
use super::state::{ByAddress, use_dispatch};
use leaves_out::leaves_out;
use lookup::Lookup;
use nodes::Nodes;
use objects::object_table;
use probes::Probes;
use row::Row;
use statefulset_playground::scene::Scene;
use table::{Heading, table};
use yew::prelude::*;

/// Older events than this many are not shown: to lay them out takes longer than a frame.
const MOST_EVENTS: usize = 100;

const PODS: Heading = Heading {
    id: "table-pods",
    name: "Pods",
    columns: &[
        "NAME",
        "READY",
        "STATUS",
        "RESTARTS",
        "AGE",
        "Created",
        "Ready since",
        "IP",
        "NODE",
        "REVISION",
    ],
    empty: "No pods.",
};
const CLAIMS: Heading = Heading {
    id: "table-claims",
    name: "Claims",
    columns: &[
        "NAME",
        "STATUS",
        "VOLUME",
        "CAPACITY",
        "ACCESS MODES",
        "STORAGECLASS",
        "AGE",
        "USED BY",
        "FILES",
    ],
    empty: "No claims.",
};
const RECORDS: Heading = Heading {
    id: "table-records",
    name: "DNS records",
    columns: &["NAME", "TYPE", "VALUE", "POD"],
    empty: "No records: no Service selects a pod.",
};
const EVENTS: Heading = Heading {
    id: "table-events",
    name: "Events",
    columns: &["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE", "COUNT"],
    empty: "No events.",
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: ByAddress<Scene>,
}

/// The tables, two frames after the picture: one after the timeline. Events follow, then the rest.
#[component]
pub fn Tables(props: &Props) -> Html {
    let scene = use_late(&props.scene);
    let scene = use_late(&scene);
    html! { <AllTables {scene} /> }
}

/// All tables, side by side where there is room, and links to each.
#[component]
fn AllTables(props: &Props) -> Html {
    let scene = &props.scene;
    let later = use_late(scene);
    let last = use_late(&later);
    let dispatch = use_dispatch();
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
    let pods = scene.pods.iter().map(|row| {
        html! {
            <Row key={row.uid.clone()} cells={rows::pod(row)} />
        }
    });
    let claims = last.claims.iter().map(|row| {
        html! {
            <Row key={row.uid.clone()} cells={rows::claim(row)} />
        }
    });
    let events = later.events.iter().take(MOST_EVENTS);
    let events = events.map(|row| {
        html! {
            <Row key={row.number} cells={rows::event(row)} />
        }
    });
    let records = last.records.iter().map(|row| html! { <Row cells={rows::record(row)} /> });
    html! {
        <section class="panel tables" aria-label="Tables">
            <nav class="tables__nav" aria-label="Tables">
                { jump("Pods", "table-pods", scene.pods.len()) }
                { jump("Events", "table-events", scene.events.len()) }
                { jump("Claims", "table-claims", scene.claims.len()) }
                { jump("DNS records", "table-records", scene.records.len()) }
                { jump("Nodes", "table-nodes", scene.nodes.len()) }
                { for scene.others.iter().map(|it| jump(it.name, it.name, it.rows.len())) }
                <button class="tables__jump" type="button" onclick={show_list}>
                    { "What this leaves out" }
                </button>
            </nav>
            <div class="tables__all">
                if let Some(log) = &scene.probes {
                    <Probes log={log.clone()} />
                }
                { table(&PODS, pods.collect(), 0) }
                { table(&EVENTS, events.collect(), later.events.len().saturating_sub(MOST_EVENTS)) }
                { table(&CLAIMS, claims.collect(), 0) }
                <div class="sheet sheet--dns">
                    <Lookup lookup={scene.lookup.clone()} />
                    { table(&RECORDS, records.collect(), 0) }
                </div>
                <Nodes nodes={scene.nodes.clone()} />
                { for last.others.iter().map(|other| object_table(other, &dispatch)) }
                { leaves_out(&list) }
            </div>
        </section>
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
