//! Region Browser: an address, what came back, and which pods answered.

use super::icons::{Icon, glyph};
use super::state::{ByAddress, use_dispatch};
use statefulset_playground::playground::Action;
use statefulset_playground::playground::browser::{Browser, Page, Visit};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The most visits that are listed.
const MOST: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub browser: ByAddress<Browser>,
}

/// The region.
#[component]
pub fn Visits(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let browser = &props.browser;
    let address = use_node_ref();
    let go = {
        let (dispatch, address) = (dispatch.clone(), address.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = address.cast::<HtmlInputElement>() {
                dispatch.send(Action::Browse(input.value()));
            }
        })
    };
    use_address(&address, &browser.url);
    html! {
        <section class="panel visits" aria-labelledby="visits-title">
            <div class="panel__head">
                <h2 class="panel__title" id="visits-title">{ "Browser" }</h2>
                <form class="visits__bar" onsubmit={go}>
                    <input class="input visits__address" type="text" ref={address}
                        aria-label="Address" autocapitalize="none" autocomplete="off"
                        spellcheck="false" />
                    <button class="button" type="submit">{ "Reload" }</button>
                </form>
                <button class="button button--quiet button--icon" type="button"
                    aria-label="Close browser" title="Close browser"
                    onclick={dispatch.on(Action::CloseBrowser)}>
                    { glyph(Icon::Cross) }
                </button>
            </div>
            <div class="visits__body">
                if let Some(visit) = browser.visits.last() {
                    { page(visit) }
                }
                { answers(browser) }
            </div>
        </section>
    }
}

/// Puts the address that was opened into the bar; what is typed there meanwhile is kept until then.
#[hook]
fn use_address(address: &NodeRef, url: &Rc<str>) {
    let address = address.clone();
    use_effect_with(url.clone(), move |url| {
        if let Some(input) = address.cast::<HtmlInputElement>() {
            input.set_value(url);
        }
    });
}

fn page(visit: &Visit) -> Html {
    let answered = |pod: &str| format!("answered by {pod}");
    match &visit.page {
        Page::Answer(status, body) => html! {
            <div class="visits__page" role="status" aria-label="Page">
                <pre class="visits__text">{ body.trim_end() }</pre>
                <p class="visits__from">
                    <span class={classes!("chip", tone(*status))}>{ status }</span>{ " " }
                    { visit.pod.as_deref().map(answered) }
                </p>
            </div>
        },
        Page::Failure(why, code) => html! {
            <div class="visits__page" role="status" aria-label="Page">
                <p class="visits__failed">{ "This site can’t be reached" }</p>
                <p>{ &**why }</p>
                <p class="visits__from"><code>{ *code }</code></p>
            </div>
        },
    }
}

fn tone(status: u16) -> &'static str {
    if status < 400 { "chip--ready" } else { "chip--failed" }
}

/// How the connections were spread over the pods, and the last of them.
fn answers(browser: &Browser) -> Html {
    let answers = browser.answers();
    let latest = browser.visits.iter().rev().take(MOST);
    let title = |visit: &Visit| match (&visit.page, &visit.pod) {
        (Page::Answer(status, body), Some(pod)) => {
            format!("{pod}: {status} {}", body.lines().next().unwrap_or_default())
        }
        (Page::Answer(status, _), None) => status.to_string(),
        (Page::Failure(_, code), _) => (*code).to_owned(),
    };
    html! {
        <div class="visits__answers">
            <ul class="visits__counts" aria-label="Answers by pod">
                { for answers.iter().map(|(pod, count)| html! {
                    <li key={pod.to_string()} class="chip">{ format!("{pod} {count}") }</li>
                }) }
            </ul>
            <ol class="visits__list" aria-label="Visits, latest first">
                { for latest.map(|visit| html! { <li>{ title(visit) }</li> }) }
            </ol>
        </div>
    }
}
