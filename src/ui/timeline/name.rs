//! The names of the rows, and for assistive technology what each row shows.

use super::geometry::Rows;
use crate::ui::format::{count, short_clock};
use crate::ui::state::ByAddress;
use statefulset_playground::scene::timeline::{MarkKind, Row, Timeline};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: ByAddress<Timeline>,
    /// Name of the set.
    pub set: AttrValue,
    pub rows: Rows,
}

/// The names of all rows.
#[component]
pub fn Names(props: &Props) -> Html {
    let rows = props.timeline.rows.iter().take(props.rows.shown());
    html! {
        <ul class="plot__names" aria-label="What happened to each pod">
            { for rows.map(|(ordinal, row)| html! {
                <li key={*ordinal} class="plot__name">
                    { format!("{}-{ordinal}", props.set) }
                    <span class="visually-hidden">{ summary(row) }</span>
                </li>
            }) }
        </ul>
    }
}

/// A row in words.
fn summary(row: &Row) -> String {
    let state = match row.bars.last() {
        None => ", not created".to_owned(),
        Some(bar) => match bar.to {
            None => format!(", {} since {}", bar.state.word(), short_clock(bar.from)),
            Some(gone) => format!(", gone since {}", short_clock(gone)),
        },
    };
    let of = |wanted: fn(MarkKind) -> bool| row.marks.iter().filter(|it| wanted(it.kind)).count();
    let failed = of(|kind| matches!(kind, MarkKind::ProbeFailed(_)));
    let restarts = of(|kind| kind == MarkKind::Restarted);
    let failed = count(failed, "failed probe attempt");
    format!("{state}, {failed}, {}", count(restarts, "restart"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use statefulset_playground::cluster::template::ProbeKind;
    use statefulset_playground::scene::PodState;
    use statefulset_playground::scene::timeline::{Bar, Mark};

    #[test]
    fn says_what_a_row_shows() {
        let bar = |to| Bar { uid: "1".into(), from: 9_000, to, state: PodState::Ready };
        let mark = |kind| Mark { at: 1, kind };
        let failed = MarkKind::ProbeFailed(ProbeKind::Readiness);
        let row =
            Row { bars: vec![bar(None)], marks: vec![mark(failed), mark(MarkKind::Restarted)] };
        assert_eq!(summary(&row), ", Ready since 00:09.0, 1 failed probe attempt, 1 restart");
        let gone = Row { bars: vec![bar(Some(12_000))], marks: vec![] };
        assert_eq!(summary(&gone), ", gone since 00:12.0, 0 failed probe attempts, 0 restarts");
    }
}
