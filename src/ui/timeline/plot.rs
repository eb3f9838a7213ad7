//! The rows over time, with the playhead: what of the timeline moves with every frame.

use super::arrows::Arrows;
use super::axis::axis;
use super::geometry::{AXIS_HEIGHT, Rows, Window};
use super::name::Names;
use super::row::Lanes;
use crate::ui::browser::place;
use crate::ui::state::{ByAddress, use_dispatch};
use statefulset_playground::cluster::Millis;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::timeline::Timeline;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: ByAddress<Timeline>,
    pub set: AttrValue,
    pub window: Window,
    pub playhead: Millis,
    pub horizon: Millis,
    /// Tells which arrow's words are wanted.
    pub on_caption: Callback<Option<AttrValue>>,
}

/// The plot; a press or a drag in it moves the playhead.
#[component]
pub fn Plot(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let plot = use_node_ref();
    let window = props.window;
    let seek = {
        let plot = plot.clone();
        move |event: &PointerEvent| {
            let element = plot.cast::<Element>();
            let fraction = element.and_then(|element| place::fraction(&element, event));
            if let Some(fraction) = fraction {
                dispatch.send(Action::Seek(window.at_fraction(fraction)));
            }
        }
    };
    let down = {
        let (plot, seek) = (plot.clone(), seek.clone());
        move |event: PointerEvent| {
            if event.button() == 0 {
                if let Some(plot) = plot.cast::<Element>() {
                    place::capture(&plot, &event);
                }
                seek(&event);
            }
        }
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            seek(&event);
        }
    };
    let rows = Rows::of(props.timeline.rows.len());
    html! {
        <div class={classes!("plot", rows.class())} tabindex="0" role="group"
            aria-label="Rows by ordinal">
            <Names timeline={props.timeline.clone()} set={props.set.clone()} {rows} />
            <div class="plot__area" ref={plot} onpointerdown={down} onpointermove={drag}>
                <svg class="plot__svg" width="100%" height={rows.height().to_string()}
                    aria-hidden="true">
                    { patterns(rows) }
                    <rect class="plot__lanes" y={AXIS_HEIGHT.to_string()} width="100%"
                        height={rows.lanes_height().to_string()} />
                    { axis(window, rows) }
                    // A bar that lasts is drawn to the window's end, and cut off where nothing is
                    // known yet: so bars stand still while time runs.
                    <clipPath id="known">
                        <rect width={window.percent(props.horizon).to_string()}
                            height={rows.height().to_string()} />
                    </clipPath>
                    <g clip-path="url(#known)">
                        <Lanes timeline={props.timeline.clone()} {rows} {window} />
                    </g>
                    <Arrows timeline={props.timeline.clone()} {rows} {window}
                        on_caption={props.on_caption.clone()} />
                    { veil(props, rows) }
                </svg>
            </div>
        </div>
    }
}

/// The playhead, and a veil over what comes after it.
fn veil(props: &Props, rows: Rows) -> Html {
    let window = props.window;
    let (now, known) = (window.percent(props.playhead), window.percent(props.horizon));
    let y = AXIS_HEIGHT.to_string();
    let height = rows.lanes_height().to_string();
    let at = now.to_string();
    html! {
        <>
            <rect class="plot__later" x={at.clone()} {y}
                width={known.from(now).to_string()} {height} />
            <svg class="plot__playhead" x={at} overflow="visible">
                <path class="plot__handle" d="M-5 4h10v7l-5 5-5-5z" />
                <line class="plot__now" y1="12" y2={rows.height().to_string()} />
            </svg>
        </>
    }
}

/// Fills that tell states without colour, and the lanes.
fn patterns(rows: Rows) -> Html {
    let hatch = |id: &'static str, turn: &'static str| {
        html! {
            <pattern {id} width="6" height="6" patternUnits="userSpaceOnUse"
                patternTransform={turn}>
                <rect class={format!("{id}-ground")} width="6" height="6" />
                <line class={format!("{id}-stroke")} x1="0" y1="0" x2="0" y2="6" />
            </pattern>
        }
    };
    let (pitch, bar) = (rows.pitch().to_string(), rows.bar().to_string());
    html! {
        <defs>
            { hatch("hatch-pending", "rotate(45)") }
            { hatch("hatch-terminating", "rotate(-45)") }
            { hatch("hatch-failed", "rotate(90)") }
            <pattern id="lanes" y={AXIS_HEIGHT.to_string()} width="40" height={pitch}
                patternUnits="userSpaceOnUse">
                <rect class="plot__lane" width="40" height={bar} />
            </pattern>
        </defs>
    }
}
