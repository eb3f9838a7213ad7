//! What is wrong with the text, line by line.

use super::super::state::{ByAddress, Dispatch, use_dispatch};
use statefulset_playground::manifest::{Diagnostic, Manifest, Severity};
use statefulset_playground::playground::Action;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// More problems than this help nobody.
const MOST: usize = 100;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub manifest: ByAddress<Manifest>,
    /// Goes to a line, from 1.
    pub go: Callback<u32>,
}

/// The list; nothing if there is no problem.
#[component]
pub fn Problems(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let row = |problem: &Diagnostic| row(props, problem, &dispatch);
    let hints_open = use_state(|| false);
    let all = &props.manifest.diagnostics;
    let ontoggle = {
        let hints_open = hints_open.clone();
        move |event: Event| {
            let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            hints_open.set(target.is_some_and(|details| details.has_attribute("open")));
        }
    };
    let refused = all.iter().any(|problem| problem.severity == Severity::Error);
    html! {
        <div class="problems">
            if refused {
                <p class="problems__note">
                    { "Not applied: the simulation goes on with the last good manifest." }
                </p>
            }
            if !all.is_empty() {
                <ul class="problems__list" aria-label="Problems">
                    { for all.iter().take(MOST).map(row) }
                </ul>
            }
            <details class="hints" {ontoggle}>
                <summary class="hints__title">{ "Hints" }</summary>
                if *hints_open {
                    { hints(&props.manifest, &row) }
                }
            </details>
        </div>
    }
}

/// One complaint, with what can be done about it.
#[inline(never)]
fn row(props: &Props, problem: &Diagnostic, dispatch: &Dispatch) -> Html {
    let line = problem.line;
    let go = props.go.reform(move |_| line);
    let tone = match problem.severity {
        Severity::Error => "problem--error",
        Severity::Warning => "problem--warning",
        Severity::Hint => "problem--hint",
    };
    html! {
        <li class={classes!("problem", tone)}>
            <button class="problem__line" type="button" onclick={go}>
                { format!("Line {line}") }
            </button>
            <span class="problem__text">
                { &problem.message }
                { for props.manifest.fixes(problem).into_iter().map(|fix| html! {
                    <button class="button button--link problem__fix" type="button"
                        onclick={dispatch.on(Action::Fix(fix.clone()))}>
                        { fix.title }
                    </button>
                }) }
            </span>
        </li>
    }
}

/// What is worth knowing although the server accepts it; looked for only when somebody wants to know.
#[inline(never)]
fn hints(manifest: &Manifest, row: &dyn Fn(&Diagnostic) -> Html) -> Html {
    let hints = manifest.hints();
    if hints.is_empty() {
        return html! { <p class="problems__note">{ "Nothing: it all fits together." }</p> };
    }
    html! {
        <ul class="problems__list" aria-label="Hints">
            { for hints.iter().take(MOST).map(row) }
        </ul>
    }
}
