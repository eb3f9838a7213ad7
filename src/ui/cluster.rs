//! Region Cluster: the stage, and why nothing more happens.

use super::faults::FaultsMenu;
use super::icons::{Icon, glyph, glyph_in};
use super::stage::Stage;
use super::state::{ByAddress, Dispatch, use_dispatch};
use super::why::{WhyPanel, next_attempt};
use super::widgets::Menu;
use statefulset_playground::api::change::Cascade;
use statefulset_playground::cluster::fault::Faults;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{Scene, SetScene};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: ByAddress<Scene>,
    /// Why saved work was not opened.
    pub damaged: Option<String>,
}

/// The region.
#[component]
pub fn Cluster(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let scene = &props.scene;
    html! {
        <section class="panel cluster" aria-labelledby="cluster-title">
            <div class="panel__head">
                <h2 class="panel__title" id="cluster-title">{ "Cluster" }</h2>
                if let Some(set) = &scene.set {
                    { set_summary(set, scene.faults, &dispatch) }
                } else {
                    <span class="chip chip--pending">{ "no StatefulSet" }</span>
                }
            </div>
            if let Some(reason) = &props.damaged {
                <Damaged reason={reason.clone()} />
            }
            <Stage scene={scene.clone()} />
            <WhyPanel why={scene.why.clone()} next={next_attempt(scene)} />
        </section>
    }
}

fn set_summary(set: &SetScene, faults: Faults, dispatch: &Dispatch) -> Html {
    let SetScene {
        namespace, name, replicas, ready, updated, policy, revision, terminating, ..
    } = set;
    let all = *ready == *replicas && !terminating;
    let tone = if all { "chip--ready" } else { "chip--running" };
    let content = {
        let (namespace, name) = (namespace.clone(), name.clone());
        let dispatch = dispatch.clone();
        Callback::from(move |()| deletions(&namespace, &name, &dispatch))
    };
    html! {
        <>
            <span class={classes!("chip", tone)}>
                { if *terminating {
                    format!("{name} is being deleted")
                } else {
                    format!("{name} {ready}/{replicas} ready")
                } }
            </span>
            <span class="cluster__facts">
                { format!("{policy} · revision {revision} · {updated} updated") }
            </span>
            <span class="panel__space" />
            <FaultsMenu {faults} />
            <Menu label="Delete StatefulSet" {content} face={html! {
                <>{ glyph(Icon::Delete) }<span class="header__word">{ "Delete" }</span></>
            }} />
        </>
    }
}

fn deletions(namespace: &str, name: &str, dispatch: &Dispatch) -> Html {
    let delete = |cascade| dispatch.on(Action::delete_set(namespace, name, cascade));
    html! {
        <>
            <p class="menu__title">{ format!("StatefulSet {name}") }</p>
            { item("Delete StatefulSet and its pods", "--cascade=background",
                delete(Cascade::Background)) }
            { item("Delete its pods first, then the StatefulSet", "--cascade=foreground",
                delete(Cascade::Foreground)) }
            { item("Delete StatefulSet, keep its pods", "--cascade=orphan",
                delete(Cascade::Orphan)) }
        </>
    }
}

fn item(text: &'static str, command: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button class="menu__item" type="button" {onclick}>
            { glyph(Icon::Delete) }
            <span class="menu__text">{ text }</span>
            <code class="menu__command">{ command }</code>
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct DamagedProps {
    reason: String,
}

/// Tells that saved work could not be opened, until it is dismissed.
#[component]
fn Damaged(props: &DamagedProps) -> Html {
    let read = use_state(|| false);
    if *read {
        return Html::default();
    }
    let dismiss = move |_| read.set(true);
    html! {
        <div class="notice notice--warning" role="group" aria-label="Saved work">
            { glyph_in("notice__icon", Icon::Warning) }
            <div class="notice__body">
                <p class="notice__line">{ &props.reason }</p>
            </div>
            <button class="button button--quiet button--icon" type="button" aria-label="Dismiss"
                title="Dismiss" onclick={dismiss}>
                { glyph(Icon::Cross) }
            </button>
        </div>
    }
}
