//! What will happen: the forecast of the edit at hand, in words.

use crate::ui::browser::slice;
use crate::ui::notice::action_of;
use crate::ui::state::{ByAddress, use_dispatch};
use gloo::timers::callback::Timeout;
use statefulset_playground::cluster::Millis;
use statefulset_playground::manifest::Manifest;
use statefulset_playground::playground::Remedy;
use statefulset_playground::playground::forecast::{
    End, Fate, FieldChange, Forecast, LookAhead, PodForecast,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The forecast is made this long after the last edit, in milliseconds.
const AFTER_MS: u32 = 200;

/// Longer lists say how many more there are.
const MOST: usize = 30;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub manifest: ByAddress<Manifest>,
    /// Begins to make the forecast.
    pub look: Callback<(), LookAhead>,
}

/// The region below the text; it looks ahead only while it is open.
#[component]
pub fn Outlook(props: &Props) -> Html {
    let is_open = use_state(|| false);
    let ontoggle = {
        let is_open = is_open.clone();
        move |event: Event| {
            let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            is_open.set(target.is_some_and(|details| details.has_attribute("open")));
        }
    };
    html! {
        <details class="outlook" {ontoggle}>
            <summary class="outlook__title">{ "What will happen" }</summary>
            if *is_open {
                <Body manifest={props.manifest.clone()} look={props.look.clone()} />
            }
        </details>
    }
}

#[component]
fn Body(props: &Props) -> Html {
    let forecast = use_state(|| None::<Rc<Forecast>>);
    {
        let (look, forecast) = (props.look.clone(), forecast.clone());
        use_effect_with(props.manifest.clone(), move |_| {
            let wait = Rc::default();
            let show = Callback::from(move |made| forecast.set(Some(Rc::new(made))));
            look_on(&wait, AFTER_MS, Box::new(move || look.emit(())), show);
            move || drop(wait)
        });
    }
    html! {
        <div class="outlook__body" role="region" aria-label="What will happen">
            if let Some(forecast) = &*forecast {
                <Words forecast={forecast.clone()} />
            } else {
                <p>{ "Looking ahead…" }</p>
            }
        </div>
    }
}

/// Begins to look ahead.
type Begin = Box<dyn FnOnce() -> LookAhead>;

/// Looks ahead after so many milliseconds, a slice at a time, as long as somebody keeps the slot.
fn look_on(
    slot: &Rc<RefCell<Option<Timeout>>>,
    after_ms: u32,
    begin: Begin,
    show: Callback<Forecast>,
) {
    let kept = Rc::downgrade(slot);
    let timeout = Timeout::new(after_ms, move || {
        let Some(slot) = kept.upgrade() else { return };
        let mut ahead = begin();
        match ahead.go_on(&slice::begin()) {
            true => show.emit(ahead.forecast()),
            false => look_on(&slot, 0, Box::new(move || ahead), show),
        }
    });
    *slot.borrow_mut() = Some(timeout);
}

#[derive(Properties, PartialEq)]
struct WordsProps {
    forecast: Rc<Forecast>,
}

#[component]
fn Words(props: &WordsProps) -> Html {
    let dispatch = use_dispatch();
    let forecast = &props.forecast;
    let around = |remedy: &Remedy| {
        let action = action_of(*remedy);
        html! {
            <button class="button" type="button" onclick={dispatch.on(action)}>
                { remedy.label() }
            </button>
        }
    };
    html! {
        <>
            if !forecast.refused.is_empty() {
                <p class="outlook__refused">{ "The server refuses it:" }</p>
                { for forecast.refused.iter().map(|text| html! {
                    <pre class="outlook__words">{ text }</pre>
                }) }
                <div class="notice__remedies">{ for forecast.remedies.iter().map(around) }</div>
            }
            { told(forecast) }
            if let Some(around) = &forecast.around {
                <p class="outlook__around">
                    { format!("With “{}”:", Remedy::RecreateOrphaned.label()) }
                </p>
                { told(around) }
            }
        </>
    }
}

/// What happens, without what is refused.
fn told(forecast: &Forecast) -> Html {
    html! {
        <>
            { list("Fields that change", forecast.changes.iter().map(change).collect()) }
            { list("Pods", forecast.pods.iter().map(pod).collect()) }
            { list("What is lost", forecast.lost.iter().map(|loss| {
                let files = match loss.files.as_slice() {
                    [] => String::new(),
                    files => format!(" with {}", files.join(", ")),
                };
                format!("{}{files}, after {}", loss.object, seconds(loss.after))
            }).collect()) }
            <p class="outlook__end">{ end(forecast) }</p>
            if let End::Stuck { command, .. } = &forecast.end {
                if !command.is_empty() {
                    <code class="outlook__command">{ command }</code>
                }
            }
        </>
    }
}

fn list(title: &'static str, lines: Vec<String>) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    let more = lines.len().saturating_sub(MOST);
    html! {
        <>
            <h3 class="outlook__heading">{ title }</h3>
            <ul class="outlook__list" aria-label={title}>
                { for lines.into_iter().take(MOST).map(|line| html! { <li>{ line }</li> }) }
                if more > 0 {
                    <li>{ format!("and {more} more") }</li>
                }
            </ul>
        </>
    }
}

fn change(change: &FieldChange) -> String {
    let FieldChange { object, path, before, after } = change;
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
    format!("{object} {path}: {} → {}", shown(before), shown(after))
}

fn pod(pod: &PodForecast) -> String {
    let PodForecast { name, fate, after, ready_after } = pod;
    let what = match fate {
        Fate::Created => "is created",
        Fate::Replaced => "is replaced",
        Fate::Deleted => "is deleted",
    };
    let ready = match (fate, ready_after) {
        (Fate::Deleted, _) => String::new(),
        (_, Some(at)) => format!(", Ready after {}", seconds(*at)),
        (_, None) => ", and does not become Ready".into(),
    };
    format!("{name} {what} after {}{ready}", seconds(*after))
}

fn end(forecast: &Forecast) -> String {
    match &forecast.end {
        End::Nothing => "No pod, claim or volume changes.".into(),
        End::Settled(after) => format!("All is as asked after {}.", seconds(*after)),
        End::Stuck { since, why, .. } => {
            format!("After {} it waits, and goes on only if somebody acts. {why}", seconds(*since))
        }
        End::Unknown(after) => format!("It is still going on after {}.", seconds(*after)),
    }
}

fn seconds(at: Millis) -> String {
    match at {
        0..60_000 => format!("{}.{} s", at / 1000, at % 1000 / 100),
        _ => format!("{} min {} s", at / 60_000, at % 60_000 / 1000),
    }
}
