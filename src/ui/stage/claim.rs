//! A claim as a disk with its cable: the strongest statement of the picture.

use super::{Choose, Object};
use crate::ui::browser::popover;
use statefulset_playground::scene::ClaimCard;
use yew::prelude::*;

/// Files that are named on the disk; the others are counted.
const FILES_NAMED: usize = 1;

/// How a disk is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plug {
    /// To a running pod.
    Plugged,
    /// To a pod that is being deleted.
    Parting,
    /// To nothing.
    Loose,
}

/// The disk and the cable above it.
pub fn claim_view(claim: &ClaimCard, plug: Plug, choose: &Choose) -> Html {
    let cable = match plug {
        Plug::Plugged => "cable--plugged",
        Plug::Parting => "cable--parting",
        Plug::Loose => "cable--loose",
    };
    let status = format!("disk--{}", claim.status.to_ascii_lowercase());
    let label = format!("{}, {}, {}", claim.name, claim.status, claim.size);
    let choose = {
        let (choose, uid) = (choose.clone(), claim.uid.clone());
        move |event: MouseEvent| {
            choose.emit((Object::Claim(uid.clone()), popover::anchor(&event)));
        }
    };
    html! {
        <div key={claim.uid.clone()} class="claim" role="group" aria-label={label}>
            <span key={cable} class={classes!("cable", cable)} aria-hidden="true">
                <span class="cable__plug" />
            </span>
            <div class={classes!("disk", status)} onclick={choose}>
                { shape() }
                <button class="disk__name" type="button" aria-haspopup="dialog"
                    aria-label={format!("Actions for claim {}", claim.name)}
                    title={claim.name.clone()}>
                    { &claim.name }
                </button>
                <span class="disk__size">{ &claim.size }</span>
                <span class="disk__status">{ &claim.status }{ files(&claim.files) }</span>
            </div>
        </div>
    }
}

/// The place of a claim that is not made yet.
pub fn no_claim() -> Html {
    html! {
        <div class="claim">
            <span class="cable cable--none" aria-hidden="true" />
            <div class="disk disk--none">
                { shape() }
                <span class="disk__status">{ "no claim yet" }</span>
            </div>
        </div>
    }
}

fn shape() -> Html {
    html! {
        <svg class="disk__shape" viewBox="0 0 160 64" preserveAspectRatio="none" aria-hidden="true">
            <path class="disk__side" vector-effect="non-scaling-stroke"
                d="M1 10v44c0 5 35 9 79 9s79-4 79-9V10" />
            <ellipse class="disk__top" vector-effect="non-scaling-stroke"
                cx="80" cy="10" rx="79" ry="9" />
        </svg>
    }
}

fn files(files: &[(String, String)]) -> Html {
    let named = files.iter().take(FILES_NAMED).map(|(name, content)| {
        html! { <span class="disk__file">{ format!("{name}: {content}") }</span> }
    });
    let others = files.len().saturating_sub(FILES_NAMED);
    html! {
        <>
            { for named }
            if others > 0 {
                <span class="disk__file">{ format!("+{others}") }</span>
            }
        </>
    }
}
