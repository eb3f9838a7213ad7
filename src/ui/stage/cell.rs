//! A slot among many: a tile or a small cell with the same colours and shapes as a card.

use super::density::Density;
use super::pod::{icon_of, word_of};
use super::{Choose, Object};
use crate::ui::browser::popover;
use crate::ui::icons::glyph;
use crate::ui::state::ByAddress;
use statefulset_playground::scene::{ClaimCard, PodCard, Scene, Slot};
use yew::prelude::*;

#[derive(Properties)]
pub struct Props {
    pub scene: ByAddress<Scene>,
    pub index: usize,
    pub choose: Choose,
    pub density: Density,
}

impl Props {
    fn slot(&self) -> &Slot {
        &self.scene.0.slots[self.index]
    }
}

/// Only what a cell shows.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let shown = |props: &Self| {
            let slot = props.slot();
            let pod = slot.pod.as_ref().map(|pod| (pod.uid.clone(), pod.state, pod.label.clone()));
            (pod, slot.claims.len(), slot.wanted, props.density)
        };
        self.choose == other.choose
            && self.slot().name == other.slot().name
            && shown(self) == shown(other)
    }
}

/// The cell.
#[component]
pub fn CellView(props: &Props) -> Html {
    let slot = props.slot();
    let disk = match (slot.claims.first(), props.density) {
        (Some(_), Density::Tiles) => html! { <span class="cell__disk" aria-hidden="true" /> },
        _ => Html::default(),
    };
    let Some(pod) = &slot.pod else {
        let claim = slot.claims.first().map(|claim: &ClaimCard| claim.uid.clone());
        return html! {
            <div class="cell cell--empty" title={format!("{}, no pod", slot.name)}
                data-claim={claim}>
                <span class="cell__ordinal">{ slot.ordinal }</span>
                { disk }
            </div>
        };
    };
    pod_cell(pod, slot.ordinal, &props.choose, disk)
}

fn pod_cell(pod: &PodCard, ordinal: i64, choose: &Choose, disk: Html) -> Html {
    let choose = {
        let (choose, uid) = (choose.clone(), pod.uid.clone());
        move |event: MouseEvent| {
            choose.emit((Object::Pod(uid.clone()), popover::anchor(&event)));
        }
    };
    let classes = format!("cell pod--{}", pod.state.class());
    html! {
        <button key={pod.uid.clone()} class={classes}
            type="button" aria-haspopup="dialog"
            id={format!("pod-{}", pod.name)} aria-label={pod.label.clone()}
            title={pod.label.clone()} onclick={choose}>
            { glyph(icon_of(pod.state)) }
            <span class="cell__ordinal">{ ordinal }</span>
            <span class="cell__word">{ word_of(pod) }</span>
            { disk }
        </button>
    }
}
