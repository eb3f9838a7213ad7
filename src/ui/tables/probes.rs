//! The probes of one container: every attempt, its result and the count against the threshold.

use super::row::{Cells, Row};
use super::table::{Heading, table};
use crate::ui::browser::place;
use crate::ui::format::clock;
use crate::ui::state::use_dispatch;
use statefulset_playground::playground::Action;
use statefulset_playground::scene::{AttemptRow, ProbeLog};
use yew::prelude::*;

const ATTEMPTS: Heading = Heading {
    id: "table-probes",
    name: "Probes",
    columns: &["TIME", "PROBE", "RESULT", "IN A ROW"],
    empty: "No attempt yet.",
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub log: ProbeLog,
}

/// The panel; it comes into view when it is opened.
#[component]
pub fn Probes(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let log = &props.log;
    let title = format!("Probes of {}, container {}", log.pod, log.container);
    use_effect_with(title.clone(), |_| place::show(ATTEMPTS.id));
    let rows = log.attempts.iter().map(|attempt| {
        html! { <Row key={attempt.number} cells={cells(attempt)} /> }
    });
    html! {
        <div class="sheet sheet--probes">
            <div class="lookup">
                <strong>{ title }</strong>
                <button class="button button--quiet" type="button"
                    onclick={dispatch.on(Action::ShowProbes(None))}>
                    { "Close" }
                </button>
            </div>
            { table(&ATTEMPTS, rows.collect(), 0) }
        </div>
    }
}

fn cells(attempt: &AttemptRow) -> Cells {
    let result = if attempt.success { "✓ success" } else { "✗ failure" };
    let count = format!("{} of {}", attempt.run, attempt.threshold);
    let cells = vec![clock(attempt.at), attempt.kind.name().into(), result.into(), count];
    Cells { warning: !attempt.success, ..Cells::plain(cells) }
}
