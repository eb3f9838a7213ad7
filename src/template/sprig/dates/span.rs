//! Durations: `time.Duration`.

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The units in which durations are read, with their nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", MINUTE),
    ("h", HOUR),
];

/// The most seconds that a duration has.
const MOST: i64 = i64::MAX / 1_000_000_000;

/// A number of seconds as Go prints a duration. What is longer becomes the longest one.
pub fn text(seconds: i64) -> String {
    if seconds.unsigned_abs() > MOST.unsigned_abs() {
        return match seconds < 0 {
            true => "-2562047h47m16.854775808s".into(),
            false => "2562047h47m16.854775807s".into(),
        };
    }
    let (sign, all) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    match (all / 3_600, all / 60 % 60, all % 60) {
        (0, 0, seconds) => format!("{sign}{seconds}s"),
        (0, minutes, seconds) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// Nanoseconds in the largest unit that is shorter: `durationRound`.
pub fn rounded(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let units =
        [(365 * DAY, "y"), (30 * DAY, "mo"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")];
    let own = units.iter().find(|(unit, _)| size > *unit);
    own.map_or_else(|| "0s".into(), |(unit, name)| format!("{}{name}", size / unit))
}

/// `time.ParseDuration`, in nanoseconds.
///
/// # Errors
/// In Go's words.
pub fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", crate::template::format::quote(text));
    let (sign, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (if text.starts_with('-') { -1.0 } else { 1.0 }, rest),
        None => (1.0, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanos = 0.0;
    while !rest.is_empty() {
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let (number, behind) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
        let value: f64 = number.parse().map_err(|_| invalid())?;
        let (unit, behind) = behind.split_at(behind.find(is_digit).unwrap_or(behind.len()));
        let quoted = || crate::template::format::quote(text);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted()));
        }
        let size = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size);
        let size = size.ok_or_else(|| {
            let unit = crate::template::format::quote(unit);
            format!("time: unknown unit {unit} in duration {}", quoted())
        })?;
        nanos += value * size as f64;
        rest = behind;
    }
    if nanos > i64::MAX as f64 {
        return Err(invalid());
    }
    // What is cut off is less than a nanosecond.
    Ok((sign * nanos) as i64)
}
