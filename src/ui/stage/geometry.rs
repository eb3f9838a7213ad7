//! The geometry of a probe's ring: an arc that closes until the next attempt, notches that count.

use statefulset_playground::cluster::Millis;

/// Radius of the arc and of the notches, in units of the ring's 24 by 24 box.
pub const ARC_RADIUS: f64 = 9.0;
/// Half the box.
const CENTRE: f64 = 12.0;
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

/// A notch: the two ends of a short stroke across the ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Notch {
    pub x1: f64,
    pub y1: f64,
    pub x2: f64,
    pub y2: f64,
}

/// The notch of this number (from 0) out of `all`, clockwise from the top.
pub fn notch(number: u32, all: u32) -> Notch {
    let turn = f64::from(number) / f64::from(all.max(1));
    let (sin, cos) = (turn * std::f64::consts::TAU).sin_cos();
    let at = |radius: f64| (CENTRE + radius * sin, CENTRE - radius * cos);
    let ((x1, y1), (x2, y2)) = (at(ARC_RADIUS - 2.0), at(ARC_RADIUS + 2.5));
    Notch { x1, y1, x2, y2 }
}

/// Where the dot for one counted result stands: between two notches.
pub fn dot(number: u32, all: u32) -> (f64, f64) {
    let turn = (f64::from(number) + 0.5) / f64::from(all.max(1));
    let (sin, cos) = (turn * std::f64::consts::TAU).sin_cos();
    (CENTRE + ARC_RADIUS * sin, CENTRE - ARC_RADIUS * cos)
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
        let top = notch(0, 4);
        assert_eq!((top.x1, top.x2), (12.0, 12.0));
        assert!(top.y2 < top.y1, "it points outwards");
        let right = notch(1, 4);
        assert!((right.y1 - 12.0).abs() < 1e-9 && right.x2 > right.x1);
        let (x, y) = dot(0, 2);
        assert!((y - 12.0).abs() < 1e-9 && (x - 21.0).abs() < 1e-9, "half of a half turn");
    }
}
