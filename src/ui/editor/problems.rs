//! What is wrong with the text, line by line.

use super::super::browser::text;
use super::super::state::ByAddress;
use statefulset_playground::manifest::{Manifest, Severity};
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
    let all = &props.manifest.diagnostics;
    if all.is_empty() {
        return Html::default();
    }
    let refused = all.iter().any(|problem| problem.severity == Severity::Error);
    html! {
        <div class="problems">
            if refused {
                <p class="problems__note">
                    { "Not applied: the simulation goes on with the last good manifest." }
                </p>
            }
            <ul class="problems__list" aria-label="Problems">
                { for all.iter().take(MOST).map(|problem| {
                    let (area, line) = (props.area.clone(), problem.line);
                    let go = move |_| {
                        if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                            text::go_to_line(&area, line);
                        }
                    };
                    let error = problem.severity == Severity::Error;
                    let tone = if error { "problem--error" } else { "problem--warning" };
                    html! {
                        <li class={classes!("problem", tone)}>
                            <button class="problem__line" type="button" onclick={go}>
                                { format!("Line {line}") }
                            </button>
                            <span class="problem__text">{ &problem.message }</span>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
