//! How long the kubelet waits before it tries again: 10 s, doubling, to 5 min.
//!
//! Upstream: `staging/src/k8s.io/client-go/util/flowcontrol/backoff.go`, Next, IsInBackOffSince.

use crate::cluster::time::{MINUTE, Millis, SECOND};

/// The first wait.
pub const INITIAL_MS: Millis = 10 * SECOND;

/// The longest wait.
pub const MAX_MS: Millis = 5 * MINUTE;

/// After this long without a new failure the count starts again.
pub const RESET_MS: Millis = 10 * MINUTE;

/// The back-off of one container's restarts or one image's pulls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackOff {
    entry: Option<(Millis, Millis)>,
}

impl BackOff {
    /// The end of the wait that counts from `failed_at`, if there is one.
    pub fn until(&self, failed_at: Millis) -> Option<Millis> {
        let (wait, updated_at) = self.entry?;
        let expired = failed_at.saturating_sub(updated_at) > RESET_MS;
        (!expired).then_some(failed_at + wait)
    }

    /// The end of the wait that counts from the last [`Self::next`], if there is one.
    pub fn until_since_update(&self) -> Option<Millis> {
        self.entry.map(|(wait, updated_at)| updated_at + wait)
    }

    /// Notes another try at `now` after a failure at `failed_at`: the wait begins or doubles.
    pub fn next(&mut self, failed_at: Millis, now: Millis) {
        let wait = match self.entry {
            Some((wait, updated_at)) if failed_at.saturating_sub(updated_at) <= RESET_MS => {
                (wait * 2).min(MAX_MS)
            }
            _ => INITIAL_MS,
        };
        self.entry = Some((wait, now));
    }

    /// The wait in force; 0 if none.
    pub fn wait_ms(&self) -> Millis {
        self.entry.map_or(0, |(wait, _)| wait)
    }
}

/// A length of time as Go prints it, such as `2m40s`, `1.5s` or `20ms`.
pub fn go_duration(ms: Millis) -> String {
    if ms == 0 {
        return "0s".into();
    }
    if ms < SECOND {
        return format!("{ms}ms");
    }
    let (minutes, rest) = (ms / MINUTE, ms % MINUTE);
    let fraction = format!("{:03}", rest % SECOND);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let seconds = format!("{}{point}{fraction}s", rest / SECOND);
    match (minutes / 60, minutes % 60) {
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_five_minutes_and_starts_again_after_ten() {
        let mut back_off = BackOff::default();
        let mut waits = Vec::new();
        let mut now = 0;
        for _ in 0..8 {
            now = back_off.until(now).unwrap_or(now);
            back_off.next(now, now);
            waits.push(back_off.wait_ms() / SECOND);
        }
        assert_eq!(waits, [10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(back_off.until(now + RESET_MS + 1), None);
        back_off.next(now + RESET_MS + 1, now + RESET_MS + 1);
        assert_eq!(back_off.wait_ms(), INITIAL_MS);
    }

    #[test]
    fn prints_durations_as_go_does() {
        let cases = [
            (0, "0s"),
            (502, "502ms"),
            (3_001, "3.001s"),
            (10_000, "10s"),
            (80_000, "1m20s"),
            (300_000, "5m0s"),
            (3_601_500, "1h0m1.5s"),
        ];
        for (ms, text) in cases {
            assert_eq!(go_duration(ms), text);
        }
    }
}
