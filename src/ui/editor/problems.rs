//! What is wrong with the text, line by line.

use super::super::browser::text;
use super::super::format::count;
use super::super::state::{ByAddress, use_dispatch};
use statefulset_playground::manifest::{Diagnostic, Manifest, Severity};
use statefulset_playground::playground::Action;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// More problems than this help nobody.
const MOST: usize = 100;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub manifest: ByAddress<Manifest>,
    pub area: NodeRef,
}

/// The list; nothing if there is no problem.
#[component]
pub fn Problems(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let hints = use_memo(props.manifest.clone(), |manifest| manifest.hints());
    let all = &props.manifest.diagnostics;
    if all.is_empty() && hints.is_empty() {
        return Html::default();
    }
    let row = |problem: &Diagnostic| {
        let (area, line) = (props.area.clone(), problem.line);
        let go = move |_| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                text::go_to_line(&area, line);
            }
        };
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
            if !hints.is_empty() {
                <details class="hints">
                    <summary class="hints__title">{ count(hints.len(), "hint") }</summary>
                    <ul class="problems__list" aria-label="Hints">
                        { for hints.iter().take(MOST).map(row) }
                    </ul>
                </details>
            }
        </div>
    }
}
