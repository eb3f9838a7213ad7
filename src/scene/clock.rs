//! Simulated time as the page shows it.

use crate::cluster::Millis;

/// Simulated time as a clock: `00:03.250`, `1:02:03.250`.
pub fn clock(at: Millis) -> String {
    format!("{}.{:03}", whole(at), at % 1000)
}

/// Simulated time as a clock with tenths: `00:34.0`.
pub fn short_clock(at: Millis) -> String {
    format!("{}.{}", whole(at), at % 1000 / 100)
}

fn whole(at: Millis) -> String {
    let seconds = at / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_simulated_time() {
        assert_eq!(clock(3_250), "00:03.250");
        assert_eq!(clock(3_723_004), "1:02:03.004");
        assert_eq!(short_clock(34_096), "00:34.0");
    }
}
