//! The stage: the Service above, a slot per ordinal with its gate, pod, cable and disk.

mod cell;
mod claim;
mod density;
mod gate;
mod geometry;
mod menu;
mod pod;
mod ring;
mod service;
mod slot;

use super::browser::popover::Anchor;
use super::state::{ByAddress, Dispatch, use_dispatch};
use cell::CellView;
use density::Density;
use menu::ObjectMenu;
use service::rail;
use slot::SlotView;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::Scene;
use yew::prelude::*;

/// An object whose actions are asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A pod by its UID.
    Pod(String),
    /// A claim by its UID.
    Claim(String),
}

/// What a slot tells the stage: this object was chosen, here.
pub type Choose = Callback<(Object, Option<Anchor>)>;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: ByAddress<Scene>,
}

/// The picture.
#[component]
pub fn Stage(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let scene = &props.scene;
    let chosen = use_state(|| None::<(Object, Option<Anchor>)>);
    let choose = {
        let chosen = chosen.clone();
        use_callback((), move |choice, ()| chosen.set(Some(choice)))
    };
    let close = {
        let chosen = chosen.clone();
        use_callback((), move |(), ()| chosen.set(None))
    };
    let density = Density::of(scene.slots.len());
    let has_storage = scene.slots.iter().any(|slot| !slot.claims.is_empty());
    let drawn = scene.slots.iter().take(density::MOST_CELLS);
    let left = scene.slots.len().saturating_sub(density::MOST_CELLS);
    let slots = drawn.enumerate().map(|(index, slot)| {
        let (scene, choose) = (props.scene.clone(), choose.clone());
        match density {
            Density::FewCards | Density::Cards => {
                html! { <SlotView key={slot.ordinal} {scene} {index} {choose} {has_storage} /> }
            }
            Density::Tiles | Density::Cells => {
                html! { <CellView key={slot.ordinal} {scene} {index} {choose} {density} /> }
            }
        }
    });
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| press(&event, &dispatch))
    };
    html! {
        <div class={format!("stage {}", density.class())} tabindex="0" role="group"
            aria-label="Pods and claims by ordinal" {onkeydown}>
            <div class="stage__plane">
                { rail(&scene.services, &dispatch) }
                if scene.slots.is_empty() {
                    <p class="stage__empty">{ "The cluster holds no pods." }</p>
                }
                <div class="stage__slots">{ for slots }</div>
                if left > 0 {
                    { more(left) }
                }
            </div>
            <ObjectMenu scene={props.scene.clone()} chosen={(*chosen).clone()} on_close={close} />
        </div>
    }
}

/// Says how many slots are not drawn.
#[inline(never)]
fn more(left: usize) -> Html {
    html! {
        <p class="stage__empty">{ format!("{left} more are not drawn here; the tables hold them all.") }</p>
    }
}

/// Escape stops what takes long.
#[inline(never)]
fn press(event: &KeyboardEvent, dispatch: &Dispatch) {
    if event.key() == "Escape" {
        dispatch.send(Action::Stop);
    }
}
