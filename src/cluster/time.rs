//! Simulated time: milliseconds since the session's start, and its place in the calendar.

use crate::api::timestamp::Moment;

/// An instant (since the session's start) or a length of simulated time, in milliseconds.
pub type Millis = u64;

/// One second.
pub const SECOND: Millis = 1_000;

/// One minute.
pub const MINUTE: Millis = 60 * SECOND;

/// The longest time that is told from another: a hundred years. A field that asks for more is given
/// this much, so that it can be added to any instant of a session.
pub const LONGEST_MS: Millis = 100 * 365 * 24 * 60 * MINUTE;

/// The calendar time at simulated time 0, in seconds since the Unix epoch: 2026-01-05T09:00:00Z.
pub const EPOCH_SECONDS: i64 = 1_767_603_600;

/// Milliseconds of a field that counts seconds; a negative number counts as none.
pub fn seconds(value: i32) -> Millis {
    u64::try_from(value).unwrap_or(0) * SECOND
}

/// The milliseconds since 1970 of a simulated time.
pub fn unix_millis(at: Millis) -> i64 {
    EPOCH_SECONDS * 1_000 + i64::try_from(at).unwrap_or(i64::MAX / 2)
}

/// A simulated time as API objects write it.
pub fn timestamp(at: Millis) -> String {
    Moment::of(unix_millis(at)).rfc3339()
}
