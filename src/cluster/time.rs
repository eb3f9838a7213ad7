//! Simulated time: milliseconds since the session's start, and its place in the calendar.

/// An instant (since the session's start) or a length of simulated time, in milliseconds.
pub type Millis = u64;

/// One second.
pub const SECOND: Millis = 1_000;

/// One minute.
pub const MINUTE: Millis = 60 * SECOND;

/// The calendar time at simulated time 0, in seconds since the Unix epoch: 2026-01-05T09:00:00Z.
pub const EPOCH_SECONDS: i64 = 1_767_603_600;

/// Milliseconds of a field that counts seconds; a negative number counts as none.
pub fn seconds(value: i32) -> Millis {
    u64::try_from(value).unwrap_or(0) * SECOND
}
