//! Region Timeline: a row per ordinal, the playhead over it, arrows for what let what happen.

mod arrows;
mod axis;
mod geometry;
mod legend;
mod name;
mod plot;
mod row;

use super::late::{FEW, use_late};
use super::state::ByAddress;
use geometry::{WINDOWS, Window};
use legend::legend;
use plot::Plot;
use statefulset_playground::cluster::Millis;
use statefulset_playground::scene::timeline::Timeline;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: ByAddress<Timeline>,
    /// Name of the set, for the rows' names.
    pub set: AttrValue,
    pub playhead: Millis,
    pub horizon: Millis,
}

/// The region.
#[component]
pub fn TimelineView(props: &Props) -> Html {
    let zoom = use_state(|| 0_usize);
    let caption = use_state(|| None::<AttrValue>);
    let timeline = use_late(&props.timeline, props.timeline.rows.len() > FEW, 1);
    let window = Window::at(props.playhead, WINDOWS[*zoom]);
    let set_caption = {
        let caption = caption.clone();
        use_callback((), move |text, ()| caption.set(text))
    };
    let told = (*caption).clone().or_else(|| last_arrow(&timeline, props.playhead));
    let zoom_to = |step: isize| {
        let next = zoom.checked_add_signed(step).filter(|next| *next < WINDOWS.len());
        let zoom = zoom.clone();
        (next.is_none(), move |_: MouseEvent| {
            if let Some(next) = next {
                zoom.set(next);
            }
        })
    };
    let ((no_closer, closer), (no_farther, farther)) = (zoom_to(-1), zoom_to(1));
    html! {
        <section class="panel timeline" aria-labelledby="timeline-title">
            <div class="panel__head timeline__head">
                <h2 class="panel__title" id="timeline-title">{ "Timeline" }</h2>
                <span class="timeline__caption">{ told }</span>
                <span class="panel__space" />
                <button class="button button--quiet button--icon" type="button" onclick={farther}
                    aria-label="Show more time" title="Show more time" disabled={no_farther}>
                    { "−" }
                </button>
                <button class="button button--quiet button--icon" type="button" onclick={closer}
                    aria-label="Show less time" title="Show less time" disabled={no_closer}>
                    { "+" }
                </button>
            </div>
            <Plot {timeline} set={props.set.clone()} {window}
                playhead={props.playhead} horizon={props.horizon} on_caption={set_caption} />
            { legend() }
        </section>
    }
}

fn last_arrow(timeline: &Timeline, playhead: Millis) -> Option<AttrValue> {
    let arrow = timeline.arrows.iter().rev().find(|arrow| arrow.at <= playhead)?;
    Some(arrow.text.clone().into())
}
