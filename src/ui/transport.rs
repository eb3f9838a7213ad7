//! The transport bar: play, step, speed, playhead.

use super::format::{short_clock, spoken};
use super::icons::{Icon, glyph};
use super::state::{Dispatch, use_dispatch};
use super::widgets::Switch;
use statefulset_playground::cluster::Millis;
use statefulset_playground::playground::{Action, SPEEDS};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub playhead: Millis,
    pub horizon: Millis,
    pub playing: bool,
    pub speed: u32,
    pub skip_waits: bool,
}

/// The bar.
#[component]
pub fn Transport(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let (name, icon, toggle) = match props.playing {
        true => ("Pause", Icon::Pause, Action::Pause),
        false => ("Play", Icon::Play, Action::Play),
    };
    let button = |label: &'static str, icon: Icon, action: Action| {
        html! {
            <button class="button button--icon" type="button" aria-label={label} title={label}
                onclick={dispatch.on(action)}>
                { glyph(icon) }
            </button>
        }
    };
    html! {
        <div class="transport" role="group" aria-label="Transport">
            <div class="transport__buttons">
                { button("Go to start", Icon::ToStart, Action::SeekStart) }
                { button("Step back", Icon::StepBack, Action::StepBack) }
                <button class="button button--primary transport__play" type="button"
                    aria-label={name} title={format!("{name} (Space)")}
                    onclick={dispatch.on(toggle)}>
                    { glyph(icon) }
                    <span class="transport__word">{ name }</span>
                </button>
                { button("Step forward", Icon::StepForward, Action::StepForward) }
                { button("Go to end", Icon::ToEnd, Action::SeekEnd) }
            </div>
            <output class="transport__time" aria-label="Simulated time" aria-live="off">
                { short_clock(props.playhead) }
            </output>
            { playhead(props, &dispatch) }
            { pace(props, &dispatch) }
        </div>
    }
}

fn playhead(props: &Props, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    let oninput = move |event: InputEvent| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(at) = input.and_then(|input| input.value().parse().ok()) {
            dispatch.send(Action::Seek(at));
        }
    };
    html! {
        <input class="transport__playhead" type="range" aria-label="Playhead" min="0"
            max={props.horizon.max(1).to_string()} step="1" value={props.playhead.to_string()}
            aria-valuetext={spoken(props.playhead)} {oninput} />
    }
}

fn pace(props: &Props, dispatch: &Dispatch) -> Html {
    let skip = Switch {
        label: "Skip waits",
        checked: props.skip_waits,
        class: "switch--quiet",
        title: "Jump over times in which nothing happens",
        on_change: dispatch.0.reform(Action::SetSkipWaits),
    };
    let dispatch = dispatch.clone();
    let set_speed = move |event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        if let Some(speed) = select.and_then(|select| select.value().parse().ok()) {
            dispatch.send(Action::SetSpeed(speed));
        }
    };
    html! {
        <div class="transport__pace">
            { skip.view() }
            <select class="select__input" aria-label="Speed" title="Speed" onchange={set_speed}>
                { for SPEEDS.iter().map(|speed| html! {
                    <option key={*speed} value={speed.to_string()}
                        selected={*speed == props.speed}>
                        { format!("{speed}×") }
                    </option>
                }) }
            </select>
        </div>
    }
}
