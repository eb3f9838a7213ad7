//! The menu of faults: what goes wrong in the pods that start from now on.

use super::icons::{Icon, glyph};
use super::state::{Dispatch, use_dispatch};
use super::widgets::{Menu, Switch};
use statefulset_playground::cluster::fault::{Faults, Provisioner};
use statefulset_playground::cluster::input::Input;
use statefulset_playground::playground::Action;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub faults: Faults,
}

/// The button and its menu.
#[component]
pub fn FaultsMenu(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let faults = props.faults;
    let some = faults != Faults::default();
    let content = Callback::from(move |()| choices(faults, &dispatch));
    html! {
        <Menu label="Faults" class={classes!("button", "button--quiet")} {content} face={html! {
            <>
                { glyph(Icon::Bolt) }
                <span class="header__word">{ if some { "Faults set" } else { "Faults" } }</span>
            </>
        }} />
    }
}

fn choices(faults: Faults, dispatch: &Dispatch) -> Html {
    let set = dispatch.0.reform(|faults| Action::Submit(Input::SetFaults(faults).into()));
    let images = Switch {
        label: "No image exists",
        checked: faults.no_images,
        class: "switch--title",
        title: "Every pull fails",
        on_change: set.reform(move |no_images| Faults { no_images, ..faults }),
    };
    html! {
            <div class="gates">
                <h2 class="help__title">{ "In every pod that starts from now on" }</h2>
                { seconds("Slow start seconds", "A container answers no probe for so long.",
                    faults.slow_start_seconds,
                    set.reform(move |slow_start_seconds| Faults { slow_start_seconds, ..faults })) }
                { seconds("Crash after seconds", "A container ends with exit code 1; 0: never.",
                    faults.crash_after_seconds,
                    set.reform(move |crash_after_seconds| Faults { crash_after_seconds, ..faults })) }
                { seconds("Probes fail from second", "So many seconds after a container's start …",
                    faults.fail_from_seconds,
                    set.reform(move |fail_from_seconds| Faults { fail_from_seconds, ..faults })) }
                { seconds("Probes fail for seconds", "… every probe fails, for so long.",
                    faults.fail_for_seconds,
                    set.reform(move |fail_for_seconds| Faults { fail_for_seconds, ..faults })) }
                { images.view() }
                { provisioner(faults, set.clone()) }
            </div>
    }
}

fn seconds(label: &'static str, help: &'static str, value: i32, set: Callback<i32>) -> Html {
    let onchange = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let number = input.and_then(|input| input.value().trim().parse::<i32>().ok());
        set.emit(number.unwrap_or(0).clamp(0, Faults::MOST_SECONDS));
    };
    html! {
        <label class="faults__field">
            <span>{ label }</span>
            <input class="input" type="number" min="0" max={Faults::MOST_SECONDS.to_string()} step="1"
                inputmode="numeric" value={value.to_string()} aria-label={label} {onchange} />
            <span class="gates__help">{ help }</span>
        </label>
    }
}

fn provisioner(faults: Faults, set: Callback<Faults>) -> Html {
    let onchange = move |event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let name = select.map(|select| select.value()).unwrap_or_default();
        let chosen = Provisioner::ALL.into_iter().find(|it| it.name() == name);
        set.emit(Faults { provisioner: chosen.unwrap_or_default(), ..faults });
    };
    html! {
        <label class="faults__field">
            <span>{ "Provisioner of volumes" }</span>
            <select class="select__input" aria-label="Provisioner of volumes" {onchange}>
                { for Provisioner::ALL.into_iter().map(|each| html! {
                    <option value={each.name()} selected={each == faults.provisioner}>
                        { each.name() }
                    </option>
                }) }
            </select>
            <span class="gates__help">{ "slow: a volume takes a minute; full: none is made." }</span>
        </label>
    }
}
