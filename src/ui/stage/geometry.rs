//! The geometry of a probe's ring: an arc that closes until the next attempt, notches that count.

use statefulset_playground::cluster::Millis;

/// Notches for thresholds above this would touch each other.
pub const MOST_NOTCHES: u32 = 12;

/// How much of the ring is closed, from 0 to 100: all when the next attempt is due.
pub fn closed_percent(now: Millis, next_at: Millis, period_ms: Millis) -> u64 {
    let left = next_at.saturating_sub(now).min(period_ms);
    match period_ms {
        0 => 100,
        _ => 100 - left * 100 / period_ms,
    }
}

/// Where the notch of this number (from 0) out of `all` stands: degrees clockwise from the top.
pub fn notch_degrees(number: u32, all: u32) -> u32 {
    number * 360 / all.max(1)
}

/// Where the dot for one counted result stands: between two notches.
pub fn dot_degrees(number: u32, all: u32) -> u32 {
    (2 * number + 1) * 180 / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_closes_until_the_attempt() {
        let closed = |now| closed_percent(now, 20_000, 10_000);
        assert_eq!([0, 10_000, 12_500, 20_000, 25_000].map(closed), [0, 0, 25, 100, 100]);
        assert_eq!(closed_percent(0, 5, 0), 100, "a period of nothing");
    }

    #[test]
    fn notches_go_round_from_the_top() {
        assert_eq!([0, 1, 2, 3].map(|number| notch_degrees(number, 4)), [0, 90, 180, 270]);
        assert_eq!([0, 1].map(|number| dot_degrees(number, 2)), [90, 270]);
        assert_eq!(notch_degrees(0, 0), 0);
    }
}
