//! A probe as a ring: its arc closes until the next attempt, its dots count against the threshold.

use super::geometry::{MOST_NOTCHES, closed_percent, dot_degrees, notch_degrees};
use crate::ui::state::Now;
use statefulset_playground::scene::ProbeRing;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub ring: ProbeRing,
}

/// The ring; the only part of a pod that moves with every frame.
#[component]
pub fn Ring(props: &Props) -> Html {
    let Now(now) = use_context().unwrap_or_default();
    let ring = &props.ring;
    let closed = ring.next_at.map_or(0, |at| closed_percent(now, at, ring.period_ms));
    let tone = match ring.last {
        None => "ring--unknown",
        Some(true) => "ring--passing",
        Some(false) => "ring--failing",
    };
    html! {
        <svg class={classes!("ring", tone, ring.fault.then_some("ring--fault"))}
            viewBox="0 0 24 24" role="img" aria-label={label(ring)}>
            <title>{ label(ring) }</title>
            <circle class="ring__track" cx="12" cy="12" r="9" />
            <circle class="ring__arc" cx="12" cy="12" r="9" pathLength="100"
                stroke-dasharray={format!("{closed} 100")} transform="rotate(-90 12 12)" />
            { counted(ring) }
            <text class="ring__letter" x="12" y="12" dy=".36em">
                { &ring.kind.name()[..1] }
            </text>
        </svg>
    }
}

/// Failures in a row, where there is something to count.
fn counted(ring: &ProbeRing) -> Html {
    if ring.last != Some(false) || ring.threshold < 2 || ring.threshold > MOST_NOTCHES {
        return Html::default();
    }
    let turned = |degrees: u32| format!("rotate({degrees} 12 12)");
    let notches = (0..ring.threshold).map(|number| {
        let transform = turned(notch_degrees(number, ring.threshold));
        html! { <path class="ring__notch" d="M12 5V.5" {transform} /> }
    });
    let dots = (0..ring.run.min(ring.threshold)).map(|number| {
        let transform = turned(dot_degrees(number, ring.threshold));
        html! { <circle class="ring__dot" cx="12" cy="3" r="2" {transform} /> }
    });
    html! { <>{ for notches }{ for dots }</> }
}

fn label(ring: &ProbeRing) -> String {
    let result = match ring.last {
        None => "not tried yet".into(),
        Some(true) => "passing".into(),
        Some(false) => format!("failed {} of {} times", ring.run, ring.threshold),
    };
    format!("{} probe of {}: {result}", ring.kind.name(), ring.container)
}
