//! The timeline as a picture of its own: an SVG without anything around it, for a report.

use super::PodState;
use super::timeline::{MarkKind, Timeline};
use crate::cluster::Millis;
use crate::quote::xml;
use std::fmt::{self, Write};

const WIDTH: u32 = 960;
const LEFT: u32 = 120;
const RIGHT: u32 = 16;
const ROW: u32 = 28;
const TOP: u32 = 16;
const BOTTOM: u32 = 56;

/// Most rows and marks that are drawn.
const MAX_ROWS: usize = 200;
const MAX_MARKS: usize = 2_000;

/// A length in tenths.
#[derive(Clone, Copy)]
struct Tenths(u32);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// The picture of what happened up to an instant.
pub fn timeline(timeline: &Timeline, horizon: Millis) -> String {
    let rows: Vec<_> = timeline.rows.iter().take(MAX_ROWS).collect();
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let height = TOP + count * ROW + BOTTOM;
    let span = horizon.max(1);
    let x = |at: Millis| {
        let part = u64::from(WIDTH - LEFT - RIGHT) * at.min(span) * 10 / span;
        Tenths(u32::try_from(part).unwrap_or(u32::MAX).saturating_add(LEFT * 10))
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 \
         {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%\" \
         height=\"100%\" fill=\"#ffffff\"/>"
    );
    for (index, (ordinal, row)) in rows.iter().enumerate() {
        let y = TOP + u32::try_from(index).unwrap_or(0) * ROW;
        let name = xml::text(&format!("{}-{ordinal}", timeline.set().name));
        let middle = y + ROW / 2 + 4;
        let _ = write!(svg, "<text x=\"8\" y=\"{middle}\" fill=\"#1f2328\">{name}</text>");
        for bar in &row.bars {
            let (from, to) = (x(bar.from), x(bar.to.unwrap_or(span)));
            let _ = write!(
                svg,
                "<rect x=\"{from}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\">\
                 <title>{name} {}</title></rect>",
                y + 5,
                Tenths(to.0.saturating_sub(from.0).max(10)),
                ROW - 10,
                color(bar.state),
                bar.state.word()
            );
        }
        for mark in row.marks.iter().filter(|mark| is_grave(mark.kind)).take(MAX_MARKS) {
            let at = x(mark.at);
            let _ = write!(
                svg,
                "<circle cx=\"{at}\" cy=\"{}\" r=\"3\" fill=\"#ffffff\" stroke=\"#82071e\"/>",
                y + ROW / 2
            );
        }
    }
    axis(&mut svg, TOP + count * ROW, span, &x);
    legend(&mut svg, height - 12);
    svg + "</svg>"
}

fn axis(svg: &mut String, y: u32, span: Millis, x: &dyn Fn(Millis) -> Tenths) {
    let steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
    let seconds = span / 1000;
    let step = steps.into_iter().find(|step| seconds / step <= 8).unwrap_or(seconds / 8 + 1);
    let mut at = 0;
    while at <= seconds {
        let place = x(at * 1000);
        let label =
            if at >= 60 && at % 60 == 0 { format!("{} min", at / 60) } else { format!("{at} s") };
        let _ = write!(
            svg,
            "<path d=\"M{place} {TOP}V{y}\" stroke=\"#d0d7de\"/><text x=\"{place}\" y=\"{}\" \
             text-anchor=\"middle\" fill=\"#59636e\">{label}</text>",
            y + 16
        );
        at += step;
    }
}

fn legend(svg: &mut String, y: u32) {
    let mut x = LEFT;
    for state in [
        PodState::Pending,
        PodState::Running,
        PodState::Ready,
        PodState::Terminating,
        PodState::Failed,
        PodState::Succeeded,
    ] {
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" rx=\"3\" fill=\"{}\"/><text x=\"{}\" \
             y=\"{y}\" fill=\"#1f2328\">{}</text>",
            y - 11,
            color(state),
            x + 17,
            state.word()
        );
        x += 110;
    }
}

fn is_grave(kind: MarkKind) -> bool {
    matches!(kind, MarkKind::ProbeFailed(_) | MarkKind::Restarted)
}

fn color(state: PodState) -> &'static str {
    match state {
        PodState::Pending => "#d4a72c",
        PodState::Running => "#54aeff",
        PodState::Ready => "#2da44e",
        PodState::Terminating => "#8c959f",
        PodState::Failed => "#cf222e",
        PodState::Succeeded => "#8250df",
    }
}
