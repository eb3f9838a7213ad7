//! A cell: a text, or the time from which its text at a moment is told.

use crate::api::timestamp;

/// A cell of a table. It is made when its object changes, and told at any moment from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text that stays.
    Text(String),
    /// How long ago a moment was, such as `15s`, in milliseconds since 1970; none if it is unknown.
    Since(Option<i64>),
    /// A count, and how long ago it last grew, such as `3 (38s ago)`.
    Counted(i64, i64),
}

impl Cell {
    /// How long ago a time of an object was.
    pub fn since(time: &str) -> Self {
        Self::Since(timestamp::parse(time))
    }

    /// What it says at a moment, in milliseconds since 1970. It ends at its first line.
    pub fn text(&self, now: i64) -> String {
        match self {
            Self::Text(text) => match text.split_once('\n') {
                Some((line, _)) => format!("{line}..."),
                None => text.clone(),
            },
            Self::Since(None) => "<unknown>".into(),
            Self::Since(Some(at)) => timestamp::human_duration(now - at),
            Self::Counted(count, at) => {
                format!("{count} ({} ago)", timestamp::human_duration(now - at))
            }
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A number as it is.
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Text(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_told_at_a_moment() {
        let at = "2026-01-05T09:00:00Z";
        let now = timestamp::parse(at).unwrap();
        let cell = Cell::since(at);
        assert_eq!([0, 15_999, 134_000].map(|it| cell.text(now + it)), ["0s", "15s", "2m14s"]);
        assert_eq!(Cell::Counted(3, now).text(now + 38_000), "3 (38s ago)");
        assert_eq!(Cell::since("").text(now), "<unknown>");
        assert_eq!(Cell::from("one\ntwo").text(now), "one...");
    }
}
