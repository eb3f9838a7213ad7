//! What can be done to a pod or a claim.

use super::Object;
use crate::ui::browser::popover::{self, Anchor};
use crate::ui::icons::{Icon, glyph};
use crate::ui::state::{ByAddress, Dispatch, use_dispatch};
use statefulset_playground::client::{Deed, command};
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{ClaimCard, PodCard, Scene};
use web_sys::HtmlElement;
use yew::prelude::*;

/// Exit code of a process that was killed: what a crash looks like to the kubelet.
const CRASH_EXIT_CODE: i32 = 137;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: ByAddress<Scene>,
    pub chosen: Option<(Object, Option<Anchor>)>,
    pub on_close: Callback<()>,
}

/// One line of the menu.
struct Item {
    icon: Icon,
    text: String,
    /// The object in words, so that each button has a name of its own.
    object: String,
    /// What a person would type.
    command: String,
    action: Action,
}

/// The menu; one for the whole stage.
#[component]
pub fn ObjectMenu(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let panel = use_node_ref();
    {
        let panel = panel.clone();
        use_effect_with(props.chosen.clone(), move |chosen| {
            let anchor = chosen.as_ref().and_then(|(_, anchor)| *anchor);
            if let (Some(panel), Some(anchor)) = (panel.cast::<HtmlElement>(), anchor) {
                popover::open(&panel, anchor);
            }
        });
    }
    let on_toggle = {
        let (panel, on_close) = (panel.clone(), props.on_close.clone());
        move |_: Event| {
            let open = panel.cast::<HtmlElement>().is_some_and(|panel| popover::is_open(&panel));
            if !open {
                on_close.emit(());
            }
        }
    };
    let (title, items) = props
        .chosen
        .as_ref()
        .and_then(|(object, _)| contents(&props.scene, object))
        .unwrap_or_default();
    html! {
        <div class="popover menu" ref={panel.clone()} popover="auto" role="dialog"
            aria-label={format!("Actions for {title}")} ontoggle={on_toggle}>
            <p class="menu__title">{ &title }</p>
            { for items.into_iter().enumerate().map(|(index, item)| {
                item_view(item, index == 0, &dispatch, &panel)
            }) }
        </div>
    }
}

/// A function, not a component: comparing inputs would drag the comparison of every Kubernetes
/// object into the page.
fn item_view(item: Item, first: bool, dispatch: &Dispatch, panel: &NodeRef) -> Html {
    let onclick = {
        let (dispatch, panel) = (dispatch.clone(), panel.clone());
        move |_| {
            dispatch.send(item.action.clone());
            if let Some(panel) = panel.cast::<HtmlElement>() {
                popover::close(&panel);
            }
        }
    };
    html! {
        <button class="menu__item" type="button" autofocus={first}
            aria-label={format!("{} {}", item.text, item.object)} {onclick}>
            { glyph(item.icon) }
            <span class="menu__text">{ &item.text }</span>
            if !item.command.is_empty() {
                <code class="menu__command">{ &item.command }</code>
            }
        </button>
    }
}

fn contents(scene: &Scene, object: &Object) -> Option<(String, Vec<Item>)> {
    match object {
        Object::Pod(uid) => {
            let mut pods = scene.slots.iter().filter_map(|slot| slot.pod.as_ref());
            let pod = pods.find(|pod| pod.uid == *uid)?;
            Some((pod.name.clone(), pod_items(pod)))
        }
        Object::Claim(uid) => {
            let mut claims = scene.slots.iter().flat_map(|slot| slot.claims.iter());
            let claim = claims.find(|claim| claim.uid == *uid)?;
            Some((format!("claim {}", claim.name), claim_items(claim)))
        }
    }
}

fn pod_items(pod: &PodCard) -> Vec<Item> {
    let delete = |grace: Option<i64>| Deed::DeletePod {
        namespace: pod.namespace.clone(),
        name: pod.name.clone(),
        grace_period_seconds: grace,
    };
    let mut items = vec![
        Item {
            icon: Icon::Delete,
            text: "Delete pod".into(),
            object: pod.name.clone(),
            command: format!("kubectl delete pod {}", pod.name),
            action: Action::Submit(delete(None)),
        },
        Item {
            icon: Icon::Delete,
            text: "Force delete pod".into(),
            object: pod.name.clone(),
            command: "… --grace-period=0 --force".into(),
            action: Action::Submit(delete(Some(0))),
        },
    ];
    let many = pod.containers.len() > 1;
    items.extend(pod.containers.iter().map(|container| Item {
        icon: Icon::Bolt,
        text: if many { format!("Crash container {container}") } else { "Crash container".into() },
        object: format!("of {}", pod.name),
        command: String::new(),
        action: Action::Submit(Deed::Input(Input::CrashContainer {
            namespace: pod.namespace.clone(),
            pod: pod.name.clone(),
            container: container.clone(),
            exit_code: CRASH_EXIT_CODE,
        })),
    }));
    let has_probes = |name: &&String| pod.probes.iter().any(|ring| ring.container == **name);
    items.extend(pod.containers.iter().filter(has_probes).map(|container| Item {
        icon: Icon::Clock,
        text: if many { format!("Show probes of {container}") } else { "Show probes".into() },
        object: format!("of {}", pod.name),
        command: String::new(),
        action: Action::ShowProbes(Some((Key::new(&pod.namespace, &pod.name), container.clone()))),
    }));
    items.extend(pod.probes.iter().map(|ring| {
        let verb = if ring.fault { "Recover" } else { "Fail" };
        let kind = ring.kind.name().to_ascii_lowercase();
        let of = if many { format!(" of {}", ring.container) } else { String::new() };
        Item {
            icon: Icon::Probe,
            text: format!("{verb} {kind} probe{of}"),
            object: format!("of {}", pod.name),
            command: String::new(),
            action: Action::Submit(Deed::Input(Input::SetEndpoint {
                namespace: pod.namespace.clone(),
                pod: pod.name.clone(),
                container: ring.container.clone(),
                probe: ring.kind,
                failing: !ring.fault,
            })),
        }
    }));
    items
}

fn claim_items(claim: &ClaimCard) -> Vec<Item> {
    let (namespace, name) = (&claim.namespace, &claim.name);
    let resize = Deed::ResizeClaim {
        namespace: namespace.clone(),
        name: name.clone(),
        storage: claim.doubled.clone(),
    };
    let delete = Deed::DeleteClaim { namespace: namespace.clone(), name: name.clone() };
    vec![
        Item {
            icon: Icon::Disk,
            text: format!("Grow to {}", claim.doubled),
            object: name.clone(),
            command: "kubectl patch pvc …".into(),
            action: Action::Submit(resize),
        },
        Item {
            icon: Icon::Delete,
            text: "Delete claim".into(),
            object: name.clone(),
            command: command::of(&delete),
            action: Action::Submit(delete),
        },
    ]
}
