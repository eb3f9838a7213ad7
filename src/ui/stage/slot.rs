//! One ordinal: hook, gate, pod or its empty place, cables and disks.

use super::Choose;
use super::claim::{Plug, claim_view, no_claim};
use super::gate::gate_view;
use super::pod::pod_view;
use crate::ui::state::ByAddress;
use statefulset_playground::scene::{PodState, Scene, Slot};
use yew::prelude::*;

#[derive(Properties)]
pub struct Props {
    pub scene: ByAddress<Scene>,
    /// Place of the slot in the scene.
    pub index: usize,
    pub choose: Choose,
    /// The set's pods have claims.
    pub has_storage: bool,
}

impl Props {
    pub fn slot(&self) -> &Slot {
        &self.scene.0.slots[self.index]
    }
}

/// Only the slot itself matters, not what else changed in the scene.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.choose == other.choose
            && self.has_storage == other.has_storage
            && self.slot() == other.slot()
    }
}

/// The slot.
#[component]
pub fn SlotView(props: &Props) -> Html {
    let slot = props.slot();
    let hooked = slot.pod.as_ref().is_some_and(|pod| pod.in_service);
    let hook = if hooked { "hook--on" } else { "hook--off" };
    let dying = slot.pod.as_ref().is_some_and(|pod| pod.state == PodState::Terminating);
    let place = match &slot.pod {
        Some(pod) => pod_view(pod, &props.choose),
        None => empty_place(slot),
    };
    let claims = slot.claims.iter().map(|claim| {
        let plug = match &slot.pod {
            Some(_) if claim.plugged && dying => Plug::Parting,
            Some(_) if claim.plugged => Plug::Plugged,
            _ => Plug::Loose,
        };
        claim_view(claim, plug, &props.choose)
    });
    html! {
        <div class="slot">
            <span key={hook} class={classes!("hook", hook)} aria-hidden="true" />
            if let Some(gate) = &slot.gate {
                { gate_view(gate) }
            }
            { place }
            { for claims }
            if props.has_storage && slot.claims.is_empty() {
                { no_claim() }
            }
        </div>
    }
}

fn empty_place(slot: &Slot) -> Html {
    let state = if slot.wanted { "not created" } else { "no longer wanted" };
    html! {
        <div key="empty" class="pod pod--empty" role="group"
            aria-label={format!("{}, {state}", slot.name)}>
            <span class="pod__name">{ &slot.name }</span>
            <span class="pod__doing">{ state }</span>
        </div>
    }
}
