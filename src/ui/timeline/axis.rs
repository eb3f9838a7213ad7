//! The time axis: round instants and the lines below them.

use super::geometry::{AXIS_HEIGHT, Percent, Rows, Window};
use crate::ui::format::tick;
use yew::prelude::*;

/// The axis.
pub fn axis(window: Window, rows: Rows) -> Html {
    let ticks = window.ticks().into_iter().map(|at| {
        let x = window.percent(at).to_string();
        let anchor = match window.percent(at) {
            Percent(0) => "start",
            Percent::ALL => "end",
            _ => "middle",
        };
        html! {
            <g key={at}>
                <line class="axis__line" x1={x.clone()} x2={x.clone()}
                    y1={(AXIS_HEIGHT - 4).to_string()} y2={rows.height().to_string()} />
                <text class="axis__text" {x} y="12" text-anchor={anchor}>{ tick(at) }</text>
            </g>
        }
    });
    html! { <>{ for ticks }</> }
}
