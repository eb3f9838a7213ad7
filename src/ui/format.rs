//! How numbers are written for people.

use statefulset_playground::cluster::Millis;
pub use statefulset_playground::scene::clock::{clock, short_clock};

/// A label on the time axis, as short as its step allows: `30s`, `2m`, `1m30s`, `1h`.
pub fn tick(at: Millis) -> String {
    let seconds = at / 1000;
    let parts = [(seconds / 3600, 'h'), (seconds / 60 % 60, 'm'), (seconds % 60, 's')];
    let text: String = parts
        .iter()
        .filter(|(value, _)| *value > 0)
        .map(|(value, unit)| format!("{value}{unit}"))
        .collect();
    match (text.is_empty(), at % 1000) {
        (true, 0) => "0s".into(),
        (true, rest) => format!("{rest}ms"),
        _ => text,
    }
}

/// Simulated time in words for assistive technology: `34.0 seconds`.
pub fn spoken(at: Millis) -> String {
    match at / 60_000 {
        0 => format!("{}.{} seconds", at / 1000, at % 1000 / 100),
        1 => format!("1 minute {} seconds", at / 1000 % 60),
        minutes => format!("{minutes} minutes {} seconds", at / 1000 % 60),
    }
}

/// `1 line`, `2 lines`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_simulated_time() {
        assert_eq!(spoken(61_000), "1 minute 1 seconds");
    }

    #[test]
    fn writes_ticks_as_short_as_they_can_be() {
        let ticks: Vec<_> = [0, 500, 30_000, 90_000, 3_600_000].into_iter().map(tick).collect();
        assert_eq!(ticks, ["0s", "500ms", "30s", "1m30s", "1h"]);
    }

    #[test]
    fn counts() {
        assert_eq!((count(1, "line"), count(2, "problem")), ("1 line".into(), "2 problems".into()));
    }
}
