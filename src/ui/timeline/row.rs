//! Ordinals over time: bars by state, marks for probes and restarts.

use super::geometry::{Percent, Rows, Window};
use crate::ui::state::ByAddress;
use statefulset_playground::cluster::time::MINUTE;
use statefulset_playground::scene::PodState;
use statefulset_playground::scene::timeline::{Bar, Mark, MarkKind, Row, Timeline};
use yew::prelude::*;

/// Bars narrower than this carry no word.
const WORD_WIDTH: Percent = Percent(700);
/// Successful attempts are left out of longer windows: they would run together.
const SUCCESSES_UP_TO: u64 = 2 * MINUTE;
/// More marks than this in one row run together anyway.
const MOST_MARKS: usize = 300;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: ByAddress<Timeline>,
    pub rows: Rows,
    pub window: Window,
}

/// All rows; they stand still between two steps.
#[component]
pub fn Lanes(props: &Props) -> Html {
    let rows = props.timeline.rows.iter().take(props.rows.shown()).enumerate();
    html! { <>{ for rows.map(|(place, (ordinal, row))| row_view(*ordinal, place, row, props)) }</> }
}

fn row_view(ordinal: i64, place: usize, row: &Row, props: &Props) -> Html {
    let window = props.window;
    let bars = row.bars.iter().filter(|bar| window.shows(bar.from, bar.to));
    let marks = row.marks.iter().filter(|mark| {
        window.shows(mark.at, Some(mark.at))
            && (window.length <= SUCCESSES_UP_TO
                || !matches!(mark.kind, MarkKind::ProbeSucceeded(_)))
    });
    let y = props.rows.top(place).to_string();
    html! {
        <svg key={ordinal} {y} width="100%" height={props.rows.bar().to_string()}
            overflow="visible">
            { for bars.map(|bar| bar_view(bar, props)) }
            { for marks.take(MOST_MARKS).map(|mark| mark_view(mark, props)) }
        </svg>
    }
}

fn bar_view(bar: &Bar, props: &Props) -> Html {
    let window = props.window;
    let start = window.percent(bar.from);
    let width = window.percent(bar.to.unwrap_or_else(|| window.end())).from(start);
    let height = props.rows.bar();
    let word = match bar.state {
        PodState::Running => "Not ready",
        state => state.word(),
    };
    html! {
        <svg class={classes!("bar", format!("bar--{}", bar.state.class()))}
            x={start.to_string()} width={width.to_string()} height={height.to_string()}>
            <rect class="bar__shape" width="100%" height="100%" rx="3" />
            if width >= WORD_WIDTH && height >= 14 {
                <text class="bar__word" x="7" y={(height / 2).to_string()} dy=".35em">
                    { word }
                </text>
            }
        </svg>
    }
}

fn mark_view(mark: &Mark, props: &Props) -> Html {
    let x = props.window.percent(mark.at).to_string();
    let middle = props.rows.bar() / 2;
    let (class, path) = match mark.kind {
        MarkKind::ProbeSucceeded(_) => ("mark--success", "M0 6v4"),
        MarkKind::ProbeFailed(_) => ("mark--failure", "M-3.2 -3.2l6.4 6.4M3.2 -3.2l-6.4 6.4"),
        MarkKind::Restarted => ("mark--restart", "M3.4 -2.4A4.2 4.2 0 1 0 4.2 0M4.6 -5v3.2H1.4"),
    };
    html! {
        <svg class={classes!("mark", class)} {x} y={middle.to_string()} overflow="visible">
            <title>{ title(mark) }</title>
            <path d={path} />
        </svg>
    }
}

fn title(mark: &Mark) -> String {
    let at = crate::ui::format::clock(mark.at);
    match mark.kind {
        MarkKind::ProbeSucceeded(kind) => format!("{at} {} probe succeeded", kind.name()),
        MarkKind::ProbeFailed(kind) => format!("{at} {} probe failed", kind.name()),
        MarkKind::Restarted => format!("{at} container restarted"),
    }
}
