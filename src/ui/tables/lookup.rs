//! The DNS panel: what a lookup of a name is told now, and why.

use crate::ui::state::use_dispatch;
use crate::ui::widgets::Switch;
use statefulset_playground::cluster::Input;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::LookupScene;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub lookup: LookupScene,
}

/// The panel.
#[component]
pub fn Lookup(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let lookup = &props.lookup;
    let oninput = dispatch.0.reform(|event: InputEvent| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        Action::ShowName(input.map(|input| input.value().trim().to_owned()).unwrap_or_default())
    });
    let ask = {
        let (namespace, name) = (lookup.namespace.clone(), lookup.asked.clone());
        dispatch.on(Action::Submit(Input::LookUp { namespace, name }.into()))
    };
    let keep = Switch {
        label: "Keep answers 30 s",
        checked: lookup.keeps_answers,
        class: "switch--quiet",
        title: "As clusters with an older Corefile do, and DNS caches on the nodes",
        on_change: dispatch.0.reform(|on| Action::Submit(Input::KeepDnsAnswers { on }.into())),
    };
    let answer = match lookup.failure {
        "" => lookup.addresses.join(", "),
        failure => failure.to_owned(),
    };
    let tone = if lookup.failure.is_empty() { "chip--ready" } else { "chip--failed" };
    html! {
        <div class="lookup" role="group" aria-label="DNS lookup">
            <label class="lookup__name">
                <span>{ "Look up" }</span>
                <input class="input" type="text" aria-label="Name to look up"
                    autocapitalize="none" autocomplete="off" spellcheck="false"
                    placeholder={lookup.asked.clone()} {oninput} />
            </label>
            <button class="button" type="button" onclick={ask}
                title="Ask as a pod of this namespace would, with nslookup">
                { "nslookup" }
            </button>
            { keep.view() }
            <p class="lookup__answer" role="status" aria-label="Answer">
                <code>{ lookup.name.trim_end_matches('.') }</code>{ " " }
                <span class={classes!("chip", tone)}>{ answer }</span>{ " " }
                { &lookup.why }
            </p>
        </div>
    }
}
