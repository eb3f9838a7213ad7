//! Arrows: what happened at one ordinal let something happen at another.

use super::geometry::{Rows, Window};
use crate::ui::state::{ByAddress, use_dispatch};
use statefulset_playground::playground::Action;
use statefulset_playground::scene::timeline::{Arrow, Timeline};
use yew::prelude::*;

/// More arrows than this in one window are a grey cloud.
const MOST: usize = 120;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: ByAddress<Timeline>,
    pub rows: Rows,
    pub window: Window,
    /// Tells which arrow's words are wanted.
    pub on_caption: Callback<Option<AttrValue>>,
}

/// The arrows in sight. A click on one moves the playhead there.
#[component]
pub fn Arrows(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let window = props.window;
    let place = |ordinal: i64| props.timeline.rows.keys().position(|row| *row == ordinal);
    let shown = props.timeline.arrows.iter().filter(|arrow| window.shows(arrow.at, Some(arrow.at)));
    html! {
        <>
            <defs>
                <marker id="arrow-head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto-start-reverse">
                    <path class="arrow__head" d="M0 0.5L7 4 0 7.5z" />
                </marker>
            </defs>
            { for shown.take(MOST).filter_map(|arrow| {
                let ends = (place(arrow.from)?, place(arrow.to)?);
                let seek = dispatch.on(Action::Seek(arrow.at));
                Some(arrow_view(arrow, ends, props, seek))
            }) }
        </>
    }
}

fn arrow_view(
    arrow: &Arrow,
    (from, to): (usize, usize),
    props: &Props,
    seek: Callback<MouseEvent>,
) -> Html {
    let x = props.window.percent(arrow.at).to_string();
    let middle = |place: usize| props.rows.top(place) + props.rows.bar() / 2;
    let (y1, mut y2) = (middle(from), middle(to));
    // The head points at the near edge of the bar.
    let inset = props.rows.bar() / 2 + 1;
    y2 = if y2 > y1 { y2 - inset } else { y2 + inset };
    let tell = {
        let text = AttrValue::from(arrow.text.clone());
        props.on_caption.reform(move |_: MouseEvent| Some(text.clone()))
    };
    let hush = props.on_caption.reform(|_: MouseEvent| None);
    html! {
        <g class="arrow" onclick={seek} onmouseover={tell} onmouseout={hush}>
            <title>{ &arrow.text }</title>
            <line class="arrow__reach" x1={x.clone()} x2={x.clone()} y1={y1.to_string()}
                y2={y2.to_string()} />
            <circle class="arrow__tail" cx={x.clone()} cy={y1.to_string()} r="2.5" />
            <line class="arrow__line" x1={x.clone()} x2={x} y1={y1.to_string()} y2={y2.to_string()}
                marker-end="url(#arrow-head)" />
        </g>
    }
}
