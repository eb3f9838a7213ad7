//! Where things stand in the timeline: the stretch of time in sight, ticks, heights of rows.

use statefulset_playground::cluster::Millis;
use statefulset_playground::cluster::time::{MINUTE, SECOND};
use std::fmt;

/// Height of the time axis above the rows, in pixels.
pub const AXIS_HEIGHT: u32 = 20;

/// Lengths of time that can be in sight.
pub const WINDOWS: [Millis; 7] =
    [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 4 * 60 * MINUTE, 24 * 60 * MINUTE];

/// Ticks are as dense as this many to a window at most.
const MOST_TICKS: u64 = 8;

const STEPS: [Millis; 13] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    20 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    4 * 60 * MINUTE,
];

/// A part of a width, in hundredths of a percent: finer than a pixel, and the same text everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub u64);

impl Percent {
    /// All of the width.
    pub const ALL: Self = Self(10_000);

    /// How much lies between an earlier part and this one.
    pub fn from(self, start: Self) -> Self {
        Self(self.0.saturating_sub(start.0))
    }
}

/// As SVG takes it, such as `12.50%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

/// The stretch of time in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Millis,
    pub length: Millis,
}

impl Window {
    /// The window for a playhead. It turns pages of half its length, so it stands still most of the
    /// time and the playhead moves.
    pub fn at(playhead: Millis, length: Millis) -> Self {
        let half = (length / 2).max(1);
        let page = (playhead / half).saturating_sub(1);
        Self { from: page * half, length }
    }

    /// Where an instant stands, cut off at both ends.
    pub fn percent(self, at: Millis) -> Percent {
        let offset = at.saturating_sub(self.from).min(self.length);
        Percent(offset * 10_000 / self.length.max(1))
    }

    /// The instant at this part of the width, from 0 to 1.
    pub fn at_fraction(self, fraction: f64) -> Millis {
        self.from + (self.length as f64 * fraction.clamp(0.0, 1.0)).round() as Millis
    }

    /// Whether any of a stretch is in sight.
    pub fn shows(self, from: Millis, to: Option<Millis>) -> bool {
        from <= self.end() && to.is_none_or(|to| to >= self.from)
    }

    /// Its last instant.
    pub fn end(self) -> Millis {
        self.from + self.length
    }

    /// The instants to write down: round ones.
    pub fn ticks(self) -> Vec<Millis> {
        let fits = |step: &&Millis| self.length / **step <= MOST_TICKS;
        let step = STEPS.iter().find(fits).copied().unwrap_or(self.length);
        let first = self.from.div_ceil(step);
        (first..=self.end() / step).map(|number| number * step).collect()
    }
}

/// How high rows are, by how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    all: usize,
}

/// More rows than this are left out: nobody can tell them apart.
const MOST_ROWS: usize = 200;

impl Rows {
    /// The layout for so many rows.
    pub fn of(all: usize) -> Self {
        Self { all }
    }

    /// How many are drawn.
    pub fn shown(self) -> usize {
        self.all.min(MOST_ROWS)
    }

    /// From the top of one row to the top of the next, in pixels.
    pub fn pitch(self) -> u32 {
        match self.all {
            ..=4 => 28,
            5..=8 => 22,
            _ => 14,
        }
    }

    /// Height of a bar, in pixels.
    pub fn bar(self) -> u32 {
        self.pitch() - if self.pitch() > 14 { 6 } else { 4 }
    }

    /// Top of the row at this place, in pixels.
    pub fn top(self, place: usize) -> u32 {
        AXIS_HEIGHT + self.pitch() * u32::try_from(place).unwrap_or(u32::MAX / 64)
    }

    /// Height of all rows.
    pub fn lanes_height(self) -> u32 {
        self.top(self.shown()) - AXIS_HEIGHT
    }

    /// Height of rows and axis.
    pub fn height(self) -> u32 {
        self.top(self.shown())
    }

    /// Its style class, which sets the same heights for the names.
    pub fn class(self) -> &'static str {
        match self.pitch() {
            28 => "plot--tall",
            22 => "plot--medium",
            _ => "plot--low",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_turns_pages() {
        let from = |playhead| Window::at(playhead, 60_000).from;
        assert_eq!(
            [0, 29_999, 59_999, 60_000, 89_999, 90_000].map(from),
            [0, 0, 0, 30_000, 30_000, 60_000]
        );
    }

    #[test]
    fn places_and_instants_agree() {
        let window = Window { from: 30_000, length: 60_000 };
        assert_eq!(window.percent(45_000).to_string(), "25.00%");
        assert_eq!((window.percent(0), window.percent(1_000_000)), (Percent(0), Percent::ALL));
        assert_eq!(window.percent(60_000).from(window.percent(45_000)), Percent(2_500));
        assert_eq!(window.at_fraction(0.25), 45_000);
        assert!(window.shows(0, Some(30_000)) && !window.shows(0, Some(29_999)));
        assert!(window.shows(90_000, None) && !window.shows(90_001, None));
    }

    #[test]
    fn ticks_are_round_and_few() {
        let window = Window { from: 30_000, length: 60_000 };
        let ticks = window.ticks();
        assert_eq!(ticks, [30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000]);
        for length in WINDOWS {
            let ticks = Window { from: 123_456, length }.ticks().len();
            assert!((4..=9).contains(&ticks), "{length}: {ticks}");
        }
    }

    #[test]
    fn rows_become_lower_when_there_are_many() {
        assert_eq!([3, 6, 100].map(|all| Rows::of(all).pitch()), [28, 22, 14]);
        assert_eq!(Rows::of(3).height(), 20 + 3 * 28);
        assert_eq!(Rows::of(1_000_000).shown(), 200);
    }
}
